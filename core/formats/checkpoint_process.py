"""Reads and writes PyTorch checkpoints in a process of its own, for only here is torch loaded.

`read PATH` prints the tensors there are, as a line of JSON, takes a line with a name, if any, and
prints another of JSON and the numbers. `write ROWS COLUMNS DTYPE` takes the numbers and prints the
file. Checkpoints are loaded with `weights_only=True`, which
refuses whatever could run code, and nothing else is ever tried.
"""

import json
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.formats.pieces import pieces_of

DEEPEST = 8
MOST_TENSORS = 100_000
MEMORY = 4 * 2**30  # bytes, besides the file's own size


def main(arguments: list[str]) -> None:
    """Do what `arguments` say."""
    match arguments:
        case ["read", path]:
            tensors = _loaded(Path(path))
            _tell(tensors=[[name, *_described(tensor)] for name, tensor in tensors])
            line = sys.stdin.buffer.readline()
            if line:
                _send(dict(tensors)[json.loads(line)])
        case ["write", rows, columns, dtype]:
            _save(int(rows), int(columns), np.dtype(dtype))
        case _:
            sys.exit("read PATH | write ROWS COLUMNS DTYPE")


def _loaded(path: Path) -> list[tuple[str, Tensor]]:
    """The tensors of `path` by name; if there are none to have, says why and ends."""
    _bound_memory(path.stat().st_size)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=_is_archive(path))
    except pickle.UnpicklingError as error:
        _tell(fault="code", detail=_named(str(error)))
        sys.exit()
    except Exception as error:  # noqa: BLE001 (whatever torch says of a file that is damaged)
        _tell(fault="damaged", detail=_first_sentence(str(error)) or type(error).__name__)
        sys.exit()
    found: list[tuple[str, Tensor]] = []
    for name, tensor in _tensors(content, "", DEEPEST):
        found.append((name, tensor))
        if len(found) == MOST_TENSORS:
            break
    return found


def _bound_memory(size: int) -> None:
    """Let the system refuse what a file of `size` bytes cannot need."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY + size, MEMORY + size))


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _named(message: str) -> str:
    """What torch refuses, without its advice to trust the file."""
    name = re.search(r"GLOBAL (\S+)", message)
    return f"it names {name[1]}" if name else "its pickle does what tensors do not need"


def _first_sentence(message: str) -> str:
    return message.partition("\n")[0].partition(". ")[0]


def _tensors(value: object, name: str, deepest: int) -> Iterator[tuple[str, Tensor]]:
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, dict) and deepest:
        for key, each in value.items():
            yield from _tensors(each, f"{name}.{key}".lstrip("."), deepest - 1)
    elif isinstance(value, list | tuple) and deepest:
        for key, each in enumerate(value):
            yield from _tensors(each, f"{name}.{key}".lstrip("."), deepest - 1)


def _described(tensor: Tensor) -> tuple[list[int], str]:
    """Its shape and dtype; one that is not kept as plain numbers has no dtype that we read."""
    plain = tensor.layout == torch.strided and not tensor.is_quantized and not tensor.is_meta
    # A tensor may show few numbers many times: it would be larger in memory than in the file.
    own = plain and tensor.numel() * tensor.element_size() <= tensor.untyped_storage().nbytes()
    dtype = str(tensor.dtype).removeprefix("torch.")
    return list(tensor.shape), dtype if own else "not plain"


def _send(tensor: Tensor) -> None:
    tensor = tensor.detach()
    if tensor.dtype == torch.bfloat16:
        dtype, step = "float32", max(1, 2**20 // max(1, tensor.shape[1]))
    else:
        dtype, step = str(tensor.dtype).removeprefix("torch."), max(1, 2**20 // tensor.shape[1])
    _tell(rows=tensor.shape[0], columns=tensor.shape[1], dtype=dtype)
    for start in range(0, len(tensor), step):
        piece = tensor[start : start + step]
        piece = piece.float() if dtype == "float32" else piece
        sys.stdout.buffer.write(piece.contiguous().numpy().tobytes())


def _save(rows: int, columns: int, dtype: np.dtype[Any]) -> None:
    values = np.empty((rows, columns), dtype)
    for piece in pieces_of(values):
        data = sys.stdin.buffer.read(piece.nbytes)
        if len(data) != piece.nbytes:
            sys.exit("the numbers ended too early")
        piece[:] = np.frombuffer(data, dtype).reshape(piece.shape)
    torch.save({"weight": torch.from_numpy(values)}, sys.stdout.buffer)


def _tell(**told: object) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
