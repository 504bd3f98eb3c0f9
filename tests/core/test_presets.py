"""The examples: the article's to the digit, and the two that are made for watching."""

import math
import re
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest

from core.batch import pad_batch
from core.corpus import parse_sentences
from core.presets import PRESETS, load_preset
from core.problems import ProblemError, UnknownName
from resources.examples.small_world import sentences


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits_together(name: str) -> None:
    preset = load_preset(name)
    vocabulary = preset.vocabulary()

    assert preset.name == name
    assert preset.config.table.num_embeddings == len(vocabulary)
    assert preset.config.table.padding_idx == vocabulary.pad_id == 1
    known = [token.known for token in vocabulary.encode(preset.line)]
    assert known.count(True) >= 3


def test_a_name_that_does_not_exist_is_told_those_that_do() -> None:
    with pytest.raises(ProblemError) as raised:
        load_preset("Article")
    assert raised.value.problem == UnknownName("preset", "Article", list(PRESETS))


# ── article ───────────────────────────────────────────────────────────────────────────────────


def test_the_article_to_the_digit() -> None:
    preset = load_preset("article")
    vocabulary = preset.vocabulary()
    assert preset.values is not None

    words = ("<unk>", "<pad>", "code", "you", "know", "to", "need", "how")
    assert tuple(vocabulary.tokens) == preset.tokens == words
    assert preset.line == "you need to run"
    ids = vocabulary.encode_ids(preset.line)
    assert ids == [3, 6, 5, 0]
    rows = preset.values[pad_batch([ids], 1).ids[0]]
    expected = [[0.1, 0.5, 0.7], [0.1, 0.8, 0.9], [0.4, 0.1, 0.1], [0.0, 0.0, 0.0]]
    np.testing.assert_array_equal(rows, np.array(expected, np.float32))
    np.testing.assert_array_equal(
        preset.values[[1, 2, 4, 7]],
        np.array([[0, 0, 0], [0.2, 0.9, 0.3], [0.2, 0.1, 0.8], [0.6, 0.1, 0.1]], np.float32),
    )
    assert preset.values.shape == (8, 3)
    assert preset.values.dtype == np.float32


def test_the_article_trains_with_plain_settings() -> None:
    config = load_preset("article").config

    assert (config.objective.name, config.optimizer.name, config.optimizer.rate) == (
        "next-word",
        "sgd",
        0.1,
    )
    assert config.table.initialisation.name == "given"


def test_the_articles_words_all_occur_and_its_unknown_word_does_not() -> None:
    preset = load_preset("article")
    vocabulary = preset.vocabulary()

    # "to" comes twice in "you need to know how to code".
    assert vocabulary.counts.tolist() == [0, 0, 1, 1, 1, 2, 1, 1]
    assert vocabulary.encode(preset.line)[3].known is False


# ── small world ───────────────────────────────────────────────────────────────────────────────


def test_the_shipped_small_world_is_what_its_grammar_makes() -> None:
    shipped = files("resources.examples").joinpath("small_world.txt").read_bytes()

    assert shipped.decode() == "\n".join(sentences()) + "\n"


def test_the_small_world_is_large_enough_and_reads_naturally() -> None:
    lines = parse_sentences(load_preset("small-world").text).sentences

    assert len(lines) >= 200
    assert all(4 <= len(line.split()) <= 8 for line in lines)
    assert not [line for line in lines if re.search(r"\ba [aeiou]|\ban [^aeiou]", line)]


def test_words_of_a_group_are_in_one_group_and_frequent_enough_to_be_learnt() -> None:
    preset = load_preset("small-world")
    counts = Counter(preset.text.split())
    members = [word for group in preset.groups.values() for word in group]

    assert len(preset.groups) >= 5
    assert all(len(group) >= 5 for group in preset.groups.values())
    assert len(set(members)) == len(members)
    # Nine deals of six words give each word one or two places, eighteen give it three. So four
    # frames with one place and one with two: at least 4 * 1 + 3 = 7.
    assert min(counts[word] for word in members) >= 7
    assert not [line for line in preset.text.splitlines() if repeats_a_member(line, members)]


def test_neighbours_are_shared_within_a_group_and_not_between_groups() -> None:
    preset = load_preset("small-world")
    neighbours = {
        word: neighbours_of(word, preset.text) for group in preset.groups.values() for word in group
    }
    group_of = {word: name for name, group in preset.groups.items() for word in group}

    within: list[float] = []
    between: list[float] = []
    for word, counts in neighbours.items():
        for other, other_counts in neighbours.items():
            if word < other:
                same = group_of[word] == group_of[other]
                (within if same else between).append(cosine(counts, other_counts))
    assert np.median(within) > 0.5
    assert max(between) < min(within)


def repeats_a_member(line: str, members: list[str]) -> bool:
    """Whether a word of `members` stands in `line` twice."""
    return any(line.split().count(word) > 1 for word in members)


def neighbours_of(word: str, text: str) -> Counter[str]:
    """How often each other word stands at most two places from `word`."""
    found: Counter[str] = Counter()
    for line in text.splitlines():
        words = line.split()
        for at, here in enumerate(words):
            if here == word:
                found.update(words[max(0, at - 2) : at] + words[at + 1 : at + 3])
    return found


def cosine(one: Counter[str], other: Counter[str]) -> float:
    dot = sum(times * other[word] for word, times in one.items())
    lengths = (math.sqrt(sum(n * n for n in counts.values())) for counts in (one, other))
    return dot / math.prod(lengths)


# ── labelled sentences ────────────────────────────────────────────────────────────────────────


def test_labelled_sentences_are_balanced_and_distinct() -> None:
    corpus = parse_sentences(load_preset("labelled").text)
    assert corpus.labels is not None

    assert len(set(corpus.sentences)) == len(corpus.sentences) >= 40
    assert Counter(corpus.labels) == {"good": 30, "bad": 30}


def test_words_that_carry_a_label_come_again() -> None:
    corpus = parse_sentences(load_preset("labelled").text)
    by_label: dict[str, Counter[str]] = {"good": Counter(), "bad": Counter()}
    for label, sentence in zip(corpus.labels or (), corpus.sentences, strict=True):
        by_label[label].update(sentence.split())
    good, bad = by_label["good"], by_label["bad"]

    # A word that stands three times under one label and never under the other.
    assert sum(times >= 3 and word not in bad for word, times in good.items()) >= 10
    assert sum(times >= 3 and word not in good for word, times in bad.items()) >= 10
