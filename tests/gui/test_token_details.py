"""The details of one token, at exactly the step on screen."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from core.config import ObjectiveConfig
from gui.panels.token_details import TokenDetailsPanel
from gui.theme import DARK, LIGHT, apply_theme, heat_colour
from tests.gui.table_session import FakeSession, FakeShown, article_session, ids


@pytest.fixture
def session() -> FakeSession:
    return article_session()


@pytest.fixture
def panel(qtbot: QtBot, session: FakeSession) -> TokenDetailsPanel:
    made = TokenDetailsPanel(session)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


def text(panel: QWidget, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert label is not None
    return label.text()


def floats(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def vector(panel: QWidget) -> list[list[str]]:
    model = panel.findChild(QTableView, "detailsVector").model()
    return [[model.index(i, j).data() for j in range(2)] for i in range(model.rowCount())]


def test_with_nothing_picked_it_says_what_to_do(panel: TokenDetailsPanel) -> None:
    assert panel.findChild(QLabel, "detailsEmpty").isVisible()
    assert text(panel, "detailsEmpty") == "Click a token anywhere to see its numbers here."


def test_the_last_picked_token_wins_over_the_hovered_one(
    panel: TokenDetailsPanel, session: FakeSession
) -> None:
    session.hover(6)
    assert text(panel, "detailsTitle") == "need  (id 6)"
    session.select((4, 3))
    assert text(panel, "detailsTitle") == "you  (id 3)"
    session.select(())
    session.hover(None)
    assert panel.findChild(QLabel, "detailsEmpty").isVisible()


def test_a_token_from_right_to_left_keeps_its_id_behind_it(
    panel: TokenDetailsPanel, session: FakeSession
) -> None:
    session.vocabulary = session.vocabulary.with_sentences(["בוקר"])
    session.show(FakeShown(0, 0, np.zeros((9, 3), np.float32)))
    session.select((8,))
    title = panel.findChild(QLabel, "detailsTitle")
    assert title.text() == "\u200eבוקר\u200e  (id 8)"
    assert (
        QTextDocument(title.text()).firstBlock().textDirection() == Qt.LayoutDirection.LeftToRight
    )


def test_before_the_first_step(panel: TokenDetailsPanel, session: FakeSession) -> None:
    session.select((3,))
    # √(0.1² + 0.5² + 0.7²) = √0.75 = 0.8660
    assert text(panel, "detailsFacts") == (
        "Once in the sentences · Norm ≈ 0.866\nNo step yet, so no gradient."
    )
    assert vector(panel) == [["0.1", None], ["0.5", None], ["0.7", None]]
    assert panel.findChild(QTableView, "detailsVector").isColumnHidden(1)


def test_a_row_of_zeros_has_a_norm_of_exactly_zero(
    panel: TokenDetailsPanel, session: FakeSession
) -> None:
    session.select((1,))
    assert " · Norm 0\n" in text(panel, "detailsFacts")


def test_counts_come_from_the_sentences(panel: TokenDetailsPanel, session: FakeSession) -> None:
    session.vocabulary = session.vocabulary.with_sentences(["to code to run to jump"])
    for id_, expected in [
        (0, "Unknown words in the sentences: 0"),
        (1, "Not in the sentences"),
        (2, "Once in the sentences"),
        (5, "3 times in the sentences"),
        (7, "No longer in the sentences; its row stays"),
    ]:
        session.select((id_,))
        assert text(panel, "detailsFacts").startswith(expected + " · "), id_


def stepped(session: FakeSession) -> FakeShown:
    """Step 12: row 3 had a gradient and moved, row 4 moved alone, row 6 only had a gradient."""
    assert session.shown is not None
    return FakeShown(
        12,
        11,
        session.shown.rows,
        touched_ids=ids(3, 6),
        gradient_norms=floats(5.0, 2.0),
        moved_ids=ids(3, 4),
        moved_by=floats(0.5, 0.125),
        gradients={3: floats(3.0, 0.0, -4.0), 4: floats(0.0, 0.0, 0.0)},
    )


def test_a_gradient_and_a_move(panel: TokenDetailsPanel, session: FakeSession) -> None:
    session.select((3,))
    session.show(stepped(session))
    # ‖(3, 0, −4)‖ = √(9 + 16) = 5
    assert text(panel, "detailsFacts").splitlines()[1:] == [
        "Gradient in step 12: norm 5",
        "Moved by 0.5 in step 12.",
    ]
    assert vector(panel) == [["0.1", "3"], ["0.5", "0"], ["0.7", "-4"]]
    assert not panel.findChild(QTableView, "detailsVector").isColumnHidden(1)


@pytest.mark.parametrize(
    ("id_", "sentences"),
    [
        (1, ["padding_idx: its gradient is dropped.", "Did not move in step 12."]),
        (
            4,
            [
                "No gradient in step 12.",
                (
                    "Moved by 0.125 in step 12 without a gradient: by the optimizer (momentum, "
                    "weight decay) or by hand."
                ),
            ],
        ),
        (5, ["No gradient in step 12.", "Did not move in step 12."]),
        (6, ["Gradient in step 12: norm 2", "Did not move in step 12."]),
    ],
)
def test_touched_and_moved_are_not_the_same(
    panel: TokenDetailsPanel, session: FakeSession, id_: int, sentences: list[str]
) -> None:
    session.show(stepped(session))
    session.select((id_,))
    assert text(panel, "detailsFacts").splitlines()[1:] == sentences


def test_padding_idx_drops_no_gradient_by_tied_output_weights(
    panel: TokenDetailsPanel, session: FakeSession
) -> None:
    session.config = replace(session.config, objective=ObjectiveConfig("next-word", tied=True))
    session.select((1,))
    session.show(FakeShown(3, 2, session.shown.rows, ids(1), floats(0.5), ids(1), floats(0.25)))
    assert text(panel, "detailsFacts").splitlines()[1:] == [
        "Gradient in step 3: norm 0.5",
        "Moved by 0.25 in step 3.",
    ]


def test_several_steps_in_one_frame_are_named(
    panel: TokenDetailsPanel, session: FakeSession
) -> None:
    session.select((3,))
    rows = session.shown.rows
    session.show(FakeShown(50, 40, rows, ids(3), floats(0.0), ids(3), floats(0.25)))
    assert text(panel, "detailsFacts").splitlines()[1:] == [
        "No gradient in step 50; there was one in steps 41–50.",
        "Moved by 0.25 in steps 41–50.",
    ]


def test_of_a_step_as_stored_nothing_is_made_up(
    panel: TokenDetailsPanel, session: FakeSession
) -> None:
    session.select((5,))
    session.show(FakeShown(400, 399, session.shown.rows, done=False))
    facts = text(panel, "detailsFacts").splitlines()[1:]
    assert facts == ["What step 400 did to it was not stored."]


def test_a_change_by_hand_is_no_step(panel: TokenDetailsPanel, session: FakeSession) -> None:
    session.select((3,))
    rows = session.shown.rows
    session.show(FakeShown(7, 7, rows, moved_ids=ids(3), moved_by=floats(0.25)))
    assert text(panel, "detailsFacts").splitlines()[2] == "Changed by hand: moved by 0.25."


def test_the_numbers_are_copied_exactly(panel: TokenDetailsPanel, session: FakeSession) -> None:
    session.show(stepped(session))
    session.select((3,))
    QTest.mouseClick(panel.findChild(QWidget, "detailsCopy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "0\t0.1\t3\n1\t0.5\t0\n2\t0.7\t-4"


def test_another_theme_gives_other_colours(
    qtbot: QtBot, qapp: QApplication, panel: TokenDetailsPanel, session: FakeSession
) -> None:
    apply_theme(qapp, "light")
    session.select((3,))
    index = panel.findChild(QTableView, "detailsVector").model().index(1, 0)
    # Row 3 is 0.1 0.5 0.7; the table's largest |value| is 0.9, so its colours end at 1.
    role = Qt.ItemDataRole.BackgroundRole
    qtbot.waitUntil(lambda: index.data(role).color() == heat_colour(0.5, 1.0, LIGHT))
    apply_theme(qapp, "dark")
    qtbot.waitUntil(lambda: index.data(role).color() == heat_colour(0.5, 1.0, DARK))


def test_everything_that_takes_the_focus_has_a_name(
    panel: TokenDetailsPanel, session: FakeSession
) -> None:
    session.select((3,))
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            assert widget.objectName(), widget
            assert widget.accessibleName() or widget.parentWidget().accessibleName(), widget
