"""Any pair or triple of the first components, while they follow and while they are held."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.axes import Components
from core.projection import LiveProjection
from tests.core.moving_tables import FRAME, assert_orthonormal, ellipsoid, move, table


def test_numbers_that_are_missing_are_replaced_by_the_lowest_free_ones():
    assert Components((2, 5, 1)).chosen(2, 10) == (2, 5)
    assert Components((2, 5)).chosen(3, 10) == (2, 5, 1)
    assert Components((9, 3)).chosen(2, 4) == (3, 1)
    assert Components((9, 8, 7)).chosen(3, 2) == (1, 2)


def test_the_chosen_components_are_drawn_in_their_order():
    rows = ellipsoid(5, 4, 3, 2)
    live = LiveProjection()
    live.reset(rows, 0)
    live.set_choice(Components((4, 2)))
    shown = live.advance(rows, FRAME)
    np.testing.assert_allclose(shown.basis, np.eye(4)[:, [3, 1]], atol=1e-12)
    assert [axis.number for axis in shown.axes] == [4, 2]
    assert shown.numbers == (4, 2)
    assert shown.exact
    # 25 + 16 + 9 + 4 = 54.
    assert [axis.explained for axis in shown.axes] == pytest.approx([4 / 54, 16 / 54])
    assert shown.spectrum.tolist() == pytest.approx([25 / 54, 16 / 54, 9 / 54, 4 / 54])
    live.set_choice(Components((4, 2)))
    assert live.advance(rows, FRAME) is None


def test_they_follow_within_their_own_plane():
    rows = ellipsoid(5, 4, 3, 2)
    live = LiveProjection()
    live.reset(rows, 0)
    live.set_choice(Components((2, 3)))
    before = live.advance(rows, FRAME)
    # Rows 1 and 5 lie at ±4 along y: at ±2.9, PC 2 and PC 3 change places, and nothing turns.
    shown = live.update(rows, *move(rows, [1, 5], [[0, 2.9, 0, 0], [0, -2.9, 0, 0]]), 1, FRAME)
    np.testing.assert_allclose(shown.basis, before.basis, atol=1e-12)
    assert [axis.number for axis in shown.axes] == [3, 2]
    assert shown.turning == 1


def test_held_axes_can_be_changed_to_components_of_this_step():
    rows = ellipsoid(5, 4, 3, 2)
    live = LiveProjection(policy="held")
    live.reset(rows, 0)
    live.update(rows, *move(rows, [0, 4], [[5.5, 0, 0, 0], [-5.5, 0, 0, 0]]), 6, FRAME)
    live.set_choice(Components((1, 3)))
    shown = live.advance(rows, FRAME)
    assert (shown.policy, shown.since) == ("held", 6)
    assert [axis.number for axis in shown.axes] == [1, 3]
    later = live.update(rows, *move(rows, [0, 4], [[1, 0, 0, 0], [-1, 0, 0, 0]]), 7, FRAME)
    np.testing.assert_array_equal(later.basis, shown.basis)


def test_a_third_dimension_takes_the_third_choice():
    rows = table(80, 12)
    live = LiveProjection()
    live.reset(rows, 0)
    live.set_choice(Components((2, 5, 7)))
    flat = live.advance(rows, FRAME)
    live.set_dimensions(3)
    deep = live.advance(rows, FRAME)
    np.testing.assert_allclose(deep.basis[:, :2], flat.basis, atol=1e-9)
    assert [axis.number for axis in deep.axes] == [2, 5, 7]


@given(st.integers(0, 2**32 - 1), st.permutations(range(1, 11)), st.integers(2, 3))
@settings(deadline=None, max_examples=20)
def test_any_of_the_first_ten_is_scikit_learns(seed, numbers, dimensions):
    rows = table(60, 14, np.float64, seed=seed)
    live = LiveProjection(dimensions)
    live.reset(rows, 0)
    live.set_choice(Components(tuple(numbers[:dimensions])))
    shown = live.advance(rows, FRAME) or live.reset(rows, 0)
    reference = PCA(10, svd_solver="full").fit(rows)
    expected = reference.components_[[number - 1 for number in numbers[:dimensions]]].T
    assert_orthonormal(shown.basis)
    np.testing.assert_allclose(np.abs((shown.basis * expected).sum(axis=0)), 1, atol=1e-9)
    np.testing.assert_allclose(shown.spectrum, reference.explained_variance_ratio_, atol=1e-10)


def test_components_without_variance_can_be_chosen():
    rows = ellipsoid(5, 4, 0, 0, 0)
    live = LiveProjection()
    live.reset(rows, 0)
    live.set_choice(Components((1, 4)))
    shown = live.advance(rows, FRAME)
    assert [axis.explained for axis in shown.axes] == pytest.approx([25 / 41, 0])
    shown = live.update(rows, *move(rows, [0], rows[[0]] * 1.01), 1, FRAME)
    assert_orthonormal(shown.basis)
    assert shown.turning == 1
