"""The table panel: every row of the embedding at the step on screen, and what torch calls it."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.config import TableConfig
from core.row_order import RowOrder, Sorting, SortKey
from gui.background import Background
from gui.canvas.heat import HeatScale
from gui.canvas.heat_table import ID, NORM, TOKEN, HeatTable
from gui.canvas.row_marks import ChangedRows, MarkLegend
from gui.canvas.table_headers import Sorted
from gui.elided_label import ElidedTitle
from gui.more_button import MoreButton
from gui.numbers import shortest
from gui.panel_labels import waiting_label
from gui.panels.row_sorter import Only, RowSorter, Standing, find_row, first_way
from gui.panels.table_bar import OrderLine, SortButton
from gui.panels.table_model import TableModel
from gui.row_links import RowLinks
from gui.session import Session, State
from gui.small_label import SmallLabel, SteadyLabel
from gui.theme import SPACING

MOST_COPIED = 2_000_000  # numbers
_SEPARATOR = "\N{NO-BREAK SPACE}· "  # lines break behind it only


class TablePanel(QWidget):
    """The table's name and flags, its rows, and what their colours and marks mean."""

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("tablePanel")
        self._session = session
        self._moved_alone = False
        self._notice = ""
        self._step = self._step_on_screen()
        self._model = TableModel(session, self)
        self.view = HeatTable(self._model, (self.tr("id"), self.tr("token")))
        self.view.setObjectName("tableView")
        self.view.setAccessibleName(self.tr("Table: one row for each token"))
        self.view.setModel(self._model)
        self._links = RowLinks(session, self.view, self._model)
        self.sorter = RowSorter(session, background, self)
        self._waits: Standing | None = None  # until no value is being typed
        self._stood: tuple[Sorting, Only] = (self.sorter.sorting, self.sorter.only)
        self._make_labels()
        self._lay_out()
        self._connect()
        self._refresh_names()
        self._refresh()
        self._read_out(-1, -1)

    # ── making ────────────────────────────────────────────────────────────────────────────────

    def _make_labels(self) -> None:
        self._title = ElidedTitle(self)
        self._title.setObjectName("tableTitle")
        self._flags = SmallLabel("tableFlags", self)
        self._flags.setToolTip(self.tr("The arguments of nn.Embedding, as torch holds them"))
        self._readout = SmallLabel("tableReadout", self)
        self._readout.setWordWrap(False)
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._step_label = SteadyLabel("tableStep", self)
        self._limit = SmallLabel("tableLimit", self)
        self._scale = HeatScale()
        self._scale.setObjectName("tableScale")
        self._scale.setAccessibleName(self.tr("Colours of the values"))
        self._legend = MarkLegend()
        self._legend.setObjectName("tableLegend")
        self._legend.setAccessibleName(self.tr("Marks of the rows"))
        self._numbers = QToolButton()
        self._numbers.setObjectName("tableNumbers")
        self._numbers.setText(self.tr("Numbers"))
        self._numbers.setAccessibleName(self.tr("Numbers in the cells"))
        self._numbers.setToolTip(self.tr("Write the values in their cells"))
        self._numbers.setCheckable(True)
        self._numbers.setAutoRaise(True)
        self._sort = SortButton(self.sorter, self)
        self.more = MoreButton("tableMore", self.tr("Table"), self)
        self._order = OrderLine(self.sorter, self)
        self._waiting = waiting_label(
            "tableWaiting", self.tr("The table appears here as soon as it is built.")
        )

    def _lay_out(self) -> None:
        half = SPACING // 2
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._numbers)
        head.addWidget(self._sort)
        head.addWidget(self.more)
        foot = QHBoxLayout()
        foot.setSpacing(SPACING)
        foot.addWidget(self._scale, 1)
        foot.addWidget(self._limit, 1)
        below = QVBoxLayout()
        below.setContentsMargins(0, half, 0, 0)
        below.setSpacing(half)
        told = QHBoxLayout()
        told.setSpacing(SPACING)
        told.addWidget(self._readout, 1)
        told.addWidget(self._step_label, 0, Qt.AlignmentFlag.AlignTop)
        below.addLayout(told)
        below.addLayout(foot)
        below.addWidget(self._legend)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(half)
        whole.addLayout(head)
        whole.addWidget(self._flags)
        whole.addWidget(self._order)
        whole.addWidget(self.view, 1)
        whole.addLayout(below)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._waiting)
        self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(half, half, half, half)
        column.addWidget(self._pages)

    def _connect(self) -> None:
        session, view = self._session, self.view
        session.frameShown.connect(self._show_frame)
        session.runStarted.connect(self._start_run)
        session.vocabularyChanged.connect(self._refresh_names)
        session.configChanged.connect(self._refresh)
        view.rowHovered.connect(self._forget_notice)
        view.cellHovered.connect(self._read_out)
        view.delegate.refused.connect(self._say)
        view.limitChanged.connect(self._show_limit)
        view.copyWanted.connect(self.copy_rows)
        view.customContextMenuRequested.connect(self._open_menu)
        view.titleClicked.connect(self._sort_by_column)
        view.delegate.closeEditor.connect(self._stand)
        self.sorter.sorted.connect(self._take_standing)
        self._sort.goWanted.connect(self.ask_for_row)
        self._order.field.wanted.connect(self.go_to)
        self._links.noticed.connect(self._say)
        self._numbers.clicked.connect(view.write_numbers)
        view.numbersShown.connect(self._numbers.setChecked)

    # ── following the session ─────────────────────────────────────────────────────────────────

    @Slot()
    def _start_run(self) -> None:
        self._moved_alone = False
        self._step = self._step_on_screen()
        self.view.limit.forget()
        self._refresh()

    @Slot()
    def _refresh_names(self) -> None:
        self.view.tokens.measure_tokens()
        self.view.updateGeometries()
        self.view.tokens.viewport().update()

    @Slot()
    def _show_frame(self) -> None:
        self._refresh()
        before, self._step = self._step, self._step_on_screen()
        if self._session.state is State.RUNNING:
            self.view.end_flash()
        elif before is not None and before != self._step:
            self.view.flash()

    def _step_on_screen(self) -> int | None:
        shown = self._session.shown
        return None if shown is None else shown.step

    @Slot()
    def _refresh(self) -> None:
        shown = self._session.shown
        self._pages.setCurrentIndex(0 if shown is None else 1)
        if shown is None:
            self.view.show_rows(None, ChangedRows())
            self._follow_shape()
            return
        self.view.padding_idx = self._session.shown_config.table.padding_idx
        changed = ChangedRows(shown.touched_ids, shown.moved_ids)
        self._moved_alone = self._moved_alone or changed.some_moved_alone
        self.view.show_rows(shown.rows, changed)
        if self._follow_shape():
            self._refresh_names()
            self.view.lay_out_columns()
        seen = self.view.rows_in_sight()
        if seen is not None:
            self._model.announce(*seen)
        self._refresh_labels()
        self._read_out(*self.view.hovered_cell)

    def _follow_shape(self) -> bool:
        if self._model.in_shape:
            return False
        with self._links.held():
            return self._model.follow()

    def _refresh_labels(self) -> None:
        rows, shown = self._model.rows, self._session.shown
        if rows is None or shown is None:
            return
        table = self._session.shown_config.table
        title = self.tr("Table {rows} × {columns}")
        title = title.format(rows=f"{rows.shape[0]:,}", columns=f"{rows.shape[1]:,}")
        self._title.setText(title)
        self._title.setToolTip(title)
        trained = self.tr("frozen") if table.frozen else self.tr("trainable")
        self._flags.setText(_SEPARATOR.join((rows.dtype.name, trained, *_arguments(table))))
        self._step_label.show_text(self.tr("step {n}").format(n=f"{shown.step:,}"))
        self._show_limit()
        marks = {"touched": self.tr("got a gradient")}
        if self._moved_alone:
            marks["moved"] = self.tr("moved without one")
        if table.padding_idx is not None:
            marks["pad"] = self.tr("padding_idx")
        if self._session.vocabulary.unk_id is not None:
            marks["unknown"] = self.tr("unknown")
        self._legend.set_entries(**marks)

    @Slot()
    def _show_limit(self) -> None:
        rows, limit = self._model.rows, self.view.limit
        if rows is None:
            return
        self._scale.set_limit(limit.value)
        self._limit.setText(self._limit_sentence())
        largest = shortest(rows.dtype.type(limit.largest))
        self._limit.setToolTip(self.tr("Largest |value|: {largest}").format(largest=largest))

    def _limit_sentence(self) -> str:
        limit = self.view.limit
        if limit.whole_table:
            return self.tr("largest |value|, rounded up")
        return self.tr("largest |value| of {rows} rows and those seen, rounded up").format(
            rows=f"{limit.rows_read:,}"
        )

    # ── the order of the rows ─────────────────────────────────────────────────────────────────

    @property
    def order(self) -> RowOrder:
        """Which id stands at which place."""
        return self._model.order

    @Slot(object)
    def _take_standing(self, standing: Standing) -> None:
        self._waits = standing
        if not self.view.is_edited:  # a row must not leave from under what is typed into it
            self._stand()

    @Slot()
    def _stand(self) -> None:
        """Put the rows into the order that was found last."""
        standing, self._waits = self._waits, None
        if standing is None:
            return
        wish = standing.wish
        with self._links.reordered():
            self._model.show_order(standing.order, filtered=wish.ids is not None)
        columns = {"id": ID, "token": TOKEN, "norm": NORM}
        column, plain = columns.get(wish.sorting.key), wish.sorting == Sorting()
        way = wish.sorting.descending
        self.view.show_sorted(None if column is None or plain else Sorted(column, way))
        self._order.say(wish)
        if (wish.sorting, wish.only) != self._stood:
            self._stood = wish.sorting, wish.only
            self.view.scrollToTop()
        self.view.viewport().update()
        self.view.tokens.viewport().update()

    @Slot(int)
    def _sort_by_column(self, column: int) -> None:
        """A title was clicked: sort by it, or the other way round."""
        keys: dict[int, SortKey] = {ID: "id", TOKEN: "token", NORM: "norm"}
        key = keys[column]
        sorting, now = first_way(key), self.sorter.sorting
        self.sorter.sort_by(Sorting(key, not now.descending) if now.key == key else sorting)

    @Slot()
    def ask_for_row(self) -> None:
        """Let the user type which row to go to."""
        self._order.field.clear()
        self._order.field.show()
        self._order.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str)
    def go_to(self, wanted: str) -> None:
        """Pick the row with this id or token, or with the first token that begins so."""
        id_ = find_row(wanted, self._session.vocabulary, self._model.order.rows)
        if id_ is None:
            self._say(self.tr("There is no row “{wanted}”.").format(wanted=wanted.strip()))
            return
        self._order.field.hide()
        self.view.setFocus()
        self._session.select((id_,))
        place = self._model.order.place(id_)
        if place is None:
            sentence = self.tr("{token} (id {id}) is not among the rows shown: choose all rows.")
            self._say(sentence.format(token=self._model.token(id_), id=id_))
        else:
            self.view.show_row(place)

    # ── what the user does ────────────────────────────────────────────────────────────────────

    @Slot(int, int)
    def _read_out(self, id_: int, column: int) -> None:
        rows, place = self._model.rows, self._model.order.place(id_)
        if self._notice:
            return
        if rows is None or place is None:
            self._readout.setText(self.tr("Double-click a value to change it."))
            return
        index = self._model.index(place, NORM if column < 0 else NORM + 1 + column)
        self._readout.setText(str(index.data(Qt.ItemDataRole.ToolTipRole)))

    @Slot(str)
    def _say(self, sentence: str) -> None:
        """Tell `sentence` in place of the value under the mouse, until it is about another row."""
        self._notice = sentence
        role = QPalette.ColorRole.WindowText if sentence else QPalette.ColorRole.PlaceholderText
        self._readout.setForegroundRole(role)
        self._readout.setWordWrap(bool(sentence))  # a value may be cut, a sentence may not
        self._readout.setText(sentence)
        if not sentence:
            self._read_out(*self.view.hovered_cell)

    @Slot(int)
    def _forget_notice(self, _row: int) -> None:
        if self._notice:
            self._say("")

    @Slot()
    def copy_rows(self) -> None:
        """Put the picked rows on the clipboard, with exact numbers between tabs."""
        rows, picked = self._model.rows, sorted(self._session.selection)
        if rows is None or not picked:
            return
        if len(picked) * rows.shape[1] > MOST_COPIED:
            sentence = self.tr("These are more than {count} numbers: pick fewer rows to copy.")
            self._say(sentence.format(count=f"{MOST_COPIED:,}"))
            return
        QGuiApplication.clipboard().setText(self._model.tsv(picked))
        self._say(self.tr("{count} rows copied.").format(count=f"{len(picked):,}"))

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy rows"))
        copy.setEnabled(bool(self._session.selection))
        copy.triggered.connect(self.copy_rows)
        more = self.more.more()
        if more is not None:
            menu.addSeparator()
            menu.addActions(more.actions())
        menu.popup(self.view.viewport().mapToGlobal(place))


def _arguments(table: TableConfig) -> Iterator[str]:
    """The arguments of `nn.Embedding` as code writes them."""
    names = ("padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse")
    return (f"{name}={getattr(table, name)}" for name in names)
