"""Which step is to be shown next: one is on its way at a time, and the newest wish comes after."""

from collections.abc import Callable

from core.messages import Seek


class Seeks:
    """Keeps a dragged timeline from asking for more steps than are shown; `send` asks for one."""

    def __init__(self, send: Callable[[Seek], None]) -> None:
        self._send = send
        self._on_its_way: Seek | None = None
        self._wanted: Seek | None = None

    @property
    def busy(self) -> bool:
        """Whether a step is on its way."""
        return self._on_its_way is not None

    def want(self, seek: Seek) -> None:
        """Ask for `seek` now, or once the step that is on its way is shown."""
        if self._on_its_way is None:
            self._on_its_way = seek
            self._send(seek)
        else:
            self._wanted = seek

    def arrived(self) -> None:
        """The step asked for is shown: ask for the next, if any."""
        shown, self._on_its_way = self._on_its_way, None
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted != shown:
            self.want(wanted)

    def forget(self) -> None:
        """Nothing comes any more."""
        self._on_its_way = self._wanted = None
