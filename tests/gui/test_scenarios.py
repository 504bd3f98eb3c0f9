"""The scenarios in the window: each shows what it says, and undo takes it back."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from core.padding.messages import Probed
from core.scenarios import SCENARIOS, load_scenario
from gui.faults import Faults
from gui.panel_offers import PanelOffers
from gui.scenario_card import ScenarioCard
from gui.scenario_words import ScenarioWords
from gui.session import Session
from gui.settings import Settings
from gui.tabbed import CentreTabs
from gui.window import Window
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]

# What Qt says of popups without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Stage:
    """The tabs in the middle, with what is behind them."""

    def __init__(self, qtbot: QtBot, session: Session, tabs: CentreTabs) -> None:
        self.qtbot, self.session, self.tabs = qtbot, session, tabs
        self.study, self.comparison = tabs.scenarios._study, tabs.scenarios._comparison

    def open(self, name: str) -> None:
        self.tabs.scenarios.open(name)
        self.until_open(name)

    def until_open(self, name: str) -> None:
        current = self.tabs.scenarios
        wait(self.qtbot, lambda: current.current is not None and current.current.name == name)
        assert self.session.scenario == name

    @property
    def probed(self) -> Probed:
        """The answer to the wishes of now."""
        study = self.study

        def answered() -> bool:
            answer = study.answer
            return answer is not None and study.is_current and answer.wishes == study.wishes

        wait(self.qtbot, answered)
        return study.answer.studied.probed

    def id(self, token: str) -> int:
        found = self.session.vocabulary.id(token)
        assert found is not None
        return found

    def moved(self) -> tuple[np.ndarray, np.ndarray]:
        """The table at step 0 and at step 3."""
        before = self.session.shown.rows.copy()
        step_to(self.qtbot, self.session, 3)
        return before, self.session.shown.rows.copy()

    def compared(self) -> tuple[np.ndarray, np.ndarray]:
        """The pad rows of both set-ups after the comparison."""
        self.comparison.start()
        wait(self.qtbot, lambda: self.comparison.shown.finished)
        shown = self.comparison.shown
        pad = shown.ids.tolist().index(1)
        first, second = shown.courses
        return first.rows[pad], second.rows[pad]


@pytest.fixture
def stage(qtbot: QtBot, session: Session) -> Iterator[Stage]:
    tabs = CentreTabs(session, PanelOffers(session))
    qtbot.addWidget(tabs)
    tabs.resize(700, 500)
    tabs.show()
    try:
        yield Stage(qtbot, session, tabs)
    finally:
        tabs.end()


def test_heads_that_read_pads_leak_and_their_mends_do_not(stage: Stage) -> None:
    for name, mend in (
        ("mean-over-pads", {"head": "masked-mean"}),
        ("attention-to-pads", {"head": "masked-attention"}),
        ("lstm-over-pads", {"head": "packed-lstm"}),
        ("batch-norm-over-pads", {"head": "masked-mean"}),
        ("pad-row-drawn-anew", {"pad_row": "zero"}),
    ):
        stage.open(name)
        assert stage.tabs.padding.isVisible()
        assert stage.probed.further.largest > 0.4, name
        assert stage.probed.weight_gradient_pad == 0, name
        assert stage.session.selection == (1,)
        stage.study.wish(**mend)
        assert stage.probed.further.largest == 0, name


def test_attention_is_what_the_cells_show_at_once(stage: Stage) -> None:
    stage.open("attention-to-pads")
    attention = stage.probed.attention.numpy()
    wait(stage.qtbot, lambda: stage.tabs.padding.grid.cells is not None)
    np.testing.assert_array_equal(stage.tabs.padding.grid.cells.values, attention)
    # “lovely view” is the typed line, and so the first.
    assert attention[0, 2:].sum() == pytest.approx(0.84, abs=0.005)


def test_a_wrong_padding_idx_shows_in_the_probe_and_in_the_table(stage: Stage) -> None:
    stage.open("wrong-padding-idx")
    assert stage.probed.weight_gradient_pad > 0
    the = stage.id("the")
    assert stage.session.selection == (the, 1)
    before, after = stage.moved()
    assert not after[the].any()
    assert not np.array_equal(before[1], after[1])


def test_comparisons_open_ready_to_be_started(stage: Stage) -> None:
    panel = stage.tabs.padding
    for name, box, data in (
        ("no-padding-idx", "compareIndex", False),
        ("tied-weights", "compareHead", "untied"),
    ):
        stage.open(name)
        assert panel.findChild(QWidget, "paddingCompare").isVisible()
        assert panel.findChild(QComboBox, box).currentData() == data
        first, second = stage.compared()
        moved = second if name == "no-padding-idx" else first
        still = first if name == "no-padding-idx" else second
        assert moved.any(), name
        assert not still.any(), name


def test_the_run_of_tied_weights_moves_the_pad_row_as_they_do(stage: Stage) -> None:
    stage.open("tied-weights")
    assert stage.session.config.objective.is_tied
    assert stage.session.selection == (1,)
    before, after = stage.moved()
    assert not before[1].any()
    assert after[1].any()
    assert len(stage.session.shown.touched_ids) == len(after)


def test_decay_and_momentum_move_rows_without_a_gradient(stage: Stage) -> None:
    stage.open("weight-decay")
    assert stage.tabs.currentWidget() is stage.tabs.space
    assert stage.session.selection == (1, stage.id("ship"))
    before, after = stage.moved()
    for id_ in (1, stage.id("ship")):
        # 0.99 ** 3
        np.testing.assert_allclose(after[id_], 0.970299 * before[id_], rtol=1e-5)
    stage.open("momentum")
    one = stage.id("one")
    step_to(stage.qtbot, stage.session, 2)
    shown = stage.session.shown
    assert one in shown.moved_ids.tolist()
    assert one not in shown.touched_ids.tolist()


def test_positions_and_ids_are_in_the_cells(stage: Stage) -> None:
    stage.open("position-ids")
    assert stage.probed.further.largest == 0
    grid = stage.tabs.padding.grid
    assert grid.cells.number(0, 14) == "14"
    assert grid.cells.ids[0, 14] == stage.id("lovely")
    stage.study.wish(extra=0)
    assert stage.probed is not None
    assert grid.cells.ids[0, 6] == stage.id("lovely")
    stage.open("ids-out-of-range")
    field = stage.tabs.padding.findChild(QPlainTextEdit, "paddingIds")
    assert field.isVisible()
    assert field.toPlainText() == stage.study.wishes.ids
    assert stage.probed is None
    assert set(grid.cells.wrong) == {(0, 3), (1, 1)}
    stage.tabs.padding.findChild(QPlainTextEdit, "paddingIds").setPlainText("2 3 4\n5")
    wait(stage.qtbot, lambda: stage.study.answer.studied.probed is not None)
    assert not grid.cells.wrong


def test_the_card_is_closed_and_comes_back_with_the_same_scenario(stage: Stage) -> None:
    card = stage.tabs.padding.findChild(ScenarioCard, "paddingScenario")
    assert not card.isVisible()
    stage.open("mean-over-pads")
    assert card.isVisible()
    assert "Mean over pads" in card.findChild(QLabel, "paddingScenarioTitle").text()
    card.findChild(QAbstractButton, "paddingScenarioClose").click()
    assert not card.isVisible()
    stage.study.wish(extra=3)
    with stage.qtbot.waitSignal(stage.tabs.scenarios.changed, timeout=60_000):
        stage.tabs.scenarios.open("mean-over-pads")
    assert card.isVisible()
    assert stage.study.wishes.extra == 8


def test_the_vectors_slide_in_space_too_where_that_is_wanted(stage: Stage) -> None:
    stage.open("mean-over-pads")
    stage.tabs.setCurrentWidget(stage.tabs.space)
    view, layers = stage.tabs.space.view, stage.session.layers
    assert view.scene.pooled is None
    layers.set_pooled(True)
    wait(stage.qtbot, lambda: view.scene.pooled is not None)
    assert view.scene.pooled.names == ("typed", "1", "2", "4")
    half = view.scene.pooled.now.copy()
    stage.study.wish(extra=0)
    wait(stage.qtbot, lambda: not np.array_equal(view.scene.pooled.now, half))
    layers.set_pooled(False)
    assert view.scene.pooled is None
    assert not stage.study.watched


def test_undo_takes_a_scenario_back_with_all_that_it_chose(stage: Stage) -> None:
    stage.study.wish(head="sum", extra=5)
    wishes, text = stage.study.wishes, stage.session.text
    stage.open("tied-weights")
    assert stage.study.wishes.head == "tied"
    with stage.qtbot.waitSignal(stage.tabs.scenarios.changed, timeout=60_000):
        stage.session.undo_stack.undo()
    assert stage.tabs.scenarios.current is None
    assert stage.session.text == text
    assert stage.study.wishes == wishes
    assert stage.comparison.difference.head is None
    stage.session.undo_stack.redo()
    stage.until_open("tied-weights")
    # A setting that begins a new run leaves it the scenario that it was.
    with stage.qtbot.waitSignal(stage.session.runStarted, timeout=60_000):
        stage.session.set_seed(7)
    assert stage.tabs.scenarios.current.name == "tied-weights"
    with stage.qtbot.waitSignal(stage.tabs.scenarios.changed, timeout=60_000):
        stage.session.open_example("labelled")
    assert stage.tabs.scenarios.current is None


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_words_are_short_and_name_what_there_is(qapp, name: str) -> None:
    words = ScenarioWords().of(name)
    assert 60 < len(words.about) <= 180  # two lines or so
    assert len(words.question) <= 80
    assert words.question.endswith("?")
    assert len(words.watch) <= 180
    scenario = load_scenario(name)
    quoted = words.watch.split("“")[1:]
    named = [part.split("”")[0] for part in quoted]
    shown = " ".join((*scenario.preset.vocabulary().tokens, *FIELDS))
    assert [each for each in named if each not in shown] == []


FIELDS = (  # what the window calls things that the words refer to
    "Extra padding",
    "Padded further",
    "Pad row",
    "Probe",
    "Train both",
    "Why it moved",
    "left",
    "Masked attention, masked mean",
    "position ids: real tokens",
    "IndexError: index out of range in self",
)


@pytest.fixture
def window(qtbot: QtBot, qapp, tmp_path: Path) -> Iterator[Window]:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = Window(qapp, Session(), settings, Faults())
    made.show()
    wait(qtbot, lambda: made._session.shown is not None)
    yield made
    made.close()
    made.deleteLater()


def test_a_scenario_is_found_in_the_menu_and_in_the_find_box(qtbot, window: Window) -> None:
    (action,) = [match.action for match in window.find_box.matching("unread rows") if match.action]
    assert action in window._menus.by_title()["&File"]
    with qtbot.waitSignal(window._tabs.scenarios.changed, timeout=60_000):
        action.trigger()
    card = window.findChild(ScenarioCard, "tableScenario")
    assert card.isVisible()
    assert window.findChild(ScenarioCard, "paddingScenario") is None  # nor is its tab made
    assert window._details.currentWidget() is window._details.movement
    assert window._tabs.currentWidget() is window._tabs.space
