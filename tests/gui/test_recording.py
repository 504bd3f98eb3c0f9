"""A run recorded, and read again: frames, sizes, steps; nothing left of what was not finished."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.problems import FileUnreadable
from gui.background import Background
from gui.canvas.range_keeper import RangeKeeper
from gui.film_frames import FramePainter
from gui.film_plan import Plan, Subject
from gui.panels.loss import LossPanel
from gui.panels.space import SpacePanel
from gui.panels.table import TablePanel
from gui.recording import Recording
from gui.session import Session, State
from gui.throttle import Throttle
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]


class Heard(QObject):
    """What a recording says."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self.told: list[str] = []
        self.refused: list[str] = []
        self.problems: list[object] = []
        recording.told.connect(self.told.append)
        recording.refused.connect(self.refused.append)
        recording.problemRaised.connect(self.problems.append)


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, session: Session, background: Background) -> QWidget:
    """A window with a panel of points, one of rows and one of the loss."""
    made = QWidget()
    row = QHBoxLayout(made)
    made.table = TablePanel(session, background)
    for panel in (SpacePanel(session), made.table, LossPanel(session)):
        row.addWidget(panel)
    made.resize(700, 300)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def recording(session: Session, background: Background) -> Recording:
    made = Recording(session, background, background)
    made.background, made.heard = background, Heard(made)
    return made


@pytest.fixture
def plan(qtbot: QtBot, session: Session, window: QWidget) -> Plan:
    """Steps 0, 2 … 8 of a run of nine, a frame 320 pixels wide."""
    step_to(qtbot, session, 9)
    return Plan(Subject("Window", window), "gif", 0, 8, 2, 8, 320, captioned=True)


def record(qtbot: QtBot, recording: Recording, plan: Plan, path: Path) -> None:
    recording.record(plan, path)
    wait(qtbot, lambda: not recording.is_under_way)


def frames_of(path: Path) -> list[np.ndarray]:
    """The frames of a GIF, as a player shows them."""
    with Image.open(path) as film:
        frames = []
        for number in range(film.n_frames):
            film.seek(number)
            frames.append(np.asarray(film.convert("RGB")))
        return frames


def all_differ(frames: list[np.ndarray]) -> bool:
    return all((a != b).any() for a, b in pairwise(frames))


def test_five_steps_are_a_gif_of_five_frames(qtbot, session, recording, plan, tmp_path) -> None:
    path = tmp_path / "run.gif"
    seen: list[int] = []
    session.frameShown.connect(lambda: seen.append(session.shown.step))
    record(qtbot, recording, plan, path)
    frames = frames_of(path)
    assert len(frames) == 5
    assert {frame.shape for frame in frames} == {(plan.size.height(), 320, 3)}
    assert all_differ(frames)
    assert recording.heard.told == ["Saved run.gif."]
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob(".*.part")) == []
    wait(qtbot, lambda: session.shown.step == 9)
    assert seen == [0, 2, 4, 6, 8, 9]
    assert session.time.reach == 9


class Shade(QWidget):
    """Ten times the step as a grey; but lazily, as panels of text are."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._step = session, 25
        self._throttle = Throttle(1_000_000, self)
        self._throttle.due.connect(self._take)
        session.frameShown.connect(self._throttle.ask)
        self._throttle.ask()
        self.resize(200, 100)

    @Slot()
    def _take(self) -> None:
        self._step = self._session.shown.step

    def paintEvent(self, event: QPaintEvent) -> None:
        grey = 10 * self._step
        QPainter(self).fillRect(self.rect(), QColor(grey, grey, grey))


@pytest.mark.parametrize("steps", [(0, 9, 1), (3, 8, 2), (9, 9, 1), (0, 7, 5)])
def test_each_frame_shows_its_step_and_no_other(
    qtbot, session, recording, plan, tmp_path, steps
) -> None:
    shade = Shade(session)
    qtbot.addWidget(shade)
    first, last, stride = steps
    subject = Subject("Shade", shade)
    own = replace(plan, subject=subject, kind="png", first=first, last=last, stride=stride)
    record(qtbot, recording, own, tmp_path / "shades")
    shades = [np.asarray(Image.open(path)) for path in sorted((tmp_path / "shades").iterdir())]
    assert [int(frame[50, 100, 0]) // 10 for frame in shades] == list(own.steps)


def test_what_moves_and_flashes_is_at_rest_in_a_frame(
    qtbot, recording, plan, window, tmp_path, monkeypatch
) -> None:
    keeper, flash = window.findChild(RangeKeeper), window.table.view
    before: list[bool] = []
    after: list[bool] = []
    paint = FramePainter.paint

    def noting(self: FramePainter, caption: str) -> QImage:
        before.append(keeper.moving or flash.flashing)
        frame = paint(self, caption)
        after.append(keeper.moving or flash.flashing)
        return frame

    monkeypatch.setattr(FramePainter, "paint", noting)
    record(qtbot, recording, plan, tmp_path / "run.gif")
    assert any(before)
    assert after == [False] * 5


def test_png_frames_are_a_folder(qtbot, recording, plan, tmp_path) -> None:
    folder = tmp_path / "frames"
    record(qtbot, recording, replace(plan, kind="png"), folder)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"frame-00000{number}.png" for number in range(1, 6)]
    frames = [np.asarray(Image.open(folder / name)) for name in names]
    assert {frame.shape for frame in frames} == {(plan.size.height(), 320, 3)}
    assert all_differ(frames)


def test_an_mp4_has_the_steps_and_the_speed(qtbot, recording, plan, tmp_path) -> None:
    path = tmp_path / "run.mp4"
    record(qtbot, recording, replace(plan, kind="mp4"), path)
    with av.open(str(path)) as film:
        assert film.streams.video[0].average_rate == 8
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == 5
    assert {frame.shape for frame in frames} == {(plan.size.height(), 320, 3)}
    assert all_differ(frames)


def test_the_caption_takes_a_strip_below(qtbot, recording, plan, tmp_path) -> None:
    bare = replace(plan, captioned=False)
    assert plan.size.height() > bare.size.height()
    record(qtbot, recording, bare, tmp_path / "bare.gif")
    record(qtbot, recording, plan, tmp_path / "told.gif")
    high = plan.size.height() - plan.caption_height
    strips = [frame[high:] for frame in frames_of(tmp_path / "told.gif")]
    assert all_differ(strips)
    assert frames_of(tmp_path / "bare.gif")[0].shape == (bare.size.height(), 320, 3)


@pytest.mark.parametrize("kind", ["gif", "png", "mp4"])
def test_stop_leaves_nothing_behind(qtbot, session, recording, plan, tmp_path, kind) -> None:
    recording.record(replace(plan, kind=kind, stride=1), tmp_path / "stopped")
    wait(qtbot, lambda: session.shown.step == 2)
    recording.background.stop()
    wait(qtbot, lambda: not recording.is_under_way)
    assert [path.name for path in tmp_path.iterdir() if path.name != "settings"] == []
    wait(qtbot, lambda: session.shown.step == 9)
    assert not recording.heard.told


def test_training_ends_it_with_a_word(qtbot, session, recording, plan, tmp_path) -> None:
    recording.record(replace(plan, stride=1), tmp_path / "run.gif")
    wait(qtbot, lambda: session.shown.step == 2)
    session.run()
    wait(qtbot, lambda: session.state is State.RUNNING)
    wait(qtbot, lambda: not recording.is_under_way)
    session.pause()
    assert recording.heard.refused == ["The recording was stopped, for training was started."]
    assert not (tmp_path / "run.gif").exists()


def test_another_step_asked_for_meanwhile_is_not_in_the_film(
    qtbot, session, recording, plan, tmp_path
) -> None:
    recording.record(plan, tmp_path / "run.gif")
    wait(qtbot, lambda: session.shown.step == 4)
    session.time.seek(1)
    wait(qtbot, lambda: not recording.is_under_way)
    assert len(frames_of(tmp_path / "run.gif")) == 5


def test_a_folder_that_is_not_there_and_one_that_is_taken(qtbot, recording, plan, tmp_path) -> None:
    record(qtbot, recording, plan, tmp_path / "no" / "run.gif")
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("kept")
    record(qtbot, recording, replace(plan, kind="png"), taken)
    problems = recording.heard.problems
    assert [type(problem) for problem in problems] == [FileUnreadable, FileUnreadable]
    assert [path.name for path in taken.iterdir()] == ["mine.txt"]
    assert not recording.heard.told


def test_a_panel_made_smaller_meanwhile_is_fitted_in(
    qtbot, session, recording, plan, window, tmp_path
) -> None:
    size = plan.size
    recording.record(plan, tmp_path / "run.gif")
    wait(qtbot, lambda: session.shown.step == 2)
    window.resize(500, 400)
    wait(qtbot, lambda: not recording.is_under_way)
    shapes = {frame.shape for frame in frames_of(tmp_path / "run.gif")}
    assert shapes == {(size.height(), size.width(), 3)}
