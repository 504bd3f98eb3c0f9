"""TensorBoard's projector: a configuration that names tensors and metadata beside it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.formats import delimited
from core.formats.finishing import chosen, finished
from core.formats.inside import inside
from core.formats.opened_table import Choice, OpenedTable, TensorInfo
from core.formats.pieces import pieces_of
from core.formats.sniffing import PROJECTOR_CONFIG
from core.formats.tokens_file import check_line
from core.number_text import shortest_each
from core.problems import BrokenTable, CannotHold, ProblemError
from core.progress import Progress, report
from core.textfile import read_text
from core.whole_file import settle, whole_text

LARGEST_CONFIG = 2**20
LONGEST_SIZE = 15  # figures
RAW = np.dtype("<f4")
_PIECE = re.compile(r'"((?:[^"\\\n]|\\.)*)"|([{}])|([\w.+-]+)|[:,;]|#.*')


@dataclass(frozen=True)
class _Embedding:
    name: str
    tensor: str
    metadata: str | None
    shape: tuple[int, ...]


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The tensors that the configuration names. Raises `ProblemError`."""
    config = _config_path(path)
    return tuple(_described(config, each) for each in _embeddings(config))


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The tensor that is chosen, as float32, with its metadata's labels as tokens.

    Raises `ProblemError` and `Cancelled`.
    """
    config = _config_path(path)
    found = _embeddings(config)
    if len(found) == 1 and choice.tensor in (None, found[0].name):
        wanted = found[0]
    else:
        name = chosen(config, [_described(config, each) for each in found], choice.tensor).name
        wanted = next(each for each in found if each.name == name)
    if choice.tokens is None and wanted.metadata is not None:
        choice = replace(choice, tokens=inside(config.parent, wanted.metadata, config))
    file = inside(config.parent, wanted.tensor, config)
    raw = _raw(config, file, wanted)
    if raw is None:
        opened = delimited.read(file, choice, progress)
        _check_shape(config, wanted, opened, choice)
        return opened
    report(progress, raw.nbytes, raw.nbytes)
    return finished(file, raw, None, choice)


def _check_shape(config: Path, wanted: _Embedding, opened: OpenedTable, choice: Choice) -> None:
    """Raise `ProblemError` if `config` claims another shape than the text has."""
    if len(wanted.shape) != 2:
        return
    is_whole = choice.most_rows is None and choice.duplicates == "refuse"
    rows, columns = opened.rows.shape
    if wanted.shape != (rows if is_whole else wanted.shape[0], columns):
        claim = f"it claims {wanted.shape[0]} × {wanted.shape[1]} numbers"
        detail = f"{claim}, and {wanted.tensor} has {rows} × {columns}"
        raise ProblemError(BrokenTable(str(config), "damaged", detail=detail))


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write the configuration `path`, and tensors.tsv and metadata.tsv beside it, or none of them.

    Raises `OSError`, `Cancelled` and `ProblemError(CannotHold)`.
    """
    path.parent.mkdir(exist_ok=True)
    rows, columns = table.rows.shape
    stem = "" if path.name == PROJECTOR_CONFIG else f"{path.stem}."
    with ExitStack() as stack:
        config = stack.enter_context(whole_text(path))
        tensors = stack.enter_context(whole_text(path.with_name(f"{stem}tensors.tsv")))
        for piece in pieces_of(table.rows, progress):
            texts = shortest_each(piece.ravel())
            for start in range(0, len(texts), columns):
                tensors.write("\t".join(texts[start : start + columns]) + "\n")
        metadata = stack.enter_context(whole_text(path.with_name(f"{stem}metadata.tsv")))
        for row, token in enumerate(table.names()):
            check_line(path, token, row)
            if "\t" in token:
                raise ProblemError(CannotHold(str(path), "token-with-tab", token, row))
            metadata.write(f"{token}\n")
        config.write(
            "embeddings {\n"
            '  tensor_name: "weight"\n'
            f'  tensor_path: "{stem}tensors.tsv"\n'
            f'  metadata_path: "{stem}metadata.tsv"\n'
            f"  tensor_shape: {rows}\n  tensor_shape: {columns}\n}}\n"
        )
        settle(config, tensors)


def _config_path(path: Path) -> Path:
    return path / PROJECTOR_CONFIG if path.is_dir() else path


def _embeddings(config: Path) -> list[_Embedding]:
    """What the configuration, a protocol buffer as text, names."""
    text = read_text(config, limit=LARGEST_CONFIG)
    found: list[_Embedding] = []
    for number, fields in enumerate(_blocks(text)):
        paths = fields.get("tensor_path", [])
        if not paths:
            continue  # the tensor is in a checkpoint of TensorFlow's
        sizes = [size for size in fields.get("tensor_shape", []) if size.isdecimal()]
        shape = tuple(int(size[:LONGEST_SIZE]) for size in sizes)
        name = (fields.get("tensor_name") or [f"tensor {number}"])[0]
        metadata = next(iter(fields.get("metadata_path", [])), None)
        found.append(_Embedding(name, paths[0], metadata, shape))
    if not found:
        raise ProblemError(BrokenTable(str(config), "damaged", detail="it names no tensor_path"))
    return found


def _blocks(text: str) -> Iterator[dict[str, list[str]]]:
    """The fields of each `embeddings { … }`, without what stands in blocks within them."""
    depth = 0
    fields: dict[str, list[str]] = {}
    key, inside_embeddings = "", False
    for match in _PIECE.finditer(text):
        quoted, brace, word = match.groups()
        if brace == "{":
            depth += 1
            if depth == 1:
                inside_embeddings, fields = key == "embeddings", {}
            key = ""
        elif brace == "}":
            depth = max(0, depth - 1)
            key = ""
            if depth == 0 and inside_embeddings:
                yield fields
        elif depth == 1 and key and (quoted is not None or word is not None):
            fields.setdefault(key, []).append(word if quoted is None else _unescaped(quoted))
            key = ""
        elif word is not None:
            key = word


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _described(config: Path, each: _Embedding) -> TensorInfo:
    file = inside(config.parent, each.tensor, config)
    raw = _raw(config, file, each)
    if raw is not None:
        return TensorInfo(each.name, raw.shape, RAW.name)
    told = delimited.describe(file)[0]
    return TensorInfo(each.name, (each.shape[0] if each.shape else -1, told.shape[1]), told.dtype)


def _raw(config: Path, file: Path, each: _Embedding) -> NDArray[Any] | None:
    """The numbers as they are, if the file is as large as they would be; it may be text too."""
    size = file.stat().st_size
    if len(each.shape) != 2 or size != each.shape[0] * each.shape[1] * RAW.itemsize or not size:
        if file.suffix.casefold() in (".bytes", ".bin"):
            claim = " × ".join(map(str, each.shape)) or "no shape"
            raise ProblemError(BrokenTable(str(config), "impossible-claim", detail=claim))
        return None
    if file.suffix.casefold() in (".tsv", ".txt"):
        return None
    return np.memmap(file, RAW, "r", shape=each.shape)
