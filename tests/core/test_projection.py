"""Live projection: exact, truthful about its axes, and at ease with odd tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.projection import TURN_SECONDS, LiveProjection
from tests.core.moving_tables import FRAME, NOBODY, assert_orthonormal, ellipsoid, move, table

# ── exactness ─────────────────────────────────────────────────────────────────────────────────


def test_four_points_by_hand():
    # Along x at ±2, along z at ±1: scatter diag(8, 0, 2), total 10.
    rows = np.array([[2, 0, 0], [-2, 0, 0], [0, 0, 1], [0, 0, -1]], np.float32) + 5
    shown = LiveProjection().reset(rows, 0)
    np.testing.assert_allclose(shown.points, [[2, 0], [-2, 0], [0, 1], [0, -1]], atol=1e-6)
    assert [(axis.kind, axis.number) for axis in shown.axes] == [("pc", 1), ("pc", 2)]
    assert [axis.explained for axis in shown.axes] == pytest.approx([0.8, 0.2])
    assert shown.centre.tolist() == [5, 5, 5]
    assert shown.exact
    assert shown.turning == 1


@given(st.integers(0, 2**32 - 1), st.integers(4, 20), st.integers(2, 3))
@settings(deadline=None)
def test_it_is_scikit_learns_pca_up_to_sign(seed, dimension, dimensions):
    rows = table(40, dimension, seed=seed)
    shown = LiveProjection(dimensions).reset(rows, 0)
    reference = PCA(dimensions, svd_solver="full").fit(rows.astype(np.float64))
    expected = reference.transform(rows)
    sign = np.sign((shown.basis.T * reference.components_).sum(axis=1))
    np.testing.assert_allclose(shown.points * sign, expected, atol=1e-4)
    explained = [axis.explained for axis in shown.axes]
    np.testing.assert_allclose(explained, reference.explained_variance_ratio_, atol=1e-10)


def test_after_many_updates_the_plane_is_still_scikit_learns():
    rows, generator = table(), np.random.default_rng(1)
    live = LiveProjection()
    shown = live.reset(rows, 0)
    for step in range(1, 200):
        ids = generator.choice(60, 5, replace=False)
        change = rows[ids] + generator.normal(0, 0.01, (5, 8)).astype(np.float32)
        shown = live.update(rows, *move(rows, ids, change), step, FRAME)
    components = PCA(2, svd_solver="full").fit(rows.astype(np.float64)).components_
    np.testing.assert_allclose(shown.basis @ shown.basis.T, components.T @ components, atol=1e-6)
    np.testing.assert_allclose(shown.centre, rows.mean(axis=0, dtype=np.float64), atol=1e-12)
    assert (shown.since, shown.policy) == (199, "follow")


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_dtype_is_projected(dtype):
    rows = table(dtype=dtype)
    shown = LiveProjection().reset(rows, 0)
    expected = (rows.astype(np.float64) - shown.centre) @ shown.basis
    assert shown.points.dtype == np.float32
    np.testing.assert_allclose(shown.points, expected, atol=1e-6)


def test_any_rows_can_be_projected_on_the_shown_axes():
    rows = table()
    shown = LiveProjection().reset(rows, 0)
    np.testing.assert_array_equal(shown.project(rows[3:5]), shown.points[3:5])
    assert np.isnan(shown.project(np.full((1, 8), np.nan))).all()


# ── holding ───────────────────────────────────────────────────────────────────────────────────


def test_held_axes_stay_and_only_moved_points_move():
    rows = table()
    live = LiveProjection()
    live.reset(rows, 0)
    live.set_policy("held")
    before = live.advance(rows, FRAME)
    assert (before.policy, before.since) == ("held", 0)
    kept = before.points.copy()
    shown = live.update(rows, *move(rows, [4], rows[4] + 1), 7, FRAME)
    assert (shown.policy, shown.since) == ("held", 0)
    np.testing.assert_array_equal(shown.basis, before.basis)
    np.testing.assert_array_equal(np.delete(shown.points, 4, 0), np.delete(kept, 4, 0))
    np.testing.assert_array_equal(shown.points[4], shown.project(rows[4:5])[0])
    # What was handed out before belongs to the one who shows it.
    np.testing.assert_array_equal(before.points, kept)


def test_held_axes_tell_what_they_explain_now():
    rows = ellipsoid(4, 3, 1)
    live = LiveProjection(policy="held")
    live.reset(rows, 0)
    shown = live.update(rows, *move(rows, [2, 5], [[0, 0, 10], [0, 0, -10]]), 1, FRAME)
    # 16 and 9 of 16 + 9 + 100.
    assert [axis.explained for axis in shown.axes] == pytest.approx([0.128, 0.072])
    assert shown.exact


def test_following_again_turns_from_where_the_axes_were_held():
    rows = ellipsoid(4, 3, 1)
    live = LiveProjection(policy="held")
    held = live.reset(rows, 0)
    live.update(rows, *move(rows, [2, 5], [[0, 0, 10], [0, 0, -10]]), 1, FRAME)
    live.set_policy("follow")
    shown = live.advance(rows, FRAME)
    np.testing.assert_allclose(shown.basis, held.basis, atol=1e-12)
    assert (shown.policy, shown.turning) == ("follow", 0)
    assert live.advance(rows, TURN_SECONDS).turning == 1


def test_holding_in_the_middle_of_a_turn_stops_it_there():
    rows = ellipsoid(4, 3, 2, 1)
    live = LiveProjection()
    live.reset(rows, 0)
    live.update(rows, *move(rows, [2, 6], [[0, 0, 3.5, 0], [0, 0, -3.5, 0]]), 1, FRAME)
    midway = live.advance(rows, 0.1)
    live.set_policy("held")
    shown = live.advance(rows, 0.1)
    np.testing.assert_array_equal(shown.basis, midway.basis)
    assert (shown.turning, shown.since, shown.exact) == (1, 1, False)
    assert live.advance(rows, 0.1) is None


# ── dimensions and plain coordinates ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("policy", ["follow", "held"])
def test_a_third_dimension_keeps_the_first_two(policy):
    rows = table()
    live = LiveProjection(policy=policy)
    flat = live.reset(rows, 0)
    live.set_dimensions(3)
    deep = live.advance(rows, FRAME)
    np.testing.assert_allclose(deep.basis[:, :2], flat.basis, atol=1e-9)
    assert [axis.number for axis in deep.axes] == [1, 2, 3]
    assert deep.points.shape == (60, 3)
    assert deep.exact
    live.set_dimensions(2)
    again = live.advance(rows, FRAME)
    np.testing.assert_allclose(again.points, flat.points, atol=1e-6)


def test_three_columns_in_three_dimensions_are_plain():
    rows = np.array([[0, 0, 1], [2, 0, 1], [0, 4, 1]], np.float32)
    live = LiveProjection(3)
    shown = live.reset(rows, 0)
    np.testing.assert_array_equal(shown.points, rows)
    assert (shown.policy, shown.exact) == ("plain", True)
    assert [(axis.kind, axis.number) for axis in shown.axes] == [
        ("column", 0),
        ("column", 1),
        ("column", 2),
    ]
    # About (2/3, 4/3): 4/9 + 16/9 + 4/9 = 24/9 along x, four times that along y.
    assert [axis.explained for axis in shown.axes] == pytest.approx([0.2, 0.8, 0])
    shown = live.update(rows, *move(rows, [1], [[3, 0, 2]]), 5, FRAME)
    np.testing.assert_array_equal(shown.points, rows)
    assert shown.moved_from.tolist() == [[2, 0, 1]]
    assert shown.since == 5


def test_three_columns_in_two_dimensions_hide_none_in_silence():
    rows = np.array([[0, 0, 5], [0, 0, -5], [0, 1, 0], [0, -1, 0]], np.float32)
    live = LiveProjection(3)
    live.reset(rows, 0)
    live.set_dimensions(2)
    shown = live.advance(rows, FRAME)
    assert shown.policy == "follow"
    # Column 2 varies most: 50 of 52.
    assert shown.axes[0].explained == pytest.approx(50 / 52)
    np.testing.assert_allclose(np.abs(shown.points[:2, 0]), 5)


def test_one_column_has_one_axis():
    shown = LiveProjection().reset(np.array([[1], [-3]], np.float64), 0)
    assert shown.points.tolist() == [[1, 0], [-3, 0]]
    assert len(shown.axes) == 1
    assert shown.axes[0].explained == 1


# ── odd tables ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rows", [np.ones((1, 5), np.float32), np.full((9, 5), 0.1, np.float32)])
def test_where_nothing_varies_nothing_is_explained(rows):
    live = LiveProjection()
    for shown in (live.reset(rows, 0), live.update(rows, NOBODY, rows[:0], 1, FRAME)):
        assert shown.points.tolist() == [[0, 0]] * len(rows)
        assert all(np.isnan(axis.explained) for axis in shown.axes)
        assert shown.turning == 1
        assert_orthonormal(shown.basis)


def test_two_rows_have_one_direction_and_the_other_axis_stays():
    # Only one axis is determined; the rest of the space must not make the view turn.
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(2, 12)).astype(np.float32)
    live = LiveProjection()
    shown = live.reset(rows, 0)
    for step in range(1, 50):
        change = rows + generator.normal(0, 0.01, rows.shape).astype(np.float32)
        last = shown
        shown = live.update(rows, *move(rows, [0, 1], change), step, FRAME)
        assert shown.turning == 1
        assert np.abs(shown.basis - last.basis).max() < 0.05
    assert sum(axis.explained for axis in shown.axes) == pytest.approx(1)


@pytest.mark.parametrize("policy", ["follow", "held"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rows_that_are_not_finite_are_left_out_and_come_back(policy, bad):
    rows = table()
    rows[5, 2] = bad
    live = LiveProjection(policy=policy)
    shown = live.reset(rows, 0)
    expected = PCA(2, svd_solver="full").fit(np.delete(rows, 5, 0).astype(np.float64))
    explained = [axis.explained for axis in shown.axes]
    np.testing.assert_allclose(explained, expected.explained_variance_ratio_, atol=1e-9)
    assert shown.left_out.tolist() == [5]
    assert np.flatnonzero(np.isnan(shown.points).any(axis=1)).tolist() == [5]
    shown = live.update(rows, *move(rows, [5], np.zeros(8)), 1, FRAME)
    assert shown.left_out.size == 0
    assert np.isnan(shown.moved_from).all()
    assert np.isfinite(shown.points).all()


def test_a_table_of_nothing_finite_has_no_points():
    shown = LiveProjection().reset(np.full((4, 6), np.nan, np.float32), 0)
    assert np.isnan(shown.points).all()
    assert shown.left_out.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("policy", ["follow", "held"])
def test_a_table_that_grows_keeps_its_view(policy):
    rows = table(60)
    live = LiveProjection(policy=policy)
    before = live.reset(rows, 0)
    grown = np.vstack([rows, rows.mean(axis=0, keepdims=True)])
    new = np.full((1, 8), np.nan, np.float32)
    shown = live.update(grown, np.array([60]), new, 1, FRAME)
    assert shown.points.shape == (61, 2)
    assert np.isnan(shown.moved_from).all()
    # A row at the mean changes neither the mean nor the components.
    np.testing.assert_allclose(shown.points[:60], before.points, atol=1e-5)
    shrunk = live.update(rows, NOBODY, rows[:0], 2, FRAME)
    np.testing.assert_allclose(shrunk.points, before.points, atol=1e-5)


def test_another_number_of_columns_begins_anew():
    live = LiveProjection()
    live.reset(table(20, 8), 3)
    shown = live.update(table(20, 5), NOBODY, np.empty((0, 5)), 0, FRAME)
    np.testing.assert_array_equal(shown.points, LiveProjection().reset(table(20, 5), 0).points)


def test_with_no_table_there_is_nothing_to_advance():
    live = LiveProjection()
    live.set_dimensions(3)
    live.set_policy("held")
    assert live.advance(np.empty((0, 4), np.float32), FRAME) is None


# ── whatever happens ──────────────────────────────────────────────────────────────────────────


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([2, 3, 4, 7]),
    st.lists(
        st.sampled_from(["move", "break", "grow", "held", "follow", "2", "3", "wait"]), max_size=25
    ),
)
@settings(deadline=None)
def test_whatever_happens_the_points_are_the_rows_on_the_shown_axes(seed, dimension, happenings):
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(6, dimension)).astype(np.float32)
    live = LiveProjection()
    shown = live.reset(rows, 0)
    for step, happening in enumerate(happenings, 1):
        if happening in ("move", "break"):
            ids = generator.choice(len(rows), 2, replace=False)
            change = generator.normal(size=(2, dimension)) if happening == "move" else np.nan
            shown = live.update(rows, *move(rows, ids, change), step, FRAME)
        elif happening == "grow":
            rows = np.vstack([rows, generator.normal(size=(1, dimension)).astype(np.float32)])
            new = np.full((1, dimension), np.nan)
            shown = live.update(rows, np.array([len(rows) - 1]), new, step, FRAME)
        elif happening in ("held", "follow"):
            live.set_policy(happening)
        elif happening in ("2", "3"):
            live.set_dimensions(int(happening))
        shown = live.advance(rows, FRAME) or shown
        np.testing.assert_allclose(shown.points, shown.project(rows), atol=1e-5)
        assert shown.left_out.tolist() == np.flatnonzero(np.isnan(rows).any(axis=1)).tolist()
        assert len(shown.axes) == min(dimension, shown.points.shape[1])
        assert_orthonormal(shown.basis[:, : len(shown.axes)])
        explained = sum(axis.explained for axis in shown.axes)
        lone = len(rows) - len(shown.left_out) < 2
        assert np.isnan(explained) if lone else explained <= 1 + 1e-9
        assert 0 <= shown.turning <= 1
