"""What the padding tab looks at: the head, the side, how far it is padded, and the sentences."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from core.padding.messages import HEADS, LARGEST_EXTRA
from gui.field_line import field_line
from gui.head_names import HeadNames
from gui.number_box import NumberBox
from gui.padding_study import PaddingStudy
from gui.panels.settings_group import CalmBox
from gui.theme import SPACING

MOST_SENTENCES = 32
MOST_STEPS = 10_000
LINES_OF_IDS = 4


class PaddingWishes(QWidget):
    """Three lines of settings, and a field for ids where they are typed by hand."""

    cellsChosen = Signal(str)  # what the cells show

    def __init__(self, study: PaddingStudy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paddingWishes")
        self._study = study
        self._make_head()
        self._make_padding()
        self._make_batch()
        self._lay_out()
        self._connect()
        self.show_wishes()

    # ── making it ─────────────────────────────────────────────────────────────────────────────

    def _make_head(self) -> None:
        names = HeadNames(self)
        self._head = CalmBox("paddingHead")
        for name in HEADS:
            named = names.head(name)
            self._head.addItem(named.name, name)
            index = self._head.count() - 1
            self._head.setItemData(index, named.hint, Qt.ItemDataRole.ToolTipRole)
        self._head.setAccessibleName(self.tr("Head"))
        self._steps = self._number("paddingSteps", self.tr("Steps of training"), 0, MOST_STEPS)
        self._steps.setToolTip(
            self.tr(
                "How many steps a copy of the table and the head are trained on this batch before "
                "the probes; 0: as they are. The run itself is not touched."
            )
        )

    def _make_padding(self) -> None:
        self._side = CalmBox("paddingSide")
        self._side.addItem(self.tr("right"), "right")
        self._side.addItem(self.tr("left"), "left")
        self._side.setAccessibleName(self.tr("Side of the padding"))
        self._extra = QSlider(Qt.Orientation.Horizontal)
        self._extra.setObjectName("paddingExtra")
        self._extra.setAccessibleName(self.tr("Extra padding, in columns"))
        self._extra.setRange(0, LARGEST_EXTRA)
        self._extra.setPageStep(4)
        self._extra.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._extra_text = QLabel()
        self._extra_text.setMinimumWidth(self.fontMetrics().horizontalAdvance("+64"))
        self._masks = CalmBox("paddingIndex")
        for text, data in (
            (self.tr("as in the run"), None),
            (self.tr("on"), True),
            (self.tr("off"), False),
        ):
            self._masks.addItem(text, data)
        self._masks.setAccessibleName("padding_idx")
        self._pad_row = CalmBox("paddingRow")
        for text, name in (
            (self.tr("as it is"), "as-is"),
            (self.tr("zeros"), "zero"),
            (self.tr("random"), "random"),
        ):
            self._pad_row.addItem(text, name)
        self._pad_row.setAccessibleName(self.tr("Pad row"))

    def _make_batch(self) -> None:
        self._source = CalmBox("paddingSource")
        self._source.addItem(self.tr("sentences"), "text")
        self._source.addItem(self.tr("ids of my own"), "ids")
        self._source.setAccessibleName(self.tr("Batch"))
        self._count = self._number("paddingCount", self.tr("Sentences"), 1, MOST_SENTENCES, 2)
        self._first_name = QLabel(self.tr("from"))
        self._first = self._number("paddingFirst", self.tr("First sentence"), 1, 1, 4)
        self._first.setToolTip(self.tr("The sentence of the text that the batch begins with"))
        self._cells = CalmBox("paddingCells")
        for text, name in (
            (self.tr("ids"), "ids"),
            (self.tr("mask"), "mask"),
            (self.tr("lengths"), "lengths"),
            (self.tr("gradient"), "gradient"),
            (self.tr("attention"), "attention"),
            (self.tr("position ids: columns"), "columns"),
            (self.tr("position ids: real tokens"), "counted"),
        ):
            self._cells.addItem(text, name)
        self._cells.setAccessibleName(self.tr("What the cells show"))
        self._ids = QPlainTextEdit()
        self._ids.setObjectName("paddingIds")
        self._ids.setAccessibleName(self.tr("Ids, one sentence a line"))
        self._ids.setPlaceholderText(self.tr("One sentence of ids a line, such as: 3 6 5 0"))
        self._ids.setTabChangesFocus(True)
        self._ids.setFixedHeight(LINES_OF_IDS * self.fontMetrics().lineSpacing() + SPACING)
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setObjectName("paddingStop")
        self._stop.setAccessibleName(self.tr("Stop training the copy"))

    def _number(self, name: str, title: str, low: int, high: int, figures: int = 5) -> NumberBox:
        box = NumberBox(low, high, figures=figures)
        box.setDecimals(0)
        box.setObjectName(name)
        box.setAccessibleName(title)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addLayout(
            field_line(
                (self.tr("Head"), [self._head], 1),
                (self.tr("Extra padding"), [self._extra, self._extra_text], 1),
            )
        )
        column.addLayout(
            field_line(
                (self.tr("Side"), [self._side], 0),
                ("padding_idx", [self._masks], 1),
                (self.tr("Pad row"), [self._pad_row], 1),
            )
        )
        column.addLayout(
            field_line(
                ("", [self._source, self._count, self._first_name, self._first], 1),
                (self.tr("Cells"), [self._cells], 1),
                (self.tr("Train"), [self._steps, self._stop], 0),
            )
        )
        column.addWidget(self._ids)
        fields = (self._cells, self._steps)
        names = [each for each in self.findChildren(QLabel) if each.buddy() in fields]
        self._of_probes: tuple[QWidget, ...] = (*fields, *names)

    def _connect(self) -> None:
        self._study.changed.connect(self.show_wishes)
        for box in (self._head, self._masks, self._pad_row, self._source, self._cells):
            box.let_shrink()
        for box in (self._head, self._side, self._masks, self._pad_row, self._source):
            box.activated.connect(self._wish)
        self._extra.valueChanged.connect(self._wish)
        self._steps.valueChanged.connect(self._wish)
        self._count.valueChanged.connect(self._wish)
        self._first.valueChanged.connect(self._wish)
        self._ids.textChanged.connect(self._wish)
        self._cells.activated.connect(self._choose_cells)
        self._stop.clicked.connect(self._study.stop)

    # ── following ─────────────────────────────────────────────────────────────────────────────

    @Slot()
    def show_wishes(self) -> None:
        """Show what is looked at; nobody is told."""
        wishes = self._study.wishes
        self._head.show_data(wishes.head)
        self._head.setToolTip(self._head.currentData(Qt.ItemDataRole.ToolTipRole))
        self._side.show_data(wishes.side)
        self._masks.show_data(wishes.masks_gradient)
        self._pad_row.show_data(wishes.pad_row)
        self._source.show_data(wishes.source)
        self._extra_text.setText(f"+{wishes.extra}")
        for field, value, most in (
            (self._steps, wishes.steps, MOST_STEPS),
            (self._count, wishes.count, MOST_SENTENCES),
            (self._first, wishes.first + 1, max(1, self._study.sentences)),
        ):
            field.show_value(min(value, most))
            field.setMaximum(most)
        self._extra.blockSignals(True)
        self._extra.setValue(wishes.extra)
        self._extra.blockSignals(False)
        by_hand = wishes.source == "ids"
        if self._ids.toPlainText() != wishes.ids:
            self._ids.blockSignals(True)
            self._ids.setPlainText(wishes.ids)
            self._ids.blockSignals(False)
        self._ids.setVisible(by_hand)
        self._count.setVisible(not by_hand)
        for part in (self._first_name, self._first):
            part.setVisible(not by_hand and self._study.sentences > 1)
        self._stop.setVisible(self._study.progress is not None)

    @Slot()
    def _wish(self) -> None:
        self._study.wish(
            head=self._head.currentData(),
            side=self._side.currentData(),
            extra=self._extra.value(),
            masks_gradient=self._masks.currentData(),
            pad_row=self._pad_row.currentData(),
            steps=int(self._steps.value()),
            source=self._source.currentData(),
            count=int(self._count.value()),
            first=int(self._first.value()) - 1,
            ids=self._ids.toPlainText(),
        )

    @Slot()
    def _choose_cells(self) -> None:
        self.cellsChosen.emit(self._cells.currentData())

    def set_probing(self, *, probing: bool) -> None:
        """Show what only the probes heed, or leave it out."""
        for part in self._of_probes:
            part.setVisible(probing)

    def show_cells(self, name: str) -> None:
        """Show what the cells show."""
        self._cells.show_data(name)
