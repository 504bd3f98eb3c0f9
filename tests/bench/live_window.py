"""The real window, training: steps per second, and the times between its frames.

V=1,000, D=32, batch 64, skip-gram, SGD. On a display if there is one, else without. How long the
engine takes to start is no part of it.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from core.config import ObjectiveConfig, OptimizerConfig
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

WARM_UP_MS = 2000


class Stopwatch(QObject):
    """Notes when the points were painted, and how far the training was.

    It begins when training has warmed up, and ends the application `seconds` later.
    """

    def __init__(self, session: Session, painted: QWidget, seconds: float) -> None:
        super().__init__()
        self._session, self._seconds = session, seconds
        self.times: list[float] = []
        self.step = 0
        painted.installEventFilter(self)
        session.frameShown.connect(self._warm_up)

    @Slot()
    def _warm_up(self) -> None:
        if self._step():
            self._session.frameShown.disconnect(self._warm_up)
            QTimer.singleShot(WARM_UP_MS, self.begin)

    @Slot()
    def begin(self) -> None:
        """Forget the warm-up."""
        self.times.clear()
        self.step = self._step()
        QTimer.singleShot(int(self._seconds * 1000), QApplication.quit)

    def measure(self) -> dict[str, float]:
        """Steps per second, and the 99th percentile between two paints, in ms."""
        between = np.diff(self.times) * 1000
        seconds = self.times[-1] - self.times[0]
        return {
            "steps_per_second": (self._step() - self.step) / seconds,
            "frame_p99": float(np.percentile(between, 99)),
            "frame_median": float(np.median(between)),
            "frame_worst": float(between.max()),
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times.append(time.perf_counter())
        return super().eventFilter(watched, event)

    def _step(self) -> int:
        shown = self._session.shown
        return 0 if shown is None else shown.step


def document() -> Document:
    """Sentences whose vocabulary has 1,000 rows with the two special ones."""
    text = sentences(998)
    return Document.of(text, Vocabulary.build(text.splitlines()))


def main(seconds: float) -> None:
    """Run the window for `seconds` after a warm-up."""
    if not os.environ.get("DISPLAY"):
        use_offscreen()
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        session = Session()
        window = Window(app, session, Settings(store), Faults())
        window.resize(1280, 800)
        window.show()
        session.show_document(document())
        session.set_objective(ObjectiveConfig("skip-gram"))
        session.set_optimizer(OptimizerConfig("sgd", 0.1))
        session.set_batch_size(64)
        table = session.config.table
        session.set_table(replace(table, embedding_dim=32))
        session.run()
        view = window.findChild(QWidget, "spaceView")
        stopwatch = Stopwatch(session, view, seconds)
        app.exec()
        assert session.shown is not None
        assert session.shown.rows.shape == (1000, 32)
        measured = stopwatch.measure()
        window.close()
    tell(**measured)


if __name__ == "__main__":
    main(float(sys.argv[1]))
    QApplication.quit()
