"""Nearest: the tokens whose rows are nearest to what is picked, or to a sum of words."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Slot
from PySide6.QtGui import QBrush, QHideEvent, QPainter, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSpinBox,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.neighbours import Metric, Nearest
from core.word_arithmetic import written
from gui.explain import explain
from gui.panel_labels import token_title_label, waiting_label
from gui.panels.nearest_model import RANK, SINCE, TOKEN, VALUE, NearestModel
from gui.panels.settings_group import CalmBox
from gui.session import Session
from gui.small_label import SmallLabel
from gui.theme import SPACING, mix, number_font, theme_of

MOST = 100
"""As many as can be asked for."""

_Index = QModelIndex | QPersistentModelIndex


class NearestPanel(QWidget):
    """The list, what it is about, how near is measured, and the step it is compared with.

    It looks only while it is on screen.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nearestPanel")
        self._session, self._tokens = session, session.nearest
        self._model = NearestModel(self._name_of, self)
        self._make_head()
        self._make_choices()
        self._make_list()
        self._lay_out()
        self._tokens.changed.connect(self.refresh)
        session.vocabularyChanged.connect(self.refresh)
        session.hoverChanged.connect(self._view.viewport().update)
        self.refresh()

    # ── making ────────────────────────────────────────────────────────────────────────────────

    def _make_head(self) -> None:
        self._title = token_title_label("nearestTitle")
        self._title.setWordWrap(True)
        self._back = self._button("nearestBack", self.tr("Back"))
        self._back.setAccessibleName(self.tr("Back to what is picked"))
        self._back.setToolTip(self.tr("Look for what is nearest to what is picked again"))
        self._back.clicked.connect(self._tokens.forget_sum)
        self._mark = self._button("nearestMark", "")
        self._mark.setToolTip(self.tr("Keep this step, and show how the list changes from it"))
        self._mark.clicked.connect(self._toggle_mark)

    def _button(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        return button

    def _make_choices(self) -> None:
        self._metric = CalmBox("nearestMetric")
        self._metric.setAccessibleName(self.tr("How near is measured"))
        self._metric.addItem(self.tr("cosine"), "cosine")
        self._metric.addItem(self.tr("distance"), "euclidean")
        self._metric.setToolTip(
            self.tr("Cosine compares directions only; distance is the Euclidean one")
        )
        self._metric.activated.connect(self._choose_metric)
        self._count = QSpinBox()
        self._count.setObjectName("nearestCount")
        self._count.setAccessibleName(self.tr("How many tokens are listed"))
        self._count.setToolTip(self.tr("How many tokens are listed"))
        self._count.setRange(1, MOST)
        self._count.setValue(self._tokens.count)
        self._count.setKeyboardTracking(False)
        self._count.valueChanged.connect(self._tokens.set_count)

    def _make_list(self) -> None:
        view = self._view = QTableView()
        view.setObjectName("nearestList")
        view.setAccessibleName(self.tr("The nearest tokens"))
        view.setModel(self._model)
        view.setItemDelegate(_Bars(self._session, self._model, view))
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setMouseTracking(True)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(TOKEN, QHeaderView.ResizeMode.Stretch)
        view.setMinimumHeight(header.sizeHint().height())
        view.entered.connect(self._hover)
        view.clicked.connect(self._pick)
        view.activated.connect(self._pick)
        view.viewport().installEventFilter(self)
        self._words = waiting_label("nearestWords")
        self._pages = QStackedWidget()
        self._pages.addWidget(view)
        self._pages.addWidget(self._words)
        self._note = SmallLabel("nearestNote", self)
        self._size_list()

    def _size_list(self) -> None:
        self._view.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        metrics = self.fontMetrics()
        for column, widest in (
            (RANK, f"{MOST}"),
            (VALUE, self.tr("≈ distance") + "00"),
            (SINCE, self.tr("left (was {rank})").format(rank=MOST)),
        ):
            self._view.setColumnWidth(column, metrics.horizontalAdvance(widest) + 2 * SPACING)

    def _lay_out(self) -> None:
        half = SPACING // 2
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        choices = QHBoxLayout()
        choices.setSpacing(half)
        choices.addWidget(self._metric)
        choices.addWidget(self._count)
        choices.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(half, half, half, half)
        column.setSpacing(half)
        column.addLayout(head)
        column.addLayout(choices)
        column.addWidget(self._pages, 1)
        column.addWidget(self._note)

    # ── following the session ─────────────────────────────────────────────────────────────────

    def showEvent(self, event: QShowEvent) -> None:
        """Look, now that somebody does."""
        super().showEvent(event)
        self._tokens.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._tokens.watch(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_list()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nothing is under the mouse once it leaves the list."""
        if watched is self._view.viewport() and event.type() == QEvent.Type.Leave:
            self._session.hover(None)
        return super().eventFilter(watched, event)

    @Slot()
    def refresh(self) -> None:
        """Show the answer as it is now."""
        tokens, answer = self._tokens, self._tokens.answer
        self._title.setText(self._about())
        self._back.setVisible(tokens.sum is not None)
        marked = tokens.marked_step is not None
        self._mark.setText(self.tr("Forget the mark") if marked else self.tr("Mark this step"))
        self._mark.setAccessibleName(self._mark.text())
        self._metric.show_data(tokens.metric)
        self._model.show_answer(answer)
        self._view.setColumnHidden(SINCE, not self._model.compared)
        words = self._instead()
        self._words.setText(words)
        self._pages.setCurrentIndex(1 if words else 0)
        self._note.setText(self._sentences())

    def _about(self) -> str:
        tokens, picked = self._tokens, self._session.selection
        if tokens.sum is not None:
            return self.tr("Nearest to {what}").format(what=written(tokens.sum.terms))
        if len(picked) > 1:
            return self.tr("Nearest to the mean of {n} tokens").format(n=f"{len(picked):,}")
        what = self._name_of(picked[0]) if picked else ""
        return self.tr("Nearest to {what}").format(what=what) if picked else ""

    def _instead(self) -> str:
        """What is said where there is no list."""
        answer = self._tokens.answer
        if self._tokens.question is None:
            return self.tr(
                "Click a token anywhere, or type a sum such as king - man + woman into the field "
                "that finds tokens."
            )
        if answer is None:
            return ""
        if not isinstance(answer.found, Nearest):
            return explain(answer.found)
        return "" if len(answer.found.ids) else self.tr("There is no other token to compare with.")

    def _sentences(self) -> str:
        """The step, what was left out, and what the mark is."""
        answer = self._tokens.answer
        if answer is None:
            return ""
        told = [self.tr("Step {n}.").format(n=f"{answer.step:,}")]
        if isinstance(answer.found, Nearest):
            told += self._left_out(answer.found)
        if answer.marked_step is not None:
            step = f"{answer.marked_step:,}"
            if isinstance(answer.at_mark, Nearest):
                told.append(self.tr("Compared with step {n}.").format(n=step))
            else:
                told.append(self.tr("At step {n} there was no such list.").format(n=step))
        return " ".join(told)

    def _left_out(self, found: Nearest) -> list[str]:
        told = []
        if found.left_out:
            text = self.tr("Rows left out, with NaN or Inf or longer than 1e18: {n}.")
            told.append(text.format(n=f"{found.left_out:,}"))
        if found.without_direction:
            text = self.tr("Rows of zeros, which have no cosine: {n}.")
            told.append(text.format(n=f"{found.without_direction:,}"))
        return told

    def _name_of(self, id_: int) -> str:
        tokens = self._session.vocabulary.tokens
        return tokens[id_] if id_ < len(tokens) else str(id_)

    # ── hands ─────────────────────────────────────────────────────────────────────────────────

    @Slot(int)
    def _choose_metric(self, index: int) -> None:
        metric: Metric = self._metric.itemData(index)
        self._tokens.set_metric(metric)

    @Slot()
    def _toggle_mark(self) -> None:
        if self._tokens.marked_step is None:
            self._tokens.mark()
        else:
            self._tokens.forget_mark()

    @Slot(QModelIndex)
    def _hover(self, index: QModelIndex) -> None:
        self._session.hover(self._model.lines[index.row()].id)

    @Slot(QModelIndex)
    def _pick(self, index: QModelIndex) -> None:
        self._session.select((self._model.lines[index.row()].id,))


class _Bars(QStyledItemDelegate):
    """A bar under each value: as long as the cosine is large, or as the token is far."""

    def __init__(self, session: Session, model: NearestModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._model, self._view = session, model, parent

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """Numbers in the font of numbers; what left is muted, what is lit elsewhere is lit."""
        super().initStyleOption(option, index)
        theme, line = theme_of(self._view), self._model.lines[index.row()]
        if index.column() in (RANK, VALUE):
            option.font = number_font(option.font)
        if line.rank is None or index.column() == RANK:
            option.palette.setColor(QPalette.ColorRole.Text, theme.muted)
        if line.id == self._session.hovered:
            option.backgroundBrush = QBrush(mix(theme.surface, theme.accent, 0.2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the text, and the bar below a value."""
        super().paint(painter, option, index)
        value = self._model.lines[index.row()].value
        if index.column() == VALUE and value is not None:
            theme, room = theme_of(self._view), option.rect.adjusted(SPACING, 0, -SPACING // 2, 0)
            long = round(abs(value) / self._longest() * room.width())
            bar = QRect(room.right() - long + 1, room.bottom() - 2, long, 2)
            painter.fillRect(bar, theme.negative if value < 0 else theme.accent)

    def _longest(self) -> float:
        if self._model.metric == "cosine":
            return 1.0
        return max((line.value or 0 for line in self._model.lines), default=0) or 1.0
