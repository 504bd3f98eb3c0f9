"""The run as a plain PyTorch script, made anew as it changes; the lines of a step light up."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.script.history import History
from core.script.writer import Part, Script, write_script
from gui.canvas.code_view import CodeView
from gui.elided_label import ElidedLabel
from gui.numbers import as_computed
from gui.script_source import history_of
from gui.session import Session, State
from gui.theme import SPACING
from gui.throttle import Throttle

PARTS: tuple[Part, ...] = ("batch", "lookup", "loss", "backward", "step")
PART_MS = 220  # that each part of a single step is lit
REDRAW_MS = 100


class CodePanel(QWidget):
    """Shows the script while it is looked at; a single step is walked through part by part."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codePanel")
        self._session = session
        self._history: History | None = None
        self._script: Script | None = None
        self._walked = 0  # parts of the step that have been lit
        self._compose()
        self._walk = QTimer(self)
        self._walk.setInterval(PART_MS)
        self._walk.timeout.connect(self._light_next)
        self._due = Throttle(REDRAW_MS, self)
        self._due.due.connect(self._show)
        for changed in (session.frameShown, session.configChanged, session.stateChanged):
            changed.connect(self._follow)

    def _compose(self) -> None:
        self._note = ElidedLabel()
        self._note.set_text(self.tr("The script appears when the table is ready."))
        self._note.setObjectName("codeNote")
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.setObjectName("codeCopy")
        self._copy.setAccessibleName(self.tr("Copy the script"))
        self._copy.clicked.connect(self._copy_script)
        self.save = QPushButton(self.tr("Export…"))
        self.save.setObjectName("codeSave")
        self.save.setAccessibleName(self.tr("Export the script or a notebook"))
        self.view = CodeView(self)
        self.view.setObjectName("codeView")
        self.view.setAccessibleName(self.tr("This run as a PyTorch script"))
        head = QHBoxLayout()
        head.setContentsMargins(SPACING, 0, SPACING, 0)
        head.addWidget(self._note, 1)
        head.addWidget(self._copy)
        head.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING // 2, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addLayout(head)
        column.addWidget(self.view, 1)

    # ── following ─────────────────────────────────────────────────────────────────────────────

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._due.now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._walk.stop()

    @Slot()
    def _follow(self) -> None:
        if self.isVisible():
            self._due.ask()

    @Slot()
    def _show(self) -> None:
        history = history_of(self._session)
        if history is None or not self.isVisible():
            return
        before, self._history = self._history, history
        running = self._session.state is State.RUNNING
        # While it runs only the number of steps changes, and nobody could read it.
        if self._script is None or not running or not _same_run(before, history):
            first = self._script is None
            self._script = write_script(history)
            self.view.show_code(self._script.text)
            if first:  # what happens in a step is in the loop, near the end
                self.view.show_line(self._script.parts["loss"])
        steps = f"{history.steps:,}"
        self._note.set_text(
            self.tr("This run in PyTorch, bit for bit, to step {steps}").format(steps=steps)
        )
        single = before is not None and history.steps == before.steps + 1 and not running
        self._walked = 0 if single else len(PARTS)
        if single:
            self._walk.start()
        self._light()

    @Slot()
    def _light_next(self) -> None:
        self._walked += 1
        if self._walked >= len(PARTS):
            self._walk.stop()
        self._light()

    def _light(self) -> None:
        shown, script = self._session.shown, self._script
        if script is None or shown is None or not shown.step:
            self.view.light((), {})
            return
        whole = self._walked >= len(PARTS)
        lit = PARTS if whole else PARTS[self._walked : self._walked + 1]
        notes = {script.parts[part]: note for part, note in self._notes().items() if note}
        seen = PARTS if whole else PARTS[: self._walked + 1]
        lines = {script.parts[part] for part in seen}
        self.view.light(
            tuple(script.parts[part] for part in lit),
            {line: note for line, note in notes.items() if line in lines},
        )

    def _notes(self) -> dict[Part, str]:
        """What each part of the last step came to."""
        shown = self._session.shown
        assert shown is not None
        loss = self._session.loss
        trained = shown.trained
        examples = 0 if trained is None else trained.inputs.shape[0]
        touched, moved = len(shown.touched_ids), len(shown.moved_ids)
        drawn = self.tr("1 example") if examples == 1 else self.tr("{count} examples")
        reached = (
            self.tr("1 row got a gradient")
            if touched == 1
            else self.tr("{count} rows got a gradient")
        )
        changed = self.tr("1 row moved") if moved == 1 else self.tr("{count} rows moved")
        return {
            "batch": "" if trained is None else drawn.format(count=f"{examples:,}"),
            "loss": "" if loss is None else as_computed(loss),
            "backward": reached.format(count=f"{touched:,}"),
            "step": changed.format(count=f"{moved:,}"),
        }

    @Slot()
    def _copy_script(self) -> None:
        if self._script is not None:
            QGuiApplication.clipboard().setText(self.view.toPlainText())


def _same_run(before: History | None, now: History) -> bool:
    """Whether nothing but the number of steps differs."""
    return (
        before is not None
        and before.config is now.config
        and before.corpus is now.corpus
        and before.events == now.events
        and len(before.tokens) == len(now.tokens)
    )
