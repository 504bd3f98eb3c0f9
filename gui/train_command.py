"""`embedscope train`: the same engine, without a window."""

import json
import math
import sys
import time
from argparse import Namespace
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from tqdm import tqdm

from core.client import EngineClient
from core.combinations import check
from core.config import Initialisation, ObjectiveConfig, RunConfig, default_optimizer
from core.corpus import encode_corpus, missing_labels
from core.formats.safetensors_file import write_table
from core.problems import CannotTie, OutOfBounds, ProblemError
from gui.numbers import shortest
from gui.source import Source, source_of


@dataclass(frozen=True)
class Training:
    """What came of it: the loss of every step, the final rows (V, D), and how fast it went."""

    losses: NDArray[np.float64]
    rows: NDArray[np.floating]
    seconds: float


def train(preset: str, settings: Namespace) -> int:
    """Train as `settings` say, save and print; the exit status. Raises `ProblemError`."""
    source = with_settings(source_of(preset, settings.text, settings.dim), settings)
    if source.config.objective.name == "sentence-label" and source.corpus.labels is None:
        raise ProblemError(missing_labels(source.corpus))
    check(source.config)
    done = run_steps(source, settings.steps)
    if settings.out is not None:
        write_table(
            settings.out, done.rows, source.vocabulary.tokens, source.config.table.padding_idx
        )
    summary = summarise(source.config, done, settings.out)
    sys.stdout.write((json.dumps(summary) if settings.json else _sentence(summary)) + "\n")
    return 0


def with_settings(source: Source, settings: Namespace) -> Source:
    """`source` with what the command line says; what it leaves out stays as it was."""
    config = source.config
    rows = config.table.num_embeddings
    if settings.padding_idx is not None and settings.padding_idx >= rows:
        raise ProblemError(OutOfBounds("padding_idx", settings.padding_idx, 0, rows - 1))
    table = replace(config.table, padding_idx=settings.padding_idx)
    optimizer = config.optimizer
    if settings.optimizer is not None and settings.optimizer != optimizer.name:
        # Rate, momentum and decay belong to the optimizer that the example chose.
        optimizer = default_optimizer(settings.optimizer)
        # SparseAdam takes nothing but sparse gradients, Adam and AdamW nothing but dense ones.
        needs_sparse = {"sparse-adam": True, "adam": False, "adamw": False}
        table = replace(table, sparse=needs_sparse.get(settings.optimizer, table.sparse))
    if settings.rate is not None:
        optimizer = replace(optimizer, rate=settings.rate)
    values = source.values
    if settings.dim is not None and settings.dim != table.embedding_dim:
        # Given rows fit one dimension only.
        fresh = Initialisation() if values is not None else table.initialisation
        table = replace(table, embedding_dim=settings.dim, initialisation=fresh)
        values = None
    objective = _objective(config.objective, settings)
    if objective.is_tied:
        table = replace(table, sparse=False)  # the softmax gives every row a gradient
    config = RunConfig(
        table,
        objective,
        optimizer,
        config.batch_size if settings.batch is None else settings.batch,
        config.seed if settings.seed is None else settings.seed,
    )
    return replace_fields(source, config=config, values=values)


def _objective(objective: ObjectiveConfig, settings: Namespace) -> ObjectiveConfig:
    if settings.objective is not None:
        objective = replace(objective, name=settings.objective)
    if settings.tied and objective.name != "next-word":
        raise ProblemError(CannotTie(objective.name))
    return replace(objective, tied=settings.tied or objective.tied)


def run_steps(source: Source, steps: int) -> Training:
    """Do `steps` steps in the engine, with a progress bar on standard error."""
    corpus = encode_corpus(source.corpus, source.vocabulary)
    losses: list[NDArray[np.float64]] = []
    with EngineClient() as engine:
        engine.build(source.config, corpus, source.values)
        start = time.perf_counter()
        tqdm.monitor_interval = 0  # its watching thread is for slow loops; frames come often
        with tqdm(total=steps, unit="step", file=sys.stderr, disable=None) as bar:
            for frame in engine.train(steps):
                new = frame.losses.numpy()
                losses.append(new)
                bar.update(len(new))
        seconds = time.perf_counter() - start
        return Training(np.concatenate(losses), np.array(engine.rows()), seconds)


def summarise(config: RunConfig, done: Training, out: Path | None) -> dict[str, object]:
    """What `--json` prints."""
    return {
        "first_loss": _number(done.losses[0]),
        "last_loss": _number(done.losses[-1]),
        "steps_per_second": round(len(done.losses) / max(done.seconds, 1e-9), 1),
        "steps": len(done.losses),
        "objective": config.objective.name,
        "tied": config.objective.is_tied,
        "optimizer": config.optimizer.name,
        "rate": config.optimizer.rate,
        "batch": config.batch_size,
        "seed": config.seed,
        "rows": config.table.num_embeddings,
        "dim": config.table.embedding_dim,
        "padding_idx": config.table.padding_idx,
        "out": None if out is None else str(out),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _sentence(summary: dict[str, object]) -> str:
    first, last = (
        "not finite" if value is None else shortest(np.float32(str(value)))
        for value in (summary["first_loss"], summary["last_loss"])
    )
    saved = f", saved in {summary['out']}" if summary["out"] else ""
    return (
        f"{summary['steps']} steps of {summary['objective']} with {summary['optimizer']}: "
        f"loss {first} → {last}, {summary['steps_per_second']} steps/s{saved}"
    )
