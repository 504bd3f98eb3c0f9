"""`embedscope lookup`: the tokens of a sentence, their ids and their rows."""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.client import EngineClient
from core.corpus import encode_corpus
from core.vocabulary import Token
from gui.numbers import shortest
from gui.source import Source, source_of


def lookup(sentence: str, preset: str, text: Path | None, *, as_json: bool) -> int:
    """Print the tokens of `sentence`; the exit status. Raises `ProblemError`."""
    source = source_of(preset, text)
    rows = source.values if source.values is not None else fresh_rows(source)
    tokens = source.vocabulary.encode(sentence)
    print_ = _as_json if as_json else _as_table
    sys.stdout.write(print_(tokens, rows) + "\n")
    return 0


def fresh_rows(source: Source) -> NDArray[np.floating]:
    """The rows (V, D) that the engine gives `source` before any step."""
    with EngineClient() as engine:
        engine.build(source.config, encode_corpus(source.corpus, source.vocabulary), source.values)
        return engine.rows()


def plain_row(row: NDArray[np.floating]) -> list[float | None]:
    """`row` (D,) for JSON: numbers whose text is the shortest of the row's own dtype.

    JSON has no NaN and no infinity; they become None.
    """
    return [float(str(value)) if np.isfinite(value) else None for value in row]


def _as_json(tokens: tuple[Token, ...], rows: NDArray[np.floating]) -> str:
    told = [
        {
            "text": token.text,
            "id": token.id,
            "known": token.known,
            "row": plain_row(rows[token.id]),
        }
        for token in tokens
    ]
    return json.dumps({"tokens": told}, ensure_ascii=False)


def _as_table(tokens: tuple[Token, ...], rows: NDArray[np.floating]) -> str:
    names = [token.text if token.known else f"{token.text} (unknown)" for token in tokens]
    width = max(map(len, names), default=0)
    return "\n".join(
        f"{name:<{width}}  {token.id:>6}  {'  '.join(shortest(value) for value in rows[token.id])}"
        for name, token in zip(names, tokens, strict=True)
    )
