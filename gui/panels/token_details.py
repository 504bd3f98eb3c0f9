"""Everything about one token at the step on screen: its row, its gradient, how far it moved."""

import math

import numpy as np
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.canvas.heat import HeatLimit
from gui.canvas.vector import GRADIENT, HeatStrip, VectorModel
from gui.live_run import Shown
from gui.more_button import MoreButton
from gui.numbers import shortest
from gui.panel_labels import token_title_label, waiting_label
from gui.session import Session, State
from gui.theme import SPACING, number_font, theme_of
from gui.throttle import Throttle
from gui.token_facts import TokenFacts, facts_of

# Around a token of any script, so that one written from right to left does not turn the line.
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
REFRESH_MILLISECONDS = 100  # nobody reads faster, and each new text has the window laid out anew


class TokenDetailsPanel(QWidget):
    """The last token that was picked; with none picked, the one under the mouse.

    While training runs it changes ten times a second; what it shows is always one step, and says
    which.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokenDetailsPanel")
        self._session = session
        self._limit = HeatLimit()
        self._model = VectorModel(self)
        self._make()
        self._lay_out()
        # Not in the frame that draws the loss plot, or what the step trained on, again.
        self._throttle = Throttle(REFRESH_MILLISECONDS, self, phase=REFRESH_MILLISECONDS)
        self._throttle.due.connect(self.refresh)
        session.frameShown.connect(self._follow)
        session.stateChanged.connect(self._throttle.now)
        session.gradientsShown.connect(self.refresh)
        session.runStarted.connect(self._start_run)
        session.vocabularyChanged.connect(self.refresh)
        session.configChanged.connect(self.refresh)
        session.selectionChanged.connect(self.refresh)
        session.hoverChanged.connect(self.refresh)
        self.refresh()

    # ── making ────────────────────────────────────────────────────────────────────────────────

    def _make(self) -> None:
        self._empty = waiting_label(
            "detailsEmpty", self.tr("Click a token anywhere to see its numbers here.")
        )
        self._title = token_title_label("detailsTitle")
        self._facts = QLabel()
        self._facts.setObjectName("detailsFacts")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setWordWrap(True)
        self._facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._strip = HeatStrip()
        self._strip.setObjectName("detailsStrip")
        self._strip.setAccessibleName(self.tr("The row as colours"))
        self._copy = QToolButton()
        self._copy.setObjectName("detailsCopy")
        self._copy.setText(self.tr("Copy"))
        self._copy.setAccessibleName(self.tr("Copy the numbers"))
        self._copy.setToolTip(self.tr("Copy the exact numbers, one line for each column"))
        self._copy.setAutoRaise(True)
        self._copy.clicked.connect(self.copy_numbers)
        self._vector = self._make_vector()
        self._size_vector()

    def _make_vector(self) -> QTableView:
        view = QTableView()
        view.setObjectName("detailsVector")
        view.setAccessibleName(self.tr("Value and gradient in each column"))
        view.setModel(self._model)
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        view.horizontalHeader().setHighlightSections(False)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setHighlightSections(False)
        # In a low panel the numbers scroll, so that the sentences above need not be cut.
        view.setMinimumHeight(view.horizontalHeader().sizeHint().height())
        return view

    def _size_vector(self) -> None:
        self._vector.setFont(number_font(self.font()))
        self._vector.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)

    def _lay_out(self) -> None:
        half = SPACING // 2
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._copy)
        self.more = MoreButton("detailsMore", self.tr("Details"), self)
        head.addWidget(self.more)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(half)
        whole.addLayout(head)
        whole.addWidget(self._facts)
        whole.addWidget(self._strip)
        whole.addWidget(self._vector, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(half, half, half, half)
        column.addWidget(self._pages)

    # ── following the session ─────────────────────────────────────────────────────────────────

    @property
    def token_id(self) -> int | None:
        """The id of the token that is shown."""
        picked = self._session.selection
        return picked[-1] if picked else self._session.hovered

    def changeEvent(self, event: QEvent) -> None:
        """Take on the colours of another theme, and the size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_vector()
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh()

    @Slot()
    def _start_run(self) -> None:
        self._limit.forget()
        self.refresh()

    @Slot()
    def _follow(self) -> None:
        if self._session.state is State.RUNNING:
            self._throttle.ask()
        else:
            self._throttle.now()

    @Slot()
    def refresh(self) -> None:
        """Show the token as it is at the step on screen."""
        id_ = self.token_id
        facts = None if id_ is None else facts_of(self._session.shown, id_)
        self._pages.setCurrentIndex(0 if facts is None else 1)
        shown = self._session.shown
        if facts is None or shown is None:
            self._model.show_vector(None, None, 1.0, theme_of(self))
            return
        self._limit.read(shown.rows)
        self._limit.look_at(facts.row)
        tokens = self._session.vocabulary.tokens
        token = tokens[facts.id] if facts.id < len(tokens) else ""
        name = token if token.isascii() else f"{_LEFT_TO_RIGHT}{token}{_LEFT_TO_RIGHT}"
        self._title.setText(self.tr("{token}  (id {id})").format(token=name, id=facts.id))
        self._title.setToolTip(token)
        self._facts.setText("\n".join(self._sentences(facts, shown)))
        self._strip.show_values(facts.row, self._limit.value)
        # A copy: frames to come are written over the row while this one is still shown.
        self._model.show_vector(facts.row.copy(), facts.gradient, self._limit.value, theme_of(self))
        self._vector.setColumnHidden(GRADIENT, facts.gradient is None)

    def _sentences(self, facts: TokenFacts, shown: Shown) -> list[str]:
        norm = float(np.linalg.norm(facts.row.astype(np.float64)))
        length = self.tr("Norm {norm}").format(norm=_rounded(norm))
        sentences = [
            f"{self._count_sentence(facts.id)} · {length}",
            self._gradient_sentence(facts, shown),
            self._move_sentence(facts, shown),
        ]
        return [sentence for sentence in sentences if sentence]

    def _count_sentence(self, id_: int) -> str:
        vocabulary = self._session.vocabulary
        if id_ >= len(vocabulary):
            return self.tr("No longer in the vocabulary")
        if vocabulary.is_vanished(id_):
            return self.tr("No longer in the sentences; its row stays")
        count = vocabulary.count(id_)
        if id_ == vocabulary.unk_id:
            return self.tr("Unknown words in the sentences: {count}").format(count=f"{count:,}")
        if count == 0:
            return self.tr("Not in the sentences")
        if count == 1:
            return self.tr("Once in the sentences")
        return self.tr("{count} times in the sentences").format(count=f"{count:,}")

    def _gradient_sentence(self, facts: TokenFacts, shown: Shown) -> str:
        step, config = f"{shown.step:,}", self._session.shown_config
        if facts.id == config.table.padding_idx and not config.objective.is_tied:
            return self.tr("padding_idx: its gradient is dropped.")
        if shown.step == 0:
            return self.tr("No step yet, so no gradient.")
        if not shown.done:
            return self.tr("What step {n} did to it was not stored.").format(n=step)
        norm = facts.touched
        if facts.gradient is not None:
            norm = float(np.linalg.norm(facts.gradient.astype(np.float64)))
        if norm:
            text = self.tr("Gradient in step {n}: norm {norm}")
            return text.format(n=step, norm=_rounded(norm))
        if norm is not None:
            text = self.tr("No gradient in step {n}; there was one in {span}.")
            return text.format(n=step, span=self._span(shown))
        return self.tr("No gradient in {span}.").format(span=self._span(shown))

    def _move_sentence(self, facts: TokenFacts, shown: Shown) -> str:
        by_hand = shown.step == shown.since
        if not shown.done and facts.moved is None:
            return ""
        if facts.moved is None:
            still = self.tr("Did not move in {span}.").format(span=self._span(shown))
            return "" if by_hand else still
        size, span = _rounded(facts.moved), self._span(shown)
        if by_hand:
            return self.tr("Changed by hand: moved by {size}.").format(size=size)
        if facts.touched is None:
            return self.tr(
                "Moved by {size} in {span} without a gradient: by the optimizer (momentum, "
                "weight decay) or by hand."
            ).format(size=size, span=span)
        return self.tr("Moved by {size} in {span}.").format(size=size, span=span)

    def _span(self, shown: Shown) -> str:
        """The step, or the steps since the frame before."""
        if shown.step - shown.since > 1:
            first, last = f"{shown.since + 1:,}", f"{shown.step:,}"
            return self.tr("steps {first}–{last}").format(first=first, last=last)
        return self.tr("step {n}").format(n=f"{shown.step:,}")

    @Slot()
    def copy_numbers(self) -> None:
        """Put the exact numbers on the clipboard."""
        QGuiApplication.clipboard().setText(self._model.tsv())


def _rounded(size: float) -> str:
    """`size` in four figures, behind "≈" unless that is all of it."""
    if not math.isfinite(size):
        return shortest(size)
    text = f"{size:.4g}"
    return text if float(text) == size else f"≈ {text}"
