"""A run brought to any of its steps: from the nearest keyframe, and from there by training.

Where its hashes tell that training comes to other bits than it did, that is `PartedError`, and the
trainer on its way is of no more use: `as_stored` gives one that is at a keyframe.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial

import torch
from msgspec.structs import replace
from torch import Tensor

from core.changes import settings_after
from core.keyframes import Keyframe, KeyframeStore
from core.messages import Build, Edit, Event
from core.replays import PartedError
from core.trainer import Trainer

LONG_SECONDS = 0.3  # of training again to where a state was kept


def rebuild(build: Build, keyframes: KeyframeStore) -> Iterator[Trainer]:
    """The trainer on its way to `build.step` steps with all events: yielded after every step.

    At the last it is there; nowhere is a change to the step it is at still to be made. A keyframe
    of a step before is taken, so that the last step is done here and its batch and gradients are
    known. If there is one of just this moment, it is taken if the way there is long. Raises
    `PartedError` if the way ends elsewhere than it did, as it may on another machine, and
    `ProblemError` if it can't be built.
    """
    moment = build.step, len(build.events)
    is_kept = keyframes.is_kept(*moment)
    begun = time.perf_counter()
    for trainer in _from_before(build, keyframes):
        yield trainer
        is_long = time.perf_counter() - begun > LONG_SECONDS
        if is_kept and is_long and trainer.step < build.step:
            state = keyframes.load_at(*moment)
            if state is not None:
                yield _as_kept(build, state)
                return
            is_kept = False  # it was damaged: there is only the long way
    state = keyframes.load_at(*moment) if is_kept else None
    if state is not None and not _is_same(trainer.state(), state):
        raise PartedError(build.step)


def as_stored(build: Build, keyframes: KeyframeStore, *, forward: bool = False) -> Trainer:
    """A trainer at the last keyframe of at most `build.step` steps; `forward`: the first after.

    Where there is none it is as the run began, if that comes out as it did, or at the first one.
    """
    for keyframe in _stored(build, keyframes, forward=forward):
        if keyframe is None:
            with suppress(PartedError):
                *_, trainer = _from_before(replace(build, step=0), keyframes)
                return trainer
            continue
        state = keyframes.load(keyframe)
        if state is not None:
            events = [event for event in build.events if event.step <= keyframe.step]
            there = replace(build, events=tuple(events[: keyframe.events]), step=keyframe.step)
            trainer = _as_kept(there, state)
            for event in events[keyframe.events :]:
                trainer.apply(event.change)
            return trainer
    return _begun(build)


def _stored(build: Build, keyframes: KeyframeStore, *, forward: bool) -> Iterator[Keyframe | None]:
    """The keyframes to be tried, the best first, and None for the beginning.

    One that is tried and turns out to be damaged is deleted.
    """
    events = sum(event.step <= build.step for event in build.events)
    if forward:
        yield from _each(partial(keyframes.next, build.step))
    yield from _each(partial(keyframes.nearest, build.step, events))
    yield None
    yield from _each(partial(keyframes.next, build.step))


def _each(found: Callable[[], Keyframe | None]) -> Iterator[Keyframe]:
    while (keyframe := found()) is not None:
        yield keyframe


def _is_same(now: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> bool:
    """Whether both hold the same bits."""
    return now.keys() == state.keys() and all(
        value.dtype == state[name].dtype and torch.equal(_bits(value), _bits(state[name]))
        for name, value in now.items()
    )


def _bits(value: Tensor) -> Tensor:
    """`value` as bytes, so that NaN equals itself."""
    return value.detach().contiguous().reshape(-1).view(torch.uint8)


def _as_kept(build: Build, state: dict[str, Tensor]) -> Trainer:
    """A trainer with the very `state` that was kept at the end of `build`."""
    trainer = _fresh(build, len(build.events), shrunk=True)
    trainer.load_state(build.step, state)
    if not any(event.step == build.step for event in build.events):  # its settings were others
        trainer.redraw()
    return trainer


def _from_before(build: Build, keyframes: KeyframeStore) -> Iterator[Trainer]:
    found = keyframes.load_nearest(max(build.step - 1, 0), len(build.events))
    applied = found[0].events if found else 0
    trainer = _fresh(build, applied, shrunk=found is not None)
    if found is None:
        keyframes.pass_by(0, 0, trainer.state)
    else:
        keyframe, state = found
        trainer.load_state(keyframe.step, state)
    yield from live(trainer, applied, build, keyframes, build.step)


def _fresh(build: Build, applied: int, *, shrunk: bool) -> Trainer:
    """A trainer with the settings after the first `applied` events.

    The table may be `shrunk`, and have fewer rows than were given: its state is still to come.
    """
    config, corpus = settings_after(build.config, build.corpus, build.events[:applied])
    values = _given(build)
    if shrunk and values is not None:
        values = values[: config.table.num_embeddings]
    return Trainer(config, corpus, values)


def _begun(build: Build) -> Trainer:
    """A trainer before the first step, with the changes made there."""
    trainer = _fresh(build, 0, shrunk=False)
    for event in build.events:
        if event.step == 0:
            trainer.apply(event.change)
    return trainer


def _given(build: Build) -> Tensor | None:
    """The given rows of `build`, if any, which whoever trains on them copies first."""
    if build.values_file is not None:
        return torch.from_numpy(build.values_file.rows())
    return None if build.values is None else torch.from_numpy(build.values.numpy().copy())


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
        yield from live(trainer, applied, build, keyframes, step)
        return
    if nearest is not None and _only_edits(build.events, applied, nearest.events):
        # The settings are the same: only its state has to become another.
        loaded = keyframes.load_nearest(step, len(events))
        if loaded is not None and _only_edits(build.events, applied, loaded[0].events):
            keyframe, state = loaded
            trainer.load_state(keyframe.step, state)
            yield from live(trainer, keyframe.events, build, keyframes, step)
            return
    yield from rebuild(replace(build, events=events, step=step), keyframes)


def live(
    trainer: Trainer, applied: int, build: Build, keyframes: KeyframeStore, step: int
) -> Iterator[Trainer]:
    """The same, from where `trainer` is and by training alone."""
    for number, event in enumerate(build.events[applied:], applied):
        if event.step > step:
            break
        yield from _until(trainer, number, keyframes, event.step)
        trainer.apply(event.change)
        keyframes.pass_by(trainer.step, number + 1, trainer.state)
        applied = number + 1
    yield from _until(trainer, applied, keyframes, step)
    yield trainer


def _until(
    trainer: Trainer, applied: int, keyframes: KeyframeStore, step: int
) -> Iterator[Trainer]:
    while trainer.step < step:
        trainer.table.lookups.take()  # those of the last step are shown with it
        trainer.advance()
        keyframes.pass_by(trainer.step, applied, trainer.state)
        if trainer.step < step:
            yield trainer


def _only_edits(events: Sequence[Event], one: int, other: int) -> bool:
    """Whether between two points of a history nothing but values was changed."""
    between = events[min(one, other) : max(one, other)]
    return all(isinstance(event.change, Edit) for event in between)
