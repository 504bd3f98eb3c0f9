"""Cells of the table changed by hand."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gui.canvas.heat_table import FIRST_VALUE
from gui.panels.table import TablePanel
from tests.gui.table_panel import cell, open_panel, text
from tests.gui.table_session import (
    FakeSession,
    a_step,
    article_session,
)


@pytest.fixture
def session() -> FakeSession:
    return article_session()


@pytest.fixture
def panel(qtbot: QtBot, session: FakeSession) -> Iterator[TablePanel]:
    made = open_panel(qtbot, session)
    yield made
    made.close()


def edit(panel: TablePanel, row: int, column: int) -> QLineEdit:
    viewport, left, place = (
        panel.view.viewport(),
        Qt.MouseButton.LeftButton,
        cell(panel, row, column),
    )
    QTest.mouseClick(viewport, left, pos=place)
    QTest.mouseDClick(viewport, left, pos=place)
    editor = panel.view.findChild(QLineEdit, "cellEdit")
    assert editor is not None
    return editor


def test_a_typed_number_is_entered(panel: TablePanel, session: FakeSession) -> None:
    editor = edit(panel, 3, FIRST_VALUE + 1)
    assert editor.text() == "0.5"
    assert editor.accessibleName() == "you (id 3), column 1: 0.5"
    editor.selectAll()
    QTest.keyClicks(editor, "0.25")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QGuiApplication.processEvents()
    assert session.cells == [(3, 1, 0.25)]


def test_the_pad_row_can_be_edited_too(panel: TablePanel, session: FakeSession) -> None:
    panel.view.setCurrentIndex(panel.view.model().index(1, FIRST_VALUE))
    QTest.keyClick(panel.view, Qt.Key.Key_F2)
    editor = panel.view.findChild(QLineEdit, "cellEdit")
    QTest.keyClicks(editor, "1")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QGuiApplication.processEvents()
    assert session.cells == [(1, 0, 1.0)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abc", "“abc” is not a number. Type one such as 0.25."),
        ("0,5", "“0,5” is not a number. Decimals take a dot, as in 0.25."),
        ("nan", "“nan” is not finite. Type a number, such as 0.25."),
        ("1e39", "1e39 is too large for float32, which ends at 3.4028235e+38."),
    ],
)
def test_bad_input_is_explained_and_stays_open(
    panel: TablePanel, session: FakeSession, typed: str, sentence: str
) -> None:
    editor = edit(panel, 3, FIRST_VALUE)
    QTest.keyClicks(editor, typed)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QGuiApplication.processEvents()
    assert text(panel, "tableReadout") == sentence
    assert editor.isVisible()
    assert session.cells == []
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QGuiApplication.processEvents()
    assert session.cells == []


def test_frames_do_not_overwrite_what_is_being_typed(
    panel: TablePanel, session: FakeSession
) -> None:
    editor = edit(panel, 3, FIRST_VALUE)
    QTest.keyClicks(editor, "0.7")
    session.show(a_step(session))
    assert editor.text() == "0.7"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QGuiApplication.processEvents()
    assert session.cells == [(3, 0, 0.7)]


def test_an_untouched_editor_changes_nothing(panel: TablePanel, session: FakeSession) -> None:
    editor = edit(panel, 3, FIRST_VALUE)
    session.show(a_step(session))
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QGuiApplication.processEvents()
    assert session.cells == []
