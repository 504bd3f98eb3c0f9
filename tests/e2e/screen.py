"""An X display of our own, its windows by xdotool, and its true pixels."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from struct import unpack_from

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from tests.e2e.waiting import wait_until

PICTURES = Path(__file__).parents[2] / "build" / "e2e"


class Screen:
    """A virtual display, 24 bits deep, in a process that `close` ends by its id.

    Xvfb keeps its picture in a file of `folder`, so reading the screen needs no further program
    and shows what a person would see. Left to itself it would begin anew whenever the last program
    has gone from it (an xdotool, while nothing else is there yet), and refuse whoever comes then.
    """

    def __init__(self, folder: Path, width: int, height: int) -> None:
        self._framebuffer = folder / "Xvfb_screen0"
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            [
                "Xvfb",
                *("-displayfd", str(writing)),
                *("-screen", "0", f"{width}x{height}x24"),
                *("-fbdir", str(folder)),
                *("-nolisten", "tcp"),
                "-noreset",
            ],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as chosen:  # closed by Xvfb once it is ready, or has failed
            number = chosen.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb ended with status {self._server.wait()}")
        self.display = f":{number}"

    def close(self) -> None:
        """End the X server."""
        self._server.terminate()
        self._server.wait(timeout=10)

    def xdotool(self, *arguments: str | int) -> str:
        """What one xdotool command prints; raises `CalledProcessError` if it fails."""
        return subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=os.environ | {"DISPLAY": self.display},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    def find_windows(self, title: str) -> "list[Window]":
        """The visible windows whose title matches the regular expression `title`."""
        try:
            ids = self.xdotool("search", "--onlyvisible", "--name", title).split()
        except subprocess.CalledProcessError:  # none
            return []
        return [Window(self, int(each)) for each in ids]

    def wait_for_window(
        self, title: str, timeout: float = 60.0, program: "subprocess.Popen[bytes] | None" = None
    ) -> "Window":
        """The first window whose title matches `title`, focused."""
        found = wait_until(
            lambda: self.find_windows(title), timeout, what=f"window {title}", program=program
        )
        found[0].focus()
        return found[0]

    def pixels(self) -> NDArray[np.uint8]:
        """The screen as it is now, (height, width, 3) red, green, blue."""
        data = self._framebuffer.read_bytes()
        # The X window dump format, X11/XWDFile.h: 32-bit big-endian fields, then the colours.
        fields = unpack_from(">25I", data)
        header_size, width, height, order = fields[0], fields[4], fields[5], fields[7]
        line_bytes, colours = fields[12], fields[19]
        start = header_size + 12 * colours
        lines = np.frombuffer(data, np.uint8, height * line_bytes, start)
        pixels = lines.reshape(height, line_bytes // 4, 4)[:, :width]
        return np.ascontiguousarray(pixels[..., 1:] if order else pixels[..., 2::-1])


@dataclass(frozen=True)
class Window:
    """A window by its X id; places are pixels from its upper left corner."""

    screen: Screen
    id: int

    def focus(self) -> None:
        """Give it the keyboard; there is no window manager that would."""
        self.screen.xdotool("windowfocus", "--sync", self.id)

    def type(self, text: str) -> None:
        """Press the keys of `text`, one after the other.

        xdotool borrows a key for each letter that the keyboard lacks, and a program that has not
        heard of it yet misses the letter: at 15 ms every second Korean line lost one, at 100 none.
        """
        delay = 15 if text.isascii() else 150
        self.screen.xdotool("type", "--delay", delay, "--", text)

    def key(self, *keys: str) -> None:
        """Press keys by their X names, such as `ctrl+Return`."""
        self.screen.xdotool("key", "--delay", 15, *keys)

    def move_to(self, x: int, y: int) -> None:
        """Move the pointer."""
        self.screen.xdotool("mousemove", "--sync", "--window", self.id, x, y)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move the pointer and press a button: 1 left, 3 right, 4 and 5 the wheel."""
        self.screen.xdotool("mousemove", "--window", self.id, x, y, "click", button)

    def resize(self, width: int, height: int) -> None:
        """Give it a size, and wait until it has it."""
        self.screen.xdotool("windowsize", "--sync", self.id, width, height)

    def move(self, left: int, top: int) -> None:
        """Give it a place on the screen."""
        self.screen.xdotool("windowmove", self.id, left, top)

    def exists(self) -> bool:
        """Whether it is still on the display."""
        try:
            self.screen.xdotool("getwindowname", self.id)
        except subprocess.CalledProcessError:
            return False
        return True

    @property
    def title(self) -> str:
        """What its title bar would say."""
        return self.screen.xdotool("getwindowname", self.id).rstrip("\n")

    @property
    def geometry(self) -> tuple[int, int, int, int]:
        """Left, top, width, height on the screen."""
        lines = self.screen.xdotool("getwindowgeometry", "--shell", self.id).splitlines()
        found = dict(line.split("=", 1) for line in lines)
        return int(found["X"]), int(found["Y"]), int(found["WIDTH"]), int(found["HEIGHT"])

    def pixels(self) -> NDArray[np.uint8]:
        """What the screen shows where the window is, (height, width, 3)."""
        left, top, width, height = self.geometry
        return self.screen.pixels()[max(top, 0) : top + height, max(left, 0) : left + width]

    def save_picture(self, name: str) -> Path:
        """Save what is on the screen there as build/e2e/NAME.png."""
        pixels = np.ascontiguousarray(self.pixels())
        height, width, _ = pixels.shape
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        if not image.save(str(path)):
            raise OSError(f"cannot write {path}")
        return path
