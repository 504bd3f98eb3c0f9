"""“Show ▾” in the bar of Space: the path and the mean of the typed line, and how many names."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from gui.canvas.switch_button import SwitchButton
from gui.layers import ALL_LABELS, Layers
from gui.theme import SPACING


class LabelsSlider(QWidget):
    """A slider for how many names are written, under the words for where it stands."""

    def __init__(self, layers: Layers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self._words = QLabel(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("spaceLabelsSlider")
        self.slider.setAccessibleName(self.tr("Labels"))
        self.slider.setRange(0, ALL_LABELS)
        self.slider.setPageStep(10)
        self.slider.setToolTip(self.tr("How many names are written, those that matter first"))
        self.slider.valueChanged.connect(layers.set_labels)
        self._words.setBuddy(self.slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, SPACING // 2, 2 * SPACING, SPACING)
        column.setSpacing(SPACING // 2)
        column.addWidget(self._words)
        column.addWidget(self.slider)
        # A menu gives the focus to the widget that the arrow keys come to.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.slider)
        self.setObjectName("spaceLabels")
        self.setAccessibleName(self.tr("Labels"))
        layers.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Stand where the labels are."""
        labels = self._layers.labels
        self.slider.setValue(labels)
        if labels == ALL_LABELS:
            text = self.tr("Labels: as many as fit")
        elif labels:
            text = self.tr("Labels: {n} at most").format(n=labels)
        else:
            text = self.tr("Labels: none")
        self._words.setText(text)
        self.slider.setAccessibleDescription(text)


class LayersButton(SwitchButton):
    """“Show ▾”: opens the choice of what is drawn besides the points."""

    def __init__(self, layers: Layers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self.setObjectName("spaceShowButton")
        self.setText(self.tr("Show ▾"))
        tip = self.tr("What is drawn besides the points: the typed line, and how many names")
        self.setToolTip(tip)
        self.setAccessibleName(self.tr("Show"))
        self.setAccessibleDescription(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setObjectName("spaceShowMenu")
        self.path = self._switch(menu, "spaceShowPath", self.tr("Path of the typed line"))
        self.mean = self._switch(menu, "spaceShowMean", self.tr("Mean of the typed line"))
        self.pooled = self._switch(menu, "spaceShowPooled", self.tr("Sentences of the padding tab"))
        self.path.triggered.connect(layers.set_path)
        self.mean.triggered.connect(layers.set_mean)
        self.pooled.triggered.connect(layers.set_pooled)
        menu.addSeparator()
        self.labels = LabelsSlider(layers, menu)
        action = QWidgetAction(menu)
        action.setObjectName("spaceShowLabels")
        action.setText(self.tr("Labels"))
        action.setDefaultWidget(self.labels)
        menu.addAction(action)
        self.setMenu(menu)
        layers.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Check what is shown."""
        self.path.setChecked(self._layers.path)
        self.mean.setChecked(self._layers.mean)
        self.pooled.setChecked(self._layers.pooled)

    def _switch(self, menu: QMenu, name: str, text: str) -> QAction:
        action = menu.addAction(text)
        action.setObjectName(name)
        action.setCheckable(True)
        return action
