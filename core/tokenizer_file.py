"""Opens a user's tokenizer.json (Hugging Face `tokenizers`) and finds its special tokens."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from core.problems import AnyProblem, BadTokenizer, ProblemError
from core.textfile import read_text
from core.vocabulary_config import unused_names

LIMIT = 64 * 2**20
LARGEST_ID = 9_999_999
MOST_GROWTH = 4096
"""How many times as long a tokenizer may make a text before it cuts it."""

TRIAL = "You need 2 trials: né, 한국, 👍 <unk>"
UNK_NAMES = ("<unk>", "[UNK]", "<UNK>", "<|unk|>")
PAD_NAMES = ("<pad>", "[PAD]", "<PAD>", "<|pad|>", "<|padding|>")


@dataclass(frozen=True, slots=True)
class TokenizerFile:
    """A tokenizer, the token of each of its ids, and its special ids, None where it has none.

    `content` is the file it was made of, as UTF-8.
    """

    tokenizer: Tokenizer
    tokens: tuple[str, ...]
    unk_id: int | None
    pad_id: int | None
    content: bytes


def read_tokenizer_file(path: Path) -> TokenizerFile:
    """The tokenizer in `path`, which is at most 64 MB, with truncation and padding off.

    Raises `ProblemError`: `BadTokenizer`, or why the file cannot be read.
    """
    return tokenizer_of(read_text(path, limit=LIMIT), str(path))


def tokenizer_of(text: str, name: str, largest_id: int = LARGEST_ID) -> TokenizerFile:
    """The tokenizer in `text`, whose ids go up to `largest_id`.

    Anybody's: it is tried on a few words, and may not make of a word what fills the memory. Raises
    `ProblemError(BadTokenizer)` about `name`.
    """
    try:
        document = json.loads(text)
        growth = _growth(document.get("normalizer"))
        if growth > MOST_GROWTH:
            raise ProblemError(BadTokenizer(name, "its normalizer lets texts grow without end"))
        with faults_as(partial(BadTokenizer, name)):
            tokenizer = Tokenizer.from_str(text)
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise ProblemError(BadTokenizer(name, f"it is no tokenizer: {error}")) from error
    ids = tokenizer.get_vocab(with_added_tokens=True)
    reason = _unusable(ids, largest_id)
    if reason is not None:
        raise ProblemError(BadTokenizer(name, reason))
    model: dict[str, Any] = document["model"]
    unk_id = _unk_id(model, ids)
    if unk_id is None and model.get("type") != "BPE":
        # Every other model fails on the first character that it does not know.
        raise ProblemError(BadTokenizer(name, "it has no unknown token"))
    padding = tokenizer.padding
    pad_id = padding["pad_id"] if padding else _first(PAD_NAMES, ids)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    with faults_as(partial(BadTokenizer, name)):
        tokenizer.encode(TRIAL, add_special_tokens=False)
    pad_id = pad_id if pad_id in ids.values() else None
    content = text.encode("utf-8", "surrogatepass")
    return TokenizerFile(tokenizer, _by_id(ids), unk_id, pad_id, content)


@contextmanager
def faults_as(problem: Callable[[str], AnyProblem]) -> Iterator[None]:
    """Whatever `tokenizers` says meanwhile is the `ProblemError` that `problem` makes of it."""
    try:
        yield
    except BaseException as error:
        # A panic of the library, as over a broken table in the file, is no `Exception`.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ProblemError(problem(str(error))) from error


def _growth(normalizer: object) -> float:
    """How many characters a `normalizer` of the file may make of one, by its replacements."""
    match normalizer:
        case {"normalizers": [*steps]}:
            growth = 1.0
            for step in steps:
                growth *= _growth(step)
            return growth
        case {"content": str(content), "pattern": {"String": str(pattern)}} if pattern:
            return max(1, len(content))
        case {"content": str(content)} | {"prepend": str(content)}:
            return 1 + len(content)  # a pattern may be found between two characters too
        case _:
            return 1


def _unusable(ids: Mapping[str, int], most: int) -> str | None:
    if not ids:
        return "it has no tokens"
    largest = max(ids.values())
    if largest > most:
        return f"its id {largest} is above {most}"
    tokens: dict[int, str] = {}
    for token, id_ in ids.items():
        if tokens.setdefault(id_, token) != token:
            # The library itself tells now the one for it, now the other.
            pair = " and ".join(f"“{each}”" for each in sorted((tokens[id_], token)))
            return f"id {id_} is that of two tokens, {pair}"
    return None


def _unk_id(model: Mapping[str, Any], ids: Mapping[str, int]) -> int | None:
    """The id that the model itself gives to what it does not know, if it has one."""
    if model.get("type") == "Unigram":
        unk_id: int | None = model.get("unk_id")
        return unk_id
    name = model.get("unk_token")
    return _first(UNK_NAMES, ids) if name is None else ids.get(name)


def _first(names: tuple[str, ...], ids: Mapping[str, int]) -> int | None:
    return next((ids[name] for name in names if name in ids), None)


def _by_id(ids: Mapping[str, int]) -> tuple[str, ...]:
    tokens: list[str | None] = [None] * (max(ids.values()) + 1)
    for token, id_ in ids.items():
        tokens[id_] = token
    names = unused_names(ids)
    return tuple(next(names) if token is None else token for token in tokens)
