"""A run whose steps, done again, come to other bits: that is noticed, and what was stored is shown.

Another machine is played by a trainer that rounds one value otherwise.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from core import replays
from core.config import OptimizerConfig
from core.keyframes import KeyframeStore
from core.machine import Machine
from core.messages import (
    Change,
    Event,
    Explained,
    Frame,
    Gradients,
    Parted,
    SetBatchSize,
    SetCell,
    SetOptimizer,
)
from core.state_hashes import StateHash, read_hashes, write_hashes
from core.trainer import Trainer
from tests.core.driven import GROWN, Driven, build, opened

pytestmark = pytest.mark.usefixtures("one_thread", "own_memory")

ELSEWHERE = Machine("2.4.0", "AVX512", 9, "Windows AMD64")
LAST, EVERY = 24, 4  # a keyframe each fourth step
CHANGES: dict[int, Change] = {
    6: SetCell(3, 1, -2.0),
    9: SetBatchSize(5),
    12: GROWN,
    13: SetCell(14, 0, 0.5),
}
TABLE = "table.layer.weight"


def kept_each(every: int) -> Callable[[KeyframeStore], bool]:
    asked = iter(range(1, 10**6))
    return lambda _: next(asked) % every == 0


class Lived:
    """A run of `LAST` steps and the rows of each as they were, left in `folder`."""

    def __init__(self, folder: Path, changes: dict[int, Change]) -> None:
        self.driven = opened(folder)
        self.rows = {0: self.driven.shown}
        self.events: list[Event] = []
        for step in range(1, LAST + 1):
            self.driven.run.step(1)
            self.driven.work()
            if step in changes:
                self.driven.run.change(changes[step])
                self.events.append(Event(step, changes[step]))
                self.driven.work()
            self.rows[step] = self.driven.shown
        self.driven.run.moment()  # as it is saved
        self.folder = folder

    def again(self, step: int = LAST) -> Driven:
        """The run in another engine."""
        run = Driven(build(self.folder, None, tuple(self.events), step, LAST))
        run.run.acknowledge(1)
        return run

    @property
    def keyframes(self) -> Path:
        return self.folder / "keyframes"

    @property
    def stored(self) -> list[int]:
        return sorted({int(path.name[:12]) for path in self.keyframes.glob("*.safetensors")})


advance = Trainer.advance


def otherwise(trainer: Trainer) -> float:
    """A step that rounds one value otherwise."""
    loss = advance(trainer)
    weight = trainer.table.weight.detach().numpy()
    weight[2, 0] = np.nextafter(weight[2, 0], np.float32(9))
    return loss


def live(
    folder: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[int, Change] | None = None
) -> Lived:
    """A run on this machine; from then on no keyframe is due."""
    with monkeypatch.context() as patched:
        patched.setattr(KeyframeStore, "is_due", kept_each(EVERY))
        lived = Lived(folder, changes or {})
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: False)
    return lived


def live_elsewhere(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[int, Change] | None = None,
    *,
    rounds: bool = True,
) -> Lived:
    """The same on another machine, which rounds otherwise if it `rounds`."""
    with monkeypatch.context() as patched:
        patched.setattr(replays, "this_machine", lambda: ELSEWHERE)
        if rounds:
            patched.setattr(Trainer, "advance", otherwise)
        return live(folder, monkeypatch, changes)


def seek(run: Driven, step: int, *, forward: bool = False) -> Frame:
    run.run.seek(step, forward=forward)
    run.work()
    assert run.frame.sought
    return run.frame


@pytest.mark.parametrize("changes", [{}, CHANGES], ids=["none", "changes"])
def test_another_machine_shows_what_was_stored_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[int, Change]
) -> None:
    lived = live_elsewhere(tmp_path, monkeypatch, changes)
    assert lived.stored == [4, 8, 12, 16, 20, 24]
    run = lived.again(24)
    for step in (24, 23, 3, 0, 13, 9, 12, 21, 1, 24):
        frame = seek(run, step)
        assert frame.step == step // EVERY * EVERY
        assert frame.as_stored == (step > 0)
        np.testing.assert_array_equal(run.shown, lived.rows[frame.step])
        assert (frame.moved, frame.gradients, frame.came_from) == (0, None, None)
        assert frame.done == (step == 0 or frame.step == 0)
    assert len(run.of(Parted)) == 1
    for step, shown in ((1, 4), (4, 4), (17, 20), (21, 24)):
        frame = seek(run, step, forward=True)
        assert frame.step == shown
        np.testing.assert_array_equal(run.shown, lived.rows[shown])


@pytest.mark.parametrize("changes", [{}, CHANGES], ids=["none", "changes"])
def test_another_machine_that_computes_alike_shows_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[int, Change]
) -> None:
    lived = live_elsewhere(tmp_path, monkeypatch, changes, rounds=False)
    run = lived.again(17)
    np.testing.assert_array_equal(run.shown, lived.rows[17])
    for step in (24, 23, 3, 0, 13, 9, 12, 21, 1, 2, 24):
        frame = seek(run, step)
        assert (frame.step, frame.as_stored) == (step, False)
        np.testing.assert_array_equal(run.shown, lived.rows[step])
    assert run.of(Parted) == []


def test_another_number_of_threads_shows_no_step_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = live(tmp_path, monkeypatch)
    torch.set_num_threads(2)  # whether that makes other bits is torch's business
    assert replays.this_machine().threads == 2
    run = lived.again()
    for step in (24, 11, 3, 18):
        frame = seek(run, step)
        assert (frame.step == step) != (frame.as_stored and step not in lived.stored)
        np.testing.assert_array_equal(run.shown, lived.rows[frame.step])


def test_this_machine_is_not_suspected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived = live(tmp_path, monkeypatch, CHANGES)
    for path in sorted(lived.keyframes.glob("*.safetensors"))[2:-1]:
        path.unlink()
    run = lived.again()
    for step in (24, 11, 23, 0, 17):
        assert (seek(run, step).step, run.frame.as_stored) == (step, False)
        np.testing.assert_array_equal(run.shown, lived.rows[step])
    assert run.of(Parted) == []


def test_a_hash_that_is_not_met_is_noticed_here_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = live(tmp_path, monkeypatch)
    (lived.keyframes / f"{8:012d}-000000.safetensors").unlink()
    hashes = read_hashes(lived.keyframes)
    tampered = [each._replace(value=each.value ^ 1) if each.step == 8 else each for each in hashes]
    write_hashes(lived.keyframes, tampered)
    run = lived.again()
    frame = seek(run, 10)
    assert (frame.step, frame.as_stored) == (4, True)
    np.testing.assert_array_equal(run.shown, lived.rows[4])
    assert run.of(Parted) == [Parted(1, 8)]
    assert seek(run, 7).as_stored is False
    assert seek(run, 13).as_stored is False
    np.testing.assert_array_equal(run.shown, lived.rows[13])
    # Training over it stops there, and shows what is true.
    seek(run, 5)
    run.run.run(None)
    for _ in range(30):
        run.run.work()
        run.run.acknowledge(run.frame.number)
    run.work()
    assert (run.frame.step, run.frame.as_stored, run.frame.running) == (4, True, False)


def test_what_training_over_known_steps_came_to_otherwise_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = live(tmp_path, monkeypatch)
    run = lived.again()
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: True)
    assert seek(run, 5).as_stored is False
    monkeypatch.setattr(Trainer, "advance", otherwise)
    run.run.run(None)
    for _ in range(4):  # 6, 7, 8: there it is noticed
        run.run.work()
        run.run.acknowledge(run.frame.number)
    run.work()
    assert (run.frame.step, run.frame.as_stored, run.frame.running) == (8, True, False)
    np.testing.assert_array_equal(run.shown, lived.rows[8])
    monkeypatch.undo()
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: False)
    again = lived.again(7)
    for step in (7, 8, 6, 9):
        seek(again, step)
        np.testing.assert_array_equal(again.shown, lived.rows[step])
    assert again.of(Parted) == []


def test_a_keyframe_that_was_altered_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = live(tmp_path, monkeypatch)
    path = lived.keyframes / f"{12:012d}-000000.safetensors"
    state = load_file(path)
    state[TABLE][3, 1] += 1e-3
    save_file(state, path)
    run = lived.again()
    for step in (14, 12, 13):
        assert (seek(run, step).step, run.frame.as_stored) == (step, False)
        np.testing.assert_array_equal(run.shown, lived.rows[step])
    assert run.of(Parted) == []


def test_what_is_trained_on_here_is_shown_again_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = live_elsewhere(tmp_path, monkeypatch)
    # As in a project: few are stored, and the one it was saved in.
    for path in sorted(lived.keyframes.glob("*.safetensors"))[:-1]:
        path.unlink()
    run = lived.again()
    assert run.frame.step == LAST
    rows = {}
    monkeypatch.setattr(KeyframeStore, "is_due", kept_each(2))
    for step in range(LAST + 1, LAST + 9):
        run.run.step(1)
        run.work()
        rows[step] = run.shown
    assert not run.frame.as_stored
    for step in (30, 26, 32, 25):
        assert (seek(run, step).step, run.frame.as_stored) == (step, False)
        np.testing.assert_array_equal(run.shown, rows[step])
    frame = seek(run, 20)
    assert (frame.step, frame.as_stored) == (0, True)  # before it nothing else is stored
    assert {each.machine for each in read_hashes(lived.keyframes)} >= {ELSEWHERE}


def test_where_another_machine_went_on_is_not_thinned_out(tmp_path: Path) -> None:
    tensors = {"a": torch.zeros(250)}
    elsewhere = KeyframeStore(tmp_path, 10**6, ELSEWHERE)
    elsewhere.save(10, 0, tensors)
    here = KeyframeStore(tmp_path, 4 * 1_100)
    for step in range(11, 60):
        here.save(step, 0, tensors)
    left = sorted(int(path.name[:12]) for path in tmp_path.glob("*.safetensors"))
    assert left[0] == 10
    assert left[-1] == 59
    assert len(left) <= 4


def test_of_a_step_as_stored_nothing_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = live_elsewhere(tmp_path, monkeypatch)
    run = lived.again()
    run.run.explain((2, 3))
    run.work()
    seek(run, 14)
    run.work()
    told = run.of(Explained)[-1]
    assert (told.step, told.ids) == (12, ())


def test_what_another_future_does_at_that_step_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = live_elsewhere(tmp_path, monkeypatch).again()
    assert seek(run, 14).step == 12
    assert run.frame.as_stored
    seek(run, 0)
    run.run.change(SetBatchSize(3))
    run.run.step(12)
    run.work()
    run.run.explain((2, 3))
    run.work()
    told = run.of(Explained)[-1]
    assert (told.step, told.ids) == (12, (2, 3))


def test_the_engine_may_be_killed_at_a_step_as_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adam = SetOptimizer(OptimizerConfig("adam", 0.02))
    lived = live_elsewhere(tmp_path, monkeypatch, {7: adam})
    run = lived.again(16)
    assert (run.frame.step, run.frame.as_stored) == (16, True)
    np.testing.assert_array_equal(run.shown, lived.rows[16])
    between = lived.again(18)
    assert (between.frame.step, between.frame.as_stored) == (16, True)
    assert between.run._events == 1


def test_a_run_that_cannot_begin_here_opens_at_its_first_stored_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its settings were others than those of the step that is asked for.
    adam = SetOptimizer(OptimizerConfig("adam", 0.02))
    lived = live_elsewhere(tmp_path, monkeypatch, {15: adam})
    for path in sorted(lived.keyframes.glob("*.safetensors"))[:-1]:
        path.unlink()
    hashes = read_hashes(lived.keyframes)
    write_hashes(lived.keyframes, [hashes[0]._replace(value=hashes[0].value ^ 1), *hashes[1:]])
    run = lived.again(10)
    assert (run.frame.step, run.frame.as_stored, run.run._events) == (LAST, True, 1)
    np.testing.assert_array_equal(run.shown, lived.rows[LAST])


def test_what_was_changed_before_the_first_step_is_shown_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = SetCell(3, 1, -2.0)
    with monkeypatch.context() as patched:
        patched.setattr(replays, "this_machine", lambda: ELSEWHERE)
        patched.setattr(KeyframeStore, "is_due", kept_each(EVERY))
        patched.setattr(Trainer, "advance", otherwise)
        elsewhere = opened(tmp_path)
        elsewhere.run.change(cell)
        elsewhere.run.step(EVERY)
        elsewhere.work()
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: False)
    run = Driven(build(tmp_path, None, (Event(0, cell),), EVERY, EVERY))
    run.run.acknowledge(1)
    frame = seek(run, 2)
    assert (frame.step, frame.as_stored) == (0, True)
    assert run.shown[3, 1] == -2.0


def test_of_a_step_as_stored_no_gradients_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = live_elsewhere(tmp_path, monkeypatch).again()
    run.run.watch(torch.tensor([2, 3]))
    assert run.of(Gradients) == []
    assert (seek(run, 14).step, run.frame.gradients) == (12, None)


def test_a_state_of_the_first_step_is_hashed(tmp_path: Path) -> None:
    run = opened(tmp_path)
    run.run.step(1)
    run.work()
    assert read_hashes(tmp_path / "keyframes")[0] == StateHash(
        0,
        0,
        replays.hash_of(Driven(build(tmp_path / "other")).run._trainer.state()),
        replays.this_machine(),
    )
