"""The dialog says what will come of it; the command asks where, and records the panel in front."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QMainWindow,
    QSpinBox,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import record_dialog
from gui.background import Background
from gui.export import Exporter
from gui.export_menu import Offer
from gui.film_plan import Subject, usual_stride
from gui.film_subjects import bring_forward, subjects_in
from gui.record_dialog import RecordDialog
from gui.recorder import Recorder
from gui.session import Session
from gui.settings import Settings
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]


@pytest.fixture
def wide(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(400, 100)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def dialog(qtbot: QtBot, wide: QWidget) -> RecordDialog:
    tall = QWidget()
    tall.resize(301, 900)
    qtbot.addWidget(tall)
    made = RecordDialog([Subject("Wide", wide), Subject("Tall", tall)], 1000)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def note(dialog: RecordDialog) -> str:
    return dialog.findChild(QLabel, "recordNote").text()


def start(dialog: RecordDialog) -> QAbstractButton:
    return dialog.findChild(QAbstractButton, "recordStart")


def test_it_tells_frames_and_seconds_before(dialog: RecordDialog) -> None:
    # 1,000 steps in about 200 frames: every fifth, and step 0.
    assert note(dialog) == "201 frames: steps 0, 5 … 1,000. The film lasts 20.1 s."
    dialog.stride.setValue(300)
    dialog.per_second.setValue(2)
    assert note(dialog) == "5 frames: steps 0, 300 … 1,000. The film lasts 2.5 s."
    dialog.first.setValue(700)
    assert note(dialog) == "2 frames: steps 700 and 1,000. The film lasts 1.0 s."
    dialog.kind.setCurrentIndex(dialog.kind.findData("png"))
    assert note(dialog) == "2 frames: steps 700 and 1,000."
    dialog.first.setValue(1000)
    assert note(dialog) == "1 frame: step 1,000."
    assert start(dialog).isEnabled()


def test_the_size_is_that_of_the_panel_until_one_is_chosen(dialog: RecordDialog) -> None:
    dialog.captioned.setChecked(False)
    assert (dialog.plan.size.width(), dialog.plan.size.height()) == (400, 100)
    dialog.wide.setValue(1000)
    assert (dialog.plan.size.width(), dialog.plan.size.height()) == (1000, 250)
    dialog.subject.setCurrentIndex(1)
    # 301 pixels are no even number; 300 × 900 / 301 = 897.01.
    assert (dialog.plan.size.width(), dialog.plan.size.height()) == (300, 898)
    dialog.captioned.setChecked(True)
    assert dialog.plan.size.height() > 900


def test_what_cannot_be_is_said_and_cannot_be_started(dialog: RecordDialog) -> None:
    dialog.first.setValue(500)
    dialog.last.setValue(400)
    assert "first step comes after the last" in note(dialog)
    assert not start(dialog).isEnabled()
    dialog.last.setValue(600)
    assert start(dialog).isEnabled()
    dialog.per_second.setValue(60)
    assert note(dialog) == "A GIF shows at most 50 frames a second."
    assert not start(dialog).isEnabled()
    dialog.kind.setCurrentIndex(dialog.kind.findData("png"))
    assert start(dialog).isEnabled()
    dialog.subject.setCurrentIndex(1)
    dialog.wide.setValue(3840)  # 11,482 pixels high: 44 million, where 8.3 are the most
    assert dialog.plan.is_too_large
    assert "Choose a smaller width" in note(dialog)
    assert not start(dialog).isEnabled()


def test_a_film_that_needs_a_missing_library_says_how_to_get_it(
    qtbot: QtBot, wide: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_dialog, "is_available", lambda kind: kind != "mp4")
    dialog = RecordDialog([Subject("Wide", wide)], 10)
    qtbot.addWidget(dialog)
    place = dialog.kind.findData("mp4")
    assert "pip install av" in dialog.kind.itemText(place)
    assert not dialog.kind.model().item(place).isEnabled()
    assert dialog.kind.currentData() == "gif"


def test_every_field_has_a_name(dialog: RecordDialog) -> None:
    for field in (*dialog.findChildren(QSpinBox), *dialog.findChildren(QComboBox)):
        assert field.objectName()
        assert field.accessibleName()


@pytest.mark.parametrize("reach", [0, 1, 200, 201, 5893, 1_000_000])
def test_a_long_run_is_thinned_out(reach: int) -> None:
    assert len(range(0, reach + 1, usual_stride(reach))) <= 201


def test_panels_behind_tabs_come_to_the_front_and_those_turned_off_are_left_out(
    qtbot: QtBot,
) -> None:
    window, tabs = QMainWindow(), QTabWidget()
    first, second, off = QWidget(), QWidget(), QWidget(tabs)
    tabs.addTab(first, "first")
    tabs.addTab(second, "second")
    window.setCentralWidget(tabs)
    qtbot.addWidget(window)
    window.show()
    off.hide()
    offers = [
        Offer(name, each, lambda: None)
        for name, each in (("first", first), ("second", second), ("off", off))
    ]
    found = subjects_in(tabs, "all", offers)
    assert [subject.name for subject in found] == ["all", "first", "second"]
    bring_forward(second)
    assert tabs.currentWidget() is second


def test_the_command_asks_and_records(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    step_to(qtbot, session, 3)
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    window = QMainWindow()
    window.setCentralWidget(QWidget())
    window.resize(300, 200)
    qtbot.addWidget(window)
    window.show()
    asked: list[Path] = []

    def ask(_parent: QWidget, _title: str, proposed: Path, _kinds: str) -> Path:
        asked.append(proposed)
        return tmp_path / "film.gif"

    background = Background(window)
    exporter = Exporter(background, settings, window)
    recorder = Recorder(session, background, settings, exporter, window, ask)
    told: list[str] = []
    refused: list[str] = []
    recorder.told.connect(told.append)
    recorder.refused.connect(refused.append)
    recorder.start()
    dialog = window.findChild(RecordDialog)
    qtbot.mouseClick(start(dialog), Qt.MouseButton.LeftButton)
    assert [path.name for path in asked] == ["run.gif"]
    recorder.start()
    assert refused == ["Another film is being recorded: wait, or stop it."]
    wait(qtbot, lambda: not recorder.recording.is_under_way)
    assert told == ["Saved film.gif."]
    assert settings.save_folder == tmp_path
    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames == 4  # steps 0 … 3
