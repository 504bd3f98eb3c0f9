"""The Code tab and the export of the run as a script, over a real session and engine."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot
from safetensors.numpy import load_file

from core.config import OptimizerConfig
from gui.background import Background
from gui.panels.code import CodePanel
from gui.script_export import ScriptExport
from gui.session import Session
from gui.settings import Settings
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> CodePanel:
    panel = CodePanel(session)
    qtbot.addWidget(panel)
    panel.resize(640, 400)
    panel.show()
    wait(qtbot, lambda: "nn.Embedding(8, 3" in panel.view.toPlainText())
    return panel


def lit(panel: CodePanel) -> list[str]:
    marks = panel.view.extraSelections()
    return [mark.cursor.block().text().strip() for mark in marks]


def test_it_is_the_run_on_screen(qtbot: QtBot, session: Session, panel: CodePanel) -> None:
    assert "'<unk>', '<pad>', 'code', 'you', 'know', 'to', 'need', 'how'" in (
        panel.view.toPlainText()
    )
    step_to(qtbot, session, 7)
    wait(qtbot, lambda: "range(1, 7 + 1)" in panel.view.toPlainText())
    session.set_cell(3, 0, 0.25)
    wait(qtbot, lambda: "table.weight[3, 0] = 0.25" in panel.view.toPlainText())
    session.open_example("small-world")
    wait(qtbot, lambda: "neighbours = nn.Embedding" in panel.view.toPlainText())


def test_a_step_is_walked_through(qtbot: QtBot, session: Session, panel: CodePanel) -> None:
    assert lit(panel) == []
    seen: list[list[str]] = []
    session.step()

    def walked() -> bool:
        if lit(panel) not in seen:
            seen.append(lit(panel))
        return len(lit(panel)) == 5

    wait(qtbot, walked)
    whole = [
        "batch = draw(examples, batch_size)",
        "return functional.cross_entropy(head(table(words)), following)",
        "loss = loss_of(batch)",
        "loss.backward()",
        "optimizer.step()",
    ]
    assert seen[-1] == whole
    assert [whole[0]] in seen
    loss = session.losses.losses[-1]
    notes = panel.view._notes
    assert float(notes[panel._script.parts["loss"]]) == pytest.approx(loss, rel=1e-7)
    assert notes[panel._script.parts["step"]] == f"{len(session.shown.moved_ids)} rows moved"


def test_running_lights_all_and_leaves_the_text(
    qtbot: QtBot, session: Session, panel: CodePanel
) -> None:
    session.run()
    wait(qtbot, lambda: session.shown.step > 50 and len(lit(panel)) == 5)
    assert "range(1, 0 + 1)" in panel.view.toPlainText()
    session.pause()
    wait(qtbot, lambda: f"range(1, {session.shown.step} + 1)" in panel.view.toPlainText())


def test_it_can_be_copied(panel: CodePanel) -> None:
    panel.findChild(QAbstractButton, "codeCopy").click()
    assert QGuiApplication.clipboard().text() == panel.view.toPlainText()


class Exported:
    """An exporter that always asks for one file."""

    def __init__(self, session: Session, folder: Path, name: str, window: QWidget) -> None:
        self.told: list[str] = []
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        self.background = Background()
        path = folder / name
        self.export = ScriptExport(
            session, self.background, Settings(store), window, lambda *_: path
        )
        self.export.told.connect(self.told.append)


@pytest.fixture
def exported(qtbot: QtBot, session: Session, tmp_path: Path) -> Iterator[Exported]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Exported(session, tmp_path, "run.py", window)
    yield made
    made.background.close()


def test_the_script_of_an_earlier_step_has_what_was_changed_by_then(
    qtbot: QtBot, session: Session, exported: Exported, tmp_path: Path
) -> None:
    step_to(qtbot, session, 2)
    session.set_cell(2, 1, -3.0)
    step_to(qtbot, session, 4)
    session.set_batch_size(3)
    step_to(qtbot, session, 6)
    session.time.seek(3)
    wait(qtbot, lambda: session.shown.step == 3)
    exported.export.export()
    wait(qtbot, lambda: exported.told == ["Saved run.py, run.safetensors."])
    script = (tmp_path / "run.py").read_text("utf-8")
    assert "range(1, 3 + 1)" in script
    assert "table.weight[2, 1] = -3.0" in script
    assert "batch_size = 3" not in script


def test_an_exported_script_gives_the_same_table(
    qtbot: QtBot, session: Session, exported: Exported, tmp_path: Path
) -> None:
    session.set_optimizer(OptimizerConfig("adam", 0.05))
    step_to(qtbot, session, 6)
    session.set_cell(2, 1, -3.0)
    step_to(qtbot, session, 9)
    exported.export.export()
    wait(qtbot, lambda: exported.told == ["Saved run.py, run.safetensors."])
    saved = load_file(tmp_path / "run.safetensors")["weight"]
    assert np.array_equal(saved, session.shown.rows)
    told = subprocess.run(
        [sys.executable, tmp_path / "run.py"], capture_output=True, text=True, check=True
    )
    lines = told.stdout.splitlines()
    assert lines[-1] == "torch.equal: True"
    losses = [float(line.rsplit(" ", 1)[1]) for line in lines[:-1]]
    assert losses == session.losses.losses.tolist()
