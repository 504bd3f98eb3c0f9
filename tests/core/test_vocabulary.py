"""Tokens and ids: numbering, the special tokens, growth, counts, and text of every script."""

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problem import Problem
from core.problems import (
    BadSpecialTokens,
    DuplicateToken,
    IdOutOfRange,
    OutOfBounds,
    ProblemError,
    UnknownName,
)
from core.progress import Cancelled
from core.vocabulary import Token, Vocabulary, VocabularyConfig
from core.words import SPLITTERS, SplitterName

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "é", "한", "<pad>", "<unk>"]), max_size=12)
SENTENCES = st.lists(WORDS.map(" ".join), max_size=6)
# Surrogates included: half an emoji can be typed and pasted.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


def problem_of(config: VocabularyConfig) -> Problem:
    with pytest.raises(ProblemError) as raised:
        Vocabulary.build(["a b"], config)
    return raised.value.problem


def test_words_are_numbered_by_first_appearance_after_the_special_tokens() -> None:
    vocabulary = Vocabulary.build(["you need to know how to code"])

    assert vocabulary.tokens == ("<unk>", "<pad>", "you", "need", "to", "know", "how", "code")
    assert (vocabulary.unk_id, vocabulary.pad_id) == (0, 1)
    assert [vocabulary.count(id_) for id_ in range(8)] == [0, 0, 1, 1, 2, 1, 1, 1]


def test_a_word_never_seen_is_unknown_and_keeps_its_place_in_the_text() -> None:
    vocabulary = Vocabulary.build(["you need to know how to code"])

    assert vocabulary.encode("you  run") == (
        Token("you", 2, True, 0, 3),
        Token("run", 0, False, 5, 8),
    )
    assert vocabulary.encode_ids("you need to run") == [2, 3, 4, 0]
    assert vocabulary.id("run") is None


@pytest.mark.parametrize("splitter", SPLITTERS)
def test_special_tokens_typed_literally_are_known(splitter: SplitterName) -> None:
    vocabulary = Vocabulary.build(["a"], VocabularyConfig(splitter=splitter))

    assert vocabulary.encode("<unk> a <pad>") == (
        Token("<unk>", 0, True, 0, 5),
        Token("a", 2, True, 6, 7),
        Token("<pad>", 1, True, 8, 13),
    )


@pytest.mark.parametrize("splitter", SPLITTERS)
def test_a_special_token_in_the_sentences_gets_no_second_id(splitter: SplitterName) -> None:
    config = VocabularyConfig(splitter=splitter, lower_case=True)
    vocabulary = Vocabulary.build(["<PAD> a <unk> <pad>"], config)

    assert vocabulary.tokens == ("<unk>", "<pad>", "a")
    assert (vocabulary.count(0), vocabulary.count(1)) == (1, 2)


def test_special_names_may_be_words_and_do_not_cut_longer_words() -> None:
    config = VocabularyConfig(unk_token="UNK", pad_token="*", splitter="words-and-punctuation")
    vocabulary = Vocabulary.build(["UNKNOWN UNK 2*2"], config)

    assert vocabulary.tokens == ("UNK", "*", "UNKNOWN", "2")
    assert vocabulary.encode_ids("UNK*UNKNOWN") == [0, 1, 2]


@pytest.mark.parametrize(
    ("unk_id", "pad_id", "tokens"),
    [
        (1, 0, ("<pad>", "<unk>", "a", "b", "c")),
        (0, 3, ("<unk>", "a", "b", "<pad>", "c")),
        # Five ids are used and the largest is 7: three get a name that no word can have.
        (5, 7, ("a", "b", "c", "<unused 0>", "<unused 1>", "<unk>", "<unused 2>", "<pad>")),
    ],
)
def test_special_tokens_may_sit_anywhere(unk_id: int, pad_id: int, tokens: tuple[str, ...]) -> None:
    vocabulary = Vocabulary.build(["a b c"], VocabularyConfig(unk_id=unk_id, pad_id=pad_id))

    assert vocabulary.tokens == tokens
    assert [vocabulary.id(token) for token in tokens] == list(range(len(tokens)))
    assert vocabulary.encode_ids("zebra <pad>") == [unk_id, pad_id]


def test_what_cannot_be_a_special_token_is_refused() -> None:
    assert problem_of(VocabularyConfig(unk_id=1)) == BadSpecialTokens("<pad>", "same-id")
    assert problem_of(VocabularyConfig(unk_token="<pad>")) == BadSpecialTokens("<pad>", "same-name")
    assert problem_of(
        VocabularyConfig(unk_token="X", pad_token="x", lower_case=True)
    ) == BadSpecialTokens("x", "same-name")
    assert problem_of(VocabularyConfig(pad_token="a b")) == BadSpecialTokens("a b", "not-one-word")
    assert problem_of(VocabularyConfig(unk_token="")) == BadSpecialTokens("", "not-one-word")
    assert problem_of(VocabularyConfig(unk_id=-1)) == OutOfBounds("unk_id", -1, 0, 999_999)
    # A table of at most 4 rows has no row 4.
    assert problem_of(VocabularyConfig(pad_id=4, maximum_size=4)) == OutOfBounds("pad_id", 4, 0, 3)


def test_settings_out_of_bounds_are_refused() -> None:
    assert problem_of(VocabularyConfig(minimum_count=0)) == OutOfBounds("minimum_count", 0, 1)
    assert problem_of(VocabularyConfig(maximum_size=1)) == OutOfBounds("maximum_size", 1, 2)
    by_line = VocabularyConfig(splitter="lines")  # type: ignore[arg-type]  # as a file might say
    assert problem_of(by_line) == UnknownName("splitter", "lines", list(SPLITTERS))


def test_rare_words_stay_unknown() -> None:
    vocabulary = Vocabulary.build(["a b a c c"], VocabularyConfig(minimum_count=2))

    assert vocabulary.tokens == ("<unk>", "<pad>", "a", "c")
    assert vocabulary.count(0) == 1  # "b"


def test_a_maximum_size_keeps_the_most_frequent_and_of_equals_the_earlier() -> None:
    # b 3, c 2, a 1, d 1; two of the four places are the special tokens'.
    vocabulary = Vocabulary.build(["a b c b d b c"], VocabularyConfig(maximum_size=5))

    assert vocabulary.tokens == ("<unk>", "<pad>", "a", "b", "c")


def test_lower_case_joins_words_and_leaves_the_text_as_typed() -> None:
    vocabulary = Vocabulary.build(["You you YOU"], VocabularyConfig(lower_case=True))

    assert vocabulary.tokens == ("<unk>", "<pad>", "you")
    assert vocabulary.encode("yOU") == (Token("yOU", 2, True, 0, 3),)
    assert vocabulary.count(2) == 3


# ── growth ────────────────────────────────────────────────────────────────────────────────────


def test_new_words_are_appended_and_vanished_ones_stay() -> None:
    before = Vocabulary.build(["you need code"])
    after = before.with_sentences(["you run", "you code"])

    assert after.tokens == (*before.tokens, "run")
    assert [after.token(id_) for id_ in range(len(after)) if after.is_vanished(id_)] == ["need"]
    assert (after.count(2), after.count(3), after.count(5)) == (2, 0, 1)
    assert before.tokens == ("<unk>", "<pad>", "you", "need", "code")
    assert before.count(3) == 1


def test_a_word_that_returns_has_its_old_id_and_is_no_longer_vanished() -> None:
    vocabulary = Vocabulary.build(["a b"])
    without = vocabulary.with_sentences(["a"])
    back = without.with_sentences(["b a"])

    assert without.is_vanished(3)
    assert back.id("b") == 3
    assert not back.is_vanished(3)


def test_growth_keeps_to_minimum_count_and_maximum_size() -> None:
    config = VocabularyConfig(minimum_count=2, maximum_size=4)
    vocabulary = Vocabulary.build(["a a"], config)

    # "c" occurs three times, "d" twice, "b" once; one place is left.
    grown = vocabulary.with_sentences(["b d d c c c"])

    assert grown.tokens == ("<unk>", "<pad>", "a", "c")
    assert grown.count(0) == 3


def test_an_edit_that_changes_nothing_gives_the_same_object() -> None:
    vocabulary = Vocabulary.build(["a b"])

    assert vocabulary.with_sentences(["b", "a"]) is vocabulary


def test_rebuilding_forgets_vanished_words() -> None:
    vocabulary = Vocabulary.build(["a b"], VocabularyConfig(lower_case=True))

    assert vocabulary.rebuilt(["B"]).tokens == ("<unk>", "<pad>", "b")


@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_no_edit_renumbers_a_token(edits: list[list[str]]) -> None:
    vocabulary = Vocabulary.build(edits[0])
    for sentences in edits[1:]:
        edited = vocabulary.with_sentences(sentences)
        assert tuple(edited.tokens[: len(vocabulary)]) == tuple(vocabulary.tokens)
        words = {word for sentence in sentences for word in sentence.split()}
        assert words <= set(edited.tokens)
        vocabulary = edited


@given(SENTENCES, SENTENCES, st.integers(1, 3), st.none() | st.integers(2, 6))
def test_counts_are_those_of_the_encoded_sentences(
    first: list[str], then: list[str], minimum_count: int, maximum_size: int | None
) -> None:
    config = VocabularyConfig(minimum_count=minimum_count, maximum_size=maximum_size)
    vocabulary = Vocabulary.build(first, config).with_sentences(then)
    counted = Counter(id_ for sentence in then for id_ in vocabulary.encode_ids(sentence))

    assert [vocabulary.count(id_) for id_ in range(len(vocabulary))] == [
        counted[id_] for id_ in range(len(vocabulary))
    ]
    assert maximum_size is None or len(vocabulary) <= maximum_size


def test_counts_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Vocabulary.build(["a"]).counts[0] = 5


# ── a given list ──────────────────────────────────────────────────────────────────────────────


def test_given_tokens_keep_their_ids_and_one_that_never_occurred_has_not_vanished() -> None:
    vocabulary = Vocabulary.from_tokens(("<unk>", "<pad>", "b", "a"), sentences=["a"])

    assert vocabulary.encode_ids("a b") == [3, 2]
    assert not vocabulary.is_vanished(2)
    assert vocabulary.with_sentences(["b"]).is_vanished(3)
    assert vocabulary.with_sentences(["c"]).id("c") == 4


@pytest.mark.parametrize(
    ("tokens", "problem"),
    [
        (("<unk>", "<pad>", "a", "b", "a"), DuplicateToken("a", 2, 4)),
        (("<pad>", "<unk>"), BadSpecialTokens("<unk>", "not-at-its-id")),
        (("<unk>",), BadSpecialTokens("<pad>", "not-at-its-id")),
    ],
)
def test_a_given_list_that_contradicts_itself_is_refused(
    tokens: tuple[str, ...], problem: Problem
) -> None:
    with pytest.raises(ProblemError) as raised:
        Vocabulary.from_tokens(tokens)
    assert raised.value.problem == problem


@pytest.mark.parametrize("id_", [-1, 3])
def test_an_id_outside_the_vocabulary_has_no_token(id_: int) -> None:
    with pytest.raises(ProblemError) as raised:
        Vocabulary.build(["a"]).token(id_)
    assert raised.value.problem == IdOutOfRange(id_, 0, 3)


# ── text of every kind ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("한국어, 문장이다.", ["한국어", ",", "문장이다", "."]),
        ("don't 'stop' well-known", ["don't", "'", "stop", "'", "well", "-", "known"]),
        ("👩‍👩‍👧‍👦👍🏽!", ["👩‍👩‍👧‍👦", "👍🏽", "!"]),
        ("🇰🇷🇫🇷 1️⃣❤️❤", ["🇰🇷", "🇫🇷", "1️⃣", "❤️", "❤"]),
        ("cafe\u0301 e\u0301!", ["cafe\u0301", "e\u0301", "!"]),
        ("שָׁלוֹם עוֹלָם، مرحبا", ["שָׁלוֹם", "עוֹלָם", "،", "مرحبا"]),
        ("می\u200cخواهم हिन्दी", ["می\u200cخواهم", "हिन्दी"]),
        ("a\u00a0b\u3000c\td\u2028e", ["a", "b", "c", "d", "e"]),
        ("\u200fשלום\u200f \ufeffa\x00b", ["שלום", "a", "b"]),
        ("", []),
        (" \t\u3000", []),
    ],
)
def test_words_and_punctuation(text: str, words: list[str]) -> None:
    vocabulary = Vocabulary.build([text], VocabularyConfig(splitter="words-and-punctuation"))
    tokens = vocabulary.encode(text)

    assert [token.text for token in tokens] == words
    assert [text[token.start : token.end] for token in tokens] == words
    assert list(vocabulary.tokens[2:]) == list(dict.fromkeys(words))


def test_white_space_means_what_it_means_to_python() -> None:
    separators = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    text = "".join(f"a{separator}b " for separator in separators)
    tokens = Vocabulary.build([text]).encode(text)

    assert [token.text for token in tokens] == ["a", "b"] * len(separators)


@given(ANY_TEXT, st.sampled_from(SPLITTERS), st.booleans())
def test_the_two_ways_to_encode_agree_and_every_offset_is_right(
    text: str, splitter: SplitterName, lower_case: bool
) -> None:
    config = VocabularyConfig(splitter=splitter, lower_case=lower_case)
    vocabulary = Vocabulary.build([text], config)
    tokens = vocabulary.encode(text)

    assert [token.id for token in tokens] == vocabulary.encode_ids(text)
    assert all(token.known for token in tokens)
    end = 0
    for token in tokens:
        assert end <= token.start < token.end
        end = token.end
        assert len(token.text) == token.end - token.start
        assert token.text == text[token.start : token.end] or "\ufffd" in token.text


def test_half_an_emoji_becomes_a_replacement_character() -> None:
    vocabulary = Vocabulary.build(["a\ud83d b"])

    assert vocabulary.tokens[2:] == ("a\ufffd", "b")
    assert vocabulary.encode("a\ud83d") == (Token("a\ufffd", 2, True, 0, 2),)


def test_a_line_of_ten_thousand_words() -> None:
    line = " ".join(f"말{n % 100}" for n in range(10_000))
    vocabulary = Vocabulary.build([line])
    tokens = vocabulary.encode(line)

    assert len(tokens) == 10_000
    # "말0 " … "말9 " take 3 characters, the other ninety of each hundred 4: 390 each.
    assert tokens[9_900].start == 99 * 390
    assert line[tokens[-1].start :] == tokens[-1].text == "말99"


@pytest.mark.parametrize("splitter", SPLITTERS)
def test_a_typed_line_is_encoded_between_two_frames(splitter: SplitterName) -> None:
    words = [f"w{n}" for n in range(100_000)]
    vocabulary = Vocabulary.build(words, VocabularyConfig(splitter=splitter))
    line = " ".join(words[::500])

    def seconds() -> float:
        begin = time.perf_counter()
        vocabulary.encode(line)
        return time.perf_counter() - begin

    # 0.3 ms where it was measured; the bound is for a busy machine.
    assert min(seconds() for _ in range(20)) < 0.004


# ── finding ───────────────────────────────────────────────────────────────────────────────────


def test_finds_tokens_by_prefix_exact_first_whatever_the_case() -> None:
    vocabulary = Vocabulary.build(["Needle need knee NEED nee"])

    assert [vocabulary.token(id_) for id_ in vocabulary.find("need")] == ["need", "NEED", "Needle"]
    assert vocabulary.find("nee", limit=2) == [6, 2]
    assert vocabulary.find("x") == []
    assert vocabulary.find("") == list(range(len(vocabulary)))


@given(st.lists(st.text(st.sampled_from("aAb\n"), max_size=3)), st.text("ab\n", max_size=2))
def test_finding_is_what_looking_at_each_would_find(words: list[str], prefix: str) -> None:
    tokens = list(dict.fromkeys(["<unk>", "<pad>", *words]))
    vocabulary = Vocabulary.from_tokens(tokens)
    expected = {id_ for id_, token in enumerate(tokens) if token.casefold().startswith(prefix)}

    assert set(vocabulary.find(prefix, limit=len(tokens))) == expected


# ── stopping ──────────────────────────────────────────────────────────────────────────────────


def test_building_tells_how_far_it_is_and_stops_when_told() -> None:
    seen: list[tuple[int, int]] = []

    def stop_halfway(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 5_000

    with pytest.raises(Cancelled):
        Vocabulary.build(["a b"] * 10_000, progress=stop_halfway)
    assert seen[0] == (0, 10_000)
    assert 5_000 <= seen[-1][0] < 10_000


def test_building_ends_with_all_done() -> None:
    seen: list[tuple[int, int]] = []

    def note(done: int, total: int) -> bool:
        seen.append((done, total))
        return True

    Vocabulary.build(["a"] * 3, progress=note)

    assert seen[-1] == (3, 3)
    assert np.all(np.diff([done for done, _ in seen]) >= 0)


def test_special_tokens_may_stand_after_a_million_given_ones_and_come_first_when_rebuilt():
    tokens = [*map(str, range(1_000_000)), "<unk>", "<pad>"]
    config = VocabularyConfig(unk_id=1_000_000, pad_id=1_000_001)
    vocabulary = Vocabulary.from_tokens(tokens, config)
    assert vocabulary.encode_ids("7 seven") == [7, 1_000_000]
    rebuilt = vocabulary.rebuilt(["7 seven"])
    assert list(rebuilt.tokens) == ["<unk>", "<pad>", "7", "seven"]
