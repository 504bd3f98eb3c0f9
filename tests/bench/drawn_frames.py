"""Space as the window has it, painting one frame after another: how long each takes.

`python -m tests.bench.drawn_frames WHAT POINTS FRAMES`, WHAT being
- `moving`: all points move, in 2-D, and all are coloured anew;
- `beside`: the same, and after some frames each time pyqtgraph's scatter gets such points;
- `turning`: a 3-D view of coloured points is turned;
- `trained`: every row of a table of 64 columns changes, is projected on held axes, and painted.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pyqtgraph
from PySide6.QtWidgets import QApplication

from core.projection import LiveProjection, Wanted
from gui import palettes
from gui.app import make_application
from gui.canvas.space_scene import Scene
from gui.canvas.space_view import SpaceView
from gui.canvas.tints import Scale, Tints
from gui.offscreen import use_offscreen
from gui.theme import LIGHT, apply_theme
from tests.bench.processes import tell

SIZE = 920, 480  # of Space in a window of 1,920 × 1,080
WARM_UP = 3
IN_TURN = 10  # frames, between one turn of the rival and the next; even, so that each is new
FRAME = 1 / 60


class Frames:
    """The widget, and points and colours that are others with every frame."""

    def __init__(self, points: int, dimensions: int = 2) -> None:
        generator = np.random.default_rng(0)
        self.points = [
            generator.standard_normal((points, dimensions), np.float32) for _ in range(2)
        ]
        self.tints = [_tints(generator.integers(0, 255, points, np.uint8)) for _ in range(2)]
        self.view = SpaceView()
        self.view.resize(*SIZE)
        self.view.show()
        QApplication.processEvents()

    def paint(self, number: int, points: np.ndarray | None = None) -> None:
        """Show frame `number` as a running training does, and paint it."""
        if points is None:
            points = self.points[number % 2]
        scene = Scene(
            points,
            tuple(f"PC {axis + 1}" for axis in range(points.shape[1])),
            running=True,
            name_of="word {}".format,
            tints=self.tints[number % 2],
        )
        self.view.show_scene(scene)
        self.view.repaint()


def _tints(codes: np.ndarray) -> Tints:
    return Tints(codes, palettes.ramp(LIGHT), "Norm", Scale("0.25", "7.5"))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def moving(points: int, count: int) -> dict[str, float]:
    """Seconds of a frame."""
    frames = Frames(points)
    times = [_seconds(lambda: frames.paint(number)) for number in range(count + WARM_UP)]  # noqa: B023 - now
    return {"frame": statistics.median(times[WARM_UP:])}


def beside(points: int, count: int) -> dict[str, float]:
    """Seconds of a frame, and of `ScatterPlotItem.setData`, which paints nothing yet."""
    frames = Frames(points)
    plot, scatter = pyqtgraph.PlotWidget(), pyqtgraph.ScatterPlotItem(size=3, pen=None)
    plot.resize(*SIZE)
    plot.addItem(scatter)
    plot.show()
    brushes = np.array([pyqtgraph.mkBrush(*rgb) for rgb in palettes.ramp(LIGHT).tolist()])
    colours = [brushes[tints.codes] for tints in frames.tints]
    ours, theirs = [], []
    for number in range(count):
        x, y = frames.points[number % 2].T
        brush = colours[number % 2]
        ours += [_seconds(lambda: frames.paint(frame)) for frame in range(IN_TURN)]  # noqa: B023 - now
        theirs.append(_seconds(lambda: scatter.setData(x=x, y=y, brush=brush)))  # noqa: B023
        QApplication.processEvents()
    return {"frame": statistics.median(ours), "rival": statistics.median(theirs)}


def turning(points: int, count: int) -> dict[str, float]:
    """Seconds from a turn of the view until it is painted."""
    frames = Frames(points, dimensions=3)
    frames.paint(0)

    def turn() -> None:
        frames.view.turn(0.02, 0.005)
        frames.view.repaint()

    times = [_seconds(turn) for _ in range(count + WARM_UP)]
    return {"frame": statistics.median(times[WARM_UP:])}


def trained(points: int, count: int) -> dict[str, float]:
    """Seconds from a table that has changed until it is painted, one thing after the other."""
    rows = np.random.default_rng(1).standard_normal((points, 64), np.float32)
    live, places = LiveProjection(policy="held"), np.arange(300)
    live.reset(rows, 0)
    frames = Frames(points)
    times = []
    for step in range(1, count + WARM_UP + 1):
        wanted = Wanted(len(rows), places, rows[places])
        rows *= np.float32(1.001)
        times.append(
            _seconds(
                lambda: frames.paint(step, live.update_all(rows, wanted, step, FRAME).points)  # noqa: B023
            )
        )
    return {"frame": statistics.median(times[WARM_UP:])}


def main(what: str, points: int, count: int) -> None:
    """Measure in a process of its own, set up as the window's is."""
    use_offscreen()
    app = make_application()
    apply_theme(app, "light")
    kinds = {"moving": moving, "beside": beside, "turning": turning, "trained": trained}
    tell(**kinds[what](points, count))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
