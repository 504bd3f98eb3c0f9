"""The light that a finding throws on the batch of the padding tab."""

from PySide6.QtCore import QObject, Signal, Slot

from gui.canvas.batch_grid import BatchGrid
from gui.lit_cells import LitCells, lit_cells
from gui.lit_finding import LitFinding
from gui.padding_study import PaddingStudy


class PaddingLight(QObject):
    """Lights up the cells that the lit finding names, and goes to the one that is looked at.

    Where that one's sentence is not in the batch, another batch is asked for, and the light comes
    with the answer.
    """

    fell = Signal()  # on the batch: it ought to be seen
    arrived = Signal()  # at the cell that is looked at

    def __init__(
        self, lit: LitFinding, study: PaddingStudy, grid: BatchGrid, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._lit, self._study, self._grid = lit, study, grid
        self._cells = LitCells()
        self._sought = False
        lit.changed.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        """Another finding is lit, or none any more."""
        lit = self._lit
        self._sought = lit.cell is not None
        if lit.cell is not None and lit.batch is None:
            self._study.look_at_sentence(lit.cell[0])
        if lit.is_about_cells:
            self.fell.emit()
        self.show_cells()

    def show_cells(self) -> None:
        """Light up the cells of the batch that is shown now."""
        answer, cells = self._study.answer, LitCells()
        if answer is not None and self._grid.cells is not None:
            width = self._grid.cells.shape[1]
            cells = lit_cells(self._lit, answer.batch, answer.wishes.side, width)
        self._cells = cells
        self._grid.light(cells.cells)
        if self._sought and cells.current is not None:
            self._sought = False
            self._grid.go_to(cells.current)
            self.arrived.emit()

    def in_words(self) -> str:
        """What is lit, where one sees less than the finding names."""
        finding = self._lit.finding
        if finding is None or self._lit.cell is None:
            return ""
        if self._cells.current is None and self._lit.batch is not None:
            return self.tr("The batch has changed since this was found.")
        if len(finding.cells) == 1:
            return ""
        return self.tr(
            "Lit: place {at} of the {count} that the finding names. Click it again for the next."
        ).format(at=f"{self._lit.at + 1:,}", count=f"{len(finding.cells):,}")
