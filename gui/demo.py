"""`embedscope demo`: opens the real window without a display, trains, saves pictures and numbers.

With the same preset and steps the report is the same, byte for byte: all steps but the last are
asked for at once, the last alone, and nothing in it is measured.
"""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from core.presets import load_preset
from core.problems import AnyProblem, EngineFailed, FileUnreadable, ProblemError
from gui.app import make_application
from gui.faults import Faults
from gui.lookup_command import plain_row
from gui.session import Session
from gui.settings import Settings
from gui.theme import ThemeName, apply_theme
from gui.window import Window

PATIENCE = 60_000  # milliseconds without any news from the engine
SETTLING = 800  # milliseconds that flashes, arrows and a turning view take to come to rest


def run_demo(preset: str, steps: int, size: tuple[int, int], theme: ThemeName, out: Path) -> int:
    """Save `start.png`, `end.png` and `report.json` in `out`; the exit status.

    Raises `ProblemError` if the folder cannot be written or the engine refuses.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProblemError(FileUnreadable(str(out), error.strerror or str(error))) from error
    app = make_application()
    apply_theme(app, theme)
    with TemporaryDirectory(prefix="embedscope-") as folder:
        # The user's own layout shall neither show in the pictures nor be lost.
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        settings = Settings(store)
        settings.theme = theme
        session = Session()
        window = Window(app, session, settings, Faults())
        try:
            window.resize(*size)
            window.show()
            Demo(window, session, out).run(preset, steps)
        finally:
            window.close()
    return 0


class Demo(QObject):
    """Uses a window as a person would, and waits for what comes of it."""

    def __init__(self, window: Window, session: Session, out: Path) -> None:
        super().__init__(window)
        self._window, self._session, self._out = window, session, out
        self._problem: AnyProblem | None = None
        self._loop = QEventLoop(self)
        self._patience = QTimer(self)
        self._patience.setInterval(PATIENCE)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._give_up)
        session.problemRaised.connect(self._take_problem)
        session.frameShown.connect(self._look)
        self._goal: Callable[[], bool] = lambda: True

    def run(self, preset: str, steps: int) -> None:
        """Type the preset's sentence, do `steps` steps, and save before and after."""
        if preset != "article":
            self._session.open_example(preset)
        self._wait(self._is_at(0))
        self._type(load_preset(preset).line)
        self._settle()
        self._save_picture("start.png")
        before = self._rows()
        variance_before = self._explained()
        if steps > 1:
            self._session.step(steps - 1)
            self._wait(self._is_at(steps - 1))
        self._window.actions_.step.trigger()
        self._wait(self._is_at(steps))
        self._settle()
        self._save_picture("end.png")
        tokens = self._session.line_tokens
        report = {
            "preset": preset,
            "sentence": self._session.line,
            "step": steps,
            "tokens": [{"text": t.text, "id": t.id, "known": t.known} for t in tokens],
            "ids": [token.id for token in tokens],
            "rows_before": before,
            "rows_after": self._rows(),
            "losses": [float(loss) for loss in self._session.losses.losses],
            "explained_variance_before": variance_before,
            "explained_variance": self._explained(),
        }
        text = json.dumps(report, ensure_ascii=False, indent=2)
        self._save("report.json", lambda path: path.write_text(text + "\n", "utf-8") > 0)

    # ── what the window shows ─────────────────────────────────────────────────────────────────

    def _is_at(self, step: int) -> Callable[[], bool]:
        def is_there() -> bool:
            shown = self._session.shown
            return (
                shown is not None
                and shown.step == step
                and len(shown.rows) == len(self._session.vocabulary)
            )

        return is_there

    def _rows(self) -> list[list[float | None]]:
        shown = self._session.shown
        if shown is None:
            return []
        return [plain_row(shown.rows[token.id]) for token in self._session.line_tokens]

    def _explained(self) -> list[float | None]:
        shown = self._session.shown
        axes = () if shown is None else shown.projected.axes
        return [axis.explained if np.isfinite(axis.explained) else None for axis in axes]

    def _type(self, text: str) -> None:
        line = self._window.findChild(QLineEdit, "lineEdit")
        assert line is not None, "the window has a field to type in"
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)

    # ── waiting ───────────────────────────────────────────────────────────────────────────────

    def _wait(self, goal: Callable[[], bool]) -> None:
        self._goal = goal
        self._patience.start()
        if not goal() and self._problem is None:
            self._loop.exec()
        self._patience.stop()
        if self._problem is not None:
            raise ProblemError(self._problem)

    def _settle(self) -> None:
        # A loop of its own: a frame that arrives meanwhile must not end it.
        loop = QEventLoop()
        QTimer.singleShot(SETTLING, loop.quit)
        loop.exec()

    @Slot()
    def _look(self) -> None:
        self._patience.start()
        if self._goal():
            self._loop.quit()

    @Slot(object)
    def _take_problem(self, problem: AnyProblem) -> None:
        self._problem = problem
        self._loop.quit()

    @Slot()
    def _give_up(self) -> None:
        self._take_problem(EngineFailed("no step came for a minute"))

    # ── saving ────────────────────────────────────────────────────────────────────────────────

    def _save_picture(self, name: str) -> None:
        picture = self._window.grab()
        self._save(name, lambda path: picture.save(str(path)))

    def _save(self, name: str, write: Callable[[Path], bool]) -> None:
        path = self._out / name
        try:
            written = write(path)
        except OSError as error:
            raise ProblemError(FileUnreadable(str(path), error.strerror or str(error))) from error
        if not written:
            raise ProblemError(FileUnreadable(str(path), "it could not be written"))
