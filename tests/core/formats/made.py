"""Small files of every format, as bytes to damage."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.formats import registry
from core.formats.opened_table import OpenedTable

ROWS = np.array([[0.5, -0.25, 3.0], [1e-7, 2.0, 4.0], [7.0, 8.0, 9.0]], np.float32)
TOKENS = ("the", ",", "물")


def written(ending: str, folder: Path) -> bytes:
    """What a table is saved as under `ending`."""
    path = folder / f"whole{ending}"
    registry.write(path, OpenedTable(ROWS, TOKENS))
    return path.read_bytes()


def npz(folder: Path) -> bytes:
    """An archive with a table and its tokens, packed."""
    file = io.BytesIO()
    np.savez_compressed(file, vectors=ROWS, tokens=np.array(TOKENS))
    return file.getvalue()


def glove(folder: Path) -> bytes:
    """word2vec's text without its first line."""
    return written(".vec", folder).partition(b"\n")[2]


def tsv(folder: Path) -> bytes:
    """CSV with tabs."""
    return written(".csv", folder).replace(b'","', b"comma").replace(b",", b"\t")


MAKERS: dict[str, Callable[[Path], bytes]] = {
    **{
        ending: lambda folder, ending=ending: written(ending, folder)
        for ending in (".safetensors", ".npy", ".vec", ".bin", ".csv", ".parquet")
    },
    ".npz": npz,
    ".txt": glove,
    ".tsv": tsv,
}


def model_folder(folder: Path) -> Path:
    """A Hugging Face model's folder, its weights in two files."""
    model = folder / "model"
    model.mkdir()
    registry.write(model / "one.safetensors", OpenedTable(ROWS))
    (model / "one.safetensors").rename(model / "a.safetensors")
    renamed = (model / "a.safetensors").read_bytes()
    # The name in the header is as long, so that nothing else there changes.
    (model / "a.safetensors").write_bytes(renamed.replace(b'"weight"', b'"wte.ab"'))
    (model / "b.safetensors").write_bytes(renamed.replace(b'"weight"', b'"head.w"'))
    (model / "config.json").write_text(json.dumps({"vocab_size": 2, "pad_token_id": 1}))
    index = {"weight_map": {"wte.ab": "a.safetensors", "head.w": "b.safetensors"}}
    (model / "model.safetensors.index.json").write_text(json.dumps(index))
    (model / "vocab.txt").write_text("the\n,\n", encoding="utf-8")
    return model
