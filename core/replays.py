"""Steps that are done again, and the hashes that tell whether they come out as they did."""

import platform
import zlib
from bisect import bisect_left
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import torch
from torch import Tensor

from core.machine import Machine
from core.state_hashes import (
    MOST,
    Moment,
    StateHash,
    append_hash,
    handovers,
    read_hashes,
    write_hashes,
)

State = Mapping[str, Tensor]


class PartedError(Exception):
    """Steps that were done again came, at `step`, to other bits than the first time."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


def this_machine() -> Machine:
    """What this process computes with."""
    return Machine(
        str(torch.__version__),
        torch.backends.cpu.get_cpu_capability(),
        torch.get_num_threads(),
        f"{platform.system()} {platform.machine()}",
    )


def hash_of(state: State) -> int:
    """The CRC-32 of all bytes of `state`, with their names, types and shapes.

    It tells every change within 32 bits in a row from none, and of others all but one in 2³². The
    digests of hashlib tell no more of accidents, and take 5 times as long.
    """
    found = 0
    for name in sorted(state):
        value = state[name].detach().contiguous()
        found = zlib.crc32(f"{name} {value.dtype} {tuple(value.shape)}".encode(), found)
        found = zlib.crc32(value.reshape(-1).view(torch.uint8).numpy().data, found)
    return found


class Replays:
    """The hashes of one run, and where doing its steps again was seen to come out otherwise.

    What this machine made, it makes again. Of what another made, a step is believed once the next
    hash after it was met.
    """

    def __init__(self, folder: Path, machine: Machine | None = None) -> None:
        """Those in `folder` are known; `machine` is the one that computes here."""
        self._folder = folder
        self._machine = machine or this_machine()
        self._known = {each.moment: each for each in read_hashes(folder)}
        self._moments = sorted(self._known)
        self._met: set[Moment] = set()
        self._parted: set[Moment] = set()

    def note(self, step: int, events: int, state: State) -> None:
        """Write down the hash of `state`, unless one of that moment is known."""
        moment = step, events
        if moment in self._known:
            return
        made = StateHash(step, events, hash_of(state), self._machine)
        append_hash(self._folder, made)
        self._known[moment] = made
        self._moments.insert(bisect_left(self._moments, moment), moment)
        if len(self._moments) > MOST:
            self._thin()

    def knows(self, step: int, events: int) -> bool:
        """Whether there is a hash of this moment."""
        return (step, events) in self._known

    def is_as_noted(self, step: int, events: int, state: State) -> bool:
        """Whether `state` has the hash of its moment, or there is none."""
        known = self._known.get((step, events))
        return known is None or known.value == hash_of(state)

    def require_same(self, step: int, events: int, state: Callable[[], State]) -> None:
        """Raise `PartedError` unless the `state` that steps done again came to is as it was."""
        moment = step, events
        if moment not in self._known:
            return
        if not self.is_as_noted(step, events, state()):
            self._parted.add(moment)
            raise PartedError(step)
        self._met.add(moment)

    def next_unproven(self, step: int) -> Moment | None:
        """The hash that has to be met before `step` is believed; None if it is believed."""
        place = bisect_left(self._moments, (step, 0))
        if place == len(self._moments):
            return None
        moment = self._moments[place]
        is_ours = self._known[moment].machine.computes_like(self._machine)
        return None if is_ours or moment in self._met else moment

    def require_way(self, begun: Moment, goal: Moment) -> None:
        """Raise `PartedError` if the way from the kept state `begun` to `goal` is known to part."""
        parted = [moment for moment in self._parted if begun < moment <= goal]
        if parted:
            raise PartedError(min(parted)[0])

    def needed(self) -> set[Moment]:
        """The moments from which one machine went on where another had come to."""
        return handovers([self._known[moment] for moment in self._moments])

    def is_beyond(self, step: int) -> bool:
        """Whether `step` is later than every hash."""
        return not self._moments or self._moments[-1][0] < step

    def forget_after(self, step: int, events: int) -> None:
        """Forget the hashes of a future that will not come: later steps or other events."""
        kept = [each for each in self._moments if each[0] <= step and each[1] <= events]
        if len(kept) < len(self._moments):
            self._keep(kept)

    def _thin(self) -> None:
        needed = self.needed()
        odd = set(self._moments[1::2]) - needed
        self._keep([moment for moment in self._moments if moment not in odd])

    def _keep(self, moments: list[Moment]) -> None:
        self._moments = moments
        self._known = {moment: self._known[moment] for moment in moments}
        self._met.intersection_update(self._known)
        self._parted.intersection_update(self._known)
        with suppress(OSError):  # a full disk: whoever reads too many forgets them again
            write_hashes(self._folder, self._known.values())
