"""The loss plot shows every extreme, says what its lines are, and stays quick."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyqtgraph import PlotWidget
from PySide6.QtCore import QElapsedTimer, QObject, QPointF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.canvas.calm_axis import WIDEST_STEP, CalmAxis, rounded_up
from gui.canvas.columns import envelope, running_mean
from gui.canvas.loss_plot import nearest_place
from gui.elided_label import ElidedLabel
from gui.panels.loss import LossPanel
from gui.throttle import Throttle
from tests.gui.run_session import RunSession


@pytest.fixture
def session() -> RunSession:
    return RunSession()


@pytest.fixture
def panel(session: RunSession, qtbot: QtBot) -> LossPanel:
    panel = LossPanel(session)
    qtbot.addWidget(panel)
    panel.resize(500, 180)
    panel.show()
    qtbot.waitUntil(lambda: panel.findChild(PlotWidget) is not None)  # made after the first paint
    return panel


def curve(panel: LossPanel) -> tuple[np.ndarray, np.ndarray]:
    """What the thin line draws."""
    x, y = panel.findChild(PlotWidget).listDataItems()[0].getOriginalDataset()
    return (np.empty(0), np.empty(0)) if x is None else (x, y)


def note(panel: LossPanel) -> str:
    return panel.findChild(ElidedLabel, "lossNote").text()


def test_before_the_first_step_it_says_what_to_do(panel: LossPanel, session: RunSession) -> None:
    empty = panel.findChild(QLabel, "lossEmpty")
    assert empty.isVisible()
    assert "Step" in empty.text()
    session.show_losses(1.5)
    assert not empty.isVisible()


def test_each_loss_at_its_step(panel: LossPanel, session: RunSession) -> None:
    session.show_losses(2.5, 2.0, 1.75)
    x, y = curve(panel)
    assert x.tolist() == [1, 2, 3]
    assert y.tolist() == [2.5, 2.0, 1.75]
    assert note(panel) == ""


def test_a_new_run_begins_empty(panel: LossPanel, session: RunSession, qtbot: QtBot) -> None:
    session.show_losses(2.5, 2.0)
    session.losses.steps, session.losses.losses = np.empty(0, np.int64), np.empty(0)
    session.runStarted.emit()
    assert len(curve(panel)[0]) == 0
    assert panel.findChild(QLabel, "lossEmpty").isVisible()


def test_there_is_no_step_below_0(panel: LossPanel, session: RunSession, qtbot: QtBot) -> None:
    session.show_losses(*np.linspace(3, 2, 40))
    panel.grab()
    session.losses.steps, session.losses.losses = np.empty(0, np.int64), np.empty(0)
    session.runStarted.emit()
    session.show_losses(2.5)
    panel.grab()
    (left, right), _ = panel.findChild(PlotWidget).viewRange()
    assert 0 <= left < 1 < right


def test_the_first_step_of_another_run_has_not_the_width_of_the_one_before(
    panel: LossPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.show_losses(*np.linspace(3, 2, 5000))
    panel.grab()
    session.losses.steps, session.losses.losses = np.empty(0, np.int64), np.empty(0)
    session.runStarted.emit()
    panel.grab()
    session.show_losses(2.5)
    qtbot.waitUntil(lambda: len(curve(panel)[0]) == 1)
    panel.grab()
    (left, right), _ = panel.findChild(PlotWidget).getViewBox().viewRange()
    assert 0 <= left < 1 < right < 3
    session.show_losses(2.5, 2.25, 2.0, 1.75)
    qtbot.waitUntil(lambda: len(curve(panel)[0]) == 4)
    panel.grab()
    (left, right), _ = panel.findChild(PlotWidget).getViewBox().viewRange()
    assert 0 <= left < 1
    assert 4 < right < 5


def test_the_lines_are_named_where_they_are_not_simply_the_loss(
    panel: LossPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.show_losses(*[1.0] * 60)
    assert note(panel) == "thick: mean of 50 steps · thin: each step"
    session.show_losses(*np.random.default_rng(0).random(100_000))
    qtbot.waitUntil(lambda: "lowest to highest" in note(panel))
    assert len(curve(panel)[0]) < 2_000


def test_the_step_under_the_mouse_is_told_exactly(
    panel: LossPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.show_losses(2.5, float(np.float32(0.1)), 1.75)
    view = panel.findChild(PlotWidget).getViewBox()
    qtbot.waitUntil(lambda: view.viewRange()[0][1] > 3)
    panel._plot._point_at(view.sceneBoundingRect().center())  # the middle of steps 1, 2, 3
    assert note(panel) == "step 2: loss 0.1"
    panel._plot._point_at(QPointF(-50, -50))
    assert note(panel) == ""


def test_of_another_branch_the_step_under_the_mouse_has_its_own_loss(
    panel: LossPanel, session: RunSession, qtbot: QtBot
) -> None:
    session.show_losses(2.5, 2.0, 1.75)
    plot = panel._plot
    view = plot.getViewBox()
    qtbot.waitUntil(lambda: view.viewRange()[0][1] >= 3)
    plot._point_at(view.mapViewToScene(QPointF(3, 2.0)))
    assert note(panel) == "step 3: loss 1.75"
    session.show_losses(2.5, 2.0, 1.25)
    panel._throttle.now()
    assert note(panel) == "step 3: loss 1.25"
    session.show_losses(2.5, 2.0)  # it has no third step
    panel._throttle.now()
    assert note(panel) == ""
    assert not plot.is_pointed


@pytest.mark.parametrize(
    "losses", [(1.0, float("inf"), float("nan")), (float("nan"),), (float("-inf"), float("inf"))]
)
def test_a_loss_that_is_no_number_harms_nothing(
    losses: tuple[float, ...], panel: LossPanel, session: RunSession
) -> None:
    session.show_losses(*losses, *losses)
    assert not panel.grab().isNull()
    x, y = curve(panel)
    assert len(x) == len(y)
    assert not np.isinf(y).any()


def test_numbers_stand_at_whole_steps_only() -> None:
    axis = CalmAxis("bottom", whole=True)
    assert axis.tickSpacing(1, 3, 4000) == [(1.0, 0.0)]
    assert axis.tickStrings([1000, 12000], 1, 1000) == ["1,000", "12,000"]


@pytest.mark.parametrize("pixels", [30, 60, 120, 600])
def test_numbers_of_an_axis_never_touch(pixels: int) -> None:
    axis = CalmAxis("left")
    ((spacing, _),) = axis.tickSpacing(0.0, 3.7, pixels)
    line = QFontMetricsF(axis.font()).height()
    assert spacing / 3.7 * pixels > line or spacing > 3.7


def test_a_low_axis_has_two_numbers() -> None:
    # Of losses from 0.5 to 4.5 in the height of three lines: 5 apart there would be none in sight.
    axis = CalmAxis("left")
    line = QFontMetricsF(axis.font()).height()
    assert axis.tickSpacing(0.5, 4.5, 3 * line) == [(2.0, 0.0)]


def test_a_short_row_of_steps_has_a_number_between_its_ends() -> None:
    # 20,000 apart there would be one at either end, where it is cut off and not drawn.
    axis = CalmAxis("bottom", whole=True)
    wide = QFontMetricsF(axis.font()).horizontalAdvance(WIDEST_STEP)
    assert axis.tickSpacing(0, 21_000, 3.5 * wide) == [(10_000.0, 0.0)]
    assert axis.tickSpacing(0, 25_000, 3.5 * wide) == [(20_000.0, 0.0)]


@pytest.mark.parametrize(
    ("distance", "rounded"), [(0.1, 0.1), (0.11, 0.2), (3, 5), (6, 10), (1200, 2000), (0, 1)]
)
def test_distances_are_1_2_5(distance: float, rounded: float) -> None:
    assert rounded_up(distance) == rounded


# ── the curve ─────────────────────────────────────────────────────────────────────────────────


def test_envelope_keeps_the_lowest_and_highest_of_each_part() -> None:
    # 8 values, 2 columns of 4: (3, 9, 1, 2) → 9 at 1, 1 at 2; (5, 5, 4, 8) → 4 at 6, 8 at 7
    values = np.array([3, 9, 1, 2, 5, 5, 4, 8], dtype=float)
    steps, kept = envelope(np.arange(8), values, 2)
    assert steps.tolist() == [1, 2, 6, 7]
    assert kept.tolist() == [9, 1, 4, 8]


def test_envelope_of_what_fits_is_all_of_it() -> None:
    steps, kept = envelope(np.arange(4), np.array([4.0, 3.0, 2.0, 1.0]), 2)
    assert steps.tolist() == [0, 1, 2, 3]
    assert kept.tolist() == [4, 3, 2, 1]


def test_envelope_passes_over_what_is_no_number() -> None:
    values = np.array([np.nan, 2, 1, np.nan, np.nan, np.nan])
    steps, kept = envelope(np.arange(6), values, 2)
    assert steps.tolist()[:2] == [1, 2]
    assert np.isnan(kept[2:]).all()


@given(arrays(np.float64, st.integers(1, 400), elements=st.floats(-1e6, 1e6)), st.integers(1, 30))
def test_envelope_never_hides_an_extreme(values: np.ndarray, columns: int) -> None:
    steps, kept = envelope(np.arange(len(values)), values, columns)
    assert kept.min() == values.min()
    assert kept.max() == values.max()
    assert (np.diff(steps) >= 0).all()
    assert (values[steps] == kept).all()
    assert len(kept) <= 2 * columns


def test_running_mean_by_hand() -> None:
    # of 3: (1+2+6)/3 = 3, (2+6+4)/3 = 4, (6+4+2)/3 = 4
    places, means = running_mean(np.array([1.0, 2, 6, 4, 2]), 3, 100)
    assert places.tolist() == [2, 3, 4]
    assert means.tolist() == [3, 4, 4]


def test_running_mean_needs_its_whole_window() -> None:
    places, means = running_mean(np.array([1.0, 2.0]), 3, 100)
    assert len(places) == len(means) == 0


def test_running_mean_of_many_ends_at_the_last() -> None:
    values = np.arange(1000.0)
    places, means = running_mean(values, 50, 20)
    assert len(places) == 20
    # the mean of 950 … 999 is 974.5
    assert places[-1] == 999
    assert means[-1] == 974.5


@pytest.mark.parametrize(("x", "place"), [(-5, 0), (12, 0), (16, 1), (21, 1), (99, 2)])
def test_nearest_place(x: float, place: int) -> None:
    assert nearest_place(np.array([10, 20, 30]), x) == place


# ── how often ─────────────────────────────────────────────────────────────────────────────────


def test_throttle_lets_the_first_and_the_last_through(qtbot: QtBot) -> None:
    owner = QObject()
    throttle = Throttle(30, owner)
    news: list[int] = []
    heard: list[int] = []

    def hear() -> None:
        heard.append(len(news))

    throttle.due.connect(hear)
    for number in range(10):
        news.append(number)
        throttle.ask()
    assert heard == [1]
    qtbot.waitUntil(lambda: heard == [1, 10])
    throttle.ask()
    throttle.now()
    assert len(heard) == 3


def test_throttles_of_the_same_news_part_ways(qtbot: QtBot) -> None:
    owner = QObject()
    first, second = Throttle(40, owner), Throttle(40, owner, phase=20)
    order: list[str] = []

    def hear_first() -> None:
        order.append("first")

    def hear_second() -> None:
        order.append("second")

    first.due.connect(hear_first)
    second.due.connect(hear_second)
    second.ask()
    first.ask()
    assert order == ["second", "first"]  # news that nobody waited for is told at once
    second.ask()
    first.ask()
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order[2:] == ["first", "second"]
    idle = QElapsedTimer()
    idle.start()
    qtbot.waitUntil(lambda: idle.elapsed() > 60)  # as between the frames of a slow run
    second.ask()
    first.ask()
    assert order[4:] == ["first"]
    qtbot.waitUntil(lambda: order[4:] == ["first", "second"])
