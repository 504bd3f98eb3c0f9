"""Hashes of states, and what they tell of steps that are done again."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.machine import Machine
from core.replays import PartedError, Replays, hash_of, this_machine
from core.state_hashes import (
    FILE,
    StateHash,
    copy_hashes,
    handovers,
    hashes_in,
    read_hashes,
    until,
    write_hashes,
)

HERE = this_machine()
ELSEWHERE = Machine("2.4.0", "AVX512", 9, "Windows AMD64")
TABLES = arrays.arrays(np.uint32, st.tuples(st.integers(0, 5), st.integers(0, 4)))


def table(bits: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(bits.view(np.float32).copy())


@given(one=TABLES, two=TABLES)
def test_equal_hashes_are_equal_bytes(one: np.ndarray, two: np.ndarray) -> None:
    same = one.shape == two.shape and one.tobytes() == two.tobytes()
    assert (hash_of({"a": table(one)}) == hash_of({"a": table(two)})) == same


@given(bits=TABLES.filter(lambda bits: bits.size > 0), data=st.data())
def test_one_bit_is_enough(bits: np.ndarray, data: st.DataObject) -> None:
    other = bits.copy()
    place = data.draw(st.integers(0, bits.size - 1))
    other.flat[place] ^= np.uint32(1 << data.draw(st.integers(0, 31)))
    assert hash_of({"a": table(bits)}) != hash_of({"a": table(other)})


def test_what_is_hashed_besides_the_bytes() -> None:
    rows = torch.arange(6, dtype=torch.float32)
    hashed = hash_of({"a": rows, "b": torch.tensor(7)})
    assert hash_of({"b": torch.tensor(7), "a": rows.clone()}) == hashed  # in any order
    assert hash_of({"a": rows.reshape(3, 2).T.contiguous().reshape(-1), "b": torch.tensor(7)}) != (
        hashed
    )
    others = [
        {"a": rows.reshape(2, 3), "b": torch.tensor(7)},
        {"a": rows.view(torch.int32), "b": torch.tensor(7)},
        {"a": rows, "c": torch.tensor(7)},
        {"a": rows},
    ]
    assert hashed not in map(hash_of, others)
    # −0 is not 0, and NaN is itself.
    assert hash_of({"a": torch.tensor(-0.0)}) != hash_of({"a": torch.tensor(0.0)})
    assert hash_of({"a": torch.tensor(np.nan)}) == hash_of({"a": torch.tensor(np.nan)})
    strided = torch.arange(12.0).reshape(3, 4)[:, ::2]
    assert hash_of({"a": strided}) == hash_of({"a": strided.clone()})


def test_hashes_outlive_an_engine_that_was_killed_as_it_wrote(tmp_path) -> None:
    here = this_machine()  # libraries of other tests may have changed the number of threads
    replays = Replays(tmp_path / "run")
    for step in (5, 10, 15):
        replays.note(step, 1, {"a": torch.tensor(step)})
    path = tmp_path / "run" / FILE
    whole = path.read_text()
    path.write_text(whole[:-7])  # the last line is not whole
    found = read_hashes(tmp_path / "run")
    assert [each.moment for each in found] == [(5, 1), (10, 1)]
    assert {each.machine for each in found} == {here}
    again = Replays(tmp_path / "run")
    assert again.is_as_noted(10, 1, {"a": torch.tensor(10)})
    assert not again.is_as_noted(10, 1, {"a": torch.tensor(11)})
    assert again.is_as_noted(11, 1, {"a": torch.tensor(11)})  # nothing is known of it
    # What is left of that line is not taken for the beginning of the next.
    for left in (whole[:-7], whole[: whole.rindex("15") + 1]):
        path.write_text(left)
        again = Replays(tmp_path / "run")
        again.note(15, 1, {"a": torch.tensor(15)})
        again.note(16, 1, {"a": torch.tensor(16)})
        moments = [each.moment for each in read_hashes(tmp_path / "run")]
        assert moments == [(5, 1), (10, 1), (15, 1), (16, 1)]


def test_lines_that_are_no_hashes_are_passed_over(tmp_path) -> None:
    hashes = [StateHash(step, step // 4, step * 7, HERE) for step in range(1, 9)]
    write_hashes(tmp_path, hashes)
    path = tmp_path / FILE
    lines = path.read_text().splitlines(keepends=True)
    wrong = ["\n", "no hash\n", "1\t0\n", lines[0].replace("1", "one", 1), lines[0][:-1] + "\t9\n"]
    later = lines[2].replace(f"{3 * 7:x}", f"{5:x}", 1)  # of a moment that was written before
    path.write_text("".join([*lines[4:], *wrong, *lines[:4], later, lines[7][:-1]]))
    told = [each._replace(value=5) if each.step == 3 else each for each in hashes]
    assert read_hashes(tmp_path) == hashes_in(path.read_text()) == told
    other = tmp_path / "other"
    other.mkdir()
    copy_hashes(tmp_path, other, 6, 1)
    assert read_hashes(other) == until(told, 6, 1) == told[:6]
    copy_hashes(tmp_path / "none", other, 6, 1)
    assert read_hashes(other) == []


def test_what_came_out_otherwise_is_not_tried_again(tmp_path) -> None:
    write_hashes(tmp_path, [StateHash(step, 0, step, ELSEWHERE) for step in (10, 20, 30)])
    replays = Replays(tmp_path)
    assert replays.next_unproven(11) == (20, 0)
    assert replays.next_unproven(20) == (20, 0)
    assert replays.next_unproven(31) is None  # there is nothing that could tell
    replays.require_way((10, 0), (20, 0))
    with pytest.raises(PartedError) as parted:
        replays.require_same(20, 0, lambda: {"a": torch.tensor(1)})
    assert parted.value.step == 20
    for goal in ((20, 0), (30, 0)):
        with pytest.raises(PartedError):
            replays.require_way((10, 0), goal)
    replays.require_way((20, 0), (30, 0))


def test_what_this_machine_made_is_believed(tmp_path) -> None:
    replays = Replays(tmp_path)
    replays.note(10, 0, {"a": torch.tensor(1)})
    assert replays.next_unproven(5) is None
    assert Replays(tmp_path).next_unproven(5) is None
    assert Replays(tmp_path, ELSEWHERE).next_unproven(5) == (10, 0)


def test_a_future_that_will_not_come_is_forgotten_on_disk_too(tmp_path) -> None:
    replays = Replays(tmp_path)
    for step, events in ((5, 0), (10, 0), (10, 1), (15, 1)):
        replays.note(step, events, {"a": torch.tensor(step)})
    replays.forget_after(10, 0)
    assert [each.moment for each in read_hashes(tmp_path)] == [(5, 0), (10, 0)]


def test_of_very_many_hashes_every_other_one_goes(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("core.replays.MOST", 8)
    write_hashes(tmp_path, [StateHash(step, 0, step, ELSEWHERE) for step in (1, 2)])
    replays = Replays(tmp_path)
    for step in range(3, 30):
        replays.note(step, 0, {"a": torch.tensor(step)})
    moments = [each.moment for each in read_hashes(tmp_path)]
    assert 4 <= len(moments) <= 8
    assert (29, 0) in moments
    assert (2, 0) in moments  # where this machine went on


def test_a_handover_is_where_another_machine_went_on() -> None:
    made = [(1, ELSEWHERE), (2, ELSEWHERE), (3, HERE), (4, HERE), (5, ELSEWHERE)]
    hashes = [StateHash(step, 0, 0, machine) for step, machine in made]
    assert handovers(hashes) == {(2, 0), (4, 0)}
    assert until(hashes, 2, 0) == hashes[:2]


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (Machine(), True),
        (Machine(HERE.torch, HERE.cpu_capability, HERE.threads), True),
        (Machine(HERE.torch, HERE.cpu_capability, HERE.threads + 1), False),
        (Machine("2.4.0", HERE.cpu_capability, HERE.threads), False),
        (ELSEWHERE, False),
    ],
)
def test_machines_are_alike_in_all_that_is_known(other: Machine, alike: bool) -> None:
    assert HERE.computes_like(other) == other.computes_like(HERE) == alike
