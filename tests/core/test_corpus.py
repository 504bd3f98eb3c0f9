"""Sentences and labels in a text, and the corpus as ids."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import Cancelled, Corpus, encode_corpus, missing_labels, parse_sentences
from core.problems import NoLabels
from core.vocabulary import Vocabulary, VocabularyConfig
from core.words import SPLITTERS, SplitterName


def test_one_sentence_a_line_and_empty_lines_are_skipped() -> None:
    corpus = parse_sentences("you need code\n\n \t\u3000\r\n  know how \r\nto")

    assert corpus == Corpus(("you need code", "know how", "to"), None, 1)


@pytest.mark.parametrize("text", ["", "\n\n", " \t \n\u00a0"])
def test_a_text_without_a_word_has_no_sentence_and_no_line_to_blame(text: str) -> None:
    assert parse_sentences(text) == Corpus(())


def test_labels_where_every_line_has_one() -> None:
    corpus = parse_sentences("good\ta fine day\n\n bad \t rain\tagain \n")

    assert corpus == Corpus(("a fine day", "rain\tagain"), ("good", "bad"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("good\tday\n\nrain\nbad\tsnow", 3),  # the empty line 2 is counted
        ("good\tday\n\train", 2),
        ("good\tday\nbad\t ", 2),
        ("no label", 1),
    ],
)
def test_one_line_without_a_label_makes_tabs_white_space(text: str, line: int) -> None:
    corpus = parse_sentences(text)

    assert corpus.labels is None
    assert corpus.unlabelled_line == line
    assert corpus.sentences[0] in ("good\tday", "no label")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("good\tday\n\nrain\nbad\tsnow", 3),
        ("rain\ngood\tday", 1),
        ("rain\nsnow", None),  # plain sentences: no single line is to blame
        ("", None),
    ],
)
def test_which_line_is_to_blame_that_there_are_no_labels(text: str, line: int | None) -> None:
    assert missing_labels(parse_sentences(text)) == NoLabels(line)


def test_other_line_ends_are_white_space_inside_a_sentence() -> None:
    # Only \n, \r\n and \r end a line, so that line numbers are those of an editor.
    assert parse_sentences("a\x0bb\u2028c\rd").sentences == ("a\x0bb\u2028c", "d")


def test_a_corpus_is_flat_ids_and_where_each_sentence_begins() -> None:
    corpus = parse_sentences("b\tyou need you\na\trun\nb\tneed")
    vocabulary = Vocabulary.build(["you need"])
    encoded = encode_corpus(corpus, vocabulary)

    assert encoded.ids.numpy().tolist() == [2, 3, 2, 0, 3]
    assert encoded.offsets.numpy().tolist() == [0, 3, 4, 5]
    assert encoded.labels is not None
    assert encoded.labels.numpy().tolist() == [0, 1, 0]
    assert encoded.label_names == ("b", "a")
    assert [encoded.ids.numpy().dtype.name, encoded.offsets.numpy().dtype.name] == [
        "int32",
        "int64",
    ]
    assert encoded.labels.numpy().dtype.name == "int32"


def test_an_empty_corpus_is_empty_arrays() -> None:
    encoded = encode_corpus(Corpus(()), Vocabulary.build([]))

    assert encoded.ids.numpy().shape == (0,)
    assert encoded.offsets.numpy().tolist() == [0]
    assert encoded.labels is None


def test_the_pad_id_is_the_vocabularys() -> None:
    vocabulary = Vocabulary.build(["a"], VocabularyConfig(unk_id=4, pad_id=3))

    assert encode_corpus(Corpus(("a",)), vocabulary).pad_id == 3


@given(st.lists(st.text(max_size=20), max_size=6).map("\n".join), st.sampled_from(SPLITTERS))
def test_each_sentence_is_encoded_as_it_would_be_when_typed(
    text: str, splitter: SplitterName
) -> None:
    corpus = parse_sentences(text)
    vocabulary = Vocabulary.build(corpus.sentences[:2], VocabularyConfig(splitter=splitter))
    encoded = encode_corpus(corpus, vocabulary)
    ids, offsets = encoded.ids.numpy(), encoded.offsets.numpy()

    assert [ids[start:end].tolist() for start, end in pairwise(offsets)] == [
        [token.id for token in vocabulary.encode(sentence)] for sentence in corpus.sentences
    ]


def test_encoding_tells_how_far_it_is_and_stops_when_told() -> None:
    corpus = Corpus(("a b",) * 20_000)
    vocabulary = Vocabulary.build(corpus.sentences)
    seen: list[tuple[int, int]] = []

    def stop_halfway(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 10_000

    with pytest.raises(Cancelled):
        encode_corpus(corpus, vocabulary, stop_halfway)
    assert seen[0] == (0, 20_000)
    assert 10_000 <= seen[-1][0] < 20_000


def test_encoding_ends_with_all_done() -> None:
    seen: list[tuple[int, int]] = []

    def note(done: int, total: int) -> bool:
        seen.append((done, total))
        return True

    encode_corpus(Corpus(("a",) * 3), Vocabulary.build(["a"]), note)
    assert seen[-1] == (3, 3)
