"""Axes by meaning: by hand, as written, and as the rows under them move."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.axes import Components, Direction, Directions
from core.axis_words import AxisWords
from core.directions import basis_along, require, unit
from core.looking_problems import AxisRefused
from core.problems import ProblemError
from core.projection import LiveProjection
from core.vocabulary import Vocabulary, VocabularyConfig
from tests.core.moving_tables import FRAME, move, table

WORDS = ("<unk>", "<pad>", "he", "she", "king", "queen")
VOCABULARY = Vocabulary.from_tokens(WORDS, VocabularyConfig(), ["he she king queen"])


def refusal(call, *arguments) -> AxisRefused:
    with pytest.raises(ProblemError) as caught:
        call(*arguments)
    assert isinstance(caught.value.problem, AxisRefused)
    return caught.value.problem


# ── as it is written ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["he → she", "he->she", "  he => she "])
def test_an_axis_goes_from_one_token_to_another(text):
    words = AxisWords.read(text)
    assert words == AxisWords(("he",), ("she",))
    assert str(words) == "he → she"
    assert words.direction(VOCABULARY) == Direction((2,), (3,))


def test_several_tokens_stand_for_their_mean():
    words = AxisWords.read("he, king → she,queen,")
    assert words.direction(VOCABULARY) == Direction((2, 4), (3, 5))


@pytest.mark.parametrize(
    ("text", "reason", "tokens"),
    [
        ("", "no-arrow", []),
        ("he she", "no-arrow", []),
        ("he → she → king", "no-arrow", []),
        ("he →", "empty-side", []),
        (", → she", "empty-side", []),
        ("he, king → king", "same-token", ["king"]),
        ("he, he → she", "same-token", ["he"]),
    ],
)
def test_what_is_no_axis_says_why(text, reason, tokens):
    problem = refusal(AxisWords.read, text)
    assert (problem.text, problem.reason, problem.tokens) == (text.strip(), reason, tokens)


def test_all_tokens_that_are_unknown_are_named():
    problem = refusal(AxisWords.read("he, hi → sheep").direction, VOCABULARY)
    assert (problem.reason, problem.tokens) == ("unknown-token", ["hi", "sheep"])


sides = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)


@given(sides, sides)
def test_what_is_written_is_read_back(start, end):
    if set(start) & set(end):
        assert refusal(AxisWords.read, f"{','.join(start)}->{','.join(end)}").reason == "same-token"
    else:
        words = AxisWords(tuple(start), tuple(end))
        assert AxisWords.read(str(words)) == words


# ── as an axis ────────────────────────────────────────────────────────────────────────────────


def test_a_direction_by_hand():
    rows = np.array([[1, 0, 0], [3, 0, 0], [2, 4, 0], [2, 2, 0]], np.float32)
    # From the mean (2, 0, 0) to the mean (2, 3, 0).
    np.testing.assert_allclose(unit(rows, Direction((0, 1), (2, 3))), [0, 1, 0])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_ends_at_the_same_point_have_no_direction(dtype):
    rows = np.array([[0.1, 0.2], [0.3, 0.4], [0.2, 0.3]], dtype)
    assert unit(rows, Direction((0,), (0,))) is None
    assert refusal(require, rows, Direction((1,), (1,)), "a → b").reason == "equal"
    rows[2] = np.nan
    assert refusal(require, rows, Direction((0,), (2,)), "a → b").reason == "not-finite"
    assert unit(rows, Direction((0,), (9,))) is None


def test_two_directions_are_not_made_orthogonal_and_the_third_axis_is_across():
    rows = np.array([[0, 0, 0, 0], [2, 0, 0, 0], [1, 1, 0, 0]], np.float32)
    directions = [Direction((0,), (1,)), Direction((0,), (2,))]
    components = np.eye(4)[:, [2, 0, 1, 3]]
    basis, lost = basis_along(rows, directions, components, None, 3)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(basis[:, :2], [[1, half], [0, half], [0, 0], [0, 0]])
    np.testing.assert_allclose(np.abs(basis[:, 2]), [0, 0, 1, 0], atol=1e-12)
    assert lost == (False, False)
    turned = -basis[:, 2]
    again, _ = basis_along(rows, directions, components, np.column_stack([basis[:, :2], turned]), 3)
    np.testing.assert_allclose(again[:, 2], turned)


def test_points_lie_along_the_direction_as_the_rows_move():
    rows, live = table(), LiveProjection()
    live.reset(rows, 0)
    live.set_choice(Directions((Direction((0,), (1,)), Direction((2, 3), (4,)))))
    shown = live.advance(rows, FRAME)
    assert [axis.kind for axis in shown.axes] == ["direction", "direction"]
    way = (rows[1] - rows[0]).astype(np.float64)
    expected = (rows - rows.mean(0)) @ way / np.linalg.norm(way)
    np.testing.assert_allclose(shown.points[:, 0], expected, atol=1e-5)
    deviations = rows - rows.mean(axis=0, dtype=np.float64)
    assert shown.axes[0].explained == pytest.approx(
        (expected**2).sum() / (deviations**2).sum(), rel=1e-4
    )
    shown = live.update(rows, *move(rows, [1], rows[[1]] + 1), 1, FRAME)
    way = (rows[1] - rows[0]).astype(np.float64)
    np.testing.assert_allclose(shown.basis[:, 0], way / np.linalg.norm(way))
    assert (shown.since, shown.policy, shown.turning) == (1, "follow", 1)
    assert shown.numbers == ()


def test_held_directions_stay():
    rows, live = table(), LiveProjection()
    live.reset(rows, 0)
    live.set_choice(Directions((Direction((0,), (1,)),)))
    before = live.advance(rows, FRAME)
    assert [axis.kind for axis in before.axes] == ["direction", "across"]
    live.set_policy("held")
    shown = live.update(rows, *move(rows, [1], rows[[1]] + 1), 1, FRAME)
    np.testing.assert_array_equal(shown.basis, before.basis)
    assert (shown.since, shown.policy) == (0, "held")


def test_a_direction_that_is_lost_stays_as_it_was():
    rows, live = table(), LiveProjection()
    live.reset(rows, 0)
    live.set_choice(Directions((Direction((0,), (1,)),)))
    before = live.advance(rows, FRAME)
    shown = live.update(rows, *move(rows, [1], rows[[0]]), 1, FRAME)
    assert shown.axes[0].lost
    np.testing.assert_array_equal(shown.basis[:, 0], before.basis[:, 0])
    shown = live.update(rows, *move(rows, [1], rows[[0]] + 1), 2, FRAME)
    assert not shown.axes[0].lost
    np.testing.assert_allclose(shown.basis[:, 0], np.full(8, 8**-0.5), rtol=1e-6)


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_few_columns_have_directions_too(columns, dimensions):
    rows = table(20, columns)
    live = LiveProjection(dimensions)
    live.reset(rows, 0)
    live.set_choice(Directions((Direction((0,), (1,)), Direction((2,), (3,)))))
    shown = live.advance(rows, FRAME)
    assert shown.points.shape == (20, dimensions)
    assert len(shown.axes) == min(columns, dimensions)
    assert shown.axes[0].kind == ("column" if columns == 1 else "direction")
    live.set_choice(Components())
    back = live.advance(rows, FRAME)
    np.testing.assert_array_equal(back.points, LiveProjection(dimensions).reset(rows, 0).points)
