"""Opens a user's tokenizer.json (Hugging Face `tokenizers`) and finds its special tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from core.problems import BadTokenizer, ProblemError
from core.textfile import read_text
from core.vocabulary_config import unused_names

LIMIT = 64 * 2**20
LARGEST_ID = 9_999_999
UNK_NAMES = ("<unk>", "[UNK]", "<UNK>", "<|unk|>")
PAD_NAMES = ("<pad>", "[PAD]", "<PAD>", "<|pad|>", "<|padding|>")


@dataclass(frozen=True, slots=True)
class TokenizerFile:
    """A tokenizer, the token of each of its ids, and its special ids, None where it has none."""

    tokenizer: Tokenizer
    tokens: tuple[str, ...]
    unk_id: int | None
    pad_id: int | None


def read_tokenizer_file(path: Path) -> TokenizerFile:
    """The tokenizer in `path`, which is at most 64 MB, with truncation and padding off.

    Raises `ProblemError`: `BadTokenizer`, or why the file cannot be read.
    """
    text = read_text(path, limit=LIMIT)
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # `tokenizers` raises nothing narrower
        raise ProblemError(BadTokenizer(str(path), str(error))) from error
    ids = tokenizer.get_vocab(with_added_tokens=True)
    reason = _unusable(ids)
    if reason is not None:
        raise ProblemError(BadTokenizer(str(path), reason))
    model: dict[str, Any] = json.loads(text)["model"]
    unk_id = _unk_id(model, ids)
    if unk_id is None and model.get("type") != "BPE":
        # Every other model fails on the first character that it does not know.
        raise ProblemError(BadTokenizer(str(path), "it has no unknown token"))
    padding = tokenizer.padding
    pad_id = padding["pad_id"] if padding else _first(PAD_NAMES, ids)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return TokenizerFile(tokenizer, _by_id(ids), unk_id, pad_id if pad_id in ids.values() else None)


def _unusable(ids: Mapping[str, int]) -> str | None:
    if not ids:
        return "it has no tokens"
    largest = max(ids.values())
    return f"its id {largest} is above {LARGEST_ID}" if largest > LARGEST_ID else None


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
