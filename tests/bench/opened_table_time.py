"""How long it takes from opening a large table until its points are on screen.

`python -m tests.bench.opened_table_time ROWS DIMENSION` writes a .npy file, reads it once, and
opens it in the real window as by drag and drop; the question how it shall be opened is answered at
once. Each time the file is read from the disk, not from the system's cache of it.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtWidgets import QDialogButtonBox

from gui.app import make_application
from gui.faults import Faults
from gui.offscreen import use_offscreen
from gui.session import Session, State
from gui.settings import Settings
from gui.window import Window
from tests.bench.processes import tell

PIECE = 2**16  # rows drawn at a time


def write(path: Path, rows: int, dimension: int) -> None:
    """A table of random numbers."""
    generator = np.random.default_rng(0)
    table = np.lib.format.open_memmap(path, "w+", np.float32, (rows, dimension))
    for start in range(0, rows, PIECE):
        piece = table[start : start + PIECE]
        piece[:] = generator.standard_normal(piece.shape, np.float32)
    table.flush()


def forget(path: Path) -> None:
    """Have the system drop what it holds of the file (Linux)."""
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def read_once(path: Path) -> float:
    """Seconds to read the whole file into memory."""
    begun = time.perf_counter()
    np.load(path)
    return time.perf_counter() - begun


def main(rows: int, dimension: int) -> None:
    """Open the table, and tell how long it took."""
    if not os.environ.get("DISPLAY"):
        use_offscreen()
    app = make_application()

    def wait(until) -> None:
        while not until():
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.npy"
        write(path, rows, dimension)
        forget(path)
        reading = read_once(path)
        forget(path)
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        session = Session()
        window = Window(app, session, Settings(store), Faults())
        window.resize(1280, 800)
        window.show()
        wait(lambda: session.state is State.PAUSED)
        begun = time.perf_counter()
        tables = window.opener.tables
        window.opener.open(path)
        wait(lambda: tables.dialog is not None)
        tables.dialog.findChild(QDialogButtonBox).button(
            QDialogButtonBox.StandardButton.Open
        ).click()
        wait(lambda: len(session.shown.rows) >= rows)
        window.repaint()
        opening = time.perf_counter() - begun
        tell(reading=reading, opening=opening)
        window.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
