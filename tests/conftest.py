"""What holds for every test: settings of its own, and no thread left behind."""

import os
import threading
import traceback
import weakref
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# Before any QApplication; the programs of tests/e2e are started with a platform of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# Before torch: its threads spin as they wait for each other, and beside an engine and another
# test they wait long. Processes of ours choose their own number.
os.environ["OMP_NUM_THREADS"] = "1"

# A busy machine must not fail a property for being slow; pytest-timeout catches what hangs.
hypothesis.settings.register_profile("embedscope", deadline=None)
hypothesis.settings.load_profile("embedscope")

SECONDS_TO_END = 5.0


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Point the places where programs keep things into the test's own folder."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture(autouse=True)
def no_thread_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test that leaves a thread running, and say where it was started."""
    started: weakref.WeakKeyDictionary[threading.Thread, str] = weakref.WeakKeyDictionary()
    start = threading.Thread.start

    def recording_start(thread: threading.Thread) -> None:
        started[thread] = "".join(traceback.format_stack(limit=3)[:-1])
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", recording_start)
    yield
    for thread in list(started):
        thread.join(SECONDS_TO_END)
    left = {thread.name: where for thread, where in started.items() if thread.is_alive()}
    if left:
        places = "\n".join(f"{name}, started at\n{where}" for name, where in left.items())
        pytest.fail(f"threads left running: {places}", pytrace=False)
