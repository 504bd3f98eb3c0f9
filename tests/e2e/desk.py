"""A person's hands and eyes at one window: what they press, and what they can copy from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.e2e.clipboard import Clipboard
from tests.e2e.program import Program
from tests.e2e.screen import Window

NOTHING = "nothing was copied"
MOST_TABS = 80
STRONG, ENOUGH = 60, 1000  # of 255 between the strongest and the weakest colour; pixels
IN_THE_TABLE = (90, 200)  # pixels from the right and upper sides, in windows of every size
IN_THE_LINE = (0.4, 94)  # of the width; pixels from above where the bar takes one row


class Row(NamedTuple):
    """A row of the table as it is copied; the values are text, as exact as on the screen."""

    id: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """A program whose window has the keyboard, and the clipboard beside it."""

    program: Program
    window: Window
    clipboard: Clipboard

    def copy(self, seconds: float = 3.0) -> str:
        """What Ctrl+C puts on the clipboard; `NOTHING` if the widget in focus copies nothing."""
        self.clipboard.text = NOTHING
        self.window.key("ctrl+c")
        try:
            return self.program.wait_until(self._copied, seconds, what="copy")
        except AssertionError:
            return NOTHING

    def _copied(self) -> str:
        text = self.clipboard.text
        return "" if text == NOTHING else text

    def copy_all(self) -> str:
        """The same after Ctrl+A."""
        self.window.key("ctrl+a")
        return self.copy()

    def wait_for_table(self) -> None:
        """Wait until the colours of its cells are on the screen; presses nothing."""
        left, top, width, _ = self.window.geometry
        rows = slice(top + IN_THE_TABLE[1] - 60, top + IN_THE_TABLE[1] + 100)
        columns = slice(left + width * 3 // 4, left + width)

        def colourful() -> bool:
            pixels = self.window.screen.pixels()[rows, columns].astype(np.int16)
            return int((np.ptp(pixels, axis=2) > STRONG).sum()) > ENOUGH

        self.program.wait_until(colourful, 60, what="cells of the table")

    def table(self) -> dict[str, Row]:
        """The rows by token; from now on the table has the focus and all its rows are picked."""
        _, _, width, _ = self.window.geometry

        def click_and_copy() -> dict[str, Row]:
            self.window.click(width - IN_THE_TABLE[0], IN_THE_TABLE[1])
            self.window.key("Escape")  # two clicks in a row open a cell's editor
            return rows_in(self.copy_all())

        return self.program.wait_until(click_and_copy, 60, what="rows of the table")

    def table_unlike(self, before: dict[str, Row]) -> dict[str, Row]:
        """The rows once any of them is not as `before`; the table must have the focus."""

        def changed() -> dict[str, Row]:
            rows = rows_in(self.copy_all())
            return {} if rows == before else rows

        return self.program.wait_until(changed, 60, what="another table")

    def reach(self, found: Callable[[str], bool]) -> None:
        """Press Tab until what Ctrl+A and Ctrl+C give is `found`."""
        for _ in range(MOST_TABS):
            self.window.key("Tab", "ctrl+a")
            if found(self.copy(seconds=0.3)):
                return
        raise AssertionError("not within reach of Tab")

    def focus_line(self) -> None:
        """Click into the typed line; the window must be wide, and have no message."""
        _, _, width, _ = self.window.geometry
        self.window.click(round(IN_THE_LINE[0] * width), IN_THE_LINE[1])

    def do(self, command: str) -> None:
        """Run a command of the menus, found by its name."""
        self.window.key("ctrl+k")
        self.window.type(command)
        self.window.key("Return")

    def wait_for_change(self, before: NDArray[np.uint8], box: tuple[slice, slice]) -> None:
        """Wait until the window's pixels in `box` (rows, columns) are not those of `before`."""
        left, top, width, height = self.window.geometry
        inside = (slice(top, top + height), slice(left, left + width))
        screen = self.window.screen
        self.program.wait_until(
            lambda: not np.array_equal(screen.pixels()[inside][box], before[box]),
            what="other pixels",
        )

    def wait_for_rest(self, looks: int = 12) -> None:
        """Wait until the screen stays as it is; a blinking cursor allows few looks."""
        seen: list[NDArray[np.uint8]] = []

        def at_rest() -> bool:
            seen.append(self.window.screen.pixels())
            del seen[:-looks]
            return len(seen) == looks and all(np.array_equal(seen[0], each) for each in seen)

        self.program.wait_until(at_rest, what="a picture at rest")

    def close(self) -> int:
        """Quit by key; the exit status."""
        self.window.key("ctrl+q")
        return self.program.wait_for_end()


def rows_in(text: str) -> dict[str, Row]:
    """The rows of a table as it was copied, by token; none if `text` is something else."""
    rows = {}
    for line in text.splitlines():
        number, *rest = line.split("\t")
        if not number.isdigit() or len(rest) < 2:
            return {}
        rows[rest[0]] = Row(int(number), tuple(rest[1:]))
    return rows
