"""The application: one QApplication with its theme, one session, one window."""

import gc
import logging
import signal
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from threadpoolctl import threadpool_limits

from gui.autosaver import state_folder
from gui.collector import Collector
from gui.faults import Faults
from gui.heaps import share_heaps
from gui.session import Session
from gui.settings import Settings
from gui.theme import apply_theme
from gui.window import Window


def make_application() -> QApplication:
    """The application, named; there can be one in a process."""
    share_heaps()  # before there are threads
    app = QApplication(sys.argv[:1])
    app.setApplicationName("embedscope")
    app.setApplicationDisplayName("Embedscope")
    app.setDesktopFileName("embedscope")
    # BLAS threads spin for a while after each product. At 60 small ones a second they would never
    # sleep, and take a core from the engine.
    threadpool_limits(1, user_api="blas")
    # Some 200,000 objects of the modules live as long as the process: looking through them for
    # garbage again and again would stop the window for tens of milliseconds.
    gc.freeze()
    return app


def run_window(file: Path | None) -> int:
    """Show the window until it is closed; the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Python's own handler would run only when the next Qt event wakes it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = make_application()
    settings = Settings()
    apply_theme(app, settings.theme)
    faults = Faults()
    faults.install()
    collector = Collector(app)
    window = Window(app, Session(), settings, faults)
    window.show()
    window.projects.begin(state_folder())
    if file is not None:
        window.opener.open(file)
    status = app.exec()
    collector.end()
    faults.remove()
    return status
