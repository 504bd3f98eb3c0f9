"""The card of an example: folded where there is little height, until somebody unfolds it."""

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton

from core.scenarios import load_scenario
from gui.scenario_card import ScenarioCard


class OpenScenario(QObject):
    """A scenario that is open."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.current = load_scenario("mean-over-pads")


@pytest.fixture
def scenarios(qapp) -> OpenScenario:
    return OpenScenario()


@pytest.fixture
def card(qtbot, scenarios) -> ScenarioCard:
    made = ScenarioCard(scenarios, of_table=False)
    qtbot.addWidget(made)
    made.resize(460, 100)
    made.show()
    return made


def seen(card: ScenarioCard) -> list[str]:
    return [label.objectName() for label in card.findChildren(QLabel) if label.isVisible()]


ALL = ["paddingScenarioTitle", "paddingScenarioAbout", "paddingScenarioWatch"]


def test_it_is_folded_to_its_title_and_question_where_there_is_little_height(card):
    assert seen(card) == ALL
    card.set_short(short=True)
    assert seen(card) == ALL[:1]
    assert "?" in card.findChild(QLabel, ALL[0]).text()
    card.set_short(short=False)
    assert seen(card) == ALL


def test_what_was_unfolded_by_hand_stays_so_until_another_example(qtbot, scenarios, card):
    card.set_short(short=True)
    fold = card.findChild(QToolButton, "paddingScenarioFold")
    assert fold.text() == "Explain"
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert seen(card) == ALL
    assert fold.text() == "Fold"
    card.set_short(short=False)
    card.set_short(short=True)
    assert seen(card) == ALL
    scenarios.changed.emit()
    assert seen(card) == ALL[:1]
