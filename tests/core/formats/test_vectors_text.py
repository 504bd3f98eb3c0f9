"""word2vec's, fastText's and GloVe's text: every way they are written, and where they are wrong."""

import gzip
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.formats import registry
from core.formats.numbers_text import Place, _parse_regular, parse
from core.formats.opened_table import Choice, OpenedTable
from core.problems import BrokenTable, CannotHold, NotUtf8, ProblemError, RepeatedToken
from core.progress import Cancelled

PLAIN = b"3 2\nthe 0.5 -1\n, 1e-3 .25\n\xeb\xac\xbc +2 4.\n"
NUMBERS = [[0.5, -1.0], [np.float32(1e-3), 0.25], [2.0, 4.0]]
TOKENS = ["the", ",", "물"]


@pytest.fixture
def read(tmp_path):
    def read_bytes(content, choice=None, progress=None):
        path = tmp_path / "vectors"
        path.write_bytes(content)
        return registry.read(path, choice, progress)

    return read_bytes


def problem_of(read, content):
    with pytest.raises(ProblemError) as raised:
        read(content)
    return raised.value.problem


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.partition(b"\n")[2],  # GloVe has no first line
        PLAIN.removesuffix(b"\n"),
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b" \n"),  # as word2vec itself writes it
        PLAIN.replace(b" 0.5 ", b"  0.5   "),
        PLAIN.replace(b"\n,", b"\n\n,") + b"\n\n",
        b"\xef\xbb\xbf" + PLAIN,
        gzip.compress(PLAIN, mtime=0),  # at any time the same name
    ],
)
def test_the_same_table_however_it_is_written(read, content):
    opened = read(content)
    assert opened.rows.dtype == np.float32
    assert opened.rows.tolist() == NUMBERS
    assert list(opened.tokens) == TOKENS


def test_a_token_may_hold_spaces_and_be_a_number(read):
    opened = read(b"3 2\nnew york 1 2\n7 3 4\n. . . 5 6\n")
    assert list(opened.tokens) == ["new york", "7", ". . ."]
    assert opened.rows.tolist() == [[1, 2], [3, 4], [5, 6]]
    # A number at its end is one of the row only if it is written like them.
    opened = read(b"4 2\na 1 2\nb 3 4\nformula 1 0.5 0.25\npython 3.11 -0.125 0.375\n")
    assert list(opened.tokens) == ["a", "b", "formula 1", "python 3.11"]


def test_a_token_that_would_be_read_as_one_more_number_is_not_written(tmp_path):
    path = tmp_path / "table.vec"
    rows = np.array([[0.5, 0.25], [0.5, 2.5], [1, 2]], np.float32)
    tokens = ("a", "b", "formula 1")
    registry.write(path, OpenedTable(rows[::-1], tokens))
    assert registry.read(path).tokens == tokens
    with pytest.raises(ProblemError) as raised:
        registry.write(path, OpenedTable(rows, tokens))
    assert raised.value.problem == CannotHold(str(path), "token-with-space", "formula 1", 2)


def test_numbers_that_need_float64_get_it(read):
    assert read(b"2 1\na 0.1\nb 0.3333333333333333\n").rows.dtype == np.float64
    # 0.1 as float32, written with the figures of a float64
    assert read(b"2 1\na 0.10000000149011612\nb 0.5\n").rows.dtype == np.float32


def test_what_is_not_finite_is_kept_and_told(read):
    opened = read(b"3 2\na nan 1\nb 1 2\nc -inf 1e99\n")
    assert opened.not_finite().tolist() == [0, 2]
    assert opened.rows[2].tolist() == [-np.inf, np.inf]


@pytest.mark.parametrize(
    ("content", "fault", "place", "found", "wanted"),
    [
        (b"3 2\na 1 2\nb 3\nc 5 6\n", "ragged", 3, 1, 2),
        (b"a 1 2\nb 3\nc 5 6\n", "ragged", 2, 1, 2),
        (b"2 3\na 1 2\nb 3 4\n", "ragged", 2, 2, 3),
        (b"2 1\na 1 2\nb 3 4\n", "ragged", 2, 2, 1),
        (b"3 2\na 1 2\nb 3 4 5\nc 5 6\n", "ragged", 3, 3, 2),
        (b"3 2\na .1 .2\nb b .3 .4 .5 .6\nc .5 .6\n", "ragged", 3, 4, 2),
        (b"3 2\na 1 2\nb 3 4\n", "wrong-count", None, 2, 3),
        (b"1 2\na 1 2\nb 3 4\n", "wrong-count", None, 2, 1),
        (b"2 2\na 1 2\nb 3 4,5\n", "not-a-number", 3, 0, 0),
        (b"2 2\na 1 2\nb 1_0 4\n", "ragged", 3, 1, 2),
        (b"400000 300\na 1 2\n", "impossible-claim", None, 0, 0),
        (b"99999999999999 300\na 1 2\n", "impossible-claim", None, 0, 0),
        (b"0 0\n", "impossible-claim", None, 0, 0),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read, content, fault, place, found, wanted):
    problem = problem_of(read, content)
    assert isinstance(problem, BrokenTable)
    assert (problem.fault, problem.place) == (fault, place)
    assert (problem.found, problem.wanted) == (found, wanted)


def test_what_is_not_utf8_is_named_with_its_byte(read):
    problem = problem_of(read, b"2 2\na 1 2\nb\xff 3 4\n")
    assert isinstance(problem, NotUtf8)
    assert problem.byte == 11  # 4 and 6 bytes of two lines, and the b


def test_of_rows_with_one_token_the_first_is_kept_if_asked(read):
    content = b"3 2\na 1 2\nb 3 4\na 5 6\n"
    problem = problem_of(read, content)
    assert isinstance(problem, RepeatedToken)
    assert (problem.token, problem.first, problem.second) == ("a", 0, 2)
    opened = read(content, Choice(duplicates="first"))
    assert list(opened.tokens) == ["a", "b"]
    assert opened.rows.tolist() == [[1, 2], [3, 4]]


def test_a_preview_needs_only_the_first_rows(read):
    opened = read(b"3 2\na 1 2\nb 3 4\nc 5\n".replace(b"c 5", b"c 5 6"), Choice(most_rows=2))
    assert list(opened.tokens) == ["a", "b"]


def test_reading_tells_how_far_it_is_and_stops_when_told(read):
    content = b"40000 3\n" + b"".join(b"w%d 0.25 0.5 1\n" % n for n in range(40000))
    told = []
    read(content, progress=lambda done, total: told.append((done, total)) or True)
    assert all(a <= b for (a, _), (b, _) in pairwise(told))
    assert told[-1] == (len(content), len(content))
    with pytest.raises(Cancelled):
        read(content, progress=lambda *_: False)


def test_many_pieces_come_in_order(read, monkeypatch):
    monkeypatch.setattr("core.formats.byte_source.PIECE", 100)
    lines = [f"t{n} {n} {-n}" for n in range(1000)]
    opened = read(("1000 2\n" + "\n".join(lines)).encode())
    assert opened.rows[:, 0].tolist() == list(range(1000))
    assert opened.tokens[123] == "t123"


def test_a_gzip_bomb_is_given_up_early(read, monkeypatch):
    monkeypatch.setattr("core.formats.byte_source.LEAST_BOUND", 2**16)
    bomb = gzip.compress(b"1000000 2\n" + b"a 0 0\n" * 1_000_000)
    problem = problem_of(read, bomb)
    assert isinstance(problem, BrokenTable)
    assert problem.fault in ("bomb", "impossible-claim")


def test_a_line_without_end_is_given_up(read):
    problem = problem_of(read, b"a 1 2\n" + b"x" * 2**25)
    assert "longer than" in problem.detail


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.99])
def test_a_gzip_file_that_ends_too_early_is_refused(read, cut):
    packed = gzip.compress(PLAIN * 1000)
    problem = problem_of(read, packed[: int(len(packed) * cut)])
    assert isinstance(problem, BrokenTable)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\n\r \t\x0b\x0c", exclude_categories=["Cs"])),
            st.lists(st.floats(width=32), min_size=3, max_size=3),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_tokens_and_numbers_come_back(tmp_path_factory, rows):
    tokens = [f"{n}{token}" for n, (token, _) in enumerate(rows)]
    if "\0" in "".join(tokens):
        return
    values = np.array([numbers for _, numbers in rows], np.float32)
    path = tmp_path_factory.mktemp("any") / "table.vec"
    registry.write(path, OpenedTable(values, tokens))
    opened = registry.read(path)
    assert list(opened.tokens) == tokens
    assert np.array_equal(opened.rows, values, equal_nan=True)


@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from([b"a", b"", b"a b", b"1 2 x", b"a\r", b"\xeb\xac\xbc"]),
            st.lists(st.floats(width=32), min_size=3, max_size=3),
            st.sampled_from([b"\n", b" \n", b"\r\n"]),
        ),
        min_size=1,
    ),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_the_fast_way_takes_every_usual_line(lines, dtype):
    piece = b"".join(
        b"%b %b%b" % (token, " ".join(map(repr, numbers)).encode(), end)
        for token, numbers, end in lines
    )
    parsed = _parse_regular(piece, 3, np.dtype(dtype), Place("x", 1, 0))
    assert parsed is not None
    assert [token.encode() for token in parsed.tokens] == [token for token, _, _ in lines]
    assert parsed.rows.dtype == dtype
    exact = np.array([numbers for _, numbers, _ in lines], dtype)
    assert np.array_equal(parsed.rows, exact, equal_nan=True)


@pytest.mark.parametrize("space", [b" ", b"  "], ids=["fast", "careful"])
def test_a_number_near_the_middle_of_two_is_rounded_once(space):
    # 1 + 2⁻²⁴ lies between 1 and 1 + 2⁻²³; by way of a float64 the rest would be lost.
    text = b"a" + space + b"1.00000005960464477539062500001\n"
    parsed = parse(text, 1, np.dtype(np.float32), Place("x", 1, 0))
    assert parsed.rows.tolist() == [[1 + 2**-23]]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text("ab12.5e- \n\t\r,n", max_size=60))
def test_the_fast_way_and_the_careful_way_agree(text):
    piece = text.encode() + b"\n"
    place = Place("x", 1, 0)
    try:
        parsed = parse(piece, 2, np.dtype(np.float32), place)
    except ProblemError:
        return
    lines = [line for line in piece.split(b"\n") if line.strip()]
    assert len(lines) == len(parsed.tokens) == len(parsed.rows)
    for line, row in zip(lines, parsed.rows, strict=True):
        last = [float(field) for field in line.split()[-2:]]
        assert np.array_equal(np.array(last, np.float32), row, equal_nan=True)
