"""How long work tells how far it is, and how it is asked to stop."""

from collections.abc import Callable

Progress = Callable[[int, int], bool]
"""Called with (done, total) in a unit of the work's own; returns False to stop the work."""


class Cancelled(Exception):  # noqa: N818 (not an error: someone asked for it)
    """The work was stopped by its progress callback and left nothing behind."""


def report(progress: Progress | None, done: int, total: int) -> None:
    """Tell `progress`, if there is one; raises `Cancelled` if it returns False."""
    if progress is not None and not progress(done, total):
        raise Cancelled
