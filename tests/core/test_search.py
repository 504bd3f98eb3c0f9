"""Searching: by letters as looking at each token would, by pattern as Python's re would."""

import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pattern_search
from core.looking_problems import BadPattern, PatternTooSlow
from core.problems import ProblemError
from core.progress import Cancelled
from core.search import search
from core.token_finder import TokenFinder

TOKENS = ["<unk>", "<pad>", "Queen", "queer", "unique", "straße", "queue", "a\nb", "물", "que"]
FINDER = TokenFinder(TOKENS)


@pytest.mark.parametrize(
    ("text", "mode", "ids"),
    [
        ("que", "plain", [2, 3, 4, 6, 9]),
        ("que", "prefix", [2, 3, 6, 9]),
        ("QUE", "prefix", [2, 3, 6, 9]),
        ("que.*e", "regex", [2, 3, 6]),
        ("^QUE$", "regex", [9]),
        ("(?-i:Q)", "regex", [2]),
        ("strasse", "plain", [5]),  # ß folds to ss
        ("물", "plain", [8]),
        ("\n", "plain", [7]),
        ("a\n", "prefix", [7]),
        (r"a\sb", "regex", [7]),
        (r"\s", "regex", [7]),  # nothing lies between two tokens
        ("zzz", "plain", []),
        ("", "plain", []),
        ("", "regex", []),
    ],
)
def test_what_matches(text, mode, ids):
    found = search(FINDER, text, mode)
    assert found.dtype == np.int32
    assert found.tolist() == ids


letters = st.text("abß\n물İé", max_size=4)


@given(st.lists(letters), letters)
def test_letters_are_found_as_looking_at_each_token_would(tokens, text):
    finder, wanted = TokenFinder(tokens), text.casefold()
    folded = [token.casefold() for token in tokens]
    holding = [id_ for id_, token in enumerate(folded) if wanted in token]
    beginning = [id_ for id_, token in enumerate(folded) if token.startswith(wanted)]
    assert finder.holding(text).tolist() == holding
    assert finder.beginning_with(text).tolist() == beginning
    assert sorted(finder.find(text, len(tokens))) == beginning


@given(st.lists(letters, max_size=6), st.sampled_from(["a.b", "^a", "b$", "[^a]", "(a)|ß", "물+"]))
def test_patterns_match_as_they_do_in_python(tokens, pattern):
    # In this process: what the other one does with what it reads.
    _, *read = (
        pattern_search.packed(pattern, tokens)
        .decode("utf-8", "surrogatepass")
        .split(pattern_search.BREAK)
    )
    assert read == tokens
    expected = [id_ for id_, token in enumerate(tokens) if re.search(pattern, token, re.IGNORECASE)]
    assert pattern_search.matching(pattern, read) == expected


@pytest.mark.parametrize(
    ("pattern", "position"), [("(a", 0), ("a**", 2), ("[[a]&&b", None), ("a{99999999999}", None)]
)
def test_what_is_no_pattern_says_why(pattern, position):
    if pattern.startswith("[["):  # a warning to programmers is no problem
        assert search(FINDER, pattern, "regex").tolist() == []
        return
    with pytest.raises(ProblemError) as raised:
        search(FINDER, pattern, "regex")
    problem = raised.value.problem
    assert isinstance(problem, BadPattern)
    assert (problem.pattern, problem.position) == (pattern, position)
    assert problem.reason


def test_a_catastrophic_pattern_is_stopped_in_time():
    # Each of the 39 letters can be in this group or the next: 2^38 ways, hours.
    finder = TokenFinder(["a" * 39 + "b"])
    begin = time.monotonic()
    with pytest.raises(ProblemError) as raised:
        search(finder, "(a+)+$", "regex", seconds=0.3)
    assert raised.value.problem == PatternTooSlow("(a+)+$", 0.3)
    assert time.monotonic() - begin < 3


def test_a_search_that_nobody_waits_for_ends():
    with pytest.raises(Cancelled):
        search(TokenFinder(["a" * 39 + "b"]), "(a+)+$", "regex", cancelled=lambda: True)
