"""The real window with a large table, training: its longest stall, and the memory it takes.

`python -m tests.bench.large_window ROWS DIMENSION SECONDS` trains with the settings offered for
such a table, all points shown, coloured and named. A stall is the time between two rounds of the
event loop that a timer without a pause could have had.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer, Slot

from core.vocabulary import Vocabulary
from gui.app import make_application
from gui.document import Document
from gui.faults import Faults
from gui.offscreen import use_offscreen
from gui.session import Session
from gui.settings import Settings
from gui.window import Window
from tests.bench.made_up_text import sentences
from tests.bench.processes import tell

LENGTH = 8  # words of a sentence
SETTLE = 3  # seconds of training before the measurement


class Pulse(QObject):
    """Notes when the event loop comes round; nothing else happens in it."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    @Slot()
    def _beat(self) -> None:
        self.times.append(time.perf_counter())

    def between(self) -> np.ndarray:
        """Milliseconds from each round to the next."""
        return np.diff(self.times) * 1000


def proportional_bytes() -> int:
    """The memory of this process; of pages that n processes share, an n-th part (Linux)."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise OSError("no Pss in /proc/self/smaps_rollup")


def main(rows: int, dimension: int, seconds: float) -> None:
    """Train for `seconds`, and tell what it took."""
    if not os.environ.get("DISPLAY"):
        use_offscreen()
    app = make_application()
    text = sentences(rows - 2, max(20_000, -(-rows // LENGTH)), LENGTH)
    vocabulary = Vocabulary.build(text.splitlines())

    def wait(until) -> None:
        while not until():
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        session = Session()
        window = Window(app, session, Settings(store), Faults())
        window.resize(1280, 800)
        window.show()
        session.show_document(Document.of(text, vocabulary))
        session.set_table(replace(session.config.table, embedding_dim=dimension))
        session.colouring.choose("norm")
        wait(lambda: session.shown is not None and session.shown.rows.shape == (rows, dimension))
        session.run()
        begun = time.perf_counter()
        wait(lambda: time.perf_counter() > begun + SETTLE)
        pulse, step = Pulse(), session.shown.step
        begun = time.perf_counter()
        wait(lambda: time.perf_counter() > begun + seconds)
        between = pulse.between()
        steps = session.shown.step - step
        memory = proportional_bytes()
        table = session.shown.rows.nbytes
        window.close()
    tell(
        longest_stall=float(between.max()),
        stall_p99=float(np.percentile(between, 99)),
        steps_per_second=steps / seconds,
        memory_over_table=memory / table,
        memory=memory,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
