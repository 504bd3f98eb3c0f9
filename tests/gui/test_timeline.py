"""The timeline: the slider with its signs, and the panel over a real session."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from gui.canvas.timeline_slider import Sign, TimelineSlider
from gui.panels.timeline import TimelinePanel
from gui.session import Session
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]


class LaidOut(QObject):
    """Counts how often what it watches is laid out anew."""

    times = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def slider(qtbot: QtBot) -> TimelineSlider:
    slider = TimelineSlider()
    qtbot.addWidget(slider)
    slider.resize(400, 30)
    slider.show_steps(40, 100)
    slider.show()
    return slider


def test_showing_a_step_tells_nobody(qtbot: QtBot, slider: TimelineSlider) -> None:
    with qtbot.assertNotEmitted(slider.valueChanged):
        slider.show_steps(99, 200)
    assert (slider.value(), slider.maximum()) == (99, 200)


def test_a_click_goes_where_it_points(qtbot: QtBot, slider: TimelineSlider) -> None:
    with qtbot.waitSignal(slider.valueChanged) as told:
        place = QPoint(slider.place_of(75), 15)
        QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [75]
    assert slider.step_at(slider.place_of(0)) == 0
    assert slider.step_at(slider.place_of(100)) == 100
    assert slider.step_at(-50) == 0
    assert slider.step_at(5000) == 100


def test_dragging_goes_along(qtbot: QtBot, slider: TimelineSlider) -> None:
    seen: list[int] = []
    slider.valueChanged.connect(seen.append)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.place_of(10), 15))
    for step in (20, 30):
        QTest.mouseMove(slider, QPoint(slider.place_of(step), 15))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.place_of(30), 15))
    assert seen == [10, 20, 30]
    assert not slider.isSliderDown()


def test_keys_go_by_one(slider: TimelineSlider) -> None:
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value() == 39
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert slider.value() == 100


def test_of_many_signs_in_one_place_the_first_few_are_told(slider: TimelineSlider) -> None:
    slider.show_signs(tuple(Sign(50, f"column {column}") for column in range(300)))
    told = slider.told_at(slider.place_of(50)).splitlines()
    assert told[0] == "column 0"
    assert told[7:] == ["column 7", "… and 292 more"]
    assert slider.told_at(slider.place_of(90)) == ""


def test_signs_are_painted_at_their_steps(slider: TimelineSlider) -> None:
    slider.show_steps(0, 100)
    before = slider.grab().toImage()
    slider.show_signs((Sign(50, "here", is_mark=True), Sign(80, "there")))
    after = slider.grab().toImage()
    for step in (50, 80):
        x = slider.place_of(step)
        columns = range(x - 3, x + 4)
        assert any(before.pixel(c, r) != after.pixel(c, r) for c in columns for r in range(8))
    x = slider.place_of(20)
    assert before.copy(x - 3, 0, 7, 8) == after.copy(x - 3, 0, 7, 8)


def test_the_step_has_room_in_any_font_and_lays_nothing_out_anew(
    qtbot: QtBot, session: Session
) -> None:
    panel = TimelinePanel(session)
    qtbot.addWidget(panel)
    panel.show()
    label = panel.findChild(QLabel, "timelineStep")
    laid_out = LaidOut(panel)
    panel.installEventFilter(laid_out)
    QApplication.processEvents()
    laid_out.times = 0
    for step in (9, 10, 9_999):
        panel._say_step(f"step {step:,} of 10,000")
        QApplication.processEvents()
    assert laid_out.times == 0
    font = panel.font()
    font.setPointSizeF(2 * font.pointSizeF())
    panel.setFont(font)
    QApplication.processEvents()
    assert laid_out.times > 0
    assert label.width() >= label.sizeHint().width()
    assert label.height() >= label.sizeHint().height()
    panel._say_step("step 9,999,999 of 10,000,000")
    assert label.width() >= label.sizeHint().width()


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> TimelinePanel:
    panel = TimelinePanel(session)
    qtbot.addWidget(panel)
    panel.resize(800, 30)
    panel.show()
    return panel


def words(panel: TimelinePanel) -> str:
    return panel.findChild(QLabel, "timelineStep").text()


def menu(panel: TimelinePanel, name: str) -> QMenu:
    found = panel.findChild(QToolButton, name).menu()
    found.aboutToShow.emit()
    return found


def choose(found: QMenu, text: str) -> None:
    next(action for action in found.actions() if action.text() == text).trigger()


def test_it_follows_and_leads(qtbot: QtBot, session: Session, panel: TimelinePanel) -> None:
    slider = panel.findChild(TimelineSlider, "timelineSlider")
    assert (words(panel), slider.isEnabled()) == ("step 0", False)
    step_to(qtbot, session, 30)
    wait(qtbot, lambda: words(panel) == "step 30")
    assert (slider.value(), slider.maximum()) == (30, 30)
    slider.setValue(12)
    wait(qtbot, lambda: words(panel) == "step 12 of 30")
    assert session.shown.step == 12
    forwards = panel.findChild(QToolButton, "playForwards")
    forwards.click()
    wait(qtbot, lambda: words(panel) == "step 30")
    wait(qtbot, lambda: not forwards.isChecked())


def test_marks_are_made_and_found_again(
    qtbot: QtBot, session: Session, panel: TimelinePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    step_to(qtbot, session, 9)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("before decay", True))
    choose(menu(panel, "timelineMarks"), "Mark this step…")
    assert session.time.marks == {9: "before decay"}
    session.time.seek(4)
    wait(qtbot, lambda: session.shown.step == 4)
    choose(menu(panel, "timelineMarks"), "before decay (step 9)")
    wait(qtbot, lambda: session.shown.step == 9)
    choose(menu(panel, "timelineMarks"), "Take this mark away")
    assert session.time.marks == {}


def test_changes_stand_on_it_in_words(qtbot: QtBot, session: Session, panel: TimelinePanel) -> None:
    step_to(qtbot, session, 5)
    session.set_optimizer(replace(session.config.optimizer, rate=0.25))
    session.set_cell(3, 1, -2.0)
    session.set_batch_size(4)
    session.set_row(3, session.shown.rows[2], "a row")
    session.set_row(2, np.zeros_like(session.shown.rows[2]), "zeros")
    session.add_to_sentences("run")
    slider = panel.findChild(TimelineSlider, "timelineSlider")
    wait(qtbot, lambda: len(slider.signs) == 6)
    assert [sign.words for sign in slider.signs] == [
        "Step 5: learning rate 0.25",
        "Step 5: you, column 1 set to -2",
        "Step 5: batch size 4",
        "Step 5: row of you set",
        "Step 5: row of code set to 0",
        "Step 5: other sentences, 9 rows",
    ]


def test_branches_can_be_shown_compared_and_deleted(
    qtbot: QtBot, session: Session, panel: TimelinePanel
) -> None:
    button = panel.findChild(QToolButton, "timelineBranches")
    assert button.isHidden()
    step_to(qtbot, session, 8)
    session.time.seek(3)
    wait(qtbot, lambda: session.shown.step == 3)
    session.set_cell(2, 1, -4.0)
    wait(qtbot, lambda: button.text() == "Branch: from step 3")
    first = menu(panel, "timelineBranches").actions()[0]
    assert first.text() == "first: 8 steps, from step 0"
    choose(first.menu(), "Compare with it")
    assert session.time.compared is session.time.branches[0]
    first = menu(panel, "timelineBranches").actions()[0]
    choose(first.menu(), "Show")
    wait(qtbot, lambda: button.text() == "Branch: first")
    second = menu(panel, "timelineBranches").actions()[1]
    choose(second.menu(), "Delete")
    assert [branch.name for branch in session.time.branches] == ["first"]
