"""A lit finding in the padding tab, over a real session and laboratory."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.audit.finding import Finding
from gui.padding_light import PaddingLight
from gui.panel_offers import PanelOffers
from gui.session import Session
from gui.tabbed import CentreTabs
from tests.gui.sessions import session, wait

__all__ = ["session"]

TEXT = "\n".join(
    ["you need to know how to code"] * 8 + ["you <pad> need", "to <pad> code <pad>", "how to"]
)


@pytest.fixture
def tabs(qtbot: QtBot, session: Session):
    """The tabs in the middle, of which none is about padding until it is asked for."""
    made = CentreTabs(session, PanelOffers(session))
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    yield made
    made.end()


def pads(session: Session) -> Finding | None:
    found = [each for each in session.findings.findings if each.kind == "loss-on-pads"]
    return found[0] if found else None


def place(tabs: CentreTabs) -> tuple[int, int] | None:
    """The current cell of the batch, if it is lit."""
    grid = tabs.padding.grid
    return grid.current if grid.current in grid.lit else None


def test_the_tab_comes_forward_with_a_batch_that_has_the_cell(qtbot, session, tabs):
    session.set_text(TEXT)
    wait(qtbot, lambda: pads(session) is not None)
    found = pads(session)
    assert found.cells.tolist() == [[8, 1], [9, 1], [9, 3]]
    session.findings.light(found)
    assert tabs.currentWidget() is not tabs.space
    wait(qtbot, lambda: place(tabs) is not None)
    grid, batch = tabs.padding.grid, tabs.study.answer.batch
    # The typed line and sentences 9 to 11: a full batch of four from as far on as there are.
    assert batch.names == ("typed", "9", "10", "11")
    assert place(tabs) == (1, 1)
    assert grid.lit == {(1, 1), (2, 1), (2, 3)}
    assert grid.viewport().rect().intersects(grid.rect_of(1, 1))
    note = tabs.padding.findChild(QLabel, "paddingNote").text()
    assert "place 1 of the 3" in note
    session.findings.light(found)
    assert place(tabs) == (2, 1)
    session.select([3])
    assert place(tabs) is None
    assert "place" not in tabs.padding.findChild(QLabel, "paddingNote").text()


def test_on_the_left_the_cell_is_further_on(qtbot, session, tabs):
    session.set_text(TEXT)
    wait(qtbot, lambda: pads(session) is not None)
    tabs.study.wish(side="left", extra=2, source="ids", ids="3 4")
    tabs.padding.show_part(compare=True)
    session.findings.light(pads(session))
    wait(qtbot, lambda: place(tabs) is not None)
    # 4 + 2 columns, of which "you <pad> need" has the last three.
    assert tabs.padding.grid.cells.shape == (4, 6)
    assert place(tabs) == (1, 4)


def test_a_batch_of_its_own_that_is_another_by_now_is_said_to_be(qtbot, session, tabs):
    study, light = tabs.study, tabs.padding.findChild(PaddingLight)
    study.wish(head="mean", source="ids", ids="2 3\n99 4")
    tabs.setCurrentIndex(2)

    def wrong() -> list[Finding]:
        return [each for each in session.findings.findings if each.kind == "id-out-of-range"]

    wait(qtbot, lambda: bool(wrong()))
    session.findings.light(wrong()[0])
    wait(qtbot, lambda: place(tabs) == (1, 0))
    study.wish(ids="2 3\n7 4")
    wait(qtbot, lambda: study.answer.batch.sentences == ((2, 3), (7, 4)))
    assert place(tabs) is None
    assert light.in_words() == "The batch has changed since this was found."
