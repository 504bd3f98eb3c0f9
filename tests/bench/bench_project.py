"""Saving a project, beside just writing as many bytes; opening it, beside just reading them."""

import os
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from core.config import ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from core.corpus import encode_corpus, parse_sentences
from core.keeping import Moment, keep
from core.project.contents import KeptState, Project, SavedRun, Text
from core.project.opening import read_project
from core.project.saving import write_project
from core.trainer import Trainer
from core.vocabulary import Vocabulary
from tests.bench import benchmark

ROWS, DIMENSION, TIMES = 100_000, 128, 5


@benchmark(
    f"save a project with a {ROWS:,} × {DIMENSION} table, the engine's part included",
    unit="× as long",
    rival="writing as many bytes",
    goal=2,
)
def saving() -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trainer, text = _trained()
        target = folder / "project.embedscope"

        state = folder / "state.safetensors"

        def save() -> None:
            keep(Moment(1, trainer.step, 0, trainer.state()), str(state))
            write_project(target, _project(trainer, text, state))

        save()
        content = os.urandom(target.stat().st_size)
        ratios = []
        for _ in range(TIMES):  # by turns: a disk is not as quick at any time
            plain = _seconds(lambda: _write(folder / "plain", content))
            state.unlink()  # as the window does when the project is whole
            ratios.append(_seconds(save) / plain)
        return float(np.median(ratios))


@benchmark(
    f"open a project with a {ROWS:,} × {DIMENSION} table, checked and unpacked",
    unit="ms",
)
def opening() -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trainer, text = _trained()
        state = folder / "state.safetensors"
        keep(Moment(1, trainer.step, 0, trainer.state()), str(state))
        target = folder / "project.embedscope"
        write_project(target, _project(trainer, text, state))
        taken = [
            _seconds(lambda number=number: read_project(target, folder / str(number)))
            for number in range(TIMES)
        ]
        return 1000 * float(np.median(taken))


@cache
def _trained() -> tuple[Trainer, Text]:
    words = [f"word{number}" for number in range(ROWS - 2)]
    lines = (" ".join(words[start : start + 10]) for start in range(0, len(words), 10))
    corpus = parse_sentences("\n".join(lines))
    vocabulary = Vocabulary.build(corpus.sentences)
    text = Text("\n".join(corpus.sentences), vocabulary, encode_corpus(corpus, vocabulary))
    config = RunConfig(
        TableConfig(len(vocabulary), DIMENSION, sparse=True),
        ObjectiveConfig("skip-gram"),
        OptimizerConfig("sgd", 10.0),
        batch_size=256,
    )
    trainer = Trainer(config, text.encoded)
    trainer.advance()
    return trainer, text


def _project(trainer: Trainer, text: Text, state: Path) -> Project:
    kept = KeptState(trainer.step, 0, state)
    run = SavedRun(trainer.config, 0, None, (), trainer.step, np.zeros(trainer.step), (kept,))
    return Project((text,), (run,))


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
