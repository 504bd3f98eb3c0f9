"""The padding tab over a real session, engine and laboratory."""

import os
import signal
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSlider,
)
from pytestqt.qtbot import QtBot

from core.padding.messages import Refused, Stop
from core.problems import EngineFailed, ProblemError, TooMuchMemory
from gui.laboratory import Laboratory
from gui.number_box import NumberBox
from gui.padding_comparison import PaddingComparison
from gui.padding_numbers import padding_numbers
from gui.padding_study import PaddingStudy
from gui.panels.padding import PaddingPanel
from gui.scenario_card import ScenarioCard
from gui.scenarios import Scenarios
from gui.session import Session
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]

WIDE = (700, 500)


class Tab:
    """The panel with what is behind it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.laboratory = Laboratory()
        self.study = PaddingStudy(session, self.laboratory)
        self.comparison = PaddingComparison(session, self.study, self.laboratory)
        self.panel = PaddingPanel(session, self.study, self.comparison)
        self.problems: list[object] = []
        self.study.problemRaised.connect(self.problems.append)
        self.comparison.problemRaised.connect(self.problems.append)

    def close(self) -> None:
        self.study.close()
        self.laboratory.close()

    def words(self, name: str) -> str:
        label = self.panel.findChild(QLabel, name)
        assert label is not None
        return label.text()

    def choose(self, name: str, data: object) -> None:
        box = self.panel.findChild(QComboBox, name)
        box.setCurrentIndex(box.findData(data))
        box.activated.emit(box.currentIndex())


@pytest.fixture
def tab(qtbot: QtBot, session: Session) -> Iterator[Tab]:
    made = Tab(session)
    qtbot.addWidget(made.panel)
    made.panel.resize(*WIDE)
    made.panel.show()
    try:
        answered(qtbot, made)
        yield made
    finally:
        made.close()


def answered(qtbot: QtBot, tab: Tab) -> None:
    """Until the answer is to the wishes of now."""
    wait(
        qtbot,
        lambda: (
            tab.study.answer is not None
            and tab.study.is_current
            and tab.study.progress is None
            and tab.study.answer.wishes == tab.study.wishes
        ),
    )


def test_a_plain_mean_leaks_though_the_pad_row_gets_no_gradient(tab: Tab) -> None:
    probed = tab.study.answer.studied.probed
    assert probed.weight_gradient_pad == 0
    assert probed.gradient_at_pads > 0
    assert tab.words("paddingVerdict").startswith("Pads leak")
    # 7 tokens in 7 + 3 cells, a zero pad row: the mean becomes 0.7 of what it was.
    assert probed.further.relative.numpy()[1] == pytest.approx(0.3, abs=1e-6)


def test_a_masked_mean_does_not(qtbot: QtBot, tab: Tab) -> None:
    tab.choose("paddingHead", "masked-mean")
    answered(qtbot, tab)
    probed = tab.study.answer.studied.probed
    assert (probed.further.largest, probed.replaced.largest, probed.gradient_at_pads) == (0, 0, 0)
    assert tab.words("paddingVerdict") == "Pads do nothing here."


def test_the_slider_pads_further_and_the_point_slides(qtbot: QtBot, tab: Tab) -> None:
    slider = tab.panel.findChild(QSlider, "paddingExtra")
    places = []
    for extra in (0, 8, 64):
        slider.setValue(extra)
        answered(qtbot, tab)
        cells = tab.panel.grid.cells
        assert cells.shape == (2, 7 + extra)
        pooled = tab.panel.view.scene.pooled
        assert np.array_equal(pooled.base[1], tab.panel.view.scene.pooled.base[1])
        places.append(pooled.now[1].copy())
    assert all(np.linalg.norm(b - a) > 0.01 for a, b in pairwise(places))


def test_left_padding_stands_on_the_left(qtbot: QtBot, tab: Tab) -> None:
    tab.choose("paddingSide", "left")
    answered(qtbot, tab)
    cells = tab.panel.grid.cells
    assert cells.mask[0].tolist() == [False] * 6 + [True] * 4
    assert cells.extra == range(3)


def test_cells_show_what_is_chosen(qtbot: QtBot, tab: Tab) -> None:
    for what, first in (("ids", 3), ("mask", 1), ("lengths", 4), ("columns", 0)):
        tab.choose("paddingCells", what)
        assert tab.panel.grid.cells.number(0, 0) == str(first)
    tab.choose("paddingCells", "attention")
    assert "no attention" in tab.words("paddingNote")
    tab.choose("paddingHead", "attention")
    answered(qtbot, tab)
    shares = tab.panel.grid.cells.values
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert (shares[:, 7:] > 0).all()  # without a mask pads get a share of the softmax


def test_ids_of_ones_own_say_what_is_wrong(qtbot: QtBot, tab: Tab) -> None:
    tab.choose("paddingSource", "ids")
    field = tab.panel.findChild(QPlainTextEdit, "paddingIds")
    assert field.isVisible()
    field.setPlainText("3 6 77\n2")
    answered(qtbot, tab)
    assert tab.words("paddingVerdict") == ("Sentence 1, position 2: id 77 is past the last row, 7.")
    assert (0, 2) in tab.panel.grid.cells.wrong
    field.setPlainText("3 six")
    wait(qtbot, lambda: "“six”" in tab.words("paddingVerdict"))
    field.setPlainText("3 6\n2")
    answered(qtbot, tab)
    assert not tab.panel.grid.cells.wrong


def test_what_is_typed_is_studied_at_once(qtbot: QtBot, tab: Tab) -> None:
    tab.session.set_line("code")
    wait(qtbot, lambda: tab.panel.grid.cells.ids[0, 0] == 2)
    assert tab.panel.grid.cells.mask[0].sum() == 1


def test_another_step_is_studied_too(qtbot: QtBot, tab: Tab) -> None:
    step_to(qtbot, tab.session, 5)
    wait(qtbot, lambda: tab.study.answer.step == 5)


def test_nothing_is_computed_for_nobody(qtbot: QtBot, tab: Tab) -> None:
    tab.panel.hide()
    before = tab.study._number
    step_to(qtbot, tab.session, 3)
    tab.study.wish(extra=9)
    assert tab.study._number == before
    tab.panel.show()
    answered(qtbot, tab)
    assert tab.panel.grid.cells.shape[1] == 7 + 9


def test_a_copy_is_trained_and_can_be_stopped(qtbot: QtBot, tab: Tab) -> None:
    table = tab.session.shown.rows.copy()
    tab.study.wish(steps=50)
    answered(qtbot, tab)
    losses = tab.study.answer.studied.losses.numpy()
    assert len(losses) == 50
    assert losses[-1] < losses[0]
    assert np.array_equal(tab.session.shown.rows, table)
    tab.study.wish(steps=10_000)
    wait(qtbot, lambda: tab.study.progress is not None)
    tab.panel.findChild(QAbstractButton, "paddingStop").click()
    wait(qtbot, lambda: tab.study.progress is None)
    assert 0 < tab.study.answer.studied.steps < 10_000


def test_a_laboratory_that_is_killed_is_started_again(qtbot: QtBot, tab: Tab) -> None:
    os.kill(tab.laboratory.process_id(), signal.SIGKILL)
    wait(qtbot, lambda: tab.laboratory.process_id() == 0)
    tab.study.wish(extra=5)
    answered(qtbot, tab)
    assert tab.panel.grid.cells.shape[1] == 7 + 5
    assert tab.problems == []


def test_two_set_ups_are_trained_in_step(qtbot: QtBot, tab: Tab) -> None:
    tab.panel.findChild(QAbstractButton, "paddingCompareButton").click()
    tab.study.wish(pad_row="random")
    tab.choose("compareIndex", False)
    tab.panel.findChild(QAbstractButton, "compareStart").click()
    wait(qtbot, lambda: tab.comparison.shown is not None and tab.comparison.shown.finished)
    shown = tab.comparison.shown
    first, second = shown.courses
    assert len(first.losses) == len(second.losses) == 100
    assert first.losses[0] == second.losses[0]  # one seed, one table, one batch
    pad = shown.ids.tolist().index(1)
    assert not np.array_equal(first.rows[pad], second.rows[pad])  # only the second trains it
    assert "padding_idx: 1 / None" in tab.words("compareWords")


def test_a_comparison_that_is_lost_is_told(qtbot: QtBot, tab: Tab) -> None:
    tab.comparison.set_steps(100_000)
    tab.comparison.start()
    wait(qtbot, lambda: tab.comparison.shown.courses is not None)
    os.kill(tab.laboratory.process_id(), signal.SIGKILL)
    wait(qtbot, lambda: not tab.comparison.running)
    assert isinstance(tab.problems[0], EngineFailed)


def test_a_question_that_cannot_be_made_is_answered_by_what_is_wrong(
    qtbot: QtBot, tab: Tab
) -> None:
    def asking(_rows: object) -> None:
        raise ProblemError(TooMuchMemory("padding", 2, 1))

    reports: list[object] = []
    tab.laboratory.reported.connect(reports.append)
    tab.laboratory.ask(99, tab.session.hold(), asking)
    tab.laboratory.send(Stop(99))  # waits for its turn, and finds nothing to stop
    wait(qtbot, lambda: Refused(99, TooMuchMemory("padding", 2, 1)) in reports)
    tab.study.wish(extra=5)
    answered(qtbot, tab)


def test_another_run_forgets_the_comparison(qtbot: QtBot, tab: Tab) -> None:
    tab.comparison.start()
    wait(qtbot, lambda: tab.comparison.shown.finished)
    with qtbot.waitSignal(tab.session.runStarted, timeout=60_000):
        tab.session.open_example("small-world")
    assert tab.comparison.shown is None
    answered(qtbot, tab)
    assert len(tab.study.answer.batch.sentences) == 4


def test_a_cell_is_linked_with_the_other_panels(qtbot: QtBot, tab: Tab) -> None:
    grid = tab.panel.grid
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.rect_of(0, 1).center())
    assert tab.session.selection == (6,)


def test_the_numbers_of_every_cell_can_be_saved(tab: Tab) -> None:
    numbers = padding_numbers(tab.session, tab.study)
    rows = list(numbers.rows())
    assert len(rows) == 2 * 10
    first = dict(zip(numbers.header, rows[0], strict=True))
    assert (first["sentence"], first["position"], first["id"]) == ("typed", "0", "3")
    assert (first["token"], first["mask"], first["attention"]) == ("you", "1", "NaN")
    gradient = tab.study.answer.studied.probed.gradient.numpy()[0, 0]
    assert float(first["gradient"]) == gradient


def test_news_leave_alone_what_is_being_typed(tab: Tab) -> None:
    for name, field in (("paddingSteps", "steps"), ("paddingCount", "count")):
        box, before = tab.panel.findChild(NumberBox, name), getattr(tab.study.wishes, field)
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, "1")
        tab.study.changed.emit()
        QTest.keyClicks(box, "2")
        assert box.text() == "12"
        assert getattr(tab.study.wishes, field) == before
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert getattr(tab.study.wishes, field) == 12


# ── where there is little room ────────────────────────────────────────────────────────────────


def test_verdict_and_batch_are_seen_at_once_in_a_small_window(qtbot: QtBot, tab: Tab) -> None:
    scenarios = Scenarios(tab.session, tab.study, tab.comparison)
    tab.panel.put_on_top(ScenarioCard(scenarios, of_table=False))
    scenarios.open("mean-over-pads")
    wait(qtbot, lambda: scenarios.current is not None)
    answered(qtbot, tab)
    # What a window of 1024 by 700 leaves to the tab.
    tab.panel.resize(484, 318)
    bar = tab.panel.findChild(QScrollArea, "paddingArea").verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    room = tab.panel.rect()
    for part in (tab.panel.findChild(QLabel, "paddingVerdict"), tab.panel.grid):
        assert part.isVisible()
        assert room.contains(part.mapTo(tab.panel, part.rect().bottomRight()))
    assert tab.panel.grid.viewport().rect().contains(tab.panel.grid.rect_of(1, 0))


def test_what_only_the_probes_heed_is_left_out_of_a_comparison(tab: Tab) -> None:
    cells = tab.panel.findChild(QComboBox, "paddingCells")
    assert cells.isVisible()
    tab.panel.show_part(compare=True)
    assert not cells.isVisible()
    assert tab.panel.findChild(QComboBox, "paddingHead").isVisible()
