"""A film of a run, written frame by frame: an animated GIF, an MP4 video, or a folder of PNGs.

Pillow and PyAV do the encoding; they are loaded when the first film is written. No more than one
frame is held, however long the film is, and a film is there whole or not at all.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from fractions import Fraction
from importlib.util import find_spec
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.whole_file import refusals_of, whole_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

Kind = Literal["gif", "mp4", "png"]
Frame = NDArray[np.uint8]  # (H, W, 3): red, green, blue

KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_PER_SECOND = {"gif": 50, "mp4": 60, "png": 60}  # a GIF counts time in hundredths of a second
INSTALL_MP4 = "pip install av"
COLOURS = 256  # of a GIF's frame
QUALITY = "18"  # x264's rate factor: nothing of thin lines and small letters is lost to the eye


def is_available(kind: Kind) -> bool:
    """Whether what writes `kind` is installed."""
    return kind != "mp4" or find_spec("av") is not None


def write_film(path: Path, kind: Kind, frames: Iterable[Frame], per_second: int) -> Path:
    """Write `frames`, all of one size (for "mp4" an even one), as `path`; returns `path`.

    What `frames` raises is raised, and leaves nothing behind; what the system refuses is
    `ProblemError(FileUnreadable)`. "png" makes a new folder, and shows nothing of `per_second`.
    """
    first, rest = _divided(frames)
    with refusals_of(path):
        if kind == "png":
            _write_folder(path, chain((first,), rest))
            return path
        with whole_bytes(path) as file:
            if kind == "gif":
                _write_gif(file, first, rest, per_second)
            else:
                _write_mp4(file, first, rest, per_second)
    return path


def _divided(frames: Iterable[Frame]) -> tuple[Frame, Iterator[Frame]]:
    rest = iter(frames)
    first = next(rest, None)
    if first is None:
        raise ValueError("a film has one frame or more")
    return first, rest


# ── GIF ───────────────────────────────────────────────────────────────────────────────────────


def _write_gif(file: IO[bytes], first: Frame, rest: Iterator[Frame], per_second: int) -> None:
    """What changed since the frame before, each time with colours of its own.

    Pillow's `save_all` would keep every frame until the last has come.
    """
    from PIL.GifImagePlugin import getdata, getheader

    image = _in_few_colours(first)
    header, _ = getheader(image, info={"loop": 0, "optimize": False})
    for part in header:
        file.write(part)
    before, (height, width, _) = first, first.shape
    for number, frame in enumerate(chain((first,), rest)):
        top, bottom, left, right = _changed(before, frame) if number else (0, height, 0, width)
        image = _in_few_colours(frame[top:bottom, left:right])
        # Rounded where it ends, so that the film as a whole lasts as long as it should.
        hundredths = round(100 * (number + 1) / per_second) - round(100 * number / per_second)
        for part in getdata(
            image, (left, top), duration=10 * hundredths, include_color_table=True, disposal=1
        ):
            file.write(part)
        before = frame
    file.write(b";")


def _changed(before: Frame, frame: Frame) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of what differs; one pixel where nothing does."""
    differs = (before != frame).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _in_few_colours(frame: Frame) -> "Image":
    from PIL.Image import Dither

    # No dithering: its grain would change from frame to frame.
    return _image(frame).quantize(COLOURS, dither=Dither.NONE)


def _image(frame: Frame) -> "Image":
    from PIL.Image import fromarray

    return fromarray(np.ascontiguousarray(frame))


# ── MP4 ───────────────────────────────────────────────────────────────────────────────────────


def _write_mp4(file: IO[bytes], first: Frame, rest: Iterator[Frame], per_second: int) -> None:
    import av

    height, width, _ = first.shape
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264", rate=Fraction(per_second), options={"crf": QUALITY, "preset": "veryfast"}
        )
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p"  # the one that every player shows
        for frame in chain((first,), rest):
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


# ── PNG ───────────────────────────────────────────────────────────────────────────────────────


def _write_folder(path: Path, frames: Iterable[Frame]) -> None:
    """Frame 1 is the first; a folder of that name must be empty, if there is one."""
    unfinished = path.with_name(f".embedscope-{os.urandom(6).hex()}.part")
    unfinished.mkdir()
    try:
        for number, frame in enumerate(frames, 1):
            content = BytesIO()  # given a file, Pillow hides the system's word for an error
            _image(frame).save(content, "png")
            (unfinished / f"frame-{number:06}.png").write_bytes(content.getvalue())
        if path.is_dir():
            path.rmdir()  # refused unless it is empty
        unfinished.rename(path)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
