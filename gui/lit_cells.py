"""Where the cells that a lit finding names stand in a padded batch."""

from dataclasses import dataclass

import numpy as np

from core.audit.subject import StudiedBatch
from core.batch import Side
from gui.lit_finding import LitFinding
from gui.padding_batch import Batch

Cell = tuple[int, int]


@dataclass(frozen=True)
class LitCells:
    """The `cells` (line, column) of a batch that are lit; `current` is the one looked at.

    `current` is None where that one is not in the batch.
    """

    cells: frozenset[Cell] = frozenset()
    current: Cell | None = None


def lit_cells(lit: LitFinding, batch: Batch, side: Side, width: int) -> LitCells:
    """The cells of the finding that is lit, if one is, in `batch` padded on `side` to `width`.

    A sentence is found by what it is, not by its line: the batch may be another one than that of
    the finding.
    """
    finding, looked_at = lit.finding, lit.cell
    if finding is None or looked_at is None:
        return LitCells()
    cells, current = set(), None
    for number, line in _lines(lit.batch, batch).items():
        length = len(batch.sentences[line])
        for position in finding.cells[finding.cells[:, 0] == number, 1].tolist():
            cell = line, _column(position, length, side, width)
            cells.add(cell)
            if (number, position) == looked_at:
                current = cell
    return LitCells(frozenset(cells), current)


def _lines(found_in: StudiedBatch | None, batch: Batch) -> dict[int, int]:
    """The line in `batch` of each sentence of the text, or of the batch a finding was made in."""
    if found_in is None:
        return {number: line for line, number in enumerate(batch.numbers) if number is not None}
    text, lines = found_in.text, {}
    for number, (start, end) in enumerate(zip(text.offsets, text.offsets[1:], strict=False)):
        ids = tuple(np.asarray(text.ids[start:end]).tolist())
        if number < len(batch.sentences) and batch.sentences[number] == ids:
            lines[number] = number
        elif ids in batch.sentences:
            lines[number] = batch.sentences.index(ids)
    return lines


def _column(position: int, length: int, side: Side, width: int) -> int:
    """The column of a token, or of a pad: those are counted from the words outwards.

    Where there is no such pad any more, it is the column of the sentence's last or first token.
    """
    if side == "right":
        return min(position, width - 1)
    return max(width - 1 - position, 0) if position >= length else width - length + position
