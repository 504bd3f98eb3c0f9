"""Live projection: exact, without jumps, and truthful about its axes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.projection import TURN_SECONDS, LiveProjection

FRAME = 1 / 60
NOBODY = np.empty(0, np.int32)


def table(rows=60, dimension=8, dtype=np.float32, seed=0):
    """Rows whose components have clearly different variances."""
    spread = 0.7 ** np.arange(dimension)
    return (np.random.default_rng(seed).normal(size=(rows, dimension)) * spread).astype(dtype)


def ellipsoid(*radii):
    """Rows at ± each radius along each axis: the components are the coordinate axes."""
    return np.vstack([np.diag(radii), -np.diag(radii)]).astype(np.float32)


def move(rows, ids, new_rows):
    """Change rows in place; what `update` wants to know of it."""
    ids = np.asarray(ids, np.int32)
    old = rows[ids]
    rows[ids] = new_rows
    return ids, old


def assert_orthonormal(basis):
    np.testing.assert_allclose(basis.T @ basis, np.eye(basis.shape[1]), atol=1e-12)


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


# ── following ─────────────────────────────────────────────────────────────────────────────────


def test_a_swap_of_the_two_components_does_not_move_the_picture():
    # The two largest variances are along x (4² against 3.9²), then along y.
    rows = ellipsoid(4, 3.9, 1)
    live = LiveProjection()
    before = live.reset(rows, 0)
    # Row 1 is (0, 3.9, 0), row 4 its mirror image: now y varies most.
    moved = move(rows, [1, 4], [[0, 4.1, 0], [0, -4.1, 0]])
    after = live.update(rows, *moved, 1, FRAME)
    np.testing.assert_allclose(after.basis, before.basis, atol=1e-12)
    assert after.turning == 1
    # Each axis still is a component, only numbered otherwise: y, now PC 1, is drawn upwards.
    assert after.exact
    assert [axis.number for axis in after.axes] == [2, 1]
    assert [axis.explained for axis in after.axes] == pytest.approx(
        [16 / (16 + 16.81 + 1), 16.81 / (16 + 16.81 + 1)]
    )


def test_moved_rows_come_from_where_they_were_on_the_new_axes():
    rows = table()
    live = LiveProjection()
    live.reset(rows, 0)
    ids, old = move(rows, [3, 8], rows[[3, 8]] + 0.1)
    shown = live.update(rows, ids, old, 1, FRAME)
    np.testing.assert_array_equal(shown.moved_from, shown.project(old))
    assert not np.allclose(shown.moved_from, shown.points[ids])


def test_axes_turned_within_their_plane_do_not_claim_to_be_components():
    rows = ellipsoid(4, 3, 1)
    live = LiveProjection()
    live.reset(rows, 0)
    turn = np.array([[np.cos(0.1), np.sin(0.1), 0], [-np.sin(0.1), np.cos(0.1), 0], [0, 0, 1]])
    shown = live.update(rows, *move(rows, range(6), rows @ turn), 1, FRAME)
    assert shown.turning == 1
    assert not shown.exact
    assert [axis.number for axis in shown.axes] == [1, 2]
    # Along x: (16 cos² + 9 sin²) / 26 of the variance, with the angle 0.1.
    along_x = (16 * np.cos(0.1) ** 2 + 9 * np.sin(0.1) ** 2) / 26
    assert shown.axes[0].explained == pytest.approx(along_x, abs=1e-6)


def test_when_the_plane_jumps_the_view_turns_to_it():
    rows = ellipsoid(4, 3, 2, 1)
    live = LiveProjection()
    before = live.reset(rows, 0)
    # PC 2 and PC 3 cross: z now varies more than y, and the plane turns by 90° about x.
    moved = move(rows, [2, 6], [[0, 0, 3.5, 0], [0, 0, -3.5, 0]])
    shown = live.update(rows, *moved, 1, 60.0)
    np.testing.assert_allclose(shown.basis, before.basis, atol=1e-12)
    assert shown.turning == 0
    # Until it turns the view shows what now is PC 3, and says so.
    assert [axis.number for axis in shown.axes] == [1, 3]
    turned = []
    while shown.turning < 1:
        shown = live.advance(rows, TURN_SECONDS / 10)
        assert_orthonormal(shown.basis)
        np.testing.assert_array_equal(shown.moved_from, shown.project(moved[1]))
        turned.append(np.degrees(np.arccos(np.clip(shown.basis[1, 1], -1, 1))))
        assert shown.exact == (shown.turning == 1)
    np.testing.assert_allclose(turned, np.arange(1, 11) * 9, atol=1e-5)
    np.testing.assert_allclose(np.abs(shown.basis), np.eye(4)[:, [0, 2]], atol=1e-9)
    assert [axis.number for axis in shown.axes] == [1, 2]
    assert live.advance(rows, FRAME) is None


def test_training_goes_on_while_the_view_turns():
    rows, generator = ellipsoid(4, 3, 2, 1), np.random.default_rng(0)
    live = LiveProjection()
    live.reset(rows, 0)
    moved = move(rows, [2, 6], [[0, 0, 3.5, 0], [0, 0, -3.5, 0]])
    shares = [live.update(rows, *moved, 1, FRAME).turning]
    while shares[-1] < 1:
        change = rows + generator.normal(0, 0.01, rows.shape).astype(np.float32)
        shown = live.update(rows, *move(rows, range(8), change), len(shares) + 1, FRAME)
        assert_orthonormal(shown.basis)
        shares.append(shown.turning)
    # 0.3 s are 18 frames of a sixtieth of a second.
    assert len(shares) == 19
    np.testing.assert_allclose(np.diff(shares), 1 / 18, atol=1e-9)


def test_a_second_jump_starts_the_turn_afresh():
    rows = ellipsoid(4, 3, 2, 1)
    live = LiveProjection()
    live.reset(rows, 0)
    live.update(rows, *move(rows, [2, 6], [[0, 0, 3.5, 0], [0, 0, -3.5, 0]]), 1, FRAME)
    assert live.advance(rows, 0.2).turning == pytest.approx(2 / 3)
    back = move(rows, [2, 6], [[0, 0, 2, 0], [0, 0, -2, 0]])
    assert live.update(rows, *back, 2, 0.03).turning == pytest.approx(0.1)
    shown = live.advance(rows, 1.0)
    np.testing.assert_allclose(shown.basis, np.eye(4, 2), atol=1e-9)
    assert shown.turning == 1


def train(gathered, rate, steps, seed):
    """Rows of five groups drawn to five centres; yield each frame as it is shown."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(5, 16))[np.arange(200) % 5]
    rows = (gathered * centres + generator.normal(0, 0.1, (200, 16))).astype(np.float32)
    live = LiveProjection()
    yield live.reset(rows, 0)
    for step in range(1, steps):
        ids = generator.choice(200, 64, replace=False)
        noise = generator.normal(0, 0.002, (64, 16))
        change = rows[ids] + rate * (centres[ids] - rows[ids]) + noise
        yield live.update(rows, *move(rows, ids, change), step, FRAME)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rate", [0.02, 0.005])
def test_smooth_training_never_turns_the_view(rate, seed):
    assert all(shown.turning == 1 for shown in train(0.3, rate, 300, seed))


@pytest.mark.parametrize("seed", range(3))
def test_out_of_noise_the_view_turns_a_few_times_and_finds_the_groups(seed):
    # The components of noise have nearly equal variances and cross until the groups stand out.
    frames = list(train(0.0, 0.02, 300, seed))
    assert sum(shown.turning == 0 for shown in frames) <= 5
    assert sum(axis.explained for axis in frames[0].axes) < 0.25
    assert sum(axis.explained for axis in frames[-1].axes) > 0.5
    assert all(shown.turning == 1 for shown in frames[100:])


def test_points_move_no_further_than_their_rows_while_following():
    rows, generator = table(), np.random.default_rng(2)
    live = LiveProjection()
    last = live.reset(rows, 0).points
    for step in range(1, 100):
        change = rows + generator.normal(0, 0.001, rows.shape).astype(np.float32)
        shown = live.update(rows, *move(rows, range(60), change), step, FRAME)
        # Rows move by about 0.003; a flip or a swap would be a jump of the size of the cloud, 1.
        assert np.abs(shown.points - last).max() < 0.03
        last = shown.points


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
