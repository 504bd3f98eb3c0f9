"""The Nearest panel over a real engine: what it lists, what it says, and how it is used."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QStackedWidget, QTableView, QToolButton

from core.word_arithmetic import blend, parse
from gui.panels.nearest import NearestPanel
from gui.panels.nearest_model import SINCE, TOKEN, VALUE
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]

# What Qt says of popups without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def panel(qtbot, session):
    made = NearestPanel(session)
    qtbot.addWidget(made)
    made.resize(360, 320)
    made.show()
    wait(qtbot, lambda: session.nearest.answer is not None)
    return made


def text(panel, name):
    return panel.findChild(QLabel, name).text()


def column(panel, number):
    model = panel.findChild(QTableView, "nearestList").model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def answered(qtbot, session):
    """Wait for the answer about the step and question of now."""
    tokens = session.nearest
    wait(
        qtbot,
        lambda: (
            tokens.answer is not None
            and tokens.answer.step == session.shown.step
            and tokens.answer.question == tokens.question
        ),
    )


def test_the_article_by_hand(panel):
    # “you” is picked: (.1, .5, .7), of length √.75. To need (.1, .8, .9), √1.46: 1.04 / √1.095 =
    # .994; to know (.2, .1, .8), √.69: .63 / √.5175 = .876; to code (.2, .9, .3), √.94: .68 /
    # √.705 = .810; to to (.4, .1, .1), √.18: .16 / √.135 = .435; to how (.6, .1, .1), √.38: .18 /
    # √.285 = .337. <unk> and <pad> are zeros.
    assert text(panel, "nearestTitle") == "Nearest to you"
    assert column(panel, TOKEN) == ["need", "know", "code", "to", "how"]
    assert column(panel, VALUE) == ["0.994", "0.876", "0.810", "0.435", "0.337"]
    assert text(panel, "nearestNote") == "Step 0. Rows of zeros, which have no cosine: 2."
    view = panel.findChild(QTableView, "nearestList")
    assert view.isColumnHidden(SINCE)
    tip = view.model().index(0, VALUE).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("exactly 0.99386")


def test_distance_and_count_are_chosen(qtbot, panel, session):
    box = panel.findChild(QComboBox, "nearestMetric")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    panel.findChild(QSpinBox, "nearestCount").setValue(2)
    answered(qtbot, session)
    # need: (0, .3, .2), √.13 = .3606; know: (.1, .4, .1), √.18 = .4243
    assert column(panel, TOKEN) == ["need", "know"]
    assert column(panel, VALUE) == ["0.3606", "0.4243"]
    assert text(panel, "nearestNote") == "Step 0."


def test_a_sum_of_words_and_the_way_back(qtbot, panel, session):
    terms = parse("know - to + need")
    session.nearest.ask(terms, blend(terms, session.vocabulary))
    answered(qtbot, session)
    assert text(panel, "nearestTitle") == "Nearest to know − to + need"
    assert column(panel, TOKEN) == ["you", "code", "how"]
    back = panel.findChild(QToolButton, "nearestBack")
    assert back.isVisible()
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert text(panel, "nearestTitle") == "Nearest to you"
    assert not back.isVisible()


def test_a_mean_of_several(qtbot, panel, session):
    session.select((3, 6))
    answered(qtbot, session)
    assert text(panel, "nearestTitle") == "Nearest to the mean of 2 tokens"
    assert "you" not in column(panel, TOKEN)


def test_why_there_is_no_list_is_said_in_its_place(qtbot, panel, session):
    session.select((0,))
    answered(qtbot, session)
    assert "no direction and no cosine" in text(panel, "nearestWords")
    assert panel.findChild(QStackedWidget).currentIndex() == 1
    session.select(())
    assert "Click a token" in text(panel, "nearestWords")
    session.select((3,))
    answered(qtbot, session)
    assert panel.findChild(QStackedWidget).currentIndex() == 0


def test_what_changed_since_the_mark(qtbot, panel, session):
    panel.findChild(QSpinBox, "nearestCount").setValue(2)
    answered(qtbot, session)
    QTest.mouseClick(panel.findChild(QToolButton, "nearestMark"), Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: session.nearest.answer.marked_step == 0)
    assert column(panel, SINCE) == ["=", "="]
    # how becomes (.1, .5, .7), as you is: it comes, need falls to the second place, know leaves
    for row_column, value in enumerate((0.1, 0.5, 0.7)):
        session.set_cell(7, row_column, value)
    wait(qtbot, lambda: column(panel, TOKEN)[:1] == ["how"])
    assert column(panel, TOKEN) == ["how", "need", "know"]
    assert column(panel, SINCE) == ["new", "▼ 1", "left (was 2)"]
    assert "Compared with step 0." in text(panel, "nearestNote")
    QTest.mouseClick(panel.findChild(QToolButton, "nearestMark"), Qt.MouseButton.LeftButton)
    assert panel.findChild(QTableView, "nearestList").isColumnHidden(SINCE)
    assert column(panel, TOKEN) == ["how", "need"]


def test_a_line_is_hovered_and_picked(qtbot, panel, session):
    view = panel.findChild(QTableView, "nearestList")
    view.entered.emit(view.model().index(1, TOKEN))
    assert session.hovered == 4
    place = view.visualRect(view.model().index(0, TOKEN)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.selection == (6,)
    assert text(panel, "nearestTitle") == "Nearest to need"


def test_it_follows_steps_only_while_it_is_seen(qtbot, panel, session):
    step_to(qtbot, session, 12)
    answered(qtbot, session)
    assert text(panel, "nearestNote").startswith("Step 12.")
    panel.hide()
    step_to(qtbot, session, 30)
    assert session.nearest.answer.step == 12
    panel.show()
    answered(qtbot, session)
    assert session.nearest.answer.step == 30


def test_everything_that_takes_the_focus_has_a_name(panel):
    for widget in [
        *panel.findChildren(QComboBox),
        *panel.findChildren(QSpinBox),
        *panel.findChildren(QToolButton),
        *panel.findChildren(QTableView),
    ]:
        assert widget.objectName()
        assert widget.accessibleName()
