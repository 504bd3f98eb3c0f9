"""Cuts text into words with character offsets, over Hugging Face `tokenizers`.

No word of either splitter holds white space. So a text's words are the words of its *chunks* (what
`str.split` gives), and a large corpus costs one cut for each distinct chunk, not for each word.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

from tokenizers import Regex
from tokenizers.pre_tokenizers import Split

from core.progress import Progress, report

SplitterName = Literal["white-space", "words-and-punctuation"]
SPLITTERS: tuple[SplitterName, ...] = get_args(SplitterName)

Span = tuple[str, tuple[int, int]]

# U+001C … U+001F are white space to `str.split` and not to Unicode; both paths must agree.
SPACE = r"\s\x1c-\x1f"
CHUNK = rf"[^{SPACE}]+"
# Keycaps such as 1️⃣ begin with a digit, so they come before words.
KEYCAP = r"[0-9#*]\x{FE0F}?\x{20E3}"
LETTER = r"\p{L}\p{M}\p{N}_"
# Soft hyphen, (non-)joiners and the word joiner belong to a word only between its letters
# (Persian needs this), an apostrophe only before a letter ("don't").
WORD = (
    rf"[{LETTER}](?:[{LETTER}]"
    r"|[\x{AD}\x{200C}\x{200D}\x{2060}](?=[\p{L}\p{N}])"
    r"|['\x{2019}](?=\p{L}))*"
)
# \X is one grapheme cluster: a mark with its accents, an emoji with its joined parts. Invisible
# characters that stand alone (direction marks, controls) separate words and are none themselves.
SYMBOL = rf"(?![{SPACE}\p{{Cf}}\p{{Cc}}])\X"

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
BLOCK = 4096


def mend(text: str) -> str:
    """`text` with U+FFFD for each lone surrogate, which no UTF-8 can hold; offsets stay."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return LONE_SURROGATE.sub("\ufffd", text)
    return text


def _literal(special: str) -> str:
    """A pattern that matches `special` alone, not as a part of a longer word."""
    before = rf"(?<![{LETTER}])" if special[0].isalnum() else ""
    after = rf"(?![{LETTER}])" if special[-1].isalnum() else ""
    return before + re.escape(special) + after


class WordSplitter:
    """One way to cut text into words; special tokens typed literally stay whole."""

    def __init__(self, name: SplitterName, specials: Sequence[str], lower_case: bool) -> None:
        self._lower_case = lower_case
        self._chunks_are_words = name == "white-space"
        pattern = CHUNK
        if not self._chunks_are_words:
            literals = "|".join(map(_literal, specials))
            if lower_case:
                literals = f"(?i:{literals})"
            pattern = "|".join((literals, KEYCAP, WORD, SYMBOL))
        self._split = Split(Regex(pattern), behavior="removed", invert=True)

    def key(self, word: str) -> str:
        """What the vocabulary knows `word` by: itself, or its lower case."""
        return word.lower() if self._lower_case else word

    def spans(self, text: str) -> list[Span]:
        """The words of `text` as typed, each with its (start, end) in characters."""
        spans: list[Span] = self._split.pre_tokenize_str(mend(text))
        return spans

    def keys(self, chunk: str) -> list[str]:
        """The keys of the words of `chunk`, a run of characters without white space."""
        if self._chunks_are_words:
            return [self.key(mend(chunk))]
        return [self.key(word) for word, _ in self.spans(chunk)]

    def count(self, sentences: Sequence[str], progress: Progress | None = None) -> dict[str, int]:
        """How often each key occurs in `sentences`, in order of first appearance.

        `progress` counts sentences; raises `Cancelled` when it returns False.
        """
        chunks = self._count_chunks(sentences, progress)
        counts: Counter[str] = Counter()
        # A key first appears in the first chunk that holds it, so chunks in order of first
        # appearance give keys in order of first appearance.
        for chunk, times in chunks.items():
            for key in self.keys(chunk):
                counts[key] += times
        return counts

    @staticmethod
    def _count_chunks(sentences: Sequence[str], progress: Progress | None) -> Counter[str]:
        chunks: Counter[str] = Counter()
        for start in range(0, len(sentences), BLOCK):
            report(progress, start, len(sentences))
            chunks.update("\n".join(sentences[start : start + BLOCK]).split())
        report(progress, len(sentences), len(sentences))
        return chunks
