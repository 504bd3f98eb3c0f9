"""What holds for every test of the window: nothing left behind, a picture when it fails."""

import gc
import re
import traceback
import weakref
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QProcess, QSettings, Qt, QThread
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme import apply_theme
from tests.gui.patient_bot import PatientBot

PICTURES = Path(__file__).parents[2] / "build" / "failed"
MILLISECONDS_TO_END = 5000
PASSING_WINDOWS = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """pytest-qt's, with more patience."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def own_qt_settings(tmp_path: Path) -> None:
    """QSettings reads its folders once for a process, so each test names its own."""
    for settings_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(settings_format, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> Iterator[None]:
    """A test that shows the dark theme leaves the next one the light one."""
    yield
    if qapp.palette().text().color().lightness() > 128:
        apply_theme(qapp, "light")


@pytest.fixture(autouse=True, scope="session")
def modules_set_aside() -> None:
    """Modules are no garbage: not looking through them makes each collection a matter of ms.

    And none happens by itself, in the midst of painting, as none does in the program.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


@pytest.fixture(autouse=True)
def nothing_left_behind(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fail the test that leaves a window, a QThread or a QProcess, and say which."""
    before = set(QApplication.topLevelWidgets())
    threads = _record_starts(monkeypatch, QThread)
    processes = _record_starts(monkeypatch, QProcess)
    yield
    _delete_what_waits()
    gc.collect()
    _delete_what_waits()
    left = [f"QThread, started at\n{at}" for thread, at in _alive(threads) if not _ended(thread)]
    left += [
        f"QProcess {process.program()}, started at\n{at}"
        for process, at in _alive(processes)
        if process.state() != QProcess.ProcessState.NotRunning
    ]
    if not request.node.stash.get(FAILED, False):  # a failed test's frames hold its windows
        left += [_told(window) for window in _windows() - before]
    for window in _windows() - before:
        window.close()
    if left:
        pytest.fail("left behind: " + "\n".join(left), pytrace=False)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of every window on screen when a test fails."""
    report = yield
    if call.when == "call" and report.failed:
        item.stash[FAILED] = True
        PICTURES.mkdir(parents=True, exist_ok=True)
        stem = re.sub(r"\W+", "-", item.nodeid)
        for number, window in enumerate(sorted(_windows(), key=_told)):
            if window.isVisible():
                path = PICTURES / f"{stem}-{number}.png"
                window.grab().save(str(path))
                report.sections.append(("picture of the window", str(path)))
    return report


def _record_starts(monkeypatch: pytest.MonkeyPatch, kind: type[QObject]) -> Any:
    """Note each object of `kind` as it starts, and the place in the code."""
    started: weakref.WeakKeyDictionary[QObject, str] = weakref.WeakKeyDictionary()
    start = kind.start

    def recording_start(started_object: QObject, *arguments: Any) -> Any:
        started[started_object] = "".join(traceback.format_stack(limit=3)[:-1])
        return start(started_object, *arguments)

    monkeypatch.setattr(kind, "start", recording_start)
    return started


def _alive(started: Any) -> list[tuple[Any, str]]:
    return [(each, at) for each, at in started.items() if shiboken6.isValid(each)]


def _ended(thread: QThread) -> bool:
    return not thread.isRunning() or thread.wait(MILLISECONDS_TO_END)


def _delete_what_waits() -> None:
    """Let deleteLater do its part first."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def _windows() -> set[QWidget]:
    """Top-level windows, without menus and tips, which Qt and pyqtgraph keep hidden."""
    return {
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.windowType() not in PASSING_WINDOWS or widget.isVisible()
    }


def _told(window: QWidget) -> str:
    shown = "on screen" if window.isVisible() else "hidden"
    return f"{type(window).__name__} {window.objectName()!r} {window.windowTitle()!r}, {shown}"
