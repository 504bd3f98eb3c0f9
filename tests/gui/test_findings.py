"""Findings in the window: looked for in a thread, counted, listed, mended and undone."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QPushButton

from core.audit.finding import BeginAgain, Finding, UseOptimizer, ZeroRow
from core.config import ObjectiveConfig
from core.messages import SetRow
from gui import findings as module
from gui.batch_findings import BatchFindings
from gui.findings_button import FindingsButton
from gui.laboratory import Laboratory
from gui.padding_study import PaddingStudy
from gui.panels.finding_card import FindingCard
from gui.panels.findings import FindingsPanel
from gui.session import Session, State
from tests.gui.sessions import PATIENCE_MS, session, step_to, wait

__all__ = ["session"]


def kinds(session: Session) -> list[str]:
    return [finding.kind for finding in session.findings.findings]


def finding(session: Session, kind: str) -> Finding:
    return next(each for each in session.findings.findings if each.kind == kind)


def test_the_example_gives_a_note_and_an_edited_pad_row_another(qtbot, session):
    wait(qtbot, lambda: kinds(session) == ["dead-rows"])
    session.set_cell(1, 0, 0.5)
    wait(qtbot, lambda: "given-pad-row" in kinds(session))
    assert finding(session, "given-pad-row").remedy == ZeroRow(1)


def test_settings_that_read_pads_are_found_in_the_run_that_has_them(qtbot, session):
    session.open_example("labelled")
    objective = ObjectiveConfig("sentence-label", pooling="mean")
    session.set_objective(objective)
    wait(qtbot, lambda: "pads-in-pooling" in kinds(session))
    session.set_objective(replace(objective, pooling="masked-mean"))
    wait(qtbot, lambda: "pads-in-pooling" not in kinds(session))


def test_rows_that_never_leave_are_found_since_the_beginning_was_seen(qtbot, session):
    wait(qtbot, lambda: session.findings._record.initial is not None)
    session.set_optimizer(replace(session.config.optimizer, rate=1e-30))
    step_to(qtbot, session, 5)
    wait(qtbot, lambda: "nothing-trains" in kinds(session))
    session.set_optimizer(replace(session.config.optimizer, rate=0.1))
    step_to(qtbot, session, 10)
    wait(qtbot, lambda: "nothing-trains" not in kinds(session))


def test_back_at_the_beginning_nothing_is_said_to_have_failed_to_move(qtbot, session):
    wait(qtbot, lambda: session.findings._record.initial is not None)
    step_to(qtbot, session, 8)
    session._live.seek(0)
    wait(qtbot, lambda: session.shown.step == 0)
    with qtbot.waitSignal(session.findings.changed, timeout=PATIENCE_MS):
        pass
    assert kinds(session) == ["dead-rows"]


def test_it_goes_on_looking_while_it_trains(qtbot, session, monkeypatch):
    monkeypatch.setattr(module, "RUNNING_MS", 20)
    wait(qtbot, lambda: kinds(session) == ["dead-rows"])
    session.run()
    with qtbot.waitSignals([session.findings.changed] * 3, timeout=PATIENCE_MS):
        pass
    assert session.state is State.RUNNING
    session.pause()
    assert kinds(session) == ["dead-rows"]


def test_an_edit_of_the_sentences_is_followed(qtbot, session):
    wait(qtbot, lambda: kinds(session) == ["dead-rows"])
    session.set_text(session.text + "\ncode to know <pad> how")
    wait(qtbot, lambda: "loss-on-pads" in kinds(session))
    assert finding(session, "loss-on-pads").cells.tolist() == [[1, 3]]
    assert "dead-rows" not in kinds(session)  # a word follows "code" now
    session.undo_stack.undo()
    wait(qtbot, lambda: kinds(session) == ["dead-rows"])


def test_a_look_that_never_began_lets_go_of_the_rows(qtbot, session):
    found = session.findings
    wait(qtbot, lambda: not found._jobs)
    found._start()
    for job in found._jobs:
        job.stop()
    wait(qtbot, lambda: not found._jobs)
    step_to(qtbot, session, 20)  # two frames more than there are buffers


# ── the list ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def window(qtbot, session):
    """A main window with the button in its status bar."""
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.statusBar().addPermanentWidget(FindingsButton(session, FindingsPanel(session), made))
    made.show()
    return made


def opened(qtbot, window) -> FindingsPanel:
    button = window.findChild(FindingsButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel = window.findChild(FindingsPanel)
    wait(qtbot, panel.isVisible)
    return panel


def buttons(panel: FindingsPanel, name: str) -> list[QPushButton]:
    return [each for each in panel.findChildren(QPushButton, name) if each.isVisible()]


def test_the_button_counts_and_opens_and_closes_the_list(qtbot, session, window):
    button = window.findChild(FindingsButton)
    wait(qtbot, lambda: button.text() == "1 note")
    assert button.accessibleName() == "Findings: 1 note"
    panel = opened(qtbot, window)
    assert len(panel.findChildren(QPushButton, "findingPick")) == 1
    window.findChild(QDockWidget).close()
    assert not button.isChecked()


def test_a_click_picks_the_rows(qtbot, session, window):
    wait(qtbot, lambda: kinds(session) == ["dead-rows"])
    panel = opened(qtbot, window)
    (pick,) = buttons(panel, "findingPick")
    assert "“code”" in pick.accessibleName()
    qtbot.mouseClick(pick, Qt.MouseButton.LeftButton)
    assert session.selection == (2,)  # code
    session.select([])
    qtbot.mouseClick(pick.parentWidget(), Qt.MouseButton.LeftButton)
    assert session.selection == (2,)


def test_a_pad_row_is_zeroed_and_the_zeroing_is_undone_as_one(qtbot, session, window):
    for column, value in enumerate((0.5, -0.25, 2.0)):
        session.set_cell(1, column, value)
    wait(qtbot, lambda: "given-pad-row" in kinds(session))
    panel = opened(qtbot, window)
    (mend,) = buttons(panel, "findingMend")
    assert mend.text() == "Set the row to zero"
    qtbot.mouseClick(mend, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not session.shown.rows[1].any())
    wait(qtbot, lambda: "given-pad-row" not in kinds(session))
    assert buttons(panel, "findingMend") == []
    assert session.undo_stack.undoText() == "zeroing of <pad>"
    assert isinstance(session.history.events[-1].change, SetRow)
    assert len(session.history.events) == 4  # the three cells, and the row
    session.undo_stack.undo()
    wait(qtbot, lambda: session.shown.rows[1].tolist() == [0.5, -0.25, 2.0])


def test_a_setting_is_mended_in_a_new_run_and_comes_back_by_undo(qtbot, session, window):
    session.set_table(replace(session.config.table, padding_idx=3))
    wait(qtbot, lambda: "wrong-padding-idx" in kinds(session))
    assert isinstance(finding(session, "wrong-padding-idx").remedy, BeginAgain)
    (mend,) = buttons(opened(qtbot, window), "findingMend")
    assert mend.text() == "Set padding_idx to 1"
    qtbot.mouseClick(mend, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: session.shown_config.table.padding_idx == 1)
    wait(qtbot, lambda: "wrong-padding-idx" not in kinds(session))
    session.undo_stack.undo()
    wait(qtbot, lambda: "wrong-padding-idx" in kinds(session))


def test_weight_decay_is_turned_off_in_the_run_under_way(qtbot, session, window):
    session.set_optimizer(replace(session.config.optimizer, weight_decay=0.5))
    wait(qtbot, lambda: "decay-of-unseen" in kinds(session))
    assert isinstance(finding(session, "decay-of-unseen").remedy, UseOptimizer)
    (mend,) = buttons(opened(qtbot, window), "findingMend")
    qtbot.mouseClick(mend, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: session.config.optimizer.weight_decay == 0)
    wait(qtbot, lambda: "decay-of-unseen" not in kinds(session))


def test_rows_without_a_name_are_called_by_their_id(qtbot, session):
    panel = FindingsPanel(session)
    qtbot.addWidget(panel)
    assert panel._name(99) == "row 99"
    assert panel._name(3) == "“you”"


# ── the batch of the padding tab ──────────────────────────────────────────────────────────────


@pytest.fixture
def study(qtbot, session):
    """A study that asks nobody, and whose batch is looked at."""
    laboratory = Laboratory()
    made = PaddingStudy(session, laboratory)
    laboratory.ask = lambda *_question: None
    BatchFindings(session, made, made)
    yield made
    made.close()
    laboratory.close()


def of_batch(session: Session) -> list[str]:
    return [each.kind for each in session.findings.findings if each.of_batch]


def test_the_batch_of_the_padding_tab_is_looked_at_while_somebody_looks_there(
    qtbot, session, study
):
    study.wish(head="mean")
    wait(qtbot, lambda: kinds(session) == ["dead-rows"])
    study.watch(True)
    wait(qtbot, lambda: of_batch(session) == ["pads-in-pooling"])
    study.wish(head="lstm")
    wait(qtbot, lambda: of_batch(session) == ["pads-in-last-state"])
    study.wish(head="masked-mean", source="ids", ids="2 3\n99 4")
    wait(qtbot, lambda: of_batch(session) == ["id-out-of-range"])
    assert finding(session, "id-out-of-range").cells.tolist() == [[1, 0]]
    study.watch(False)
    wait(qtbot, lambda: of_batch(session) == [])


def test_the_list_says_that_it_is_about_the_padding_tab(qtbot, session, study, window):
    study.watch(True)
    study.wish(head="attention")
    wait(qtbot, lambda: of_batch(session) == ["pads-in-attention"])
    said = [each.text() for each in opened(qtbot, window).findChildren(QLabel, "findingWhat")]
    assert said[0] == "Warning in the Padding tab: Words attend to pads."


# ── what is lit ───────────────────────────────────────────────────────────────────────────────


def test_enter_on_a_finding_lights_up_what_it_names(qtbot, session, window):
    wait(qtbot, lambda: kinds(session) == ["dead-rows"])
    (card,) = opened(qtbot, window).findChildren(FindingCard)
    assert card.accessibleName().startswith("Note: ")
    for widget in (card, card.findChild(QPushButton, "findingPick")):
        session.select([])
        widget.setFocus()
        qtbot.keyClick(widget, Qt.Key.Key_Return)
        assert session.selection == (2,)  # code
        assert session.findings.lit.finding.kind == "dead-rows"


def test_a_finding_about_cells_says_so_on_its_button(qtbot, session, window):
    session.set_text(session.text + "\ncode to know <pad> how")
    wait(qtbot, lambda: "loss-on-pads" in kinds(session))
    picks = buttons(opened(qtbot, window), "findingPick")
    assert "Show where" in [pick.text() for pick in picks]
    qtbot.mouseClick(picks[0], Qt.MouseButton.LeftButton)
    assert session.findings.lit.cell == (1, 3)
    assert session.selection == (1,)  # <pad>


def test_cells_of_sentences_that_are_gone_are_not_lit(qtbot, session):
    session.set_text(session.text + "\ncode to know <pad> how")
    wait(qtbot, lambda: "loss-on-pads" in kinds(session))
    found = finding(session, "loss-on-pads")
    session.set_text("know")  # and nobody has looked yet
    session.findings.light(found)
    assert session.findings.lit.cell is None
    session.findings._start()  # somebody looks, but what was found before is still what is told
    session.findings.light(found)
    assert session.findings.lit.cell is None
    assert found in session.findings.findings
