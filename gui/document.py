"""What a person works on: the sentences, and how they are numbered."""

from dataclasses import dataclass, replace
from pathlib import Path

from core.corpus import Corpus, encode_corpus, parse_sentences
from core.messages import EncodedCorpus
from core.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Document:
    """A text, the sentences in it, their vocabulary, and the sentences as ids.

    `source` is the file it was read from, if any. Never changes: an edit gives another one, and
    undo goes back to the one before.
    """

    text: str
    corpus: Corpus
    vocabulary: Vocabulary
    encoded: EncodedCorpus
    source: Path | None = None

    @classmethod
    def of(cls, text: str, vocabulary: Vocabulary) -> "Document":
        """`text` under a `vocabulary` that was made for it."""
        corpus = parse_sentences(text)
        return cls(text, corpus, vocabulary, encode_corpus(corpus, vocabulary))

    def edited(self, text: str) -> "Document":
        """This document with `text`: no id or label index changes, new words are appended."""
        corpus = parse_sentences(text)
        vocabulary = self.vocabulary.with_sentences(corpus.sentences)
        labels = self.encoded.label_names
        encoded = encode_corpus(corpus, vocabulary, known_labels=labels)
        return replace(self, text=text, corpus=corpus, vocabulary=vocabulary, encoded=encoded)

    def renumbered(self) -> "Document":
        """This document with the vocabulary of its own sentences and nothing else."""
        vocabulary = self.vocabulary.rebuilt(self.corpus.sentences)
        encoded = encode_corpus(self.corpus, vocabulary)
        return replace(self, vocabulary=vocabulary, encoded=encoded)

    def with_sentence(self, sentence: str) -> str:
        """The text with `sentence` as its last line, labelled like the line before it."""
        if self.corpus.labels:
            sentence = f"{self.corpus.labels[-1]}\t{sentence}"
        return f"{self.text.rstrip()}\n{sentence}" if self.text.strip() else sentence
