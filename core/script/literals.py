"""Python literals as a person would write them: short, and wrapped at the width of a page."""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.messages import EncodedCorpus
from core.number_text import shortest

WIDTH = 96


def listed(name: str, items: Iterable[object]) -> list[str]:
    """`name = [items]`, over as many lines as it takes."""
    written = ", ".join(map(repr, items))
    whole = f"{name} = [{written}]"
    if len(whole) <= WIDTH:
        return [whole]
    # A blank within a string must not be where a line is broken.
    pieces = textwrap.wrap(
        written.replace(" ", "\0").replace(",\0", ", "),
        WIDTH - 4,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [f"{name} = [", *(f"    {piece}".replace("\0", " ") for piece in pieces), "]"]


def rows(name: str, values: NDArray[Any], dtype: str) -> list[str]:
    """`name` as a tensor of `values` (n, D), each number the shortest that is exactly it."""
    lines = [f"{name} = torch.tensor(", "    ["]
    for each in values:
        lines += _row(each, " " * 8, WIDTH)
    return [*lines, "    ],", f"    dtype=torch.{dtype},", ")"]


def set_row(name: str, values: NDArray[Any], dtype: str) -> list[str]:
    """`name` set to `values` (D,), to the bit unless some are no numbers; to be indented once."""
    if not values.tobytes().strip(b"\0"):
        return [f"{name} = 0.0"]
    lines = _row(values, " " * 4, WIDTH - 12)
    return [f"{name} = torch.tensor(", *lines, f"    dtype=torch.{dtype},", ")"]


def _row(values: NDArray[Any], indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        f"[{', '.join(map(_number, values))}],",
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent} ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _number(value: np.floating) -> str:
    text = shortest(value)
    if text == "-0":
        return "-0.0"  # of whole numbers 0 has no sign
    return text if text[-1].isdigit() else f"float('{text}')"


def can_be_split(tokens: Sequence[str]) -> bool:
    """Whether `tokens` with blanks between them can be told apart again by `str.split`."""
    return all(token.split() == [token] for token in tokens)


def sentence_lines(
    corpus: EncodedCorpus, tokens: Sequence[str], *, labelled: bool
) -> list[str] | None:
    """Each sentence as words with blanks between, `label<TAB>` before it if `labelled`.

    None where words cannot be told apart like that.
    """
    if not can_be_split(tokens):
        return None
    ids, offsets = corpus.ids.numpy().tolist(), corpus.offsets.numpy().tolist()
    lines = [" ".join(tokens[id_] for id_ in ids[start:end]) for start, end in pairwise(offsets)]
    return with_labels(corpus, lines) if labelled else lines


def with_labels(corpus: EncodedCorpus, lines: Sequence[str]) -> list[str]:
    """`lines`, one a sentence, each behind its label and a tab."""
    assert corpus.labels is not None
    labels = [corpus.label_names[label] for label in corpus.labels.numpy().tolist()]
    return [f"{label}\t{line}" for label, line in zip(labels, lines, strict=True)]


def quoted(lines: Sequence[str]) -> list[str]:
    """`lines` between triple quotes; where that would change or hide something, as a list."""
    text = "\n".join(lines)
    plain = '"""' not in text and "\\" not in text and not text.endswith('"')
    # Python reads a carriage return as the end of a line, and no source that has a NUL.
    plain = plain and all(line.replace("\t", " ").isprintable() for line in lines)
    if not plain or not lines or not lines[0] or not lines[-1]:
        return ["[", *(f"    {line!r}," for line in lines), "]"]
    return ['"""', *lines, '""".strip("\\n").split("\\n")']
