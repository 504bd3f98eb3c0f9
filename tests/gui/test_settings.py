"""What is remembered survives the program, and what cannot be read does no harm."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot

from gui.settings import RECENT_FILES, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def opened(file: Path) -> Settings:
    """Settings read from the file anew, as the next start of the program reads them."""
    return Settings(QSettings(str(file), QSettings.Format.IniFormat))


def test_theme_and_flags_come_back(file: Path) -> None:
    first = opened(file)
    assert first.theme == "system"
    assert not first.presentation
    first.theme = "dark"
    first.presentation = True
    first.set_flag("trained", False)
    first.set_number("tab", 2)
    first.sync()
    again = opened(file)
    assert again.theme == "dark"
    assert again.presentation
    assert not again.flag("trained", True)
    assert again.number("tab", 0) == 2


def test_recent_files_are_newest_first_without_doubles_and_without_those_gone(
    file: Path, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.txt" for name in "abc"]
    for path in paths:
        path.write_text("words")
    settings = opened(file)
    for path in (*paths, paths[0]):
        settings.remember_file(path)
    paths[1].unlink()
    settings.sync()
    assert opened(file).recent_files == (paths[0], paths[2])


def test_one_recent_file_comes_back(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "one, and only.txt"
    path.write_text("words")
    settings = opened(file)
    settings.remember_file(path)
    settings.sync()
    assert opened(file).recent_files == (path,)


def test_only_so_many_recent_files(file: Path, tmp_path: Path) -> None:
    settings = opened(file)
    for number in range(RECENT_FILES + 3):
        path = tmp_path / f"{number}.txt"
        path.write_text("words")
        settings.remember_file(path)
    assert len(settings.recent_files) == RECENT_FILES


def test_nonsense_in_the_file_counts_as_never_saved(file: Path) -> None:
    file.write_text(
        "[General]\ntheme=purple\npresentation=maybe\nrecentFiles=@Invalid()\n"
        "[number]\ntab=two\n[flag]\ntrained=a, b\n[geometry]\nwindow=5\n"
    )
    settings = opened(file)
    assert settings.theme == "system"
    assert not settings.presentation
    assert settings.recent_files == ()
    assert settings.number("tab", 1) == 1
    assert settings.flag("trained", True)
    window = QWidget()
    window.setObjectName("window")
    assert not settings.restore_geometry(window)


def test_a_window_and_its_splitter_come_back(file: Path, qtbot: QtBot) -> None:
    def window() -> tuple[QWidget, QSplitter]:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("splitter")
        splitter.addWidget(QWidget())
        splitter.addWidget(QWidget())
        qtbot.addWidget(splitter)
        return splitter, splitter

    one, splitter = window()
    one.resize(420, 300)
    one.show()
    splitter.setSizes([100, 300])
    settings = opened(file)
    settings.save_geometry(one)
    settings.save_splitter(splitter)
    settings.sync()
    sizes = splitter.sizes()
    other, second = window()
    again = opened(file)
    assert again.restore_geometry(other)
    other.show()
    assert again.restore_splitter(second)
    assert (other.width(), other.height()) == (420, 300)
    assert second.sizes() == sizes
