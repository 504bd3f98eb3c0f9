"""A label that changes with every frame must not have its window laid out anew each time."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.small_label import SteadyLabel


class Layouts(QObject):
    """Counts how often a widget is to be laid out."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched, event) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_only_another_width_lays_out_anew(qtbot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    label = SteadyLabel("step", panel)
    QHBoxLayout(panel).addWidget(label)
    label.show_text("step 1,112")
    panel.show()
    QCoreApplication.sendPostedEvents()
    layouts = Layouts(panel)
    label.show_text("step 1,121")  # the same figures, so as wide
    QCoreApplication.sendPostedEvents()
    assert label.text() == "step 1,121"
    assert layouts.count == 0
    label.show_text("step 1,111,111")
    QCoreApplication.sendPostedEvents()
    assert layouts.count > 0
    assert label.width() >= label.fontMetrics().horizontalAdvance("step 1,111,111")


def test_takes_the_room_that_larger_text_needs(qtbot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    label = SteadyLabel("step", panel)
    label.show_text("step 12")
    before = label.width()
    font = panel.font()
    font.setPointSizeF(3 * font.pointSizeF())
    panel.setFont(font)
    assert label.width() > 2 * before
