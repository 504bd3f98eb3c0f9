"""The table panel on screen, and ways to point at it."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.background import Background
from gui.panels.table import TablePanel
from tests.gui.table_session import FakeSession


def open_panel(qtbot: QtBot, session: FakeSession, width: int = 500) -> TablePanel:
    panel = TablePanel(session, Background(session))
    qtbot.addWidget(panel)
    panel.resize(width, 500)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def text(panel: QWidget, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert label is not None
    return label.text()


def cell(panel: TablePanel, row: int, column: int) -> QPoint:
    return panel.view.visualRect(panel.view.model().index(row, column)).center()
