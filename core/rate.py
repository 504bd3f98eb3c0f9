"""How fast a run trains: over the last second."""

import time
from collections import deque

SECONDS = 1.0


class Rate:
    """Told now and then at which step a run is."""

    def __init__(self) -> None:
        self._measured: deque[tuple[float, int]] = deque()

    def forget(self) -> None:
        """Begin anew: the run has rested, or is elsewhere."""
        self._measured.clear()

    def at(self, step: int) -> float:
        """The steps per second until `step`, where it is now."""
        now = time.perf_counter()
        self._measured.append((now, step))
        while now - self._measured[0][0] > SECONDS and len(self._measured) > 2:
            self._measured.popleft()
        (begun, first), (_, last) = self._measured[0], self._measured[-1]
        return (last - first) / (now - begun) if now > begun else 0.0
