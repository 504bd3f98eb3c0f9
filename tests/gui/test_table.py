"""The table panel: what it shows, and how it follows the step."""

from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.config import ObjectiveConfig, RunConfig, TableConfig
from gui.canvas.heat_table import FIRST_VALUE, ID, TOKEN
from gui.panels.table import TablePanel
from gui.session import State
from tests.gui.table_panel import open_panel, text
from tests.gui.table_session import (
    FakeSession,
    FakeShown,
    NumberedTokens,
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


def test_it_says_what_the_table_is(panel: TablePanel) -> None:
    assert text(panel, "tableTitle") == "Table 8 × 3"
    flags = text(panel, "tableFlags").replace("\N{NO-BREAK SPACE}", " ")
    assert flags.startswith("float32 · trainable · padding_idx=1 · max_norm=None · norm_type=2.0")
    assert flags.endswith("scale_grad_by_freq=False · sparse=False")


def test_cells_are_read_from_the_rows_themselves(panel: TablePanel, session: FakeSession) -> None:
    model = panel.view.model()
    you = [model.index(3, column).data() for column in range(FIRST_VALUE + 3)]
    # ‖(0.1, 0.5, 0.7)‖ = √(0.01 + 0.25 + 0.49) = √0.75 = 0.866…
    assert you == ["3", "you", "0.866", "0.1", "0.5", "0.7"]
    assert session.shown is not None
    session.shown.rows[3, 0] = 2.5
    assert model.index(3, FIRST_VALUE).data() == "2.5"


def test_rows_are_named_by_id_and_token(panel: TablePanel) -> None:
    model = panel.view.model()
    assert model.headerData(2, Qt.Orientation.Vertical) == "2 code"
    tip = model.headerData(1, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("<pad> (id 1)\npadding_idx: torch drops this row's gradient, so")


def test_the_pad_row_of_a_tied_table_is_not_said_to_rest(
    panel: TablePanel, session: FakeSession
) -> None:
    session.config = replace(session.config, objective=ObjectiveConfig("next-word", tied=True))
    model = panel.view.model()
    tip = model.headerData(1, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)
    assert tip.endswith("that by the tied output weights moves it all the same.")


def test_a_vanished_word_says_so(qtbot: QtBot, session: FakeSession) -> None:
    session.vocabulary = session.vocabulary.with_sentences(["you need to know how"])
    panel = open_panel(qtbot, session)
    tip = panel.view.model().headerData(2, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)
    assert tip == (
        "code (id 2)\nNo longer in the sentences. Its row stays until you rebuild the vocabulary."
    )


def test_wide_tables_show_numbers_only_when_asked(qtbot: QtBot) -> None:
    panel = open_panel(qtbot, large_session(1000, 32))
    narrow = panel.view.columnWidth(FIRST_VALUE)
    button = panel.findChild(QWidget, "tableNumbers")
    assert not panel.view.numbers
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.view.numbers
    assert panel.view.columnWidth(FIRST_VALUE) > 2 * narrow


def test_numbers_are_written_where_they_have_room(qtbot: QtBot) -> None:
    panel = open_panel(qtbot, large_session(1000, 8), width=300)
    button = panel.findChild(QToolButton, "tableNumbers")
    assert not panel.view.numbers
    assert not button.isChecked()
    panel.resize(700, 500)
    assert panel.view.numbers
    assert button.isChecked()


def test_three_columns_fit_a_narrow_panel(qtbot: QtBot, session: FakeSession) -> None:
    panel = open_panel(qtbot, session, width=300)
    assert panel.view.numbers
    assert panel.view.horizontalScrollBar().maximum() == 0


def test_before_the_first_frame_it_says_to_wait(qtbot: QtBot, session: FakeSession) -> None:
    first, session.shown = session.shown, None
    panel = open_panel(qtbot, session)
    assert not panel.view.isVisible()
    session.show(first)
    assert panel.view.isVisible()
    assert panel.view.model().rowCount() == 8


class NotedTokens(NumberedTokens):
    def __init__(self, count: int, asked: set[int]) -> None:
        super().__init__(count)
        self._asked = asked

    def __getitem__(self, place: int) -> str:
        self._asked.add(place)
        return super().__getitem__(place)


def test_of_a_million_rows_only_those_in_sight_are_asked_for(qtbot: QtBot) -> None:
    session = large_session(1_000_000, 4)
    panel = open_panel(qtbot, session)
    asked: set[int] = set()
    session.vocabulary.tokens = NotedTokens(1_000_000, asked)
    panel.view.scrollToBottom()
    panel.grab()
    assert asked
    assert min(asked) > 999_950
    assert max(asked) == 999_999


def test_the_scale_tells_of_values_that_come_into_sight(qtbot: QtBot) -> None:
    session = large_session(1_000_000, 4)
    assert session.shown is not None
    session.shown.rows[999_999] = 70.0  # every 16th row is read to begin with: not this one
    panel = open_panel(qtbot, session)
    scale = panel.findChild(QWidget, "tableScale")
    assert scale.limit < 10
    panel.view.scrollToBottom()
    panel.grab()
    assert scale.limit == panel.view.limit.value == 80.0
    assert text(panel, "tableLimit").startswith("largest |value| of 62,500 rows and those seen")


def test_larger_text_gives_higher_rows(qtbot: QtBot, qapp: QApplication, panel: TablePanel) -> None:
    usual = qapp.font()
    row, small = panel.view.rowHeight(0), panel.findChild(QLabel, "tableFlags").font()
    larger = QFont(usual)
    larger.setPointSizeF(1.5 * usual.pointSizeF())
    qapp.setFont(larger)
    try:
        qtbot.waitUntil(lambda: panel.view.rowHeight(0) > 1.25 * row)
        now = panel.findChild(QLabel, "tableFlags").font()
        assert now.pointSizeF() == pytest.approx(1.5 * small.pointSizeF())
    finally:
        qapp.setFont(usual)


# ── frames ───────────────────────────────────────────────────────────────────────────────────


def test_a_step_flashes_and_comes_to_rest(
    qtbot: QtBot, panel: TablePanel, session: FakeSession
) -> None:
    session.show(a_step(session))
    assert panel.view.flashing
    assert text(panel, "tableStep") == "step 1"
    qtbot.waitUntil(lambda: not panel.view.flashing, timeout=3000)


def test_nothing_flashes_while_running(panel: TablePanel, session: FakeSession) -> None:
    session.state = State.RUNNING
    session.show(a_step(session))
    assert not panel.view.flashing


def test_the_same_step_does_not_flash_again(panel: TablePanel, session: FakeSession) -> None:
    session.show(a_step(session))
    panel.view.end_flash()
    session.show(session.shown)
    assert not panel.view.flashing


def test_the_legend_explains_moves_without_gradient_once_there_was_one(
    panel: TablePanel, session: FakeSession
) -> None:
    legend = panel.findChild(QWidget, "tableLegend")
    assert legend.accessibleDescription() == "got a gradient, padding_idx, unknown"
    session.show(a_step(session))
    assert "moved without one" in legend.accessibleDescription()
    session.shown = FakeShown(0, 0, session.shown.rows)
    session.runStarted.emit()
    assert "moved without one" not in legend.accessibleDescription()


def test_the_legend_has_room_for_larger_type(panel: TablePanel) -> None:
    legend = panel.findChild(QWidget, "tableLegend")
    before, font = legend.height(), legend.font()
    font.setPointSizeF(2 * font.pointSizeF())
    legend.setFont(font)
    assert legend.height() > 1.5 * before  # no larger type is cut off at the old height


def test_growth_keeps_selection_and_place(qtbot: QtBot) -> None:
    session = large_session(1000, 3)
    panel = open_panel(qtbot, session)
    session.select((700,))
    place = panel.view.verticalScrollBar().value()
    assert place > 0
    grown = np.concatenate([session.shown.rows, np.zeros((1, 3), np.float32)])
    session.show(FakeShown(0, 0, grown))
    assert panel.view.model().rowCount() == 1001
    assert panel.view.verticalScrollBar().value() == place
    assert panel.view.picked == {700}
    session.show(FakeShown(0, 0, grown[:1000]))
    assert panel.view.model().rowCount() == 1000
    assert session.selection == (700,)


def test_another_dimension_keeps_the_picked_token(panel: TablePanel, session: FakeSession) -> None:
    session.select((3,))
    session.config = RunConfig(TableConfig(8, 5))
    session.show(FakeShown(0, 0, np.zeros((8, 5), np.float64)))
    assert panel.view.model().columnCount() == FIRST_VALUE + 5
    assert text(panel, "tableTitle") == "Table 8 × 5"
    assert text(panel, "tableFlags").startswith("float64\N{NO-BREAK SPACE}· trainable")
    assert session.selection == (3,)
    assert panel.view.picked == {3}
    assert panel.view.isColumnHidden(ID)
    assert panel.view.isColumnHidden(TOKEN)
