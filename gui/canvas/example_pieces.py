"""What one step trained on, as pieces to draw: tokens, pads, labels, arrows."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.messages import Trained
from core.vocabulary import Vocabulary

Kind = Literal["input", "pad", "arrow", "target", "negative", "label"]


class Piece(NamedTuple):
    """One piece; `id` is a row of the table, None for arrows and labels."""

    kind: Kind
    text: str
    id: int | None = None


class Examples:
    """The examples of a step, made into pieces only when asked for."""

    def __init__(
        self, trained: Trained, vocabulary: Vocabulary, labels: Sequence[str] | None
    ) -> None:
        """`labels` are the names of label indices where `trained.targets` are such."""
        inputs = trained.inputs.numpy()
        self._inputs: NDArray[np.int32] = inputs.reshape(len(inputs), -1)
        self._targets: NDArray[np.int32] = trained.targets.numpy()
        self._mask = None if trained.mask is None else trained.mask.numpy()
        self._negatives = None if trained.negatives is None else trained.negatives.numpy()
        self._vocabulary = vocabulary
        self._labels = labels

    def __len__(self) -> int:
        return len(self._inputs)

    def pieces(self, example: int) -> list[Piece]:
        """Example number `example` (from 0): inputs, an arrow, its target, and its negatives."""
        real = None if self._mask is None else self._mask[example].tolist()
        made = [
            self._token("input", id) if real is None or real[place] else Piece("pad", "", id)
            for place, id in enumerate(self._inputs[example].tolist())
        ]
        made.append(Piece("arrow", "→"))
        target = int(self._targets[example])
        if self._labels is None:
            made.append(self._token("target", target))
        else:
            # A label that an undone edit took away again has only its number left.
            known = target < len(self._labels)
            made.append(Piece("label", self._labels[target] if known else str(target)))
        if self._negatives is not None:
            made += [self._token("negative", id) for id in self._negatives[example].tolist()]
        return made

    def _token(self, kind: Kind, id: int) -> Piece:
        return Piece(kind, self._vocabulary.token(id), id)
