"""Keyframes: whole, evenly thinned within their budget, and never a reason to stop training."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch

from core import keyframes
from core.keyframes import KeyframeStore

STATE = {"table.layer.weight": torch.arange(250.0)}


def steps_in(folder: Path) -> list[int]:
    return sorted(int(path.stem.split("-")[0]) for path in folder.glob("*.safetensors"))


def test_what_is_saved_is_loaded_to_the_bit(tmp_path: Path) -> None:
    store = KeyframeStore(tmp_path / "run")
    state = {
        "a": torch.tensor([float("nan"), -0.0, float("inf")], dtype=torch.float64),
        "b": torch.tensor(7),
        "c": torch.ones(2, 2, dtype=torch.float16),
    }
    store.save(12, 3, state)
    found = store.load_nearest(20, 3)
    assert found is not None
    keyframe, loaded = found
    assert (keyframe.step, keyframe.events) == (12, 3)
    assert loaded.keys() == state.keys()
    for key, value in state.items():
        assert loaded[key].dtype == value.dtype
        assert loaded[key].numpy().tobytes() == value.numpy().tobytes()


def test_the_nearest_is_the_last_that_is_not_too_late(tmp_path: Path) -> None:
    store = KeyframeStore(tmp_path)
    assert store.nearest(10**6, 10**3) is None
    for step, events in [(10, 0), (20, 1), (20, 2), (30, 2)]:
        store.save(step, events, STATE)

    def nearest(step: int, events: int) -> tuple[int, int] | None:
        found = store.nearest(step, events)
        return found and (found.step, found.events)

    assert nearest(9, 5) is None
    assert nearest(19, 5) == (10, 0)
    assert nearest(20, 5) == (20, 2)
    assert nearest(29, 1) == (20, 1)
    assert nearest(30, 0) == (10, 0)
    assert nearest(99, 99) == (30, 2)


def test_a_future_that_will_not_come_is_forgotten(tmp_path: Path) -> None:
    store = KeyframeStore(tmp_path)
    for step, events in [(10, 0), (20, 1), (25, 2), (30, 1)]:
        store.save(step, events, STATE)
    store.forget_after(25, 1)
    assert steps_in(tmp_path) == [10, 20]


def test_another_store_of_the_folder_finds_them(tmp_path: Path) -> None:
    KeyframeStore(tmp_path).save(10, 0, STATE)
    found = KeyframeStore(tmp_path).nearest(10, 0)
    assert found is not None
    assert found.step == 10


def test_the_budget_holds_and_the_newest_stays(tmp_path: Path) -> None:
    size = 1_100  # 1,000 bytes of values and a short header
    store = KeyframeStore(tmp_path, budget=8 * size)
    for step in range(1, 101):
        store.save(step, 0, STATE)
        files = list(tmp_path.glob("*.safetensors"))
        assert sum(path.stat().st_size for path in files) <= 8 * size
        assert steps_in(tmp_path)[-1] == step
    left = steps_in(tmp_path)
    # Eight of them over 100 steps are 12 apart at best; none is three times as far.
    assert len(left) >= 7
    assert max(after - before for before, after in pairwise([0, *left])) <= 36


def test_one_that_is_larger_than_the_budget_still_stays(tmp_path: Path) -> None:
    store = KeyframeStore(tmp_path, budget=10)
    store.save(1, 0, STATE)
    store.save(2, 0, STATE)
    assert steps_in(tmp_path) == [2]


@pytest.mark.parametrize("error", [OSError, keyframes.SafetensorError])
def test_a_full_disk_only_means_that_there_is_no_keyframe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    store = KeyframeStore(tmp_path)
    store.save(1, 0, STATE)

    def half_of_it(_: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise error("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(keyframes, "save_file", half_of_it)
        store.save(2, 0, STATE)
    assert [path.name for path in tmp_path.glob("*-*")] == ["000000000001-000000.safetensors"]
    store.save(3, 0, STATE)
    assert steps_in(tmp_path) == [1, 3]


def test_a_folder_that_cannot_be_made_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = KeyframeStore(tmp_path / "file" / "run")
    store.save(1, 0, STATE)
    assert store.nearest(1, 0) is None


def test_keyframes_take_a_small_part_of_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(keyframes.time, "perf_counter", lambda: now)
    store = KeyframeStore(tmp_path)
    now += 0.05
    assert not store.is_due()
    now += 0.1
    assert store.is_due()

    def slowly(_: object, path: Path) -> None:
        nonlocal now
        now += 0.1
        path.write_bytes(b"")

    monkeypatch.setattr(keyframes, "save_file", slowly)
    store.save(1, 0, STATE)
    now += 4.9  # 50 times what writing it took is 5 seconds
    assert not store.is_due()
    now += 0.2
    assert store.is_due()


@pytest.mark.parametrize("content", [b"", b"half a file"])
def test_one_that_cannot_be_read_counts_as_none(tmp_path: Path, content: bytes) -> None:
    KeyframeStore(tmp_path).save(10, 0, STATE)
    (tmp_path / "000000000020-000000.safetensors").write_bytes(content)
    found = KeyframeStore(tmp_path).load_nearest(30, 0)
    assert found is not None
    assert found[0].step == 10
    assert torch.equal(found[1]["table.layer.weight"], STATE["table.layer.weight"])
    assert steps_in(tmp_path) == [10]
