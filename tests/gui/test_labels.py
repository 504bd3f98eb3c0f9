"""Labels: none on another, the ones that matter first, none that flickers."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from gui.canvas.labels import SQUARE, Anchor, LabelLayout, crowd_of
from gui.canvas.view_range import Area

AREA = Area(0, 0, 400, 300)


def anchor(id_: int, x: float, y: float, matters: bool = False, width: float = 50) -> Anchor:
    return Anchor(id_, x, y, width, 14, 8, matters)


crowds = st.lists(
    st.tuples(st.floats(-20, 420), st.floats(-20, 320), st.booleans(), st.floats(5, 120)),
    max_size=40,
)


@given(crowds)
def test_no_label_covers_another_or_leaves_the_area(
    crowd: list[tuple[float, float, bool, float]],
) -> None:
    anchors = [anchor(i, *place) for i, place in enumerate(crowd)]
    placed = LabelLayout().place(anchors, AREA)
    for one, other in combinations(placed, 2):
        assert not one.box.intersects(other.box)
    for label in placed:
        assert QRectF(0, 0, 400, 300).contains(label.box)


def test_one_that_matters_takes_the_place_of_one_that_was_there() -> None:
    layout = LabelLayout()
    # A strip that has room for one label only.
    strip = Area(0, 0, 75, 20)
    quiet, loud = anchor(1, 10, 10), anchor(2, 12, 10, matters=True)
    assert [label.id for label in layout.place([quiet], strip)] == [1]
    assert [label.id for label in layout.place([quiet, loud], strip)] == [2]


def test_a_label_stays_on_its_side_while_points_tremble() -> None:
    layout = LabelLayout()
    near_the_edge = anchor(1, 345, 100)  # 345 + 8 + 50 is past 400: it goes to the left
    before = layout.place([near_the_edge], AREA)[0].box
    assert before.right() < 345
    after = layout.place([replace(near_the_edge, x=335)], AREA)[0].box
    assert before.left() - after.left() == 10


def test_a_newcomer_needs_more_room_than_one_that_is_shown() -> None:
    layout = LabelLayout()
    strip = Area(0, 0, 400, 15)  # room for labels to the left and to the right only
    first = anchor(1, 100, 7.5)
    # The first label is 108 … 158; the second would be 94 … 144 or 160 … 210, 2 pixels away.
    second = anchor(2, 152, 7.5)
    blocked = (QRectF(80, 0, 60, 15),)
    assert [label.id for label in layout.place([first, second], strip)] == [1]
    assert [label.id for label in layout.place([second], strip, blocked)] == [2]
    assert {label.id for label in layout.place([first, second], strip)} == {1, 2}


def test_quiet_labels_keep_off_the_crowd_and_loud_ones_need_not() -> None:
    x, y = np.meshgrid(np.arange(0, 400, 5), np.arange(0, 300, 5))
    crowd = crowd_of(np.column_stack([x.ravel(), y.ravel()]), AREA)
    anchors = [anchor(1, 100, 100), anchor(2, 300, 200, matters=True)]
    assert [label.id for label in LabelLayout().place(anchors, AREA, crowd=crowd)] == [2]


def test_a_label_goes_beside_what_is_taken() -> None:
    taken = QRectF(105, 90, 100, 20)
    [label] = LabelLayout().place([anchor(1, 100, 100)], AREA, [taken])
    assert not label.box.intersects(taken)


def test_forgetting_lets_a_label_choose_its_side_again() -> None:
    layout = LabelLayout()
    layout.place([anchor(1, 345, 100)], AREA)
    layout.forget()
    assert layout.place([anchor(1, 200, 100)], AREA)[0].box.left() == 208


def test_only_one_that_insists_covers_what_is_taken() -> None:
    everything = [QRectF(0, 0, 400, 300)]
    loud = anchor(1, 100, 100, matters=True)
    assert LabelLayout().place([loud], AREA, everything) == []
    assert len(LabelLayout().place([replace(loud, insists=True)], AREA, everything)) == 1


def anchors_of(crowd: list[tuple[float, float, bool, float]]) -> list[Anchor]:
    return [anchor(i, *place) for i, place in enumerate(crowd)]


@given(crowds, crowds)
def test_labels_that_do_not_matter_change_nothing_for_those_that_do(
    some: list[tuple[float, float, bool, float]], more: list[tuple[float, float, bool, float]]
) -> None:
    loud = [replace(each, matters=True) for each in anchors_of(some)]
    quiet = [replace(each, id=each.id + 100, matters=False) for each in anchors_of(more)]
    alone = LabelLayout().place(loud, AREA)
    among = LabelLayout().place([*quiet, *loud], AREA)
    assert among[: len(alone)] == alone


@given(crowds)
def test_what_is_shown_stays_as_long_as_nothing_moves(
    crowd: list[tuple[float, float, bool, float]],
) -> None:
    layout, anchors = LabelLayout(), anchors_of(crowd)
    before = {label.id: label.box for label in layout.place(anchors, AREA)}
    after = {label.id: label.box for label in layout.place(anchors, AREA)}
    assert before.items() <= after.items()


trembling = st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=40, max_size=40)


@given(crowds, trembling)
def test_a_label_changes_its_side_only_where_it_has_no_room(
    crowd: list[tuple[float, float, bool, float]], moves: list[tuple[float, float]]
) -> None:
    layout, anchors = LabelLayout(), anchors_of(crowd)
    before = {label.id: label.box for label in layout.place(anchors, AREA)}
    moved = [
        replace(a, x=a.x + dx, y=a.y + dy) for a, (dx, dy) in zip(anchors, moves, strict=False)
    ]
    after = {label.id: label.box for label in layout.place(moved, AREA)}
    for id_ in before.keys() & after.keys():
        there = before[id_].translated(*moves[id_])  # where it would be on its old side
        if (there.topLeft() - after[id_].topLeft()).manhattanLength() < 1e-6:
            continue
        # Room is counted in squares, so that a neighbour may be two of them away.
        wider = there.adjusted(-2 * SQUARE, -2 * SQUARE, 2 * SQUARE, 2 * SQUARE)
        others = [box for other, box in after.items() if other != id_]
        assert not QRectF(0, 0, 400, 300).contains(wider) or any(map(wider.intersects, others))


@given(crowds, st.integers(0, 12))
def test_there_are_no_more_labels_than_asked_for(
    crowd: list[tuple[float, float, bool, float]], most: int
) -> None:
    anchors = anchors_of(crowd)
    placed = LabelLayout().place(anchors, AREA, most=most)
    every = LabelLayout().place(anchors, AREA, most=40)
    assert len(placed) == min(most, len(every))
    loud = {a.id for a in anchors if a.matters}
    assert sum(p.id in loud for p in placed) == min(most, sum(p.id in loud for p in every))
