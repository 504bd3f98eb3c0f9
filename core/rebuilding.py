"""A run brought back from its history: the nearest keyframe, and from there by training."""

from collections.abc import Iterator

import torch

from core.changes import settings_after
from core.keyframes import KeyframeStore
from core.messages import Build
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
    for event in build.events[applied:]:
        yield from _until(trainer, event.step)
        trainer.apply(event.change)
    yield from _until(trainer, build.step)
    yield trainer


def _until(trainer: Trainer, step: int) -> Iterator[Trainer]:
    while trainer.step < step:
        trainer.table.lookups.take()  # those of the last step are shown with it
        trainer.advance()
        yield trainer
