"""The Lookup tab: a one-hot vector times the table is one row of it, and so is the lookup."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.canvas.heat import HeatLimit
from gui.canvas.lookup_view import LookupPicture, LookupView
from gui.canvas.one_hot_product import Product, cells_at_once, multiply, multiply_at_once
from gui.live_run import State
from gui.numbers import shortest
from gui.theme import SPACING

if TYPE_CHECKING:
    from gui.live_run import Shown
    from gui.session import Session

NUMBERS_SPOKEN = 8


class LookupPanel(QWidget):
    """Shows the row of the picked token, else of the first typed one, reached in both ways."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lookupPanel")
        self._session = session
        self._limit = HeatLimit()
        self._product: Product | None = None
        self._parts: Generator[None, None, Product] | None = None
        self._next_part = QTimer(self, singleShot=True, interval=0)
        self._lesson = self._text("lookupLesson")
        self._view = LookupView(self)
        self._findings = self._text("lookupFindings")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._lesson)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._findings)
        self._next_part.timeout.connect(self._multiply_on)
        self._view.hovered.connect(self._hover)
        self._view.picked.connect(self._pick)
        self._view.drawn.connect(self._tell)
        session.frameShown.connect(self._refresh)
        session.lineChanged.connect(self._follow)
        session.selectionChanged.connect(self._follow)
        session.vocabularyChanged.connect(self._refresh)
        session.stateChanged.connect(self._follow_state)
        session.runStarted.connect(self._forget)
        session.hoverChanged.connect(self._light)

    @property
    def product(self) -> Product | None:
        """What is shown, once it is multiplied."""
        return self._product

    @property
    def id(self) -> int | None:
        """The row that is shown; None while there is no table."""
        shown = self._session.shown
        wanted = [*self._session.selection[::-1], *(t.id for t in self._session.line_tokens), 0]
        count = 0 if shown is None else len(shown.rows)
        return next((id for id in wanted if id < count), None)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up: a tab that nobody sees multiplies nothing."""
        super().showEvent(event)
        self._refresh()

    # ── following the session ─────────────────────────────────────────────────────────────────

    @Slot()
    def _forget(self) -> None:
        self._limit.forget()
        self._view.forget_widths()
        self._refresh()

    @Slot()
    def _follow(self) -> None:
        if self._product is None or self._product.id != self.id:
            self._refresh()

    @Slot()
    def _follow_state(self) -> None:
        if self._product is None and not self._is_running():
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        # The rows of an earlier step may be written over from now on: let go of them.
        self._parts = self._product = None
        self._next_part.stop()
        shown, id = self._session.shown, self.id
        if not self.isVisible() or shown is None or id is None:
            self._view.show_picture(None)
            self._tell()
            return
        self._limit.read(shown.rows)
        if shown.rows.size <= cells_at_once(shown.rows):
            self._product = multiply_at_once(shown.rows, id)
        elif not self._is_running():
            self._parts = multiply(shown.rows, id)
            self._next_part.start()
        self._draw(shown, id)

    @Slot()
    def _multiply_on(self) -> None:
        shown, id = self._session.shown, self.id
        if self._parts is None or shown is None or id is None:
            return
        try:
            next(self._parts)
        except StopIteration as end:
            self._parts, self._product = None, end.value
            self._draw(shown, id)
        else:
            self._next_part.start()

    def _draw(self, shown: Shown, id: int) -> None:
        self._limit.look_at(shown.rows[id])
        self._view.show_picture(
            LookupPicture(
                rows=shown.rows,
                tokens=self._session.vocabulary.tokens,
                id=id,
                limit=self._limit.value,
                padding_idx=self._session.shown_config.table.padding_idx,
                product=self._product,
                waiting=self._waiting(),
            )
        )
        self._light()
        self._tell()

    def _is_running(self) -> bool:
        return self._session.state is State.RUNNING

    # ── what is said ──────────────────────────────────────────────────────────────────────────

    def _waiting(self) -> str:
        if self._is_running():
            return self.tr("multiplied when training pauses")
        return self.tr("multiplying …")

    @Slot()
    def _tell(self) -> None:
        shown = self._session.shown
        if shown is None:
            self._lesson.setText(self.tr("The table is not there yet."))
            self._findings.setText("")
            return
        rows, columns = shown.rows.shape
        lesson = self.tr(
            "One-hot × table picks a row by {rows} × {columns} multiplications, a lookup by none."
        )
        self._lesson.setText(lesson.format(rows=f"{rows:,}", columns=f"{columns:,}"))
        findings = (self._difference_told(), self._part_told(rows))
        self._findings.setText(" ".join(text for text in findings if text))
        self._view.setAccessibleDescription(self._spoken(shown))

    def _difference_told(self) -> str:
        product = self._product
        if product is None:
            return ""
        if product.first_broken is None:
            text = self.tr("Largest |difference|: {size}.")
            return text.format(size=shortest(product.largest_difference))
        token = self._session.vocabulary.token(product.first_broken)
        text = self.tr(
            "Row {id} ({token}) holds NaN or Inf. The product multiplies it by 0 for every other "
            "token, and 0 × NaN and 0 × Inf are NaN: so the product is NaN in those columns "
            "whichever token is picked. The lookup reads row {picked} alone."
        )
        return text.format(id=product.first_broken, token=token, picked=product.id)

    def _part_told(self, rows: int) -> str:
        places = self._view.places
        if places is None or len(places.rows) == rows:
            return ""
        text = self.tr("All is multiplied; rows {first} to {last} of {rows} are drawn.")
        return text.format(
            first=f"{places.rows.start:,}", last=f"{places.rows.stop - 1:,}", rows=f"{rows:,}"
        )

    def _spoken(self, shown: Shown) -> str:
        id = self.id
        if id is None:
            return ""
        row = " ".join(shortest(value) for value in shown.rows[id, :NUMBERS_SPOKEN])
        if shown.rows.shape[1] > NUMBERS_SPOKEN:
            row += " …"
        text = self.tr("table[{id}], the row of {token}: {row}. {finding}")
        token = self._session.vocabulary.token(id)
        return text.format(id=id, token=token, row=row, finding=self._difference_told())

    def _text(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        # No text, as it changes, may move the panel's sides.
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
        return label

    # ── linked ────────────────────────────────────────────────────────────────────────────────

    @Slot(object)
    def _hover(self, id: int | None) -> None:
        if id != self._session.hovered:
            self._session.hover(id)

    @Slot(int)
    def _pick(self, id: int) -> None:
        self._session.select((id,))

    @Slot()
    def _light(self) -> None:
        self._view.light(self._session.hovered)
