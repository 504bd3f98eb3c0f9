"""Sums of words: `king - man + woman` as tokens with a sign, and as ids with weights.

The rows are added as they are, not scaled to length 1 first, so that the result is the fourth
corner of the parallelogram that the other three make in Space. The idea is that of Mikolov, Yih
and Zweig 2013, Linguistic Regularities in Continuous Space Word Representations.
"""

import re
from dataclasses import dataclass

from core.looking_problems import MissingWord, NothingToFind, UnknownTokens
from core.problems import ProblemError
from core.vocabulary import Vocabulary

PLUS, MINUS = "+", "−"
_SIGNS = {"+": 1, "-": -1, MINUS: -1}


@dataclass(frozen=True)
class Term:
    """One word of a sum: `sign` is 1 or −1, `token` as it was typed."""

    sign: int
    token: str


@dataclass(frozen=True)
class Blend:
    """Rows to be added up: `ids` and their `weights` run in parallel.

    The ids are no answers to what is nearest to the sum.
    """

    ids: tuple[int, ...]
    weights: tuple[float, ...]

    @classmethod
    def mean(cls, ids: tuple[int, ...]) -> "Blend":
        """The mean of these rows; of one row that row. `ids` must not be empty."""
        return cls(ids, (1 / len(ids),) * len(ids))


def is_sum(text: str) -> bool:
    """Whether `text` has a sign of its own behind a word, as in `king -`."""
    pieces = text.split()
    return any(piece in _SIGNS for piece in pieces[1:])


def parse(text: str) -> tuple[Term, ...]:
    """The words of `text` with their signs.

    A sign stands between spaces: `-` and `+` within a word belong to the word, and where a word is
    due, they are one. Words between two signs are one token with spaces. Raises `ProblemError`:
    `NothingToFind`, or `MissingWord` behind a sign.
    """
    terms: list[Term] = []
    sign, words, due = 1, list[str](), 0
    for piece in re.finditer(r"\S+", text):
        value = _SIGNS.get(piece.group())
        first = not terms and not words and piece.start() == _start(text)
        if value is None or (not words and not first):
            words.append(piece.group())
            continue
        if words:
            terms.append(Term(sign, " ".join(words)))
        sign, words, due = value, [], piece.start()
    if words:
        terms.append(Term(sign, " ".join(words)))
    elif text.strip():
        raise ProblemError(MissingWord(due))
    else:
        raise ProblemError(NothingToFind())
    return tuple(terms)


def _start(text: str) -> int:
    return len(text) - len(text.lstrip())


def blend(terms: tuple[Term, ...], vocabulary: Vocabulary) -> Blend:
    """The ids and weights of `terms`; raises `ProblemError(UnknownTokens)` with all of them."""
    found = [vocabulary.id(term.token) for term in terms]
    known = [id_ for id_ in found if id_ is not None]
    if len(known) < len(terms):
        lacking = [term.token for term, id_ in zip(terms, found, strict=True) if id_ is None]
        raise ProblemError(UnknownTokens(list(dict.fromkeys(lacking))))
    return Blend(tuple(known), tuple(float(term.sign) for term in terms))


def written(terms: tuple[Term, ...]) -> str:
    """The sum as it is written: `king − man + woman`."""
    first, *rest = terms
    begin = first.token if first.sign > 0 else f"{MINUS}{first.token}"
    return " ".join([begin, *(f"{PLUS if t.sign > 0 else MINUS} {t.token}" for t in rest)])
