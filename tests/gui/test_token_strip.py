"""The token cards: what they say, what a click and a key do, and that nothing is out of reach."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.vocabulary import Vocabulary
from gui.canvas.card_faces import CardFaces
from gui.panels.token_strip import TokenStrip
from tests.gui.text_session import WORDS, TextSession, ids

CONTROL = Qt.KeyboardModifier.ControlModifier
NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def session() -> TextSession:
    session = TextSession()
    session.set_line("you need to run")
    return session


@pytest.fixture
def strip(qtbot: QtBot, session: TextSession) -> TokenStrip:
    return shown_strip(qtbot, session)


def shown_strip(qtbot: QtBot, session: TextSession, width: int = 600) -> TokenStrip:
    strip = TokenStrip(session)
    qtbot.addWidget(strip)
    strip.resize(width, strip.sizeHint().height())
    strip.show()
    return strip


def faces_of(session: TextSession) -> CardFaces:
    faces = CardFaces(session, session)
    faces.read()
    return faces


def click(strip: TokenStrip, place: QPointF, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mouseClick(strip.viewport(), LEFT, modifiers, place.toPoint())


# ── what the cards say ────────────────────────────────────────────────────────────────────────


def test_the_article_to_the_digit(session: TextSession) -> None:
    faces = faces_of(session)
    cards = [faces.face(token, 3) for token in session.line_tokens]
    assert [(card.token, card.id_line, card.lines) for card in cards] == [
        ("you", "id 3", ("0.1", "0.5", "0.7")),
        ("need", "id 6", ("0.1", "0.8", "0.9")),
        ("to", "id 5", ("0.4", "0.1", "0.1")),
        ("run", "→ <unk>  id 0", ("0", "0", "0")),
    ]
    assert [card.button for card in cards] == ["", "", "", "Add to sentences"]


@pytest.mark.parametrize(
    ("dtype", "text"),
    [(np.float16, "0.1"), (np.float32, "0.1"), (np.float64, "0.1")],
)
def test_numbers_are_the_shortest_of_their_own_dtype(dtype: type, text: str) -> None:
    session = TextSession(rows=np.full((8, 3), 0.1, dtype))
    session.set_line("you")
    assert faces_of(session).face(session.line_tokens[0], 3).lines == (text, text, text)


def test_numbers_that_do_not_fit_are_counted(session: TextSession) -> None:
    face = faces_of(session).face(session.line_tokens[0], 2)
    assert (face.lines, face.more) == (("0.1",), "… 2 more")


def test_touched_is_not_moved(session: TextSession) -> None:
    rows = session.shown.rows
    # 3 got a gradient and moved, 5 got one and stayed, 6 moved without one, 0 did neither.
    session.show_rows(rows, touched_ids=ids(3, 5), moved_ids=ids(3, 6))
    faces = faces_of(session)
    marks = [(f.id_line, f.touched, f.moved) for f in map(faces.face, session.line_tokens, [3] * 4)]
    assert marks == [
        ("id 3", True, False),
        ("id 6", False, True),
        ("id 5", True, False),
        ("→ <unk>  id 0", False, False),
    ]


def test_pad_is_marked() -> None:
    session = TextSession()
    session.set_line("<pad> to")
    faces = faces_of(session)
    assert [faces.face(token, 3).pad for token in session.line_tokens] == [True, False]
    table = replace(session.config.table, padding_idx=None)  # an ordinary row, which is trained
    session.config = replace(session.config, table=table)
    assert not any(faces.face(token, 3).pad for token in session.line_tokens)


def test_a_word_whose_row_is_still_to_come() -> None:
    session = TextSession()
    session.vocabulary = Vocabulary.from_tokens((*WORDS, "new"))
    session.set_line("new")
    face = faces_of(session).face(session.line_tokens[0], 3)
    assert (face.id_line, face.lines, face.more) == ("id 8", (), "no row yet")


def test_no_table_yet(qtbot: QtBot) -> None:
    session = TextSession()
    session.shown = None
    session.set_line("you run")
    strip = shown_strip(qtbot, session)
    assert not strip.grab().isNull()


def test_a_row_that_is_not_finite(qtbot: QtBot) -> None:
    rows = np.array([[np.nan, np.inf, -np.inf]] * 8, np.float32)
    session = TextSession(rows=rows)
    session.set_line("you")
    assert faces_of(session).face(session.line_tokens[0], 3).lines == ("NaN", "Inf", "-Inf")
    assert not shown_strip(qtbot, session).grab().isNull()


def test_the_colours_change_with_the_row(strip: TokenStrip, session: TextSession) -> None:
    before = strip.grab().toImage()
    rows = session.shown.rows.copy()
    rows[3] = -rows[3]
    session.show_rows(rows)
    assert strip.grab().toImage() != before


# ── mouse ─────────────────────────────────────────────────────────────────────────────────────


def test_a_click_picks_and_control_adds_or_takes_away(
    strip: TokenStrip, session: TextSession
) -> None:
    click(strip, strip.card_rect(1).center())
    assert session.selection == (6,)
    click(strip, strip.card_rect(2).center(), CONTROL)
    assert session.selection == (6, 5)
    click(strip, strip.card_rect(1).center(), CONTROL)
    assert session.selection == (5,)


def test_the_button_adds_the_token_and_picks_nothing(
    strip: TokenStrip, session: TextSession
) -> None:
    click(strip, strip.button_rect(3).center())
    assert ("add_to_sentences", "run") in session.calls
    assert session.selection == ()


def test_a_known_card_has_no_button(strip: TokenStrip, session: TextSession) -> None:
    click(strip, strip.button_rect(0).center())
    assert session.selection == (3,)


def test_hover_reaches_the_session_once_a_card(strip: TokenStrip, session: TextSession) -> None:
    first, second = strip.card_rect(0).center().toPoint(), strip.card_rect(1).center().toPoint()
    for place in (first, first + QPoint(3, 3), second):
        QTest.mouseMove(strip.viewport(), place)
    QApplication.sendEvent(strip.viewport(), QEvent(QEvent.Type.Leave))
    assert [what for name, what in session.calls if name == "hover"] == [3, 6, None]


def test_one_id_twice_lights_up_twice(session: TextSession) -> None:
    session.set_line("to you to run go")
    session.hovered = 5
    faces = faces_of(session)
    hovered = [faces.face(token, 3).hovered for token in session.line_tokens]
    assert hovered == [True, False, True, False, False]
    session.hovered = 0  # two words that are unknown share row 0
    assert [faces.face(token, 3).hovered for token in session.line_tokens][3:] == [True, True]


def test_between_the_cards_there_is_none(strip: TokenStrip) -> None:
    gap = strip.card_rect(0).right() + 2
    assert strip.index_at(QPointF(gap, 20)) == -1
    assert strip.index_at(QPointF(gap + 20, 20)) == 1
    assert strip.index_at(strip.card_rect(3).center() + QPointF(500, 0)) == -1


def test_the_tooltip_has_the_numbers_that_do_not_fit() -> None:
    session = TextSession(rows=np.arange(8 * 50, dtype=np.float32).reshape(8, 50))
    session.set_line("you")
    texts = faces_of(session).tooltip(session.line_tokens[0], 100).split()
    # Row 3 begins at 3 · 50 = 150; 48 of its 50 numbers are told.
    assert texts[:51] == ["you", "id", "3", *(str(value) for value in range(150, 198))]
    assert texts[51:] == ["and", "2", "more"]


# ── keys ──────────────────────────────────────────────────────────────────────────────────────


def test_keys_choose_pick_and_add(strip: TokenStrip, session: TextSession) -> None:
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.current == 1
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert session.selection == (6,)
    QTest.keyClick(strip, Qt.Key.Key_A)
    assert "add_to_sentences" not in dict(session.calls)
    QTest.keyClick(strip, Qt.Key.Key_End)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.current == 3
    QTest.keyClick(strip, Qt.Key.Key_A)
    assert ("add_to_sentences", "run") in session.calls
    QTest.keyClick(strip, Qt.Key.Key_Home)
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert strip.current == 0


@pytest.mark.parametrize(
    ("key", "modifiers", "own"),
    [
        (Qt.Key.Key_Right, NO_KEY, True),
        (Qt.Key.Key_Return, NO_KEY, True),
        (Qt.Key.Key_Right, CONTROL, False),
        (Qt.Key.Key_Return, CONTROL, False),
        (Qt.Key.Key_A, CONTROL, False),
        (Qt.Key.Key_Space, NO_KEY, False),
    ],
)
def test_only_its_own_keys_are_kept_from_the_window(
    strip: TokenStrip, key: Qt.Key, modifiers: Qt.KeyboardModifier, own: bool
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    event.ignore()
    QApplication.sendEvent(strip, event)
    assert event.isAccepted() is own


def test_the_current_card_is_told(strip: TokenStrip, session: TextSession) -> None:
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.accessibleDescription() == "need, id 6, row 0.1 0.8 0.9"
    rows = session.shown.rows.copy()
    rows[6, 0] = -0.25
    session.show_rows(rows)
    assert strip.accessibleDescription() == "need, id 6, row -0.25 0.8 0.9"
    QTest.keyClick(strip, Qt.Key.Key_End)
    assert strip.accessibleDescription().startswith("run, unknown, id 0, row 0 0 0")
    session.set_line("")
    assert strip.accessibleDescription() == "No token is typed."
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert session.selection == ()


# ── room ──────────────────────────────────────────────────────────────────────────────────────


def test_the_last_card_is_reached_by_the_scroll_bar(qtbot: QtBot, session: TextSession) -> None:
    session.set_line("to " * 50 + "code")
    strip = shown_strip(qtbot, session)
    bar = strip.horizontalScrollBar()
    assert bar.isVisible()
    bar.setValue(bar.maximum())
    assert strip.card_rect(50).right() == strip.viewport().width()
    QTest.keyClick(strip, Qt.Key.Key_Home)
    assert strip.card_rect(0).left() == 0
    QTest.keyClick(strip, Qt.Key.Key_End)
    assert strip.card_rect(50).right() == strip.viewport().width()


def test_cards_stand_as_high_as_the_view_and_no_higher(qtbot: QtBot) -> None:
    session = TextSession(rows=np.ones((8, 300), np.float32))
    session.set_line("you " * 40)
    strip = shown_strip(qtbot, session)
    for height in (strip.sizeHint().height(), 400):
        strip.resize(600, height)
        card = strip.card_rect(0)
        assert height - 50 < card.height() <= strip.viewport().height()


def test_in_a_view_that_is_too_low_cards_scroll(qtbot: QtBot, session: TextSession) -> None:
    strip = shown_strip(qtbot, session)
    strip.setMaximumHeight(70)
    bar = strip.verticalScrollBar()
    qtbot.waitUntil(bar.isVisible)
    assert strip.card_rect(0).top() == 0
    bar.setValue(bar.maximum())
    assert strip.card_rect(0).bottom() == pytest.approx(strip.viewport().height(), abs=1)


def test_cards_widen_for_long_numbers_and_stay_so(strip: TokenStrip, session: TextSession) -> None:
    rows = session.shown.rows
    width = strip.card_rect(0).width()
    session.show_rows(np.full_like(rows, -0.00012345678))
    wide = strip.card_rect(0).width()
    assert wide > width
    session.show_rows(rows)
    assert strip.card_rect(0).width() == wide
    session.runStarted.emit()
    assert strip.card_rect(0).width() == width


def test_a_sign_takes_no_room_from_the_figures(strip: TokenStrip, session: TextSession) -> None:
    # Both have eleven characters, but a sign stands left of the figures, in its own place.
    session.show_rows(np.full_like(session.shown.rows, -0.30226925))
    narrow = strip.card_rect(0).width()
    session.show_rows(np.full_like(session.shown.rows, 0.099017635))
    assert strip.card_rect(0).width() > narrow


def test_a_long_token_is_cut_and_its_tooltip_is_not(qtbot: QtBot) -> None:
    session = TextSession()
    session.set_line("x" * 5000)
    strip = shown_strip(qtbot, session)
    assert strip.card_rect(0).width() < 300
    faces = faces_of(session)
    assert "x" * 5000 in faces.tooltip(session.line_tokens[0], 100)
    assert not strip.grab().isNull()
