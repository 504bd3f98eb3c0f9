"""A Hugging Face model's folder: config.json, weights in one file or several, and a tokenizer."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.formats import checkpoint, safetensors_reading
from core.formats.finishing import chosen
from core.formats.inside import inside
from core.formats.opened_table import Choice, OpenedTable, TensorInfo
from core.problems import BrokenTable, NoSuchFile, ProblemError
from core.progress import Progress
from core.textfile import read_text

LARGEST_JSON = 2**26
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json")
INPUT_NAMES = ("embed_tokens", "word_embeddings", "wte", "tok_embeddings", "shared", "embed_in")
MOST_FILES = 1000


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The tables of the model, those that its config has a row for each token in first."""
    config = _json(path / "config.json")
    tables = [table for table, _ in _tables(path)]
    return tuple(sorted(tables, key=lambda table: not _is_input(table, config)))


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The model's input embedding, or the table chosen, and the tokens of its tokenizer.

    Raises `ProblemError` and `Cancelled`.
    """
    config = _json(path / "config.json")
    tables = _tables(path)
    name = choice.tensor
    inputs = [table.name for table, _ in tables if _is_input(table, config)]
    if name is None and len(inputs) == 1:
        name = inputs[0]
    table = chosen(path, [table for table, _ in tables], name)
    file = next(file for each, file in tables if each.name == table.name)
    tokenizer = _tokenizer(path)
    if choice.tokens is None and tokenizer is not None and _is_input(table, config):
        choice = replace(choice, tokens=tokenizer)
    opened = _read(file, replace(choice, tensor=table.name), progress)
    padding = config.get("pad_token_id")
    if isinstance(padding, int) and 0 <= padding < len(opened.rows):
        return replace(opened, padding_idx=padding)
    return opened


def _tables(path: Path) -> list[tuple[TensorInfo, Path]]:
    """The tables of all files with weights, and in which file each is."""
    found = []
    for file in _weights(path):
        found += [(table, file) for table in _described(file) if table.is_table]
    return found


def _weights(path: Path) -> list[Path]:
    for name in WEIGHTS:
        if (path / name).is_file():
            return [path / name]
        index = path / f"{name}.index.json"
        if index.is_file():
            return [inside(path, file, index, may_link=True) for file in _shards(index)]
    raise ProblemError(NoSuchFile(str(path / WEIGHTS[0])))


def _shards(index: Path) -> list[str]:
    named = _json(index).get("weight_map")
    if not isinstance(named, dict) or not all(isinstance(name, str) for name in named.values()):
        raise ProblemError(BrokenTable(str(index), "damaged", detail="it has no weight_map"))
    return sorted(set(named.values()))[:MOST_FILES]


def _described(file: Path) -> tuple[TensorInfo, ...]:
    is_plain = file.suffix == ".safetensors"
    return safetensors_reading.describe(file) if is_plain else checkpoint.describe(file)


def _read(file: Path, choice: Choice, progress: Progress | None) -> OpenedTable:
    reading = safetensors_reading.read if file.suffix == ".safetensors" else checkpoint.read
    return reading(file, choice, progress)


def _is_input(table: TensorInfo, config: Mapping[str, Any]) -> bool:
    """Whether `table` is what looks up tokens, by its name and by the size of the vocabulary."""
    size = config.get("vocab_size")
    named = any(name in table.name for name in INPUT_NAMES)
    return named and (not isinstance(size, int) or table.shape[0] >= size)


def _tokenizer(path: Path) -> Path | None:
    return next((path / name for name in TOKENIZERS if (path / name).is_file()), None)


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_text(path, limit=LARGEST_JSON))
    except (ValueError, RecursionError) as error:
        raise ProblemError(BrokenTable(str(path), "damaged", detail=str(error))) from error
    if not isinstance(content, dict):
        raise ProblemError(BrokenTable(str(path), "damaged", detail="it is no JSON object"))
    return content
