"""How a vocabulary is made from sentences: which words it takes, and where the special ones sit."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from core.problems import BadSpecialTokens, OutOfBounds, ProblemError, UnknownName
from core.words import SPLITTERS, SplitterName, WordSplitter

LARGEST_SPECIAL_ID = 999_999


@dataclass(frozen=True, slots=True)
class VocabularyConfig:
    """The settings of `Vocabulary.build`.

    Words that occur less than `minimum_count` times stay unknown. Of more than `maximum_size`
    tokens (the two special ones included) the most frequent words are kept, the earlier of equals
    first. With `lower_case` words that differ only in case are one; Token.text stays as typed.
    """

    unk_id: int = 0
    pad_id: int = 1
    unk_token: str = "<unk>"
    pad_token: str = "<pad>"
    minimum_count: int = 1
    maximum_size: int | None = None
    lower_case: bool = False
    splitter: SplitterName = "white-space"


def splitter_of(config: VocabularyConfig, largest_id: int = LARGEST_SPECIAL_ID) -> WordSplitter:
    """The splitter that `config` asks for, once all of `config` is found sound.

    No special id may be above `largest_id`: up to there ids without a token would be filled.

    Raises `ProblemError` with `OutOfBounds`, `BadSpecialTokens` or `UnknownName`.
    """
    if config.splitter not in SPLITTERS:
        raise ProblemError(UnknownName("splitter", config.splitter, list(SPLITTERS)))
    _check_bounds(config, largest_id)
    names = (config.unk_token, config.pad_token)
    for name in names:
        if not name or name.split() != [name]:
            raise ProblemError(BadSpecialTokens(name, "not-one-word"))
    if config.unk_id == config.pad_id:
        raise ProblemError(BadSpecialTokens(config.pad_token, "same-id"))
    splitter = WordSplitter(config.splitter, names, config.lower_case)
    if splitter.key(config.unk_token) == splitter.key(config.pad_token):
        raise ProblemError(BadSpecialTokens(config.pad_token, "same-name"))
    return splitter


def _check_bounds(config: VocabularyConfig, largest: int) -> None:
    if config.minimum_count < 1:
        raise ProblemError(OutOfBounds("minimum_count", config.minimum_count, 1))
    if config.maximum_size is not None:
        if config.maximum_size < 2:
            raise ProblemError(OutOfBounds("maximum_size", config.maximum_size, 2))
        largest = min(largest, config.maximum_size - 1)
    for name, id_ in (("unk_id", config.unk_id), ("pad_id", config.pad_id)):
        if not 0 <= id_ <= largest:
            raise ProblemError(OutOfBounds(name, id_, 0, largest))


def check_given(tokens: Sequence[str], config: VocabularyConfig) -> None:
    """Raise `ProblemError(BadSpecialTokens)` unless `tokens` has both where `config` says."""
    for name, id_ in ((config.unk_token, config.unk_id), (config.pad_token, config.pad_id)):
        if id_ >= len(tokens) or tokens[id_] != name:
            raise ProblemError(BadSpecialTokens(name, "not-at-its-id"))


def choose(
    found: Mapping[str, int], taken: Container[str], minimum_count: int, room: int | None
) -> list[str]:
    """The words of `found` that get a new id, in their order there: at most `room`."""
    words = [word for word, n in found.items() if n >= minimum_count and word not in taken]
    if room is None or len(words) <= room:
        return words
    # sorted() is stable: of equally frequent words the earlier stay.
    kept = set(sorted(words, key=lambda word: -found[word])[:room])
    return [word for word in words if word in kept]


def place(words: Sequence[str], config: VocabularyConfig) -> tuple[str, ...]:
    """`words` in order around the special tokens; ids that no word reaches get a name."""
    size = max(len(words) + 2, config.unk_id + 1, config.pad_id + 1)
    names = unused_names(set(words))
    remaining = iter(words)
    specials = {config.unk_id: config.unk_token, config.pad_id: config.pad_token}
    return tuple(specials.get(id_) or next(remaining, None) or next(names) for id_ in range(size))


def unused_names(taken: Container[str]) -> Iterator[str]:
    """Names for ids that have no token: with a space, so that no word is ever called so."""
    return (name for n in count() if (name := f"<unused {n}>") not in taken)
