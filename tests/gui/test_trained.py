"""What a step trained on: every example, linked, and never of two steps at once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.canvas.example_pieces import Examples
from gui.canvas.flow import Flow, Sized, Spaces
from gui.elided_label import ElidedLabel
from gui.panels.trained import MOST_DRAWN, MOST_DRAWN_RUNNING, TrainedPanel
from gui.panels.trained_view import TrainedView
from gui.session import State
from tests.gui.run_session import RunSession, RunShown, trained

CODE, YOU, KNOW, TO, NEED, HOW = range(2, 8)


@pytest.fixture
def session() -> RunSession:
    return RunSession()


@pytest.fixture
def panel(session: RunSession, qtbot: QtBot) -> TrainedPanel:
    panel = TrainedPanel(session)
    qtbot.addWidget(panel)
    panel.resize(480, 160)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def view(panel: TrainedPanel) -> TrainedView:
    return panel.findChild(TrainedView)


def title(panel: TrainedPanel) -> str:
    return panel.findChild(QLabel, "trainedTitle").text()


def read(panel: TrainedPanel) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in view(panel).pieces]


def centre(panel: TrainedPanel, piece: int) -> QPoint:
    return view(panel).rect_of(piece).center()


def test_before_the_first_step_nothing_is_claimed(panel: TrainedPanel) -> None:
    assert title(panel) == "What the step trained on"
    assert read(panel) == []
    assert view(panel).accessibleDescription().startswith("Press Step")


def test_of_a_step_as_stored_it_is_said_that_nobody_knows(
    panel: TrainedPanel, session: RunSession
) -> None:
    session.shown = RunShown(1_400, done=False)
    session.frameShown.emit()
    told = "What step 1,400 trained on was not stored"
    assert view(panel).accessibleDescription() == told


def test_next_word(panel: TrainedPanel, session: RunSession) -> None:
    session.show_trained(12, trained([YOU, NEED], [NEED, TO]))
    assert title(panel) == "Step 12 trained on 2 examples"
    assert read(panel) == [
        ("input", "you"), ("arrow", "→"), ("target", "need"),
        ("input", "need"), ("arrow", "→"), ("target", "to"),
    ]  # fmt: skip


def test_one_example_is_not_called_examples(panel: TrainedPanel, session: RunSession) -> None:
    session.show_trained(1, trained([YOU], [NEED]))
    assert title(panel) == "Step 1 trained on 1 example"


def test_cbow_shows_pads_where_the_window_leaves_the_sentence(
    panel: TrainedPanel, session: RunSession
) -> None:
    session.config = replace(
        session.config, objective=replace(session.config.objective, name="cbow")
    )
    session.show_trained(3, trained([[1, NEED]], [YOU], mask=[[False, True]]))
    assert read(panel) == [("pad", ""), ("input", "need"), ("arrow", "→"), ("target", "you")]


def test_a_pad_token_that_is_not_masked_is_a_token(
    panel: TrainedPanel, session: RunSession
) -> None:
    session.show_trained(3, trained([[1, NEED]], [YOU], mask=[[True, True]]))
    assert read(panel)[0] == ("input", "<pad>")


def test_skip_gram_shows_its_negatives(panel: TrainedPanel, session: RunSession) -> None:
    session.show_trained(3, trained([YOU], [NEED], negatives=[[TO, HOW]]))
    assert read(panel)[2:] == [("target", "need"), ("negative", "to"), ("negative", "how")]


def test_sentence_label_names_the_label(panel: TrainedPanel, session: RunSession) -> None:
    session.label_names = ("good", "bad")
    objective = replace(session.config.objective, name="sentence-label")
    session.config = replace(session.config, objective=objective)
    session.show_trained(3, trained([[YOU, 1], [TO, KNOW]], [1, 0], mask=[[True, False]] * 2))
    labels = [text for kind, text in read(panel) if kind == "label"]
    assert labels == ["bad", "good"]


def test_a_label_that_is_gone_keeps_its_number(session: RunSession) -> None:
    examples = Examples(trained([YOU], [2]), session.vocabulary, ("good", "bad"))
    assert examples.pieces(0)[-1].text == "2"


def test_settings_of_the_next_run_do_not_change_what_this_step_is_said_to_have_done(
    panel: TrainedPanel, session: RunSession
) -> None:
    session.show_trained(3, trained([YOU], [NEED]))
    objective = replace(session.config.objective, name="sentence-label")
    session.config = replace(session.config, objective=objective)
    session.stateChanged.emit()
    assert read(panel)[-1] == ("target", "need")
    assert panel.findChild(ElidedLabel, "trainedKind").text() == "word → next word"


# ── linked ────────────────────────────────────────────────────────────────────────────────────


def test_the_pointer_on_a_chip_is_on_its_token_everywhere(
    panel: TrainedPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.show_trained(3, trained([YOU], [NEED]))
    port = view(panel).viewport()
    qtbot.mouseMove(port, centre(panel, 2))
    qtbot.waitUntil(lambda: session.hovered == NEED)
    qtbot.mouseMove(port, centre(panel, 1))
    qtbot.waitUntil(lambda: session.hovered is None)


def test_a_click_picks_and_a_click_with_control_picks_more(
    panel: TrainedPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.show_trained(3, trained([YOU], [NEED]))
    port, left = view(panel).viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(port, left, pos=centre(panel, 0))
    assert session.selection == (YOU,)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(port, left, control, centre(panel, 2))
    assert session.selection == (YOU, NEED)
    qtbot.mouseClick(port, left, control, centre(panel, 0))
    assert session.selection == (NEED,)


def test_the_keyboard_reaches_every_token_and_tells_of_it(
    panel: TrainedPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.show_trained(3, trained([YOU], [NEED]))
    chips = view(panel)
    qtbot.keyClick(chips, Qt.Key.Key_Right)
    assert chips.accessibleDescription() == "you, id 3: looked up"
    qtbot.keyClick(chips, Qt.Key.Key_Right)  # past the arrow
    assert chips.accessibleDescription() == "need, id 6: to be predicted"
    qtbot.keyClick(chips, Qt.Key.Key_Return)
    assert session.selection == (NEED,)
    qtbot.keyClick(chips, Qt.Key.Key_Left)
    assert chips.accessibleDescription().startswith("you")


def test_a_picked_chip_looks_picked(panel: TrainedPanel, session: RunSession) -> None:
    session.show_trained(3, trained([YOU], [NEED]))
    before = view(panel).grab().toImage()
    session.select((YOU,))
    assert view(panel).grab().toImage() != before


# ── much of it ────────────────────────────────────────────────────────────────────────────────


def rest(panel: TrainedPanel) -> str:
    return panel.findChild(QLabel, "trainedRest").text()


def test_what_does_not_fit_is_counted_and_can_be_scrolled_to(
    panel: TrainedPanel, session: RunSession
) -> None:
    session.show_trained(3, trained([YOU] * 200, [NEED] * 200))
    below = view(panel).below
    assert 100 < below < 200
    assert rest(panel) == f"{below} more"
    bar = view(panel).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert view(panel).below == 0
    assert rest(panel) == ""


def test_what_is_not_drawn_is_said(panel: TrainedPanel, session: RunSession) -> None:
    count = MOST_DRAWN + 5
    session.show_trained(3, trained([YOU] * count, [NEED] * count))
    assert rest(panel).endswith(" more, 5 of them not drawn")
    assert len(view(panel).pieces) == 3 * MOST_DRAWN


def test_all_is_drawn_as_soon_as_it_pauses(
    panel: TrainedPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.state = State.RUNNING
    session.show_trained(3, trained([YOU] * 500, [NEED] * 500))
    assert len(view(panel).pieces) == 3 * MOST_DRAWN_RUNNING
    session.state = State.PAUSED
    session.stateChanged.emit()
    assert len(view(panel).pieces) == 3 * 500


def test_the_step_it_stops_at_is_the_step_it_shows(
    panel: TrainedPanel, session: RunSession, qtbot: QtBot
) -> None:
    for step in range(1, 30):
        session.show_trained(step, trained([YOU], [NEED]))
    qtbot.waitUntil(lambda: title(panel).startswith("Step 29 "))


# ── where pieces stand ────────────────────────────────────────────────────────────────────────

SPACES = Spaces(width=100, line=10, between_pieces=2, between_groups=20, between_lines=5)


def test_pieces_and_groups_side_by_side() -> None:
    flow = Flow([[Sized(10), Sized(20)], [Sized(30)]], SPACES)
    # 0; 10 + 2 = 12; 12 + 20 + 20 = 52
    assert [flow.rect(piece).left() for piece in range(3)] == [0, 12, 52]
    assert flow.height == 10


def test_a_group_that_does_not_fit_begins_a_line() -> None:
    flow = Flow([[Sized(60)], [Sized(30), Sized(30)]], SPACES)
    # 60 + 20 + 62 > 100
    assert [flow.rect(piece).topLeft().toTuple() for piece in range(3)] == [
        (0, 0),
        (0, 15),
        (32, 15),
    ]


def test_an_arrow_never_ends_a_line() -> None:
    flow = Flow([[Sized(80), Sized(10, glued=True), Sized(30)]], SPACES)
    # the arrow alone would fit: 82 + 10 ≤ 100
    assert [flow.rect(piece).top() for piece in range(3)] == [0, 15, 15]


@given(st.lists(st.lists(st.integers(1, 150), min_size=1, max_size=8), max_size=20))
def test_no_piece_lies_on_another_or_outside(groups: list[list[int]]) -> None:
    flow = Flow([[Sized(width) for width in group] for group in groups], SPACES)
    rects = [flow.rect(piece) for piece in range(len(flow))]
    assert all(rect.right() < SPACES.width and rect.bottom() < flow.height for rect in rects)
    assert all(
        after.top() > before.top() or after.left() > before.right()
        for before, after in pairwise(rects)
    )
    for piece, rect in enumerate(rects):
        assert flow.at(rect.center()) == piece
        assert piece in list(flow.between(rect.top(), rect.bottom()))
