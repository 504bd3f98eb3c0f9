"""A group of settings: each with its name, its field, when it takes effect and a line about it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from gui.number_box import NumberBox
from gui.setting_names import Effect, SettingNames
from gui.theme import SPACING


class SettingsGroup(QWidget):
    """A heading over rows of settings; subclasses fill it and say what to show."""

    def __init__(
        self, heading: str, effect: Effect, about: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names = SettingNames(self)
        self._effect = self._names.effect(effect)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        title = QLabel(heading)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        column.addWidget(title)
        column.addWidget(_quiet(f"{about} {self._effect}"))
        self._grid = QGridLayout()
        # As wide as the longest name of all groups, so that fields stand in one line in all.
        longest = ("scale_grad_by_freq", self.tr("tied output weights"))
        widest = max(map(self.fontMetrics().horizontalAdvance, longest))
        self._grid.setColumnMinimumWidth(0, widest)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(2 * SPACING)
        self._grid.setVerticalSpacing(2)
        column.addLayout(self._grid)

    def show_config(self) -> None:
        """Show what the session has; nobody is told."""
        raise NotImplementedError

    def add(self, label: str, field: QWidget, hint: str) -> None:
        """A row: `field` beside its name, and `hint` below both."""
        row = self._grid.rowCount()
        name = QLabel(label)
        name.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(label)
        field.setToolTip(f"{hint} {self._effect}")
        field.setAccessibleDescription(field.toolTip())
        self._grid.setRowMinimumHeight(row, SPACING)
        self._grid.addWidget(name, row + 1, 0)
        self._grid.addWidget(field, row + 1, 1, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(_quiet(hint), row + 2, 0, 1, 2)


class CalmBox(QComboBox):
    """A combo box that scrolling past does not change."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def let_shrink(self) -> None:
        """Become as narrow as its place asks for, down to a word or so."""
        self.setMinimumWidth(10 * self.fontMetrics().averageCharWidth())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as ever, but end a text that has too little room in “…”; Fusion just cuts it."""
        option, painter = QStyleOptionComboBox(), QStylePainter(self)
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, field.width() - 2
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def show_data(self, data: object) -> None:
        """Show the item that stands for `data`."""
        self.setCurrentIndex(self.findData(data))


def number_field(
    name: str, low: float, high: float, *, step: float = 1.0, logarithmic: bool = False
) -> NumberBox:
    """A number from `low` to `high`."""
    box = NumberBox(low, high, logarithmic=logarithmic)
    box.setObjectName(name)
    box.setSingleStep(step)
    return box


def check_field(name: str, text: str) -> QCheckBox:
    """A yes or no."""
    box = QCheckBox(text)
    box.setObjectName(name)
    return box


def show_checked(box: QCheckBox, on: bool) -> None:
    """Set `box` without telling anyone."""
    blocked = box.blockSignals(True)
    box.setChecked(on)
    box.blockSignals(blocked)


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    return label
