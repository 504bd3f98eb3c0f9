"""The beginning of a text that is too large for an editor."""

from dataclasses import dataclass

from core.corpus import Corpus

EDITABLE_TEXT = 1_000_000  # characters; beyond, each key would be felt
EDITABLE_LINE = 50_000  # characters that an editor can wrap without a pause
EXCERPT_SENTENCES = 2_000
EXCERPT_TEXT = 200_000


@dataclass(frozen=True)
class Excerpt:
    """What is shown of a text: so many whole `sentences`, or 0 for a part of the first."""

    text: str
    sentences: int


def excerpt_of(text: str, corpus: Corpus) -> Excerpt | None:
    """The beginning of `text`, whose sentences are `corpus`; None if all of it can be edited."""
    if len(text) <= EDITABLE_TEXT and max(map(len, text.split("\n"))) <= EDITABLE_LINE:
        return None
    lines: list[str] = []
    length = 0
    for number, sentence in enumerate(corpus.sentences[:EXCERPT_SENTENCES]):
        line = sentence if corpus.labels is None else f"{corpus.labels[number]}\t{sentence}"
        length += len(line)
        if length > EXCERPT_TEXT or len(line) > EDITABLE_LINE:
            break
        lines.append(line)
    if lines:
        return Excerpt("\n".join(lines), len(lines))
    first = corpus.sentences[0] if corpus.sentences else ""
    return Excerpt(first[:EDITABLE_LINE], 0)
