"""The padding tab: the batch as a grid, the probes, and what they say together."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.padding.messages import Studied
from core.scenarios import Cells
from gui.canvas.batch_cells import BatchCells
from gui.canvas.batch_grid import BatchGrid
from gui.canvas.heat import largest_magnitude, rounded_up
from gui.canvas.space_scene import EMPTY
from gui.canvas.space_view import SpaceView
from gui.canvas.switch_button import SwitchButton
from gui.lines_label import LinesLabel
from gui.more_button import MoreButton
from gui.padding_comparison import PaddingComparison
from gui.padding_light import PaddingLight
from gui.padding_study import Answer, PaddingStudy
from gui.padding_verdict import verdict
from gui.padding_words import PaddingWords
from gui.panels.padding_compare import PaddingCompare
from gui.panels.padding_probes import PaddingProbes
from gui.panels.padding_scene import padding_scene
from gui.panels.padding_wishes import PaddingWishes
from gui.scenario_card import ScenarioCard
from gui.session import Session
from gui.theme import SPACING

LEAST_HEIGHT = 80  # pixels of the grid and of the points
ROOMY = 32  # lines of text that show all there is


class PaddingPanel(QWidget):
    """Shows the study while it is looked at."""

    def __init__(
        self,
        session: Session,
        study: PaddingStudy,
        comparison: PaddingComparison,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("paddingPanel")
        self._session, self._study = session, study
        self._what: Cells = "gradient"
        self._words = PaddingWords(self)
        self._card: ScenarioCard | None = None
        self._results_at: int | None = None  # where the tab was scrolled to, to show them
        self._compare = PaddingCompare(session, comparison, self)
        self._due = QTimer(self, singleShot=True, interval=0)  # once all has its place
        self._due.timeout.connect(self._show_grid)
        self._compose()
        self._light = PaddingLight(session.findings.lit, study, self.grid, self)
        self._light.fell.connect(self._show_probes)
        self._light.arrived.connect(self._due.start)
        session.findings.lit.changed.connect(self._note_what_is_seen)
        self._compare.started.connect(self._show_results)
        study.changed.connect(self._show)
        session.selectionChanged.connect(self._show_marks)
        session.hoverChanged.connect(self._show_marks)
        session.frameShown.connect(self._show_points)
        session.viewTurned.connect(self._show_points)
        self._show()
        self._light.follow()

    # ── what stands where ─────────────────────────────────────────────────────────────────────

    def _compose(self) -> None:
        self._wishes = PaddingWishes(self._study, self)
        self._wishes.show_cells(self._what)
        self._wishes.cellsChosen.connect(self._choose_cells)
        self.grid = BatchGrid(self)
        self.grid.setObjectName("paddingGrid")
        self.grid.setAccessibleName(self.tr("The batch: one line a sentence, one cell a token"))
        self.grid.setMinimumHeight(LEAST_HEIGHT)
        self.grid.hovered.connect(self._hover)
        self.grid.picked.connect(self._pick)
        self._verdict = LinesLabel(2)
        self._verdict.setObjectName("paddingVerdict")
        font = self._verdict.font()
        font.setBold(True)
        self._verdict.setFont(font)
        self._probes = PaddingProbes(self)
        self._note = LinesLabel(1)
        self._note.setObjectName("paddingNote")
        self._note.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.more = MoreButton("paddingMore", self.tr("Padding"), self)
        self.view = SpaceView(self)
        self.view.setObjectName("paddingSpace")
        self.view.setAccessibleName(self.tr("The pooled vector of each sentence, in Space"))
        self.view.setMinimumHeight(LEAST_HEIGHT)
        self.view.hovered.connect(self._hover)
        inside = QWidget()
        column = self._column = QVBoxLayout(inside)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        column.setSpacing(SPACING // 2)
        column.addLayout(self._make_switch())
        column.addWidget(self._wishes)
        self._parts = QStackedWidget()
        self._probe_part = self._make_probe_part()
        self._parts.addWidget(self._probe_part)
        self._parts.addWidget(self._compare)
        self._fit_parts()
        column.addWidget(self._parts, 1)
        area = self._area = QScrollArea()
        area.setObjectName("paddingArea")
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        area.verticalScrollBar().rangeChanged.connect(self._keep_results)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _make_switch(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        self._switch = QButtonGroup(self)
        for number, (name, text) in enumerate(
            (("paddingProbe", self.tr("Probe")), ("paddingCompareButton", self.tr("Compare")))
        ):
            button = SwitchButton(self)
            button.setObjectName(name)
            button.setText(text)
            button.setAccessibleName(text)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._switch.addButton(button, number)
            row.addWidget(button)
        self._switch.button(0).setChecked(True)
        self._switch.idClicked.connect(self._show_part)
        row.addSpacing(SPACING)
        row.addWidget(self._verdict, 1)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _make_probe_part(self) -> QWidget:
        pictures = QSplitter(Qt.Orientation.Horizontal)
        pictures.setObjectName("paddingSplitter")
        pictures.setChildrenCollapsible(False)
        pictures.addWidget(self.grid)
        pictures.addWidget(self.view)
        pictures.setStretchFactor(0, 3)
        pictures.setStretchFactor(1, 2)
        pictures.setSizes([3000, 2000])  # shares: what is too much is taken from both
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self._probes)
        column.addWidget(self._note)
        column.addWidget(pictures, 1)
        return part

    def put_on_top(self, card: ScenarioCard) -> None:
        """Put `card` above everything."""
        self._card = card
        self._column.insertWidget(0, card)
        self._fit_height()

    def show_part(self, *, compare: bool) -> None:
        """Show two set-ups, or else the probes of one."""
        self._switch.button(int(compare)).setChecked(True)
        self._show_part(int(compare))
        self._area.verticalScrollBar().setValue(0)
        self._results_at = None

    @Slot()
    def _show_probes(self) -> None:
        self.show_part(compare=False)

    @Slot()
    def _show_grid(self) -> None:
        """Where there is little room the batch is further down."""
        self._area.ensureWidgetVisible(self.grid, 0, 0)

    @property
    def part(self) -> tuple[Cells, bool]:
        """What the cells show, and whether two set-ups are compared."""
        return self._what, self._switch.checkedId() == 1

    @Slot()
    def _show_results(self) -> None:
        """On a small screen the results of a comparison are further down."""
        bar = self._area.verticalScrollBar()
        self._results_at = bar.maximum()
        bar.setValue(self._results_at)

    @Slot(int, int)
    def _keep_results(self, _low: int, high: int) -> None:
        """What is said of them grows; whoever has scrolled up is left there."""
        bar = self._area.verticalScrollBar()
        if self._results_at is not None and bar.value() >= self._results_at:
            self._results_at = high
            bar.setValue(high)

    def show_cells(self, what: Cells) -> None:
        """Show `what` in the cells."""
        self._wishes.show_cells(what)
        self._choose_cells(what)

    @Slot(int)
    def _show_part(self, number: int) -> None:
        self._parts.setCurrentIndex(number)
        self._wishes.set_probing(probing=number == 0)
        self._verdict.setText("" if number else self._in_words(self._study.answer))
        self._fit_parts()

    def _fit_parts(self) -> None:
        """The part that is not seen claims no room."""
        for part in (self._probe_part, self._compare):
            seen = part is self._parts.currentWidget()
            policy = QSizePolicy.Policy.Preferred if seen else QSizePolicy.Policy.Ignored
            part.setSizePolicy(policy, policy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """Where not all has room, the words give way to the batch."""
        short = self.height() < ROOMY * self.fontMetrics().lineSpacing()
        self._probes.set_short(short=short)
        self._column.setSpacing(SPACING // 4 if short else SPACING // 2)
        if self._card is not None:
            self._card.set_short(short=short)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._study.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._study.watch(False)

    # ── following the study ───────────────────────────────────────────────────────────────────

    @Slot()
    def _show(self) -> None:
        answer = self._study.answer
        if answer is None:
            self._probes.show_probed(None, (), 0)
            self.grid.show_cells(None)
        else:
            studied = answer.studied
            self._probes.show_probed(studied.probed, answer.batch.names, _extra(studied))
            self.grid.show_cells(self._cells(answer))
        if self._parts.currentIndex() == 0:
            self._verdict.setText(self._in_words(answer))
        # Where nothing can be probed all the room is the batch's.
        for part in (self._probes, self.view):
            part.setVisible(answer is None or answer.studied.probed is not None)
        self._light.show_cells()
        self._note_what_is_seen()
        self._show_marks()
        self._show_points()

    @Slot()
    def _note_what_is_seen(self) -> None:
        self._note.setText(self._about(self._study.answer))
        self._note.setVisible(bool(self._note.text()))

    def _in_words(self, answer: Answer | None) -> str:
        if self._study.not_ids is not None:
            return self.tr("Line {line} holds “{word}”, which is not an id.").format(
                line=self._study.not_ids.line, word=self._study.not_ids.word
            )
        if answer is None:
            return self.tr("The probes appear when the first batch is computed.")
        studied = answer.studied
        if studied.probed is None:
            return self._words.fault(studied.faults[0]) if studied.faults else ""
        return verdict(studied.probed, _extra(studied))

    def _about(self, answer: Answer | None) -> str:
        """What the numbers are of, where that is not plain."""
        parts = []
        if self._study.progress is not None:
            done, total = self._study.progress
            parts.append(
                self.tr("Training a copy: step {done} of {total}.").format(done=done, total=total)
            )
        if answer is not None:
            shown = self._session.shown
            if shown is not None and shown.step != answer.step:
                parts.append(self.tr("Of the table of step {step}.").format(step=answer.step))
            if answer.studied.empty:
                parts.append(self.tr("A sentence without tokens is all padding."))
            parts.append(self._words.missing(answer.studied, self._what))
            parts.append(self._words.looked_at(answer))
        parts.append(self._light.in_words())
        return " ".join(filter(None, parts))

    # ── the grid ──────────────────────────────────────────────────────────────────────────────

    def _cells(self, answer: Answer) -> BatchCells:
        studied = answer.studied
        ids, mask = studied.cells.ids.numpy(), studied.cells.mask.numpy()
        values, limit = self._values(studied)
        width, base = ids.shape[1], studied.cells.base_width
        left = answer.wishes.side == "left"
        return BatchCells(
            ids,
            mask,
            values,
            self._name_of,
            limit,
            range(width - base) if left else range(base, width),
            self._session.vocabulary.unk_id,
            {(fault.sentence, fault.column): self._words.fault(fault) for fault in studied.faults},
            answer.batch.names,
        )

    def _values(self, studied: Studied) -> tuple[NDArray[Any], float]:
        """The numbers (B, T) in the cells, and where their colour is full; 0: uncoloured."""
        cells, probed = studied.cells, studied.probed
        ids, mask = cells.ids.numpy(), cells.mask.numpy()
        if self._what == "mask":
            return mask, 0.0
        if self._what == "lengths":
            return np.broadcast_to(cells.lengths.numpy()[:, None], ids.shape), 0.0
        if self._what in ("columns", "counted"):
            return getattr(cells, self._what).numpy(), 0.0
        found = None
        if probed is not None and self._what == "gradient":
            found = probed.gradient
        elif probed is not None and self._what == "attention":
            found = probed.attention
        if found is None:
            return ids, 0.0
        values = found.numpy()
        return values, rounded_up(largest_magnitude(values))

    @Slot(str)
    def _choose_cells(self, what: Cells) -> None:
        self._what = what
        self._show()

    # ── links with the other panels ───────────────────────────────────────────────────────────

    @Slot()
    def _show_marks(self) -> None:
        self.grid.show_marks(frozenset(self._session.selection), self._session.hovered)

    @Slot()
    def _show_points(self) -> None:
        shown, answer = self._session.shown, self._study.answer
        if not self.isVisible():
            return
        if shown is None or answer is None or answer.studied.probed is None:
            self.view.show_scene(EMPTY)
        else:
            probed, names = answer.studied.probed, answer.batch.names
            self.view.show_scene(padding_scene(self._session, shown, probed, names))

    @Slot(object)
    def _hover(self, id_: int | None) -> None:
        if id_ != self._session.hovered:
            self._session.hover(id_)

    @Slot(int)
    def _pick(self, id_: int) -> None:
        self._session.select((id_,))

    def _name_of(self, id_: int) -> str:
        vocabulary = self._session.vocabulary
        return vocabulary.token(id_) if 0 <= id_ < len(vocabulary) else str(id_)


def _extra(studied: Studied) -> int:
    """How many columns the batch has more than its longest sentence needs."""
    return int(studied.cells.ids.shape[1]) - studied.cells.base_width
