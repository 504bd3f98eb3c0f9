"""Why it moved: the last step's change of the picked row, taken apart."""

import numpy as np
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.movement.parts import Movement
from gui.canvas.movement_bar import BarPart, MovementBar
from gui.numbers import rounded
from gui.panel_labels import token_title_label, waiting_label
from gui.panels.movement_model import ALONG, LENGTH, NAME, PartsModel
from gui.session import Session, State
from gui.small_label import SmallLabel
from gui.theme import SPACING, number_font, theme_of
from gui.throttle import Throttle

REFRESH_MILLISECONDS = 100  # nobody reads faster, and each new text has the window laid out anew


class MovementPanel(QWidget):
    """The row that was picked last: what moved it in the step on screen, as a bar and a list.

    It asks only while it is on screen.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("movementPanel")
        self._session, self._row = session, session.movement
        self._model = PartsModel(self)
        self._make_head()
        self._make_list()
        self._lay_out()
        self._throttle = Throttle(REFRESH_MILLISECONDS, self)
        self._throttle.due.connect(self.refresh)
        self._row.changed.connect(self._follow)
        session.stateChanged.connect(self._throttle.now)
        session.vocabularyChanged.connect(self.refresh)
        self.refresh()

    # ── making ────────────────────────────────────────────────────────────────────────────────

    def _make_head(self) -> None:
        self._instead = waiting_label("movementInstead")
        self._title = token_title_label("movementTitle")
        self._sentence = QLabel()
        self._sentence.setObjectName("movementSentence")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._bar = MovementBar()
        self._bar.setObjectName("movementBar")
        self._bar.setAccessibleName(self.tr("The parts of the move as a bar"))

    def _make_list(self) -> None:
        view = self._view = QTableView()
        view.setObjectName("movementList")
        view.setAccessibleName(self.tr("The parts of the move"))
        view.setModel(self._model)
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        view.setMinimumHeight(header.sizeHint().height())
        self._note = SmallLabel("movementNote", self)
        self._size_list()

    def _size_list(self) -> None:
        self._view.setFont(number_font(self.font()))
        self._view.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        for column in (ALONG, LENGTH):
            head = self._model.headerData(column, Qt.Orientation.Horizontal)
            widths = map(self.fontMetrics().horizontalAdvance, (head, "≈ -0.000123"))
            self._view.setColumnWidth(column, max(widths) + 2 * SPACING)

    def _lay_out(self) -> None:
        half = SPACING // 2
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(half)
        whole.addWidget(self._title)
        whole.addWidget(self._sentence)
        whole.addWidget(self._bar)
        whole.addWidget(self._view, 1)
        whole.addWidget(self._note)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._instead)
        self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(half, half, half, half)
        column.addWidget(self._pages)

    # ── following the session ─────────────────────────────────────────────────────────────────

    def showEvent(self, event: QShowEvent) -> None:
        """Ask, now that somebody looks."""
        super().showEvent(event)
        self._row.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._row.watch(False)

    def changeEvent(self, event: QEvent) -> None:
        """Take on the colours of another theme, and the size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_list()
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh()

    @Slot()
    def _follow(self) -> None:
        if self._session.state is State.RUNNING:
            self._throttle.ask()
        else:
            self._throttle.now()

    @Slot()
    def refresh(self) -> None:
        """Show the row as it is at the step on screen."""
        movement = self._row.movement
        moved = movement is not None and bool(movement.change.any())
        self._pages.setCurrentIndex(1 if moved else 0)
        self._model.show_movement(movement if moved else None, theme_of(self))
        self._bar.show_parts(
            tuple(
                BarPart(line.kind, line.along, f"{line.name}: {rounded(line.along)}")
                for line in self._model.lines
            )
        )
        if movement is None or not moved:
            self._instead.setText(self._words_instead(movement))
            return
        self._title.setText(self._name_of(movement.id))
        self._sentence.setText(self._about(movement))
        self._note.setText(self._remark(movement))
        self._describe()

    # ── words ─────────────────────────────────────────────────────────────────────────────────

    def _words_instead(self, movement: Movement | None) -> str:
        """What is said where there is no move to take apart."""
        shown, id_ = self._session.shown, self._row.id
        if id_ is None:
            return self.tr("Click a token anywhere to see why its row moved.")
        name = self._name_of(id_)
        if shown is None or (shown.step == 0 and not shown.since and movement is not None):
            return self.tr("{token}: no step yet. Do one, to see what moves the row.").format(
                token=name
            )
        step = f"{shown.step:,}"
        if movement is not None:
            return self.tr("{token}: did not move in step {n}.").format(token=name, n=step)
        if self._row.is_awaited:
            return self.tr(
                "{token}: step {n} is being done once more, to see what happens."
            ).format(token=name, n=step)
        if shown.as_stored:
            return self.tr(
                "{token}: what moved it in step {n} was not stored, and done again on this "
                "machine the step comes to other numbers."
            ).format(token=name, n=step)
        return self.tr(
            "{token}: what moved it in step {n} cannot be told: the row is newer than the step, "
            "or the table too large for the step to be done again. The next step will tell."
        ).format(token=name, n=step)

    def _about(self, movement: Movement) -> str:
        size = rounded(float(np.linalg.norm(movement.change)))
        step, shown = f"{movement.step:,}", self._session.shown
        if movement.step == 0:
            return self.tr("Edited before the first step: moved by {size}.").format(size=size)
        edit = movement.parts.get("edit")
        if edit is not None and edit.any():
            text = self.tr("Moved by {size} in step {n} and by the edit after it.")
        elif shown is not None and shown.step - shown.since > 1:
            text = self.tr("Moved by {size} in step {n} alone.")
        else:
            text = self.tr("Moved by {size} in step {n}.")
        return text.format(size=size, n=step)

    def _remark(self, movement: Movement) -> str:
        if not movement.is_finite:
            return self.tr("With NaN or Inf in the row there is no sum of parts.")
        if not movement.is_explained:
            size = rounded(float(np.linalg.norm(movement.residual)))
            return self.tr(
                "{size} is not explained by any part: something else wrote into the row."
            ).format(size=size)
        return self.tr(
            "Along the move, all parts together are as long as it is. Point at one for its formula."
        )

    def _describe(self) -> None:
        """The bar in words, for who cannot see it."""
        self._bar.setAccessibleDescription(
            "\n".join(
                self.tr("{part}: {along} along the move. {explanation}").format(
                    part=line.name,
                    along=rounded(line.along),
                    explanation=" ".join(line.explanation.splitlines()),
                )
                for line in self._model.lines
            )
        )

    def _name_of(self, id_: int) -> str:
        tokens = self._session.vocabulary.tokens
        token = tokens[id_] if id_ < len(tokens) else ""
        return self.tr("{token}  (id {id})").format(token=token, id=id_)
