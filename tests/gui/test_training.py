"""The bar and the settings set what the session holds, and show what it holds."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.config import Initialisation, ObjectiveConfig, OptimizerConfig
from core.problems import CombinationRefused
from gui.icons import icon
from gui.number_box import NumberBox, next_of_1_2_5
from gui.panels.run_settings import RunSettingsPanel
from gui.panels.training import TrainingBar, with_algorithm
from gui.readout import Readout
from gui.speed_slider import FULL, SpeedSlider, position_of, speed_at
from tests.gui.run_session import RunSession

WIDE, NARROW = 1008, 700


@pytest.fixture
def session() -> RunSession:
    return RunSession()


@pytest.fixture
def actions(qapp: Any) -> SimpleNamespace:
    owner = QObject()
    made = {}
    for name, action_name in (
        ("run", "runAction"),
        ("step", "stepAction"),
        ("step_ten", "stepTenAction"),
        ("reset", "resetAction"),
    ):
        made[name] = QAction(icon("step"), name, owner)
        made[name].setObjectName(action_name)
    return SimpleNamespace(owner=owner, **made)


@pytest.fixture
def bar(session: RunSession, actions: SimpleNamespace, qtbot: QtBot) -> Iterator[TrainingBar]:
    bar = TrainingBar(session, actions)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(bar)
    column.addStretch(1)
    window.resize(WIDE, 150)
    window.show()
    yield bar
    window.close()  # and, being named here, the window lives until now


@pytest.fixture
def settings(session: RunSession, qtbot: QtBot) -> RunSettingsPanel:
    panel = RunSettingsPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def box(of: QWidget, name: str) -> QComboBox:
    return of.findChild(QComboBox, name)


def number(of: QWidget, name: str) -> NumberBox:
    return of.findChild(NumberBox, name)


def choose(which: QComboBox, data: str) -> None:
    """As a person does: `activated` is not emitted by a program's setCurrentIndex."""
    index = which.findData(data)
    which.setCurrentIndex(index)
    which.activated.emit(index)


def enter(qtbot: QtBot, field: NumberBox, text: str) -> None:
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def readout(bar: TrainingBar, name: str) -> str:
    return bar.findChild(Readout, name).value


# ── the bar ───────────────────────────────────────────────────────────────────────────────────


def test_before_the_first_step_there_is_no_loss(bar: TrainingBar) -> None:
    assert readout(bar, "stepReadout") == "0"
    assert readout(bar, "lossReadout") == "–"
    assert readout(bar, "stepsPerSecondReadout") == "–"


def test_the_step_on_screen_its_loss_and_the_speed(bar: TrainingBar, session: RunSession) -> None:
    session.steps_per_second = 2310.4
    session.show_losses(*[2.0] * 1233, 1.4217982292175293)
    assert readout(bar, "stepReadout") == "1,234"
    assert readout(bar, "lossReadout") == "≈ 1.42"
    assert readout(bar, "stepsPerSecondReadout") == "≈ 2,310"
    # a loss of float32: its own shortest text, not that of the float64 that carried it
    assert "1.4217982" in bar.findChild(Readout, "lossReadout").toolTip()
    assert "1.42179822" not in bar.findChild(Readout, "lossReadout").toolTip()


def test_a_loss_of_three_figures_is_not_called_rounded(
    bar: TrainingBar, session: RunSession
) -> None:
    session.show_losses(0.5)
    assert readout(bar, "lossReadout") == "0.5"


def test_buttons_do_what_the_actions_do(
    bar: TrainingBar, actions: SimpleNamespace, qtbot: QtBot
) -> None:
    for name, action in (
        ("runButton", actions.run),
        ("stepButton", actions.step),
        ("stepTenButton", actions.step_ten),
        ("resetButton", actions.reset),
    ):
        with qtbot.waitSignal(action.triggered):
            qtbot.mouseClick(bar.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def test_another_objective_keeps_its_settings(bar: TrainingBar, session: RunSession) -> None:
    session.config = replace(session.config, objective=replace(session.config.objective, window=7))
    choose(box(bar, "objectiveBox"), "skip-gram")
    assert session.config.objective.name == "skip-gram"
    assert session.config.objective.window == 7


def test_choosing_what_is_chosen_does_nothing(bar: TrainingBar, session: RunSession) -> None:
    choose(box(bar, "objectiveBox"), "next-word")
    choose(box(bar, "optimizerBox"), "sgd")
    assert session.calls == []


def test_a_refused_optimizer_falls_back(bar: TrainingBar, session: RunSession) -> None:
    session.refuse_next = CombinationRefused("sparse-adam", "needs-sparse-gradients")
    choose(box(bar, "optimizerBox"), "sparse-adam")
    assert session.calls[-1][0] == "set_optimizer"
    assert box(bar, "optimizerBox").currentData() == "sgd"


def test_another_algorithm_leaves_behind_what_it_does_not_have() -> None:
    sgd = OptimizerConfig("sgd", 0.3, momentum=0.9, nesterov=True, weight_decay=0.01)
    assert with_algorithm(sgd, "adam") == OptimizerConfig("adam", 0.3, weight_decay=0.01)
    assert with_algorithm(sgd, "sparse-adam") == OptimizerConfig("sparse-adam", 0.3)
    assert with_algorithm(sgd, "sgd") == sgd


def test_the_rate_is_set_when_it_is_typed_whole(
    bar: TrainingBar, session: RunSession, qtbot: QtBot
) -> None:
    enter(qtbot, number(bar, "rateBox"), "0.05")
    # not 0, 0. and 0.0 on the way
    assert [name for name, _ in session.calls] == ["set_optimizer"]
    assert session.config.optimizer.rate == 0.05


def test_a_refused_rate_falls_back(bar: TrainingBar, session: RunSession, qtbot: QtBot) -> None:
    session.refuse_next = CombinationRefused("sgd", "no-momentum")
    enter(qtbot, number(bar, "rateBox"), "7")
    assert number(bar, "rateBox").text() == "0.1"


def test_a_change_from_elsewhere_is_shown_without_being_made_again(
    bar: TrainingBar, session: RunSession
) -> None:
    session.config = replace(session.config, optimizer=OptimizerConfig("adam", 1e-7))
    session.configChanged.emit()
    assert box(bar, "optimizerBox").currentData() == "adam"
    assert number(bar, "rateBox").text() == "1e-07"  # below the range, and shown as it is
    assert session.calls == []


def test_one_row_where_there_is_room_and_two_where_there_is_not(
    bar: TrainingBar, qtbot: QtBot
) -> None:
    objective, run = box(bar, "objectiveBox"), bar.findChild(QToolButton, "runButton")

    def below() -> bool:
        return objective.mapTo(bar, objective.rect().topLeft()).y() > run.geometry().bottom()

    qtbot.waitUntil(lambda: not below())
    bar.window().resize(NARROW, 150)
    qtbot.waitUntil(below)
    assert bar.window().width() == NARROW
    right = objective.mapTo(bar, objective.rect().topRight()).x()
    assert right < bar.width() < NARROW
    bar.window().resize(WIDE, 150)
    qtbot.waitUntil(lambda: not below())


def test_settings_open_beside_the_window(
    bar: TrainingBar, session: RunSession, qtbot: QtBot
) -> None:
    qtbot.mouseClick(bar.findChild(QToolButton, "settingsButton"), Qt.MouseButton.LeftButton)
    panel = bar.window().findChild(RunSettingsPanel)
    qtbot.waitUntil(panel.isVisible)
    assert not panel.window().isModal()


# ── speed ─────────────────────────────────────────────────────────────────────────────────────


def test_positions_of_the_slider_are_a_logarithm() -> None:
    # 10 positions a decade: 10^(0/10) = 1, 10^(3/10) = 1.995 → 2.0, 10^(10/10) = 10, 10^(30/10)
    assert [speed_at(position) for position in (0, 3, 10, 30)] == [1, 2, 10, 1000]
    assert speed_at(FULL) is None


def test_every_position_stays_where_it_is_put() -> None:
    assert [position_of(speed_at(position)) for position in range(FULL + 1)] == list(
        range(FULL + 1)
    )


def test_the_slider_says_and_sets_the_speed(bar: TrainingBar, session: RunSession) -> None:
    speed = bar.findChild(SpeedSlider)
    assert speed.text == "full speed"
    speed.findChild(QSlider).setValue(13)
    assert session.calls == [("set_speed", 20.0)]
    assert speed.text == "20 steps/s"
    session.speed = None
    session.stateChanged.emit()
    assert speed.text == "full speed"
    assert len(session.calls) == 1


# ── numbers ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "up", "down"),
    [(0.1, 0.2, 0.05), (1, 2, 0.5), (0.3, 0.5, 0.2), (5, 10, 2), (1000, 2000, 500)],
)
def test_steps_of_a_rate(value: float, up: float, down: float) -> None:
    assert next_of_1_2_5(value, up=True) == up
    assert next_of_1_2_5(value, up=False) == down


def test_a_step_up_from_zero_and_down_stays_in_range(qtbot: QtBot) -> None:
    field = NumberBox(0, 3, logarithmic=True)
    qtbot.addWidget(field)
    field.show_value(2)
    field.stepBy(1)
    assert field.value() == 3
    field.show_value(0)
    field.stepBy(-1)
    assert field.value() == 0
    field.stepBy(1)
    assert field.value() > 0


@pytest.mark.parametrize("text", ["", "-", "1e", "abc", "nan", "inf", "5000", "1,5"])
def test_what_is_no_number_in_range_is_not_taken(text: str, qtbot: QtBot) -> None:
    field = NumberBox(0.0001, 1000)
    qtbot.addWidget(field)
    field.show_value(0.5)
    enter(qtbot, field, text)
    field.clearFocus()
    assert field.value() in (0.5, 5, 500, 15)  # letters and digits that do not fit are not typed
    assert 0.0001 <= field.value() <= 1000


# ── all settings ──────────────────────────────────────────────────────────────────────────────


def test_batch_size(settings: RunSettingsPanel, session: RunSession, qtbot: QtBot) -> None:
    enter(qtbot, number(settings, "batchBox"), "64")
    assert session.calls == [("set_batch_size", 64)]


def test_columns_of_a_given_table_are_drawn_afresh(
    settings: RunSettingsPanel, session: RunSession, qtbot: QtBot
) -> None:
    given = replace(session.config.table, initialisation=Initialisation("given"))
    session.config = replace(session.config, table=given)
    session.configChanged.emit()
    assert box(settings, "initialisationBox").currentData() == "given"
    enter(qtbot, number(settings, "dimensionBox"), "5")
    assert session.config.table.embedding_dim == 5
    assert session.config.table.initialisation.name == "normal"
    assert box(settings, "initialisationBox").findData("given") < 0


def test_padding_off_and_on_again(settings: RunSettingsPanel, session: RunSession) -> None:
    padding = settings.findChild(QCheckBox, "paddingBox")
    assert padding.text() == "row 1, <pad>"
    padding.click()
    assert session.config.table.padding_idx is None
    padding.click()
    assert session.config.table.padding_idx == 1


def test_no_max_norm_is_none_and_not_zero(
    settings: RunSettingsPanel, session: RunSession, qtbot: QtBot
) -> None:
    field = number(settings, "maxNormBox")
    assert field.text() == "none"
    assert not number(settings, "normTypeBox").isEnabled()
    enter(qtbot, field, "1.5")
    assert session.config.table.max_norm == 1.5
    assert number(settings, "normTypeBox").isEnabled()
    enter(qtbot, field, "0")
    assert session.config.table.max_norm is None


def test_the_largest_seed(settings: RunSettingsPanel, session: RunSession, qtbot: QtBot) -> None:
    enter(qtbot, number(settings, "seedBox"), "4294967295")
    assert session.calls == [("set_seed", 2**32 - 1)]
    assert number(settings, "seedBox").text() == "4294967295"


def test_nesterov_goes_with_the_momentum(
    settings: RunSettingsPanel, session: RunSession, qtbot: QtBot
) -> None:
    nesterov = settings.findChild(QCheckBox, "nesterovBox")
    assert not nesterov.isEnabled()
    enter(qtbot, number(settings, "momentumBox"), "0.9")
    nesterov.click()
    assert session.config.optimizer == OptimizerConfig("sgd", 0.1, momentum=0.9, nesterov=True)
    enter(qtbot, number(settings, "momentumBox"), "0")
    assert session.config.optimizer == OptimizerConfig("sgd", 0.1)


def test_only_what_the_objective_reads_can_be_set(
    settings: RunSettingsPanel, session: RunSession
) -> None:
    def enabled() -> list[bool]:
        fields = (
            number(settings, "windowBox"),
            number(settings, "negativesBox"),
            box(settings, "poolingBox"),
            settings.findChild(QCheckBox, "tiedBox"),
        )
        return [field.isEnabled() for field in fields]

    assert enabled() == [False, False, False, True]
    for name, expected in (
        ("cbow", [True, False, False, False]),
        ("skip-gram", [True, True, False, False]),
        ("sentence-label", [False, False, True, False]),
    ):
        session.set_objective(replace(session.config.objective, name=name))
        assert enabled() == expected


def test_tied_output_weights_begin_a_new_run(
    settings: RunSettingsPanel, session: RunSession
) -> None:
    tied = settings.findChild(QCheckBox, "tiedBox")
    assert "every row gets a gradient" in tied.toolTip()
    tied.click()
    assert session.calls == [("set_objective", ObjectiveConfig("next-word", tied=True))]
    session.refuse_next = CombinationRefused("sgd", "sparse-tied")
    tied.click()
    assert tied.isChecked()  # as the session has it


def test_a_refused_table_falls_back(settings: RunSettingsPanel, session: RunSession) -> None:
    session.refuse_next = CombinationRefused("adam", "sparse-gradients-unsupported")
    settings.findChild(QCheckBox, "sparseBox").click()
    assert session.calls[-1][1].sparse
    assert not settings.findChild(QCheckBox, "sparseBox").isChecked()


def test_every_setting_has_a_name_and_a_line_about_it(
    bar: TrainingBar, settings: RunSettingsPanel
) -> None:
    fields = [
        field
        for of in (bar, settings)
        for kind in (QComboBox, NumberBox, QCheckBox, QToolButton, QSlider)
        for field in of.findChildren(kind)
    ]
    assert len(fields) > 20
    for field in fields:
        if field.objectName().startswith("qt_"):
            continue
        assert field.accessibleName(), field.objectName()
        assert field.toolTip(), field.objectName()
