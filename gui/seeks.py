"""Which step is to be shown next: one is on its way at a time, and the newest wish comes after."""


class Seeks:
    """Keeps a dragged timeline from asking for more steps than are shown."""

    def __init__(self) -> None:
        self._on_its_way: int | None = None
        self._wanted: int | None = None

    @property
    def busy(self) -> bool:
        """Whether a step is on its way."""
        return self._on_its_way is not None

    def want(self, step: int) -> int | None:
        """`step` if it can be asked for now; None if it has to wait."""
        if self._on_its_way is None:
            self._on_its_way = step
            return step
        self._wanted = step
        return None

    def arrived(self) -> int | None:
        """The step asked for is shown; returns the next to ask for, if any."""
        shown, self._on_its_way = self._on_its_way, None
        wanted, self._wanted = self._wanted, None
        return None if wanted is None or wanted == shown else self.want(wanted)

    def forget(self) -> None:
        """Nothing comes any more."""
        self._on_its_way = self._wanted = None
