"""`embedscope padding`: what pads do to a head over some sentences, without a window."""

import json
import math
import sys
from argparse import Namespace
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.config import RunConfig, TableConfig
from core.corpus import Corpus
from core.padding.client import LaboratoryClient
from core.padding.gathering import gather
from core.padding.messages import Probed, SetUp, Studied, Study
from core.problems import OutOfBounds, ProblemError
from core.vocabulary import Vocabulary
from gui.lookup_command import fresh_rows
from gui.numbers import rounded
from gui.padding_verdict import verdict
from gui.source import Source


@dataclass(frozen=True)
class Question:
    """The sentences with their vocabulary and the settings of their fresh table."""

    source: Source
    pad_id: int
    set_up: SetUp
    steps: int
    extra: int


def padding_command(settings: Namespace) -> int:
    """Study what `settings` ask for and print it; the exit status. Raises `ProblemError`."""
    question = question_of(settings)
    studied = answer(question)
    print_ = _as_json if settings.json else _as_text
    sys.stdout.write(print_(question, studied) + "\n")
    return 0


def question_of(settings: Namespace) -> Question:
    """The sentences, numbered by first appearance after <unk> and <pad>, and how to read them."""
    sentences = tuple(settings.sentence)
    vocabulary = Vocabulary.build(sentences)
    rows, padding_idx = len(vocabulary), settings.padding_idx
    if padding_idx is not None and padding_idx >= rows:
        raise ProblemError(OutOfBounds("padding_idx", padding_idx, 0, rows - 1))
    config = RunConfig(TableConfig(rows, settings.dim, padding_idx), seed=settings.seed)
    assert vocabulary.pad_id is not None
    return Question(
        Source(Corpus(sentences, None), vocabulary, config),
        vocabulary.pad_id,
        SetUp(settings.head, padding_idx, settings.side, seed=settings.seed),
        settings.steps,
        settings.extra,
    )


def answer(question: Question) -> Studied:
    """What the laboratory finds. Raises `ProblemError`."""
    source, set_up = question.source, question.set_up
    # The laboratory loads torch while the engine, which draws the rows, does the same.
    with LaboratoryClient() as laboratory:
        rows = fresh_rows(source)
        encode = source.vocabulary.encode
        sentences = [[token.id for token in encode(each)] for each in source.corpus.sentences]
        material = gather(rows, sentences, question.pad_id, [set_up.head])
        return laboratory.study(Study(1, material, set_up, question.steps, question.extra))


def _as_json(question: Question, studied: Studied) -> str:
    set_up, probed = question.set_up, _probed(studied)
    return json.dumps(
        {
            "head": set_up.head,
            "grad_at_pads": _finite(probed.gradient_at_pads),
            "repad_shift": _finite(probed.further.largest),
            "pad_row_shift": _finite(probed.replaced.largest),
            "weight_grad_pad": _finite(probed.weight_gradient_pad),
            "repad_shifts": _each(probed.further.relative.numpy()),
            "pad_row_shifts": _each(probed.replaced.relative.numpy()),
            "pad_row_norm": _finite(probed.pad_row_norm),
            "loss": _finite(probed.loss),
            "loss_unpadded": _finite(probed.loss_base),
            "loss_pad_row_random": _finite(probed.loss_replaced),
            "side": set_up.side,
            "extra": question.extra,
            "columns": int(studied.cells.ids.shape[1]),
            "padding_idx": set_up.padding_idx,
            "pad_id": question.pad_id,
            "seed": set_up.seed,
            "steps": studied.steps,
            "dim": question.source.config.table.embedding_dim,
        }
    )


def _as_text(question: Question, studied: Studied) -> str:
    probed, set_up, extra = _probed(studied), question.set_up, question.extra
    at_pads = probed.gradient_at_pads
    found = (
        ("gradient at the pads", "none: no output at a pad" if at_pads is None else _told(at_pads)),
        (f"shift, padded by {extra} more", _shifts(probed.further.relative.numpy())),
        ("shift, pad row random", _shifts(probed.replaced.relative.numpy())),
        ("weight.grad[pad]", _told(probed.weight_gradient_pad)),
    )
    width = max(len(name) for name, _ in found)
    lines = [f"{name:<{width}}  {value}" for name, value in found]
    about = (
        f"{set_up.head}, {studied.cells.base_width} columns and {extra} more on the {set_up.side}, "
        f"padded with id {question.pad_id}, padding_idx {set_up.padding_idx}, "
        f"{studied.steps} steps"
    )
    return "\n".join([about, *lines, verdict(probed, extra)])


def _probed(studied: Studied) -> Probed:
    assert studied.probed is not None  # every id is one of the vocabulary's own
    return studied.probed


def _shifts(relative: NDArray[np.float64]) -> str:
    """The largest, and if there are several what each sentence has."""
    largest = _told(float(relative.max()))
    if len(relative) == 1:
        return largest
    return f"{largest}  ({', '.join(_told(value) for value in relative.tolist())})"


def _told(value: float) -> str:
    return rounded(value).replace(" ", "")


def _each(values: NDArray[np.float64]) -> list[float | None]:
    return [_finite(value) for value in values.tolist()]


def _finite(value: float | None) -> float | None:
    """JSON has no NaN and no infinity."""
    return value if value is not None and math.isfinite(value) else None
