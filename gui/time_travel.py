"""Going through the steps of a run: back, forth, playing; marks, and other futures."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.changes import settings_after
from core.config import RunConfig
from core.messages import EncodedCorpus
from core.problems import AnyProblem, StepsParted
from gui.branch_rows import BranchReader, BranchRows
from gui.branches import Branch, Branches
from gui.document import Document
from gui.keyframe_folders import KeyframeFolders
from gui.live_run import LiveRun, State
from gui.opened import Opened
from gui.run_history import RunHistory

PLAY_MS = 33  # between two steps that are shown while playing
PLAY_SECONDS = 8  # that a whole run takes to play; short ones go step by step


class TimeTravel(QObject):
    """Shows earlier steps of the run that is open, and begins another future at one."""

    changed = Signal()  # marks, branches, or whether it plays
    configChanged = Signal()  # the settings at the step on screen are others
    problemRaised = Signal(object)  # core.looking_problems.BranchUnseen

    def __init__(
        self,
        live: LiveRun,
        folders: KeyframeFolders,
        show: Callable[[Opened], None],
        parent: QObject | None = None,
    ) -> None:
        """`show` shows another run."""
        super().__init__(parent)
        self._live, self._folders, self._show = live, folders, show
        self._branches = Branches()
        self._documents: list[Document] = []
        self._opened: Opened | None = None
        self._config: RunConfig | None = None
        self._stride = 0
        self._begun: tuple[RunHistory | None, RunHistory | None] = (None, None)
        self.compared: Branch | None = None
        self.compared_rows: BranchRows | None = None
        self._reader = BranchReader(self)
        self._reader.read.connect(self._take_rows)
        self._reader.refused.connect(self.problemRaised)
        self._played_from: int | None = None
        self._playing = QTimer(self)
        self._playing.setInterval(PLAY_MS)
        self._playing.timeout.connect(self._play_on)
        live.frameShown.connect(self._follow)
        live.stateChanged.connect(self._follow_state)
        live.problemRaised.connect(self._note_parting)

    # ── where one is ──────────────────────────────────────────────────────────────────────────

    @property
    def history(self) -> RunHistory | None:
        """The run that is open."""
        return None if self._opened is None else self._opened.history

    @property
    def position(self) -> int:
        """The step on screen."""
        return 0 if self._live.shown is None else self._live.shown.step

    @property
    def reach(self) -> int:
        """The last step that the run has come to."""
        return 0 if self.history is None else self.history.reach

    @property
    def is_earlier(self) -> bool:
        """Whether an earlier step than the last is on screen."""
        return self._live.is_shown and self.position < self.reach

    @property
    def is_going(self) -> bool:
        """Whether another step is on its way."""
        return self._live.is_seeking

    @property
    def is_as_stored(self) -> bool:
        """Whether the step on screen was stored, and those around it can't be done again here."""
        return self._live.shown is not None and self._live.shown.as_stored

    @property
    def parted(self) -> int | None:
        """The step at which doing the run again was seen to come to other numbers, if any."""
        return None if self.history is None else self.history.parted

    @property
    def is_beginning(self) -> bool:
        """Whether another future is on its way, which begins with just the rows on screen."""
        return (self._live.history, self._live.shown_history) == self._begun

    @property
    def direction(self) -> int:
        """1 while it plays forwards, −1 backwards, 0 while it does not."""
        return (self._stride > 0) - (self._stride < 0) if self._playing.isActive() else 0

    def use(self, opened: Opened) -> None:
        """Another run, or another text of it, is open."""
        self._opened = opened
        self.note_document(opened.document)
        self._playing.stop()
        compared = self.compared
        if compared is not None and (
            compared.history is opened.history or compared not in self.branches
        ):
            self._compare(None)
        kept = [branch.history.keyframes for branch in self.branches]
        self._folders.keep([*kept, opened.history.keyframes])
        self.changed.emit()

    def note_document(self, document: Document) -> None:
        """Remember a text, so that a step at which it was trained on can be gone on from."""
        if not any(document is known for known in self._documents):
            self._documents.append(document)

    # ── going there ───────────────────────────────────────────────────────────────────────────

    def seek(self, step: int) -> None:
        """Show `step`, or the nearest that there is."""
        self._playing.stop()
        self._seek(step)
        self.changed.emit()

    def close(self) -> None:
        """End what is under way."""
        self._playing.stop()
        self._reader.close()

    @Slot()
    def back(self) -> None:
        """Show the step before."""
        self.seek(self.position - 1)

    def go_forward(self, count: int) -> bool:
        """Show the step `count` later, or the last; False at the last, where nothing comes."""
        if not self.is_earlier:
            return False
        self._playing.stop()
        self._seek(self.position + count, forward=True)
        self.changed.emit()
        return True

    def play(self, direction: int) -> None:
        """Show one step after another, forwards (1) or backwards (−1); again: stop."""
        if self.direction == direction:
            self._playing.stop()
        else:
            # A long run is played in strides, each of which is told by the step it ends at.
            frames = PLAY_SECONDS * 1000 // PLAY_MS
            self._stride = direction * max(1, self.reach // frames)
            self._played_from = None
            if direction > 0 and not self.is_earlier:
                self._seek(0)
            self._playing.start()
        self.changed.emit()

    @Slot()
    def _play_on(self) -> None:
        if self._live.is_seeking:
            return
        goal, forward = self.position + self._stride, self._stride > 0
        is_stuck = self._played_from == self.position  # no other step that way is stored
        self._played_from = self.position
        if self._live.state is not State.PAUSED or is_stuck or not 0 <= goal <= self.reach:
            self._playing.stop()
            self._seek(goal, forward=forward)
            self.changed.emit()
            return
        self._seek(goal, forward=forward)

    def _seek(self, step: int, *, forward: bool = False) -> None:
        step = min(max(step, 0), self.reach)
        if self._live.is_shown and step != self.position:
            self._live.seek(step, forward=forward)

    # ── marks ─────────────────────────────────────────────────────────────────────────────────

    @property
    def marks(self) -> dict[int, str]:
        """The names of marked steps."""
        return {} if self.history is None else dict(sorted(self.history.marks.items()))

    def mark(self, name: str, step: int | None = None) -> None:
        """Call `step`, or the one on screen, `name`; an empty name takes the mark away."""
        if self.history is None:
            return
        step = self.position if step is None else step
        if name.strip():
            self.history.marks[step] = name.strip()
        else:
            self.history.marks.pop(step, None)
        self.changed.emit()

    # ── saved runs ────────────────────────────────────────────────────────────────────────────

    def new_folder(self) -> Path:
        """A folder for the keyframes of a run that was saved."""
        return self._folders.new()

    def document_of(self, corpus: EncodedCorpus) -> Document | None:
        """The text that was trained on as `corpus`."""
        return next((each for each in self._documents if each.encoded is corpus), None)

    def take_up(self, documents: Iterable[Document], branches: Iterable[Branch]) -> None:
        """Know what was saved with a run that is to be shown: its texts, and its futures."""
        for document in documents:
            self.note_document(document)
        for branch in branches:
            self._branches.add(branch.name, branch.opened, branch.begins)

    # ── other futures ─────────────────────────────────────────────────────────────────────────

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All futures of the run that is open; none until there are two."""
        return () if self.history is None else self._branches.of(self.history)

    @property
    def current(self) -> Branch | None:
        """The one that is open."""
        return None if self.history is None else self._branches.holding(self.history)

    def before_training(self) -> None:
        """Before it runs: from an earlier step, after which something was changed, anew.

        Where nothing was, training only repeats what is known already: if it can on this machine.
        """
        self._playing.stop()
        history = self.history
        if self.is_earlier and history is not None:
            can_repeat = history.parted is None and not history.is_made_elsewhere(
                self._live.machine
            )
            if history.has_later_changes or not can_repeat:
                self.begin_here()

    def begin_here(self) -> None:
        """From an earlier step, begin another future; what came after is kept as a branch."""
        opened, step = self._opened, self.position
        if opened is None or not self.is_earlier:
            return
        if not self.branches:
            self._branches.add(self.tr("first"), opened)
        history = opened.history
        changes = sum(event.step <= step for event in history.events)
        forked = history.fork(self._folders.fork(history.keyframes, step, changes))
        now = Opened(self._document_of(forked) or opened.document, forked, opened.line)
        name = self.tr("from step {step}").format(step=f"{step:,}")
        self._branches.add(self._new_name(name), now, step)
        self._begun = forked, history
        self._show(now)

    def compare(self, branch: Branch | None) -> None:
        """Show `branch` beside the one that is open; None: no other."""
        self._compare(branch)
        self.changed.emit()

    def _compare(self, branch: Branch | None) -> None:
        self.compared, self.compared_rows = branch, None
        self._reader.ask(branch)

    @Slot(object)
    def _take_rows(self, rows: BranchRows) -> None:
        if rows.branch is self.compared:
            self.compared_rows = rows
            self.changed.emit()

    @property
    def compared_name(self) -> str:
        """What the rows beside those on screen are."""
        other = self.compared_rows
        if other is None:
            return ""
        return self.tr("branch “{name}”, step {step}").format(
            name=other.branch.name, step=f"{other.step:,}"
        )

    def rename(self, branch: Branch, name: str) -> None:
        """Call a branch otherwise."""
        if name.strip():
            branch.name = name.strip()
            self.changed.emit()

    def delete(self, branch: Branch) -> None:
        """Forget a branch that is not open."""
        if branch is not self.current:
            self._branches.remove(branch)
            if self.compared is branch:
                self._compare(None)
            self._folders.keep([each.history.keyframes for each in self.branches])
            self.changed.emit()

    def _document_of(self, history: RunHistory) -> Document | None:
        _, corpus = settings_after(history.first_config, history.first_corpus, history.events)
        return self.document_of(corpus)

    def _new_name(self, name: str) -> str:
        taken = {branch.name for branch in self.branches}
        candidates = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
        return next(each for each in candidates if each not in taken)

    # ── following ─────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _follow(self) -> None:
        history = self.history
        if history is None or not self._live.is_shown:
            return
        config = history.config_at(self.position) if self.is_earlier else history.config
        if config != self._config:
            self._config = config
            self.configChanged.emit()

    @Slot(object)
    def _note_parting(self, problem: AnyProblem) -> None:
        if isinstance(problem, StepsParted) and self.history is not None:
            self.history.parted = problem.step
            self.changed.emit()

    @Slot()
    def _follow_state(self) -> None:
        if self._live.state is State.RUNNING and self._playing.isActive():
            self._playing.stop()
            self.changed.emit()
