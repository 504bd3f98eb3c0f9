"""Trails and moves: which points, how many, and what of them is kept."""

import numpy as np

from gui.canvas.trails import (
    LONGEST_TRAIL,
    MOST_TRAILS,
    MostMoved,
    TrailKeeper,
    largest,
    trail_length,
)


def table(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32)


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def amounts(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def test_a_trail_is_projected_again_under_the_axes_of_now() -> None:
    keeper = TrailKeeper()
    rows = table((1, 0), (5, 5))
    keeper.follow([0], rows)
    rows[0] = (2, 3)  # the table's memory goes on; the trail has its own
    keeper.follow([0], rows)
    [straight] = keeper.projected(lambda kept: kept)
    [swapped] = keeper.projected(lambda kept: kept[:, ::-1])
    assert straight.id == 0
    assert straight.points.tolist() == [[1, 0], [2, 3]]
    assert swapped.points.tolist() == [[0, 1], [3, 2]]


def test_several_trails_are_cut_apart_again() -> None:
    keeper = TrailKeeper()
    keeper.follow([0], table((0,), (10,)))
    keeper.follow([0, 1], table((1,), (11,)))
    keeper.follow([0, 1], table((2,), (12,)))
    found = {trail.id: trail.points.ravel().tolist() for trail in keeper.projected(lambda r: r)}
    assert found == {0: [0, 1, 2], 1: [11, 12]}


def test_only_the_ids_that_are_followed_are_kept_and_not_too_many() -> None:
    keeper = TrailKeeper()
    rows = np.zeros((100, 2), np.float32)
    keeper.follow(range(100), rows)
    assert len(keeper) == MOST_TRAILS
    keeper.follow([3, 3, 500], rows)  # 500 is no row
    assert [trail.id for trail in keeper.projected(lambda kept: kept)] == [3]
    keeper.follow([4], rows)
    assert keeper.projected(lambda kept: kept) == ()  # one point is no trail
    keeper.clear()
    assert len(keeper) == 0


def test_a_trail_forgets_its_oldest_rows() -> None:
    keeper = TrailKeeper()
    for number in range(LONGEST_TRAIL + 5):
        keeper.follow([0], table((number,)))
    [trail] = keeper.projected(lambda kept: kept)
    assert trail.points.ravel().tolist() == list(range(5, LONGEST_TRAIL + 5))


def test_trails_of_long_rows_are_shorter() -> None:
    assert trail_length(32) == LONGEST_TRAIL
    assert trail_length(4096) < 10
    assert trail_length(10**9) == 2


def test_the_largest_come_first_and_what_is_no_move_never() -> None:
    found = largest(amounts(0.5, 0, 3, float("nan"), 2, float("inf")), 2)
    assert found.tolist() == [2, 4]
    assert largest(amounts(), 3).tolist() == []


def test_after_a_step_only_its_moves_count() -> None:
    most = MostMoved(count=2)
    most.still(ids(4, 5, 6), amounts(1, 3, 2))
    assert most.ids == (5, 6)
    most.still(ids(7), amounts(0.1))
    assert most.ids == (7,)


def test_while_running_a_place_is_not_lost_to_one_larger_move() -> None:
    most = MostMoved(count=2, keep=3)
    most.running(ids(1, 2), amounts(1, 1))
    most.running(ids(3), amounts(5))
    # 3 moved most, but 1 and 2 are still among the first three.
    assert most.ids == (1, 2)
    most.running(ids(3, 4, 5), amounts(5, 5, 5))
    # 3: 0.9 × 5 + 5 = 9.5, 4 and 5: 5, 1 and 2: 0.81. The first three are 3, 4, 5.
    assert most.ids == (3, 4)
