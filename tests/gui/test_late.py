"""What a window need not have at its first paint is made later, once."""

import subprocess
import sys

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from gui.after_paint import AfterPaint
from gui.late_page import LatePage


class Heard(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    @Slot()
    def hear(self) -> None:
        self.times += 1


def test_after_the_first_paint_and_only_after_it(qtbot: QtBot) -> None:
    widget, heard = QWidget(), Heard()
    qtbot.addWidget(widget)
    AfterPaint(widget).painted.connect(heard.hear)
    widget.grab()
    assert heard.times == 0  # painted, but in this turn of the event loop
    qtbot.waitUntil(lambda: heard.times == 1)
    widget.grab()
    qtbot.wait(1)
    assert heard.times == 1


def test_a_page_is_made_when_it_is_seen(qtbot: QtBot) -> None:
    made: list[QLabel] = []

    def make() -> QLabel:
        made.append(QLabel("the page"))
        return made[-1]

    tabs, page = QTabWidget(), LatePage(make)
    qtbot.addWidget(tabs)
    tabs.addTab(QLabel("first"), "First")
    tabs.addTab(page, "Late")
    tabs.show()
    assert made == []
    tabs.setCurrentIndex(1)
    assert len(made) == 1
    assert made[0].isVisible()
    tabs.setCurrentIndex(0)
    tabs.setCurrentIndex(1)
    assert page.panel is made[0]
    assert len(made) == 1


def test_a_page_is_made_when_it_is_asked_for(qtbot: QtBot) -> None:
    page = LatePage(lambda: QLabel("the page"))
    qtbot.addWidget(page)
    assert page.panel.text() == "the page"
    assert page.panel.parentWidget() is page


def test_a_window_is_loaded_without_its_plots() -> None:
    """Half of what loading the window would take."""
    loaded = (
        "import sys, gui.app; print(sorted({'pyqtgraph', 'gui.panels.padding'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
