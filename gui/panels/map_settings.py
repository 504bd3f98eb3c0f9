"""The settings of the next map: neighbours, iterations, metric, and how many rows."""

from msgspec.structs import replace
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from core.maps.settings import MapSettings
from gui.map_caption import MapCaption
from gui.maps import Maps
from gui.number_box import NumberBox
from gui.panels.settings_group import CalmBox
from gui.theme import SPACING

MOST_NEIGHBOURS, MOST_ITERATIONS = 100, 10_000
FEWEST_MAPPED, MOST_MAPPED = 100, 100_000


class MapSettingsForm(QWidget):
    """Fields in a menu, and how long the map will take with them."""

    def __init__(self, maps: Maps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps = maps
        self._caption = MapCaption(self)
        self.neighbours = self._number("spaceMapNeighbours", 2, MOST_NEIGHBOURS, 5)
        self.iterations = self._number("spaceMapIterations", 10, MOST_ITERATIONS, 50)
        self.most_rows = self._number("spaceMapRows", FEWEST_MAPPED, MOST_MAPPED, 1_000)
        self.nearness = CalmBox("spaceMapMetric")
        self.nearness.addItem(self.tr("Euclidean: distances"), "euclidean")
        self.nearness.addItem(self.tr("Cosine: directions alone"), "cosine")
        self.nearness.activated.connect(self._set)
        self._neighbours_name = QLabel(self)
        self._estimate = QLabel(self)
        self._estimate.setForegroundRole(self._estimate.palette().ColorRole.PlaceholderText)
        form = QFormLayout(self)
        form.setContentsMargins(2 * SPACING, SPACING, 2 * SPACING, SPACING)
        form.addRow(self._neighbours_name, self.neighbours)
        self._add(form, self.tr("Iterations"), self.iterations)
        self._add(form, self.tr("Nearness by"), self.nearness)
        self._add(form, self.tr("Rows at most"), self.most_rows)
        form.addRow(self._estimate)
        self.most_rows.setToolTip(
            self.tr("Of a larger table the rows that occur most often in the sentences are mapped")
        )
        # A menu gives the focus to the widget that the arrow keys come to.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.neighbours)
        self.setObjectName("spaceMapFields")
        self.setAccessibleName(self.tr("Settings of the map"))
        maps.changed.connect(self._refresh_if_seen)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        super().showEvent(event)

    @Slot()
    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show what the next map is made with."""
        settings = self._maps.settings
        tsne = settings.method == "tsne"
        name = self.tr("Perplexity") if tsne else self.tr("Neighbours")
        self._neighbours_name.setText(name)
        _name(self.neighbours, name)
        self.neighbours.setToolTip(
            self.tr("About how many neighbours each row is kept near to; 5 to 50 is usual")
            if tsne
            else self.tr("How many neighbours each row is kept near to; 5 to 50 is usual")
        )
        self.neighbours.show_value(settings.neighbours)
        self.iterations.show_value(settings.iterations)
        self.most_rows.show_value(settings.most_rows)
        self.nearness.show_data(settings.metric)
        self._estimate.setText(self._caption.estimate(self._maps))

    def _number(self, name: str, low: int, high: int, step: int) -> NumberBox:
        box = NumberBox(low, high, figures=8)
        box.setObjectName(name)
        box.setDecimals(0)
        box.setSingleStep(step)
        box.valueChanged.connect(self._set)
        return box

    def _add(self, form: QFormLayout, name: str, field: NumberBox | CalmBox) -> None:
        label = QLabel(name, self)
        label.setBuddy(field)
        _name(field, name)
        form.addRow(label, field)

    @Slot()
    def _set(self) -> None:
        now: MapSettings = self._maps.settings
        self._maps.set_settings(
            replace(
                now,
                neighbours=round(self.neighbours.value()),
                iterations=round(self.iterations.value()),
                most_rows=round(self.most_rows.value()),
                metric=self.nearness.currentData(),
            )
        )


def _name(field: NumberBox | CalmBox, name: str) -> None:
    field.setAccessibleName(name)
    inner = field.lineEdit() if isinstance(field, NumberBox) else field.view()
    inner.setObjectName(f"{field.objectName()}Inner")
    inner.setAccessibleName(name)
