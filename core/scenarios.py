"""Situations in which padding goes wrong, each ready to run and to look at. Needs no torch.

What they show is held to plain torch in their tests; what is said of them is the window's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

import numpy as np
from msgspec.structs import replace

from core.config import Initialisation, ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from core.corpus import parse_sentences
from core.padding.wishes import Difference, Wishes
from core.presets import Preset
from core.problems import ProblemError, UnknownName
from core.vocabulary import Vocabulary

ScenarioName = Literal[
    "mean-over-pads",
    "attention-to-pads",
    "lstm-over-pads",
    "batch-norm-over-pads",
    "pad-row-drawn-anew",
    "wrong-padding-idx",
    "no-padding-idx",
    "tied-weights",
    "weight-decay",
    "momentum",
    "position-ids",
    "ids-out-of-range",
]
SCENARIOS: tuple[ScenarioName, ...] = get_args(ScenarioName)

Cells = Literal["ids", "mask", "lengths", "gradient", "attention", "columns", "counted"]
"""What the cells of the batch show."""

LINE = "lovely view"
SPECIAL = ("<unk>", "<pad>")
READ = ("the", "cat", "sat", "on", "mat", "and", "ate")
UNREAD = ("ship", "sail", "sea", "wind", "harbour")
READ_TEXT = "the cat sat on the mat\nthe cat ate and the cat sat\n"
MOMENTUM_TEXT = "red orange yellow green blue violet\none two three four five six\n"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A run to open, the tokens to pick, and what the padding tab looks at.

    Without `wishes` it is about the table, and the points are what to look at. With a `difference`
    two set-ups are compared, over `steps` steps.
    """

    name: ScenarioName
    preset: Preset
    picked: tuple[str, ...]
    wishes: Wishes | None = None
    cells: Cells = "gradient"
    difference: Difference | None = None
    steps: int = 100


def load_scenario(name: str) -> Scenario:
    """The scenario called `name`; raises `ProblemError(UnknownName)` if there is none."""
    for known in SCENARIOS:
        if known == name:
            return _MAKERS[known](known)
    raise ProblemError(UnknownName("scenario", name, list(SCENARIOS)))


# ── about the padding tab: four labelled sentences of 8, 4, 2 and 6 words ─────────────────────


def _labelled(name: ScenarioName, **changes: object) -> Preset:
    """The sentences, with the settings of the table that are in `changes`."""
    text = files("resources.examples").joinpath("padding.txt").read_text("utf-8")
    rows = len(Vocabulary.build(parse_sentences(text).sentences))
    return Preset(
        name=name,
        text=text,
        line=LINE,
        config=RunConfig(
            replace(TableConfig(rows, 8), **changes),
            ObjectiveConfig("sentence-label", pooling="mean"),
            OptimizerConfig("sgd", 0.1),
            batch_size=4,
        ),
    )


def _mean(name: ScenarioName) -> Scenario:
    return Scenario(name, _labelled(name), ("<pad>",), Wishes("mean", extra=8))


def _attention(name: ScenarioName) -> Scenario:
    wishes = Wishes("attention", extra=8)
    return Scenario(name, _labelled(name), ("<pad>",), wishes, cells="attention")


def _lstm(name: ScenarioName) -> Scenario:
    return Scenario(name, _labelled(name), ("<pad>",), Wishes("lstm", extra=8))


def _batch_norm(name: ScenarioName) -> Scenario:
    return Scenario(name, _labelled(name), ("<pad>",), Wishes("batchnorm", extra=8))


def _pad_row(name: ScenarioName) -> Scenario:
    """The rows as `nn.init.normal_(weight, std=0.1)` leaves them: that of <pad> too."""
    preset = _labelled(name, initialisation=Initialisation("given"))
    table = preset.config.table
    shape = (table.num_embeddings, table.embedding_dim)
    values = (0.1 * np.random.default_rng(0).standard_normal(shape)).astype(np.float32)
    values.flags.writeable = False
    given = Preset(name, preset.text, LINE, preset.config, values=values)
    return Scenario(name, given, ("<pad>",), Wishes("sum", extra=8))


def _wrong_padding_idx(name: ScenarioName) -> Scenario:
    preset = _labelled(name)
    the = preset.vocabulary().id("the")
    return Scenario(name, _labelled(name, padding_idx=the), ("the", "<pad>"), Wishes(extra=0))


def _no_padding_idx(name: ScenarioName) -> Scenario:
    difference = Difference(masks_gradient=False)
    return Scenario(name, _labelled(name), ("<pad>",), Wishes(extra=0), difference=difference)


def _tied(name: ScenarioName) -> Scenario:
    """The run is tied too, so that it can be asked why the row of <pad> moved."""
    preset = _labelled(name, initialisation=Initialisation("normal", 0.1))
    run = replace(preset.config, objective=ObjectiveConfig("next-word", tied=True))
    tied = Preset(name, preset.text, LINE, run)
    difference = Difference(head="untied")
    return Scenario(name, tied, ("<pad>",), Wishes("tied", extra=0), difference=difference)


def _position_ids(name: ScenarioName) -> Scenario:
    wishes = Wishes("masked-mean", "left", extra=8)
    return Scenario(name, _labelled(name), ("lovely",), wishes, cells="columns")


def _out_of_range(name: ScenarioName) -> Scenario:
    preset = _labelled(name)
    rows = preset.config.table.num_embeddings
    wishes = Wishes(extra=0, source="ids", ids=f"2 3 4 {rows}\n5 -100\n6 7 1")
    return Scenario(name, preset, (), wishes, cells="ids")


# ── about the table: two columns, so that the points are the rows themselves ──────────────────


def _weight_decay(name: ScenarioName) -> Scenario:
    """Rows that nothing reads, and a row of <pad> that is not zero, as one that was loaded."""
    tokens = (*SPECIAL, *READ, *UNREAD)
    values = np.random.default_rng(1).standard_normal((len(tokens), 2)).astype(np.float32)
    values[1] = 1.0
    values.flags.writeable = False
    preset = Preset(
        name=name,
        text=READ_TEXT,
        line="the cat sat",
        config=RunConfig(
            TableConfig(len(tokens), 2, initialisation=Initialisation("given")),
            ObjectiveConfig("next-word"),
            OptimizerConfig("sgd", 0.1, weight_decay=0.1),
            batch_size=4,
        ),
        tokens=tokens,
        values=values,
    )
    return Scenario(name, preset, ("<pad>", "ship"))


def _momentum(name: ScenarioName) -> Scenario:
    rows = len(Vocabulary.build(parse_sentences(MOMENTUM_TEXT).sentences))
    preset = Preset(
        name=name,
        text=MOMENTUM_TEXT,
        line="red orange yellow",
        config=RunConfig(
            TableConfig(rows, 2),
            ObjectiveConfig("next-word"),
            OptimizerConfig("sgd", 0.1, momentum=0.9),
            batch_size=1,
        ),
    )
    return Scenario(name, preset, ("one",))


_MAKERS: dict[ScenarioName, Callable[[ScenarioName], Scenario]] = {
    "mean-over-pads": _mean,
    "attention-to-pads": _attention,
    "lstm-over-pads": _lstm,
    "batch-norm-over-pads": _batch_norm,
    "pad-row-drawn-anew": _pad_row,
    "wrong-padding-idx": _wrong_padding_idx,
    "no-padding-idx": _no_padding_idx,
    "tied-weights": _tied,
    "weight-decay": _weight_decay,
    "momentum": _momentum,
    "position-ids": _position_ids,
    "ids-out-of-range": _out_of_range,
}
