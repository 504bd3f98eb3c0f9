"""Sentences to train on: found in a text, one a line, and encoded for the engine."""

from array import array
from dataclasses import dataclass

import numpy as np

from core.messages import Array, EncodedCorpus
from core.problems import NoLabels
from core.progress import Cancelled, Progress
from core.vocabulary import Vocabulary

__all__ = ["Cancelled", "Corpus", "encode_corpus", "missing_labels", "parse_sentences"]

TAB = "\t"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The sentences of a text and, if every one has one, their labels.

    `labels` is parallel to `sentences`, or None; then `unlabelled_line` is the first line (from 1,
    empty ones counted) that has none, or None if there is no sentence.
    """

    sentences: tuple[str, ...]
    labels: tuple[str, ...] | None = None
    unlabelled_line: int | None = None


def parse_sentences(text: str) -> Corpus:
    """The sentences of `text`, one a line; lines of white space are skipped.

    If every other line is `label<TAB>sentence`, with neither empty, they are labels and sentences;
    else a tab is white space like any other.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    unlabelled = _first_unlabelled(lines)
    sentences = tuple(stripped for line in lines if (stripped := line.strip()))
    if unlabelled is not None or not sentences:
        return Corpus(sentences, None, unlabelled)
    pairs = [line.partition(TAB) for line in lines if line.strip()]
    labels = tuple(label.strip() for label, _, _ in pairs)
    return Corpus(tuple(sentence.strip() for _, _, sentence in pairs), labels)


def missing_labels(corpus: Corpus) -> NoLabels:
    """Why `corpus` has no labels: no line is `label<TAB>sentence`, or the first that is not."""
    some_have = any(TAB in sentence for sentence in corpus.sentences)
    return NoLabels(corpus.unlabelled_line if some_have else None)


def _first_unlabelled(lines: list[str]) -> int | None:
    for number, line in enumerate(lines, 1):
        label, _, sentence = line.partition(TAB)
        if not (label.strip() and sentence.strip()) and line.strip():
            return number
    return None


def encode_corpus(
    corpus: Corpus,
    vocabulary: Vocabulary,
    progress: Progress | None = None,
    known_labels: tuple[str, ...] = (),
) -> EncodedCorpus:
    """`corpus` as ids, with labels as indices in order of first appearance.

    `known_labels` keep their indices, so that an edit never gives a trained output another label.
    `progress` counts sentences; raises `Cancelled` when it returns False.
    """
    ids = array("i")
    ends = array("q", [0])
    for sentence_ids in vocabulary.encode_many(corpus.sentences, progress):
        ids.extend(sentence_ids)
        ends.append(len(ids))
    names = {label: index for index, label in enumerate(known_labels)}
    labels = [names.setdefault(label, len(names)) for label in corpus.labels or ()]
    return EncodedCorpus(
        ids=Array.of(np.frombuffer(ids, np.int32)),
        offsets=Array.of(np.frombuffer(ends, np.int64)),
        # Where a tokenizer has no padding token the mask alone says what is real.
        pad_id=0 if vocabulary.pad_id is None else vocabulary.pad_id,
        labels=None if corpus.labels is None else Array.of(np.array(labels, np.int32)),
        label_names=tuple(names),
    )
