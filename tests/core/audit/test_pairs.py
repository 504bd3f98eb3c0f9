"""Each finding on what it must fire on, and not on what is nearly the same."""

import numpy as np
import pytest

from core.audit.audit import CHECKS, audit
from core.audit.finding import KINDS
from core.audit.subject import OptimizerFacts, Subject
from core.config import Initialisation, ObjectiveConfig, OptimizerConfig
from tests.core.audit.subjects import (
    DIMENSION,
    PAD,
    ROWS,
    TOKENS,
    UNK,
    alone,
    config,
    found,
    given,
    pooled,
    row_set,
    sentences,
    sound,
    text,
    trained,
    trained_by,
    values,
)

WORDS = list(range(2, ROWS))
WITH_PAD = [[2, PAD, 3], *sentences()]
UNKNOWN = [[UNK] * 30, *sentences()]
T5 = (*TOKENS[:-1], "<extra_id_0>")
GPT = (TOKENS[0], "<|endoftext|>", *TOKENS[2:])
# Padded with 39 to five; nothing else says what 39 is.
FILLED = [[2, 3, 4, 39, 39], [5, 6, 39, 39, 39], [7, 8, 9, 10, 11], [2, 4, 6, 8, 10]]
A_WORD = [[39, 7, 8, 9, 10], *FILLED[:2], *FILLED[3:]]  # 39 stands elsewhere too: it is a word
NEXT_WORD = config(ObjectiveConfig("next-word"))
EQUAL = [each[:3] for each in sentences()]
MOMENTUM = trained_by("sgd", momentum=0.9)
SPARSE_SGD = config(optimizer=OptimizerConfig("sgd", 0.1, momentum=0.9), sparse=True)


def duplicated(of: int, row: int = 7) -> np.ndarray:
    rows = values()
    rows[row] = rows[of]
    return rows


def wide(sparse: bool) -> Subject:
    """100,000 × 300 in float32, of which 40 rows are in the sentences."""
    settings = config(sparse=sparse, num_embeddings=100_000, embedding_dim=300)
    return sound(config=settings, rows=None, tokens=None)


# kind, level: what it fires on, and what, nearly the same, it does not.
PAIRS = [
    ("nan-rows", "error", alone(rows=row_set(5, np.nan)), alone(rows=row_set(5, 9.0))),
    ("nan-rows", "error", alone(rows=row_set(5, np.inf)), alone(rows=row_set(5, 1e38))),
    ("nan-rows", "error", alone(rows=row_set(PAD, np.nan)), alone()),
    ("zero-rows", "note", alone(rows=row_set(5, 0)), alone(rows=row_set(5, 1e-30))),
    (
        "zero-rows",
        "note",
        alone(rows=row_set(5, 0)),
        alone(rows=row_set(UNK, 0)),  # no word
    ),
    ("duplicate-rows", "warning", alone(rows=duplicated(6)), alone(rows=duplicated(7))),
    ("duplicate-rows", "warning", alone(rows=duplicated(6)), alone(rows=duplicated(PAD))),
    (
        "duplicate-rows",
        "note",
        sound(rows=duplicated(6), config=config(initialisation=Initialisation("zeros"))),
        sound(config=config(initialisation=Initialisation("zeros"))),
    ),
    # Forty rows of norm √8 ≈ 2.8: 50 · √8 is far, 5 · √8 is not.
    ("norm-outliers", "warning", alone(rows=row_set(5, 50.0)), alone(rows=row_set(5, 5.0))),
    ("norm-outliers", "note", alone(rows=row_set(5, 0.001)), alone(rows=row_set(PAD, 0.001))),
    (
        "dead-rows",
        "note",
        sound(text=text(*[[id_ for id_ in each if id_ != 9] for each in sentences()])),
        sound(),
    ),
    # 38 is read by no example of next-word if it stands only at the end.
    (
        "dead-rows",
        "note",
        sound(text=text([*WORDS[:-2], 2], [2, 38], [39, 2]), config=NEXT_WORD),
        sound(text=text([*WORDS[:-2], 2], [38, 2], [39, 2]), config=NEXT_WORD),
    ),
    (
        "dead-rows",
        "warning",
        trained(WORDS[1:], WORDS[1:], steps=1000),
        trained(WORDS[1:], WORDS[1:], steps=2),  # too early to tell
    ),
    ("unmoved-rows", "note", trained(WORDS[1:], WORDS), trained(WORDS, WORDS)),
    ("unmoved-rows", "note", trained(WORDS[1:], WORDS), trained(WORDS[1:], WORDS[1:])),
    ("nothing-trains", "error", trained([], WORDS), trained([2], WORDS)),
    ("nothing-trains", "error", trained([], WORDS), trained([], [PAD])),
    (
        "id-out-of-range",
        "error",
        sound(text=text([2, ROWS], *sentences())),
        sound(text=text([2, ROWS - 1], *sentences())),
    ),
    (
        "id-out-of-range",
        "error",
        sound(text=text([2, -1], *sentences())),
        sound(text=text([2, 0], *sentences())),
    ),
    ("unknown-share", "warning", sound(text=text(*UNKNOWN)), sound(text=text([UNK], *sentences()))),
    (
        "unknown-is-padding",
        "warning",
        sound(config=config(padding_idx=UNK)),
        sound(config=config(padding_idx=PAD)),
    ),
    (
        "unknown-is-padding",
        "error",
        sound(unk_id=PAD, text=text([PAD, 2], *sentences())),
        sound(unk_id=None, text=text([UNK, 2], *sentences())),
    ),
    ("tokens-missing", "error", alone(rows=values()[:-1]), alone()),
    ("rows-unnamed", "note", alone(tokens=TOKENS[:-1]), alone(tokens=None)),
    ("pad-row-not-zero", "warning", alone(rows=row_set(PAD, 0.1)), alone()),
    ("pad-row-not-zero", "note", sound(rows=row_set(PAD, 0.1)), sound()),
    (
        "pad-row-not-zero",
        "warning",
        sound(rows=row_set(PAD, 0.1), config=pooled("sum")),
        sound(config=pooled("sum")),
    ),
    (
        "given-pad-row",
        "warning",
        sound(
            rows=row_set(PAD, 0.1),
            config=config(
                ObjectiveConfig("sentence-label", pooling="max"),
                initialisation=Initialisation("given"),
            ),
        ),
        sound(config=given()),
    ),
    ("given-pad-row", "note", sound(rows=row_set(PAD, 0.1), config=given()), sound(config=given())),
    (
        "pad-with-a-job",
        "note",
        alone(tokens=T5, rows=row_set(PAD, 0.1)),
        alone(tokens=TOKENS, rows=row_set(PAD, 0.1)),
    ),
    (
        "no-padding-idx",
        "warning",
        sound(config=pooled("mean", padding_idx=None)),
        sound(config=pooled("masked-mean", padding_idx=None)),
    ),
    (
        "no-padding-idx",
        "note",
        alone(padding_idx=None, rows=row_set(PAD, 0.1)),
        alone(padding_idx=None),
    ),
    (
        "wrong-padding-idx",
        "error",
        sound(config=config(padding_idx=5)),
        sound(config=config(padding_idx=5), text=text([2, 3, 4], [6, 7])),  # no sentence has it
    ),
    ("wrong-padding-idx", "warning", alone(padding_idx=5), alone(padding_idx=5, pad_id=None)),
    (
        "negative-padding-idx",
        "note",
        sound(padding_idx=PAD - ROWS),
        sound(padding_idx=PAD),
    ),
    ("pad-is-end", "warning", alone(tokens=GPT), alone()),
    ("pads-among-words", "warning", sound(text=text(*WITH_PAD)), sound(text=text(*sentences()))),
    (
        "loss-on-pads",
        "warning",
        sound(text=text(*WITH_PAD), config=NEXT_WORD),
        sound(text=text(*sentences()), config=NEXT_WORD),
    ),
    ("padded-text", "warning", sound(text=text(*FILLED)), sound(text=text(*A_WORD))),
    (
        "padded-text",
        "warning",
        sound(text=text(*(each[::-1] for each in FILLED))),
        sound(text=text(*(each[:3] for each in FILLED))),
    ),
    ("pads-in-pooling", "warning", sound(config=pooled("mean")), sound()),
    (
        "pads-in-pooling",
        "warning",
        sound(config=pooled("mean")),
        sound(config=pooled("mean"), text=text(*EQUAL)),
    ),
    ("pads-in-pooling", "warning", sound(config=pooled("max")), sound()),
    (
        "pads-in-pooling",
        "warning",
        sound(config=pooled("sum"), rows=row_set(PAD, 0.1)),
        sound(config=pooled("sum")),
    ),
    (
        "pads-in-pooling",
        "warning",
        sound(head="bag", config=config(padding_idx=None)),
        sound(head="bag"),
    ),
    ("pads-in-last-state", "warning", sound(head="lstm"), sound(head="packed-lstm")),
    ("pads-in-attention", "warning", sound(head="attention"), sound(head="masked-attention")),
    (
        "pads-in-attention",
        "warning",
        sound(head="masked-attention-mean"),
        sound(head="masked-attention"),
    ),
    (
        "pads-in-batch-norm",
        "warning",
        sound(head="batchnorm"),
        sound(head="batchnorm", text=text(*EQUAL)),
    ),
    (
        "pads-in-convolution",
        "warning",
        sound(head="conv", rows=row_set(PAD, 0.1)),
        sound(head="conv"),
    ),
    ("tied-pad-row", "warning", sound(head="tied"), sound(head="untied")),
    (
        "tied-pad-row",
        "warning",
        sound(optimizer=OptimizerFacts(tied=("decoder.weight",))),
        sound(optimizer=OptimizerFacts()),
    ),
    (
        "decay-of-unseen",
        "warning",
        sound(config=trained_by("adam", weight_decay=0.01), text=text(*sentences()[2:-2])),
        sound(config=trained_by("adam"), text=text(*sentences()[2:-2])),
    ),
    (
        "decay-of-unseen",
        "note",
        sound(config=trained_by("adamw", weight_decay=0.01)),  # the unknown word's row alone
        sound(config=trained_by("adamw", weight_decay=0.01), rows=row_set(UNK, 0)),
    ),
    (
        "momentum-tail",
        "note",
        sound(config=MOMENTUM, text=text([2, 3], *([[4, 5, 6]] * 1000))),
        sound(config=trained_by("sgd"), text=text([2, 3], *([[4, 5, 6]] * 1000))),
    ),
    (
        "momentum-tail",
        "note",
        sound(config=trained_by("adam"), text=text([2, 3], *([[4, 5, 6]] * 1000))),
        sound(config=trained_by("adam")),
    ),
    (
        "settings-refused",
        "error",
        sound(config=config(optimizer=OptimizerConfig("adam", 0.01), sparse=True)),
        sound(config=config(optimizer=OptimizerConfig("sparse-adam", 0.01), sparse=True)),
    ),
    (
        "sparse-momentum",
        "error",
        sound(config=SPARSE_SGD),
        sound(config=config(optimizer=OptimizerConfig("sgd", 0.1), sparse=True)),
    ),
    ("dense-gradients", "note", wide(sparse=False), wide(sparse=True)),
    (
        "half-precision",
        "error",
        sound(config=config(dtype="float16"), rows=values("float16")),
        sound(
            config=config(optimizer=OptimizerConfig("sgd", 0.1), dtype="float16"),
            rows=values("float16"),
        ),
    ),
    ("double-precision", "note", alone(rows=values("float64")), alone()),
    ("zero-rate", "warning", sound(config=trained_by("sgd", 0.0)), sound(config=trained_by("sgd"))),
    (
        "stale-optimizer",
        "error",
        sound(optimizer=OptimizerFacts(holds_table=False)),
        sound(optimizer=OptimizerFacts(holds_table=False, trainable=False)),  # frozen on purpose
    ),
    (
        "frozen-moves",
        "error",
        sound(optimizer=OptimizerFacts(trainable=False, has_gradient=True)),
        sound(optimizer=OptimizerFacts(trainable=False)),
    ),
    # The norms are about √8 ≈ 2.8, none of them above 10.
    (
        "max-norm-outside",
        "note",
        sound(config=config(max_norm=1.0)),
        sound(config=config(max_norm=10.0)),
    ),
    ("scaled-by-frequency", "note", sound(config=config(scale_grad_by_freq=True)), sound()),
    (
        "scaled-by-frequency",
        "note",
        sound(config=config(scale_grad_by_freq=True)),
        sound(config=config(scale_grad_by_freq=True), text=text(WORDS[:5], WORDS[5:])),
    ),
    (
        "zeros-never-leave",
        "error",
        sound(config=config(ObjectiveConfig("skip-gram"), initialisation=Initialisation("zeros"))),
        sound(config=config(ObjectiveConfig("next-word"), initialisation=Initialisation("zeros"))),
    ),
]


@pytest.mark.parametrize(
    ("kind", "level", "fires", "quiet"), PAIRS, ids=[f"{pair[0]}.{pair[1]}" for pair in PAIRS]
)
def test_it_fires_and_it_is_quiet_on_what_is_nearly_the_same(kind, level, fires, quiet):
    assert found(fires)[kind].level == level
    assert kind not in found(quiet)


def test_every_kind_of_finding_has_such_a_pair_and_a_check_of_its_own():
    assert {pair[0] for pair in PAIRS} == set(KINDS)
    assert len(CHECKS) == len(set(CHECKS)) == len(KINDS)


@pytest.mark.parametrize("objective", ["next-word", "cbow", "skip-gram", "sentence-label"])
@pytest.mark.parametrize("steps", [0, 500])
def test_a_sound_set_up_is_left_alone(objective, steps):
    settings = config(ObjectiveConfig(objective))
    subject = trained(WORDS, WORDS, steps) if steps else sound()
    assert audit(sound(rows=subject.rows, config=settings, steps=steps)) == ()


def test_a_table_by_itself_is_left_alone():
    assert audit(alone()) == ()
    assert audit(Subject(rows=values()[2:])) == ()
    assert audit(Subject(rows=np.zeros((0, DIMENSION), np.float32))) == ()
    assert audit(Subject()) == ()
