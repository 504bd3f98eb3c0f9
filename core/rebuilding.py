"""A run brought to any of its steps: from the nearest keyframe, and from there by training."""

from collections.abc import Iterator, Sequence

import torch
from msgspec.structs import replace

from core.changes import settings_after
from core.keyframes import KeyframeStore
from core.messages import Build, Event, SetCell
from core.trainer import Trainer


def rebuild(build: Build, keyframes: KeyframeStore) -> Iterator[Trainer]:
    """The trainer on its way to `build.step` steps with all events: yielded after every step.

    At the last it is there. A keyframe of a step before is taken, so that the last step is done
    here and its batch and gradients are known. Raises `ProblemError` if it can't be built.
    """
    found = keyframes.load_nearest(max(build.step - 1, 0), len(build.events))
    applied = found[0].events if found else 0
    config, corpus = settings_after(build.config, build.corpus, build.events[:applied])
    values = None if build.values is None else torch.from_numpy(build.values.numpy().copy())
    if found is not None and values is not None:
        # The table may have lost rows since, and the keyframe has them all.
        values = values[: config.table.num_embeddings]
    trainer = Trainer(config, corpus, values)
    if found is not None:
        keyframe, state = found
        trainer.load_state(keyframe.step, state)
    yield from _live(trainer, build.events[applied:], build.step)


def travel(
    trainer: Trainer, applied: int, build: Build, keyframes: KeyframeStore, step: int
) -> Iterator[Trainer]:
    """The same to `step`, any of the run's, from where `trainer` is if that is the nearest way.

    `applied` of the events of `build` are made in it. It is changed, or another takes its place.
    """
    events = tuple(event for event in build.events if event.step <= step)
    nearest = keyframes.nearest(step, len(events))
    from_here = trainer.step <= step and applied <= len(events)
    if from_here and (nearest is None or nearest.step <= trainer.step):
        yield from _live(trainer, events[applied:], step)
        return
    if nearest is not None and _only_cells(build.events, applied, nearest.events):
        # The settings are the same: only its state has to become another.
        loaded = keyframes.load_nearest(step, len(events))
        if loaded is not None and _only_cells(build.events, applied, loaded[0].events):
            keyframe, state = loaded
            trainer.load_state(keyframe.step, state)
            yield from _live(trainer, events[keyframe.events :], step)
            return
    yield from rebuild(replace(build, events=events, step=step), keyframes)


def _live(trainer: Trainer, events: Sequence[Event], step: int) -> Iterator[Trainer]:
    for event in events:
        yield from _until(trainer, event.step)
        trainer.apply(event.change)
    yield from _until(trainer, step)
    yield trainer


def _until(trainer: Trainer, step: int) -> Iterator[Trainer]:
    while trainer.step < step:
        trainer.table.lookups.take()  # those of the last step are shown with it
        trainer.advance()
        yield trainer


def _only_cells(events: Sequence[Event], one: int, other: int) -> bool:
    """Whether between two points of a history nothing but cells was changed."""
    between = events[min(one, other) : max(one, other)]
    return all(isinstance(event.change, SetCell) for event in between)
