"""Following a table that trains: no flips, no swaps, no jumps, and the view turns where it must."""

import numpy as np
import pytest

from core.projection import TURN_SECONDS, LiveProjection
from tests.core.moving_tables import FRAME, assert_orthonormal, ellipsoid, move, table


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
