"""The table's rows: picked, hovered and found together with every other panel."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.vocabulary import Vocabulary, VocabularyConfig
from gui.canvas.heat_table import FIRST_VALUE, NORM
from gui.panels.table import TablePanel
from gui.row_links import MOST_RUNS
from tests.gui.table_panel import cell, open_panel, text
from tests.gui.table_session import (
    ARTICLE_TOKENS,
    FakeSession,
    FakeShown,
    a_step,
    article_session,
    large_session,
)


@pytest.fixture
def session() -> FakeSession:
    return article_session()


@pytest.fixture
def panel(qtbot: QtBot, session: FakeSession) -> Iterator[TablePanel]:
    made = open_panel(qtbot, session)
    yield made
    made.close()


def test_picking_a_row_picks_the_token_once(panel: TablePanel, session: FakeSession) -> None:
    viewport, left = panel.view.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseClick(viewport, left, pos=cell(panel, 6, NORM))
    assert session.selection == (6,)
    QTest.mouseClick(viewport, left, Qt.KeyboardModifier.ControlModifier, cell(panel, 3, NORM))
    assert session.selection == (6, 3)  # the last one picked comes last
    assert session.selects == 2


def test_clicking_a_token_in_the_header_picks_it(panel: TablePanel, session: FakeSession) -> None:
    header = panel.view.tokens
    middle = header.sectionViewportPosition(5) + header.sectionSize(5) // 2
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, middle))
    assert session.selection == (5,)


def test_picking_elsewhere_selects_and_shows_the_row(qtbot: QtBot) -> None:
    session = large_session(100_000, 3)
    panel = open_panel(qtbot, session)
    session.select((5, 6, 90_000))
    assert panel.view.picked == {5, 6, 90_000}
    first, last = panel.view.rows_in_sight()
    assert first < 90_000 < last
    assert session.selects == 1


def test_all_rows_can_be_picked(qtbot: QtBot) -> None:
    session = large_session(20_000, 3)
    panel = open_panel(qtbot, session)
    panel.view.selectAll()
    assert sorted(session.selection) == list(range(20_000))
    assert panel.view.picked == set(session.selection)


def test_more_rows_than_can_be_marked_are_not_dropped_in_silence(qtbot: QtBot) -> None:
    session = large_session(20_000, 3)
    panel = open_panel(qtbot, session)
    scattered = tuple(range(0, 20_000, 2))
    session.select(scattered)
    assert panel.view.picked == set(scattered[:MOST_RUNS])
    assert text(panel, "tableReadout") == "10,000 tokens are picked; the first 500 are marked here."
    assert session.selection == scattered
    viewport, left = panel.view.viewport(), Qt.MouseButton.LeftButton
    # One row more, and one row less: the others stay picked although they are not marked.
    QTest.mouseClick(viewport, left, Qt.KeyboardModifier.ControlModifier, cell(panel, 3, NORM))
    assert set(session.selection) == {*scattered, 3}
    QTest.mouseClick(viewport, left, Qt.KeyboardModifier.ControlModifier, cell(panel, 4, NORM))
    assert set(session.selection) == {*scattered, 3} - {4}
    QTest.mouseClick(viewport, left, pos=cell(panel, 5, NORM))
    assert session.selection == (5,)


def test_hovering_is_linked(qtbot: QtBot, panel: TablePanel, session: FakeSession) -> None:
    QTest.mouseMove(panel.view.viewport(), cell(panel, 3, FIRST_VALUE + 2))
    qtbot.waitUntil(lambda: session.hovered == 3)
    assert text(panel, "tableReadout") == "you (id 3), column 2: 0.7"
    QGuiApplication.sendEvent(panel.view.viewport(), QEvent(QEvent.Type.Leave))
    assert session.hovered is None
    assert text(panel, "tableReadout") == "Double-click a value to change it."


def test_the_readout_follows_the_step(
    qtbot: QtBot, panel: TablePanel, session: FakeSession
) -> None:
    QTest.mouseMove(panel.view.viewport(), cell(panel, 3, FIRST_VALUE))
    qtbot.waitUntil(lambda: session.hovered == 3)
    session.show(a_step(session))
    # float32: 0.1 − 0.25 = −0.15
    assert text(panel, "tableReadout") == "you (id 3), column 0: -0.15"


def test_typing_letters_jumps_to_a_token(qtbot: QtBot) -> None:
    tokens = (*ARTICLE_TOKENS, "knot", "tokyo")
    session = article_session()
    session.vocabulary = Vocabulary.from_tokens(tokens, VocabularyConfig())
    session.shown = FakeShown(0, 0, np.zeros((10, 3), np.float32))
    panel = open_panel(qtbot, session)
    panel.view.setFocus()
    QTest.keyClicks(panel.view, "kno")
    assert session.selection == (4,)  # know
    QTest.keyClicks(panel.view, "t")
    assert session.selection == (8,)  # knot


def test_picked_rows_are_copied_exactly(panel: TablePanel, session: FakeSession) -> None:
    session.select((6, 3))
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "3\tyou\t0.1\t0.5\t0.7\n6\tneed\t0.1\t0.8\t0.9"
    assert text(panel, "tableReadout") == "2 rows copied."


def test_everything_that_takes_the_focus_has_a_name(panel: TablePanel) -> None:
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            assert widget.objectName(), widget
            assert widget.accessibleName() or widget.parentWidget().accessibleName(), widget
