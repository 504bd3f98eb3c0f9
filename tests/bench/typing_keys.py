"""The time from a key to the painted cards: vocabulary of 100,000, a line of 200 tokens."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

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

WORDS, TOKENS, KEYS = 100_000, 200, 60


def main() -> None:
    """Type into the real window's line, and time each key until the strip has been painted."""
    use_offscreen()
    app = make_application()
    text = sentences(WORDS, count=15_000)
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        session = Session()
        window = Window(app, session, Settings(store), Faults())
        window.resize(1280, 800)
        window.show()
        session.show_document(Document.of(text, Vocabulary.build(text.splitlines())))
        while session.shown is None or len(session.shown.rows) < WORDS:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        line = window.findChild(QLineEdit, "lineEdit")
        strip = window.findChild(QWidget, "tokenStrip")
        assert line is not None
        assert strip is not None
        line.setText(" ".join(f"w{n * 37}" for n in range(TOKENS)))
        app.processEvents()
        taken = []
        for number in range(KEYS):
            begun = time.perf_counter()
            QTest.keyClick(line, Qt.Key.Key_1 if number % 2 else Qt.Key.Key_Backspace)
            strip.repaint()
            taken.append((time.perf_counter() - begun) * 1000)
            app.processEvents()
        window.close()
    tell(median=statistics.median(taken), worst=max(taken))


if __name__ == "__main__":
    sys.exit(main())
