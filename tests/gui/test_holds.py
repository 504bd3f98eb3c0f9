"""Rows that somebody reads in another thread stay as they are, and the engine goes on after."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread, Slot

from gui.holds import Holds
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[QThread] = set()

    @Slot(object)
    def hear(self, what: object) -> None:
        self.heard.append(what)
        self.threads.add(QThread.currentThread())


@pytest.fixture
def holds(qapp):
    made = Holds()
    made.listener = Listener()
    made.freed.connect(made.listener.hear)
    return made


def test_what_waits_for_rows_that_nobody_holds_goes_on_at_once(holds):
    holds.when_free(None, "first frame")
    holds.when_free(np.zeros((2, 3)), "next frame")
    assert holds.listener.heard == ["first frame", "next frame"]


def test_it_waits_for_the_last_reader_of_just_these_rows(holds):
    rows, others = np.zeros((2, 3)), np.zeros((2, 3))
    one, two, other = holds.take(rows), holds.take(rows), holds.take(others)
    holds.when_free(rows, "frame")
    other.release()
    one.release()
    one.release()  # a second time it is nobody's
    assert holds.listener.heard == []
    two.release()
    assert holds.listener.heard == ["frame"]
    assert two.rows is None


def test_a_reader_in_another_thread_lets_go_there_and_is_heard_here(holds, qtbot, qapp):
    rows = np.ones((2, 3))
    hold = holds.take(rows)
    holds.when_free(rows, "frame")

    def read() -> None:
        with hold:
            assert hold.rows is rows

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: holds.listener.heard == ["frame"])
    assert holds.listener.threads == {qapp.thread()}


def test_while_a_step_is_held_its_rows_stay_and_training_goes_on(session, qtbot):
    step_to(qtbot, session, 5)
    hold = session.hold()
    rows = hold.rows
    copied = rows.copy()
    session.step(1)
    wait(qtbot, lambda: session.shown.step == 6)
    session.step(200)
    with qtbot.assertNotEmitted(session.frameShown, wait=200):
        pass
    assert np.array_equal(rows, copied)
    hold.release()
    wait(qtbot, lambda: session.shown.step == 206)
    wait(qtbot, lambda: not np.array_equal(rows, copied))  # that buffer is written into again
