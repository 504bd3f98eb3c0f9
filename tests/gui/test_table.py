"""The table panel: what it shows, and how it is linked, edited and copied."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.config import RunConfig, TableConfig
from core.vocabulary import Vocabulary, VocabularyConfig
from gui.canvas.heat_table import FIRST_VALUE, ID, NORM, TOKEN
from gui.panels.table import TablePanel
from gui.session import State
from tests.gui.table_session import (
    ARTICLE_TOKENS,
    FakeSession,
    FakeShown,
    NumberedTokens,
    article_session,
    ids,
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


def open_panel(qtbot: QtBot, session: FakeSession, width: int = 500) -> TablePanel:
    panel = TablePanel(session)
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


# ── what is shown ─────────────────────────────────────────────────────────────────────────────


def test_it_says_what_the_table_is(panel: TablePanel) -> None:
    assert text(panel, "tableTitle") == "Table 8 × 3 · float32 · trainable"
    flags = text(panel, "tableFlags")
    assert flags.startswith("padding_idx=1 · max_norm=None · norm_type=2.0")
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
    assert tip.startswith("<pad> (id 1)\npadding_idx: torch drops this row's gradient")


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


# ── frames ────────────────────────────────────────────────────────────────────────────────────


def a_step(session: FakeSession, step: int = 1) -> FakeShown:
    """Row 3 was touched, row 4 moved without a gradient."""
    assert session.shown is not None
    rows = session.shown.rows.copy()
    rows[3:5] -= np.float32(0.25)
    one = np.ones(1, np.float32)
    return FakeShown(step, step - 1, rows, ids(3), one, ids(3, 4), np.ones(2, np.float32))


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
    assert text(panel, "tableTitle") == "Table 8 × 5 · float64 · trainable"
    assert session.selection == (3,)
    assert panel.view.picked == {3}
    assert panel.view.isColumnHidden(ID)
    assert panel.view.isColumnHidden(TOKEN)


# ── linked ────────────────────────────────────────────────────────────────────────────────────


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


def test_more_rows_than_can_be_picked_are_not_dropped_in_silence(qtbot: QtBot) -> None:
    session = large_session(20_000, 3)
    panel = open_panel(qtbot, session)
    panel.view.selectAll()
    assert len(session.selection) == 10_000
    assert panel.view.picked == set(session.selection)
    assert (
        text(panel, "tableReadout") == "10,000 tokens can be picked at once; these are the first."
    )


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


# ── editing ───────────────────────────────────────────────────────────────────────────────────


def test_a_typed_number_is_entered(panel: TablePanel, session: FakeSession) -> None:
    editor = edit(panel, 3, FIRST_VALUE + 1)
    assert editor.text() == "0.5"
    assert editor.accessibleName() == "you (id 3), column 1: 0.5"
    editor.selectAll()
    QTest.keyClicks(editor, "0.25")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(0)
    assert session.cells == [(3, 1, 0.25)]


def test_the_pad_row_can_be_edited_too(panel: TablePanel, session: FakeSession) -> None:
    panel.view.setCurrentIndex(panel.view.model().index(1, FIRST_VALUE))
    QTest.keyClick(panel.view, Qt.Key.Key_F2)
    editor = panel.view.findChild(QLineEdit, "cellEdit")
    QTest.keyClicks(editor, "1")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(0)
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
    QTest.qWait(0)
    assert text(panel, "tableReadout") == sentence
    assert editor.isVisible()
    assert session.cells == []
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QTest.qWait(0)
    assert session.cells == []


def test_frames_do_not_overwrite_what_is_being_typed(
    panel: TablePanel, session: FakeSession
) -> None:
    editor = edit(panel, 3, FIRST_VALUE)
    QTest.keyClicks(editor, "0.7")
    session.show(a_step(session))
    assert editor.text() == "0.7"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(0)
    assert session.cells == [(3, 0, 0.7)]


def test_an_untouched_editor_changes_nothing(panel: TablePanel, session: FakeSession) -> None:
    editor = edit(panel, 3, FIRST_VALUE)
    session.show(a_step(session))
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(0)
    assert session.cells == []


# ── taking away ───────────────────────────────────────────────────────────────────────────────


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
