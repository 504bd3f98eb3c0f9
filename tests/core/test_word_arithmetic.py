"""Sums of words: where a sign is a sign, and which rows are added with which weight."""

import numpy as np
import pytest

from core.looking_problems import MissingWord, NothingToFind, UnknownTokens
from core.neighbours import combination, nearest
from core.problems import ProblemError
from core.vocabulary import Vocabulary
from core.word_arithmetic import Blend, Term, blend, is_sum, parse, written

WORDS = ("<unk>", "<pad>", "king", "man", "woman", "queen", "c++", "-", "well-known", "new york")


@pytest.fixture
def vocabulary():
    return Vocabulary.from_tokens(WORDS)


def terms(*pairs):
    return tuple(Term(sign, token) for sign, token in pairs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("king", [(1, "king")]),
        ("king - man + woman", [(1, "king"), (-1, "man"), (1, "woman")]),
        ("  king −  man", [(1, "king"), (-1, "man")]),
        ("- man + woman", [(-1, "man"), (1, "woman")]),
        ("well-known - c++", [(1, "well-known"), (-1, "c++")]),
        ("king - - + man", [(1, "king"), (-1, "-"), (1, "man")]),
        ("+ new york - c", [(1, "new york"), (-1, "c")]),
        ("king-man", [(1, "king-man")]),
    ],
)
def test_a_sign_stands_between_spaces(text, expected):
    assert parse(text) == terms(*expected)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", NothingToFind()),
        ("  ", NothingToFind()),
        ("king -", MissingWord(5)),
        ("-", MissingWord(0)),
        ("king - man +  ", MissingWord(11)),
    ],
)
def test_what_is_not_finished_says_where(text, problem):
    with pytest.raises(ProblemError) as raised:
        parse(text)
    assert raised.value.problem == problem


@pytest.mark.parametrize(
    ("text", "sum_"),
    [("king", False), ("king -", True), ("-", False), ("a + b", True), ("c++", False), ("", False)],
)
def test_what_looks_like_a_sum(text, sum_):
    assert is_sum(text) is sum_


def test_ids_and_weights(vocabulary):
    assert blend(parse("king - man + woman"), vocabulary) == Blend((2, 3, 4), (1, -1, 1))
    assert blend(parse("new york - -"), vocabulary) == Blend((9, 7), (1, -1))
    assert Blend.mean((4, 5)) == Blend((4, 5), (0.5, 0.5))


def test_all_unknown_tokens_are_named_once(vocabulary):
    with pytest.raises(ProblemError) as raised:
        blend(parse("kin - man + womn - kin"), vocabulary)
    assert raised.value.problem == UnknownTokens(["kin", "womn"])


def test_a_sum_is_written_as_in_print():
    assert written(parse("king - man + woman")) == "king − man + woman"
    assert written(parse("- man + woman")) == "−man + woman"


def test_king_minus_man_plus_woman_is_queen(vocabulary):
    rows = np.zeros((len(WORDS), 2))
    rows[2:6] = [[5, 1], [1, 1], [1, 3], [5, 3.5]]  # king, man, woman, queen
    asked = blend(parse("king - man + woman"), vocabulary)
    aim = combination(rows, asked.ids, asked.weights)
    assert aim.tolist() == [5, 3]  # (5, 1) − (1, 1) + (1, 3)
    found = nearest(rows, aim, 1, "euclidean", asked.ids)
    assert (found.ids.tolist(), found.values.tolist()) == ([5], [0.5])
