"""Projects to save, made by really training."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.torch import load_file

from core.changes import settings_after
from core.config import ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from core.corpus import encode_corpus, parse_sentences
from core.keyframes import write_state
from core.machine import Machine
from core.messages import Change, Event, SetBatchSize, SetCell, SetCorpus, SetOptimizer
from core.project.contents import KeptState, Project, SavedList, SavedRun, Text
from core.project.view import Looked, View
from core.state_hashes import StateHash
from core.trainer import Trainer
from core.vocabulary import Vocabulary

FIRST = "the cat sat on the mat\nthe dog sat\n"
HERE = Machine("2.13.0", "AVX2", 1, "Linux x86_64")
OTHER = Machine("2.4.0", "AVX512", 9, "Windows AMD64")
SECOND = "the cat sat on the mat\na 고양이 sat\n"


def text_of(text: str, before: Text | None = None) -> Text:
    corpus = parse_sentences(text)
    vocabulary = (
        Vocabulary.build(corpus.sentences)
        if before is None
        else before.vocabulary.with_sentences(corpus.sentences)
    )
    return Text(text, vocabulary, encode_corpus(corpus, vocabulary), "animals.txt")


def changes(second: Text) -> list[tuple[int, Change]]:
    return [
        (2, SetOptimizer(OptimizerConfig("adam", 0.02))),
        (3, SetCell(3, 1, float("nan"))),
        (3, SetCell(3, 1, -0.0)),
        (4, SetBatchSize(5)),
        (4, SetCorpus(second.encoded, len(second.vocabulary))),
    ]


def trained(trainer: Trainer, events: tuple[Event, ...], step: int) -> list[float]:
    """Train to `step` with those of `events` that are still to come; the losses."""
    losses = []
    for event in [*events, None]:
        goal = step if event is None else event.step
        losses += [trainer.advance() for _ in range(goal - trainer.step)]
        if event is not None:
            trainer.apply(event.change)
    return losses


def project(folder: Path, optimizer: str = "adagrad", steps: int = 7) -> Project:
    """A run of `steps` steps with every kind of change, and its state at the end."""
    folder.mkdir(exist_ok=True)
    first = text_of(FIRST)
    second = text_of(SECOND, first)
    config = RunConfig(
        TableConfig(len(first.vocabulary), 4),
        ObjectiveConfig("skip-gram"),
        OptimizerConfig(optimizer, 0.1),  # type: ignore[arg-type] - a name
    )
    events = tuple(Event(step, change) for step, change in changes(second))
    trainer = Trainer(config, first.encoded)
    losses = trained(trainer, events, steps)
    state = KeptState(steps, len(events), folder / "kept.safetensors")
    write_state(state.path, trainer.state())
    run = SavedRun(
        config,
        0,
        None,
        events,
        steps,
        np.array(losses),
        (state,),
        {3: "a mark"},
        "the cat",
        name="first",
        hashes=(StateHash(2, 0, 77, OTHER), StateHash(steps, len(events), 2**32 - 1, HERE)),
    )
    return Project(
        (first, second),
        (run,),
        lists=(SavedList("animals", ("cat", "dog", "고양이"), 2),),
        looked=Looked(View(3, "held", (2, 1, 3), picked=("cat",), colour="norm")),
        machine=HERE,
    )


def with_run(made: Project, **fields: object) -> Project:
    """`made` with other `fields` in its only run."""
    return replace(made, runs=(replace(made.runs[0], **fields),))  # type: ignore[arg-type]


def trainer_of(read: Project) -> Trainer:
    """A trainer that goes on from the last state of the run that is open."""
    run = read.runs[read.current]
    state = run.states[-1]
    settings = settings_after(run.config, read.texts[run.text].encoded, run.events[: state.events])
    trainer = Trainer(*settings)
    trainer.load_state(state.step, load_file(state.path))
    return trainer
