"""`embedscope audit`: the findings about a table or a text, without a window and without torch."""

import json
import math
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from core.audit.audit import audit
from core.audit.finding import LEVELS, Finding, Number
from core.audit.subject import Subject
from core.corpus import encode_corpus
from core.formats.safetensors_reading import read_table
from core.problems import OutOfBounds, ProblemError
from core.tokenizer_file import PAD_NAMES, UNK_NAMES
from gui.explain_findings import Explained, counted, explain_finding, level_name
from gui.source import source_of

FOUND = 1
MOST = 1000  # ids or cells of a finding that JSON lists; all are counted


def audit_command(settings: Namespace) -> int:
    """Print what is found; 1 if any of it is as grave as `settings.level`, else 0.

    Raises `ProblemError`.
    """
    if settings.table is not None:
        subject = subject_of_table(settings.table, settings.tensor, settings.padding_idx)
    else:
        subject = subject_of_source(settings.preset, settings.text, settings.padding_idx)
    findings = audit(subject)
    print_ = _as_json if settings.json else _as_text
    sys.stdout.write(print_(findings, subject) + "\n")
    return FOUND if any(finding.is_at_least(settings.level) for finding in findings) else 0


def subject_of_table(
    path: Path, tensor: str | None, padding_idx: Sequence[int | None] = ()
) -> Subject:
    """The table in a file; `padding_idx`, where one is given, instead of the file's own."""
    file = read_table(path, tensor)
    chosen = padding_idx[0] if padding_idx else file.padding_idx
    rows, tokens = file.rows, file.tokens
    _check(chosen, len(rows))
    return Subject(
        rows=rows,
        tokens=tokens,
        padding_idx=chosen,
        pad_id=_first(PAD_NAMES, tokens),
        unk_id=_first(UNK_NAMES, tokens),
    )


def subject_of_source(
    preset: str, text: Path | None, padding_idx: Sequence[int | None] = ()
) -> Subject:
    """An example or a text, with the settings that it opens with, before any step."""
    source = source_of(preset, text)
    config = source.config
    if padding_idx:
        _check(padding_idx[0], config.table.num_embeddings)
        config = replace(config, table=replace(config.table, padding_idx=padding_idx[0]))
    corpus = encode_corpus(source.corpus, source.vocabulary)
    return Subject.of_run(config, corpus, source.vocabulary, source.values)


def _check(padding_idx: int | None, rows: int) -> None:
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise ProblemError(OutOfBounds("padding_idx", padding_idx, 0, rows - 1))


def _first(names: Sequence[str], tokens: Sequence[str] | None) -> int | None:
    return next((tokens.index(name) for name in names if name in tokens), None) if tokens else None


def _name(subject: Subject, id_: int) -> str:
    """What the row `id_` is called."""
    tokens = subject.tokens
    return f"“{tokens[id_]}”" if tokens is not None and id_ < len(tokens) else f"row {id_}"


def _explained(finding: Finding, subject: Subject) -> Explained:
    return explain_finding(finding, lambda id_: _name(subject, id_))


def _as_text(findings: Sequence[Finding], subject: Subject) -> str:
    lines = []
    for finding in findings:
        told = _explained(finding, subject)
        lines.append(f"{level_name(finding.level)}: {told.what}")
        lines += [f"    {sentence}" for sentence in (told.why, told.mend) if sentence]
    return "\n".join([*lines, counted(findings)])


def _as_json(findings: Sequence[Finding], subject: Subject) -> str:
    counts = {level: sum(each.level == level for each in findings) for level in LEVELS}
    told = [_plain(finding, subject) for finding in findings]
    return json.dumps({"findings": told, "counts": counts}, ensure_ascii=False)


def _plain(finding: Finding, subject: Subject) -> dict[str, object]:
    told = _explained(finding, subject)
    tokens = subject.tokens
    rows = finding.rows[:MOST].tolist()
    return {
        "kind": finding.kind,
        "level": finding.level,
        "what": told.what,
        "why": told.why,
        "mend": told.mend,
        "rows": rows,
        "tokens": [tokens[id_] if tokens and id_ < len(tokens) else None for id_ in rows],
        "row_count": len(finding.rows),
        # From 0, as everywhere in JSON; in sentences for people they count from 1.
        "cells": [
            {"sentence": sentence, "position": position}
            for sentence, position in finding.cells[:MOST].tolist()
        ],
        "cell_count": len(finding.cells),
        "numbers": {name: _finite(value) for name, value in finding.numbers.items()},
    }


def _finite(value: Number) -> Number | None:
    """JSON has no NaN and no infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
