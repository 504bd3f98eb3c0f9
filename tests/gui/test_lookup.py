"""The Lookup tab: the product is multiplied and equal, and what spoils it is explained."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.vocabulary import Vocabulary
from gui.canvas.lookup_view import LookupView
from gui.canvas.matrix import FEWEST_ROWS, MatrixSizes, least_height, place
from gui.canvas.one_hot_product import CELLS_AT_ONCE, multiply, multiply_at_once
from gui.live_run import State
from gui.panels.lookup import LookupPanel
from tests.gui.text_session import WORDS, TextSession

LEFT = Qt.MouseButton.LeftButton
SIZES = MatrixSizes(line=18, figure=8, one_hot_cell=12, number_cell=86, sign=70, more=60)


@pytest.fixture
def session() -> TextSession:
    session = TextSession()
    session.set_line("need to run")
    return session


@pytest.fixture
def panel(qtbot: QtBot, session: TextSession) -> LookupPanel:
    return shown_panel(qtbot, session)


def shown_panel(qtbot: QtBot, session: TextSession) -> LookupPanel:
    panel = LookupPanel(session)
    qtbot.addWidget(panel)
    panel.resize(600, 420)
    panel.show()
    return panel


def large_session() -> TextSession:
    """A table of three parts."""
    rows = np.zeros((3 * CELLS_AT_ONCE // 64, 64), np.float32)
    rows[:, 0] = np.arange(len(rows))
    session = TextSession(rows=rows)
    words = (*WORDS, *(f"word{number}" for number in range(len(WORDS), len(rows))))
    session.vocabulary = Vocabulary.from_tokens(words)
    session.select((20_000,))
    return session


def view_of(panel: LookupPanel) -> LookupView:
    view = panel.findChild(LookupView, "lookupView")
    assert view is not None
    return view


def text_of(panel: LookupPanel, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert label is not None
    return label.text()


# ── the product ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(id=st.integers(0, 6), seed=st.integers(0, 99))
def test_the_product_is_the_row_to_the_bit(dtype: type, id: int, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(7, 5)).astype(dtype)
    product = multiply_at_once(rows, id)
    assert product.product.dtype == dtype
    assert np.array_equal(product.product, rows[id])
    assert product.largest_difference == 0


def test_a_large_product_comes_in_parts_and_is_the_same() -> None:
    rows = np.random.default_rng(0).normal(size=(3 * CELLS_AT_ONCE // 64, 64))
    parts = multiply(rows, 20_000)
    assert sum(1 for _ in parts) == 3
    assert np.array_equal(multiply_at_once(rows, 20_000).product, rows[20_000])


@pytest.mark.parametrize("spoiler", [np.nan, np.inf, -np.inf])
def test_one_broken_row_spoils_its_column_for_every_token(spoiler: float) -> None:
    rows = np.ones((5, 3), np.float32)
    rows[2, 1] = spoiler
    for id in (0, 1, 3, 4):
        product = multiply_at_once(rows, id)
        # 0 × NaN and 0 × Inf are NaN; the other columns are not touched.
        assert np.array_equal(np.isnan(product.product), [False, True, False])
        assert product.first_broken == 2
        assert np.array_equal(product.lookup, [1, 1, 1])
        assert np.isnan(product.largest_difference)


def test_the_first_broken_row_is_found_in_a_later_part() -> None:
    rows = np.ones((3 * CELLS_AT_ONCE // 64, 64), np.float32)
    rows[20_003, 63] = np.nan
    rows[24_000, 0] = np.inf
    assert multiply_at_once(rows, 1).first_broken == 20_003


# ── the panel ─────────────────────────────────────────────────────────────────────────────────


def test_the_article_is_told_to_the_digit(panel: LookupPanel) -> None:
    assert view_of(panel).accessibleDescription() == (
        "table[6], the row of need: 0.1 0.8 0.9. Largest |difference|: 0."
    )
    assert "by 8 × 3 multiplications" in text_of(panel, "lookupLesson")


def test_the_picked_token_is_shown_else_the_first_typed(
    panel: LookupPanel, session: TextSession
) -> None:
    assert panel.id == 6
    session.select((2, 5))
    assert panel.id == 5
    session.select(())
    session.set_line("how")
    assert panel.id == 7
    session.set_line("")
    assert panel.id == 0


def test_a_broken_row_is_explained(panel: LookupPanel, session: TextSession) -> None:
    rows = session.shown.rows.copy()
    rows[5, 1] = np.nan
    session.show_rows(rows)
    assert text_of(panel, "lookupFindings").startswith("Row 5 (to) holds NaN or Inf.")
    assert not panel.grab().isNull()


def test_a_hidden_tab_multiplies_nothing_until_it_is_shown(
    qtbot: QtBot, session: TextSession
) -> None:
    panel = LookupPanel(session)
    qtbot.addWidget(panel)
    session.frameShown.emit()
    assert view_of(panel).places is None
    panel.show()
    assert view_of(panel).places is not None


def test_a_large_table_says_which_part_is_drawn(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot, large_session())
    findings = panel.findChild(QLabel, "lookupFindings")
    assert findings is not None
    qtbot.waitUntil(lambda: "Largest |difference|: 0." in findings.text())
    places = view_of(panel).places
    assert places is not None
    assert 20_000 in places.rows
    part = f"rows {places.rows.start:,} to {places.rows.stop - 1:,} of 24,576"
    assert part in findings.text()


def test_a_large_product_waits_for_a_pause(qtbot: QtBot) -> None:
    session = large_session()
    session.state = State.RUNNING
    panel = shown_panel(qtbot, session)
    findings = panel.findChild(QLabel, "lookupFindings")
    assert findings is not None
    session.frameShown.emit()
    assert "difference" not in findings.text()
    session.state = State.PAUSED
    session.stateChanged.emit()
    qtbot.waitUntil(lambda: "Largest |difference|: 0." in findings.text())


def test_a_new_frame_is_never_mixed_with_the_one_before(qtbot: QtBot) -> None:
    session = large_session()
    panel = shown_panel(qtbot, session)
    rows = session.shown.rows + np.float32(0.5)
    session.shown.rows[:] = np.nan  # the engine may write into the old buffer from now on
    session.show_rows(rows)
    findings = panel.findChild(QLabel, "lookupFindings")
    assert findings is not None
    qtbot.waitUntil(lambda: "Largest |difference|: 0." in findings.text())
    assert "row of word20000: 20000.5 " in view_of(panel).accessibleDescription()


def test_no_table_yet(qtbot: QtBot) -> None:
    session = TextSession()
    session.shown = None
    panel = shown_panel(qtbot, session)
    assert text_of(panel, "lookupLesson") == "The table is not there yet."
    assert not panel.grab().isNull()


# ── mouse and keys ────────────────────────────────────────────────────────────────────────────


def test_rows_are_linked_and_picked(panel: LookupPanel, session: TextSession) -> None:
    view = view_of(panel)
    places = view.places
    assert places is not None
    height = places.product.height()
    at = places.table.topLeft() + QPoint(5, (4 - places.rows.start) * height + 3)
    QTest.mouseMove(view, at)
    assert session.hovered == 4
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert session.hovered is None
    QTest.mouseClick(view, LEFT, pos=at)
    assert session.selection == (4,)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert session.selection == (5,)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert session.selection == (4,)


def test_the_exact_value_under_the_mouse_is_named(panel: LookupPanel) -> None:
    view = view_of(panel)
    places = view.places
    assert places is not None
    height = places.product.height()
    row_2 = places.table.topLeft() + QPoint(5, (2 - places.rows.start) * height + 3)
    corner = QPoint(3, 3)
    assert view.value_at(row_2) == "table[2, 0] = 0.2"
    assert view.value_at(places.product.bottomRight() - corner) == "(one-hot(6) × table)[2] = 0.9"
    assert view.value_at(places.lookup.topLeft() + corner) == "table[6, 0] = 0.1"
    assert view.value_at(places.difference.topLeft() + corner) == "difference[0] = 0"
    assert view.value_at(places.one_hot.topLeft() + corner).endswith("] = 0")
    assert view.value_at(QPoint(0, 0)) == ""


# ── places ────────────────────────────────────────────────────────────────────────────────────


def test_cells_have_room_for_the_numbers_of_other_rows_too(qtbot: QtBot) -> None:
    rows = np.zeros((8, 3), np.float32)
    usual = view_of(shown_panel(qtbot, TextSession(rows=rows))).places
    rows[7] = -1.2345678e-05
    longer = TextSession(rows=rows)
    longer.select((3,))
    places = view_of(shown_panel(qtbot, longer)).places
    assert usual is not None
    assert places is not None
    assert places.columns == usual.columns
    assert places.table.width() > usual.table.width()


@given(
    width=st.integers(320, 2000),
    height=st.integers(least_height(SIZES), 900),
    count=st.integers(1, 1_000_000),
    dimension=st.integers(1, 4096),
    share=st.floats(0, 1),
)
def test_the_picked_row_is_always_drawn_and_nothing_leaves_the_view(
    width: int, height: int, count: int, dimension: int, share: float
) -> None:
    id = int(share * (count - 1))
    places = place(width, height, (count, dimension), id, SIZES)
    assert id in places.rows
    assert places.rows.start >= 0
    assert places.rows.stop <= count
    assert len(places.rows) >= min(FEWEST_ROWS, count)
    assert places.difference.bottom() < height
    assert places.table.right() < width
    assert places.one_hot.left() >= 0


def test_the_article_fits_whole_into_434_by_250() -> None:
    # (8 + 5) × 18 + 2 × 8 = 250 px high;
    # 8 × 12 + 70 = 166 px at the left, and (434 − 166 − 3) / 3 = 88 px a column: 86 are wanted.
    places = place(434, 250, (8, 3), 6, SIZES)
    assert (places.rows, places.columns) == (range(8), range(3))
    assert places.table.width() == 3 * 86
