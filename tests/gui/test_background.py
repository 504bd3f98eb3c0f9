"""Work off the UI thread: what comes of it arrives on the UI thread, once."""

import threading

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from core.progress import report
from gui.background import Background


class Listener(QObject):
    """Notes what a job says, and in which thread it was told."""

    def __init__(self):
        super().__init__()
        self.heard = []
        self.threads = set()

    @Slot(object)
    def succeed(self, result):
        self._note(("succeeded", result))

    @Slot(object)
    def fail(self, error):
        self._note(("failed", error))

    @Slot()
    def stop(self):
        self._note(("stopped", None))

    def _note(self, what):
        self.heard.append(what)
        self.threads.add(QThread.currentThread())

    def listen(self, job):
        job.succeeded.connect(self.succeed)
        job.failed.connect(self.fail)
        job.stopped.connect(self.stop)


@pytest.fixture
def background(qapp):
    background = Background()
    yield background
    background.close()


@pytest.fixture
def listener():
    return Listener()


def test_the_result_arrives_on_the_ui_thread(background, listener, qtbot, qapp):
    worked_in = []

    def work(progress):
        worked_in.append(threading.get_ident())
        return 42

    job = background.run("counting", work)
    listener.listen(job)
    assert background.current is job
    qtbot.waitUntil(lambda: background.current is None)
    assert listener.heard == [("succeeded", 42)]
    assert listener.threads == {qapp.thread()}
    assert worked_in != [threading.get_ident()]


def test_an_error_is_handed_over_whole(background, listener, qtbot):
    error = ValueError("no")

    def work(progress):
        raise error

    listener.listen(background.run("failing", work))
    qtbot.waitUntil(lambda: background.current is None)
    assert listener.heard == [("failed", error)]


def test_stopped_work_ends_at_its_next_progress_and_shows_nothing(background, listener, qtbot):
    going = threading.Event()

    def work(progress):
        while True:
            going.set()
            report(progress, 1, 2)

    job = background.run("for ever", work)
    listener.listen(job)
    qtbot.waitUntil(going.is_set)
    background.stop()
    qtbot.waitUntil(lambda: background.current is None)
    assert listener.heard == [("stopped", None)]


def test_work_that_finishes_just_as_it_is_stopped_shows_nothing(background, listener, qtbot):
    job = background.run("short", lambda _progress: 1)
    listener.listen(job)
    job.wait()  # done, but its news is still on the way
    job.stop()
    qtbot.waitUntil(lambda: background.current is None)
    assert listener.heard == [("stopped", None)]


def test_progress_is_known_while_the_work_goes_on(background, qtbot):
    go_on = threading.Event()

    def work(progress):
        progress(3, 7)
        go_on.wait(5)

    job = background.run("waiting", work)
    qtbot.waitUntil(lambda: (job.done, job.total) == (3, 7))
    go_on.set()
    qtbot.waitUntil(lambda: background.current is None)


def test_closing_waits_for_what_is_under_way(background):
    def work(progress):
        while True:
            report(progress, 0, 1)

    job = background.run("for ever", work)
    background.close()
    assert job.isFinished()


def test_what_is_left_is_guessed_from_what_was_done(background, monkeypatch):
    now = 100.0
    monkeypatch.setattr("gui.background.time.monotonic", lambda: now)
    job = background.run("counting", lambda _progress: None)
    job.wait()
    job.done, job.total = 25, 100
    now = 100.5
    assert job.seconds_left is None  # too early to tell
    now = 110.0
    assert job.seconds_left == 30  # 10 s for a quarter, so 30 for the rest
    job.done = 0
    assert job.seconds_left is None
