"""Typing a number into a cell of the table: what is accepted, and what is said of the rest."""

from enum import Enum, auto

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import (
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.numbers import shortest

AnyIndex = QModelIndex | QPersistentModelIndex
_NARROWEST = 14  # characters


class Fault(Enum):
    """Why a text is no value for a cell."""

    EMPTY = auto()
    NOT_A_NUMBER = auto()
    NOT_FINITE = auto()
    TOO_LARGE = auto()


def read_number(text: str, dtype: np.dtype) -> float | Fault:
    """The finite number in `text`, with a dot for the decimals, if `dtype` can hold it."""
    trimmed = text.strip().replace("\N{MINUS SIGN}", "-")
    if not trimmed:
        return Fault.EMPTY
    if "_" in trimmed:
        return Fault.NOT_A_NUMBER
    try:
        value = float(trimmed)
    except ValueError:
        return Fault.NOT_A_NUMBER
    if trimmed.lstrip("+-")[0].isalpha():
        return Fault.NOT_FINITE
    with np.errstate(over="ignore"):
        held = np.isfinite(np.asarray(value).astype(dtype))
    return value if held else Fault.TOO_LARGE


class NumberValidator(QValidator):
    """Lets anything be typed, and only a number that the table can hold be entered."""

    def __init__(self, dtype: np.dtype, parent: QObject) -> None:
        super().__init__(parent)
        self._dtype = dtype

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Qt's question while typing."""
        good = isinstance(read_number(text, self._dtype), float)
        state = QValidator.State.Acceptable if good else QValidator.State.Intermediate
        return state, text, position


class CellEditor(QLineEdit):
    """The line in which one value is typed."""

    def __init__(self, dtype: np.dtype, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.dtype = dtype
        self.filled = False
        self.setObjectName("cellEdit")
        self.setAccessibleName(name)
        self.setValidator(NumberValidator(dtype, self))


class CellDelegate(QStyledItemDelegate):
    """Opens a line edit on a value cell and enters what was typed.

    `refused` carries the sentence about a text that cannot be entered; it is empty once the text
    has been changed.
    """

    refused = Signal(str)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        """An empty editor for the value at `index`."""
        dtype = index.data(DTYPE_ROLE)
        name = index.data(Qt.ItemDataRole.AccessibleTextRole)
        editor = CellEditor(np.dtype(dtype), str(name), parent)
        editor.textEdited.connect(self._forget_refusal)
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Fill in the exact value, once: later frames must not overwrite what is typed."""
        if isinstance(editor, CellEditor) and not editor.filled:
            editor.filled = True
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        """Enter a number that was changed; anything else leaves the cell as it is."""
        if not isinstance(editor, CellEditor) or not editor.isModified():
            return
        value = read_number(editor.text(), editor.dtype)
        if isinstance(value, float):
            model.setData(index, value)
        else:
            self.refused.emit(self._sentence(value, editor))

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        """Over the cell, but never too narrow to read what is typed."""
        rect = option.rect
        width = max(rect.width(), _NARROWEST * editor.fontMetrics().averageCharWidth())
        viewport = editor.parentWidget()
        room = viewport.width() if viewport is not None else width
        rect.setLeft(max(0, min(rect.left(), room - width)))
        rect.setWidth(width)
        height = max(rect.height(), editor.sizeHint().height())
        rect.setTop(rect.center().y() - height // 2)
        rect.setHeight(height)
        editor.setGeometry(rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Say what is wrong when Enter is pressed on it; Qt then keeps the editor open."""
        if (
            isinstance(editor, CellEditor)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            value = read_number(editor.text(), editor.dtype)
            if isinstance(value, Fault):
                self._refuse(editor, self._sentence(value, editor))
        return super().eventFilter(editor, event)

    def _refuse(self, editor: CellEditor, sentence: str) -> None:
        editor.setAccessibleDescription(sentence)
        editor.setToolTip(sentence)
        self.refused.emit(sentence)

    @Slot()
    def _forget_refusal(self) -> None:
        self.refused.emit("")

    def _sentence(self, fault: Fault, editor: CellEditor) -> str:
        text = editor.text().strip()
        if fault is Fault.EMPTY:
            return self.tr("Type a number, such as 0.25, or press Escape.")
        if fault is Fault.NOT_FINITE:
            return self.tr("“{text}” is not finite. Type a number, such as 0.25.").format(text=text)
        if fault is Fault.TOO_LARGE:
            return self.tr("{text} is too large for {dtype}, which ends at {largest}.").format(
                text=text, dtype=editor.dtype.name, largest=shortest(np.finfo(editor.dtype).max)
            )
        if "," in text:
            return self.tr("“{text}” is not a number. Decimals take a dot, as in 0.25.").format(
                text=text
            )
        return self.tr("“{text}” is not a number. Type one such as 0.25.").format(text=text)


DTYPE_ROLE = int(Qt.ItemDataRole.UserRole)
