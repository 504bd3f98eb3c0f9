"""The findings about what is open, looked for in a thread as it changes."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, SignalInstance, Slot

from core.audit.audit import findings_of, findings_of_batch, gravest_first
from core.audit.examined import Examined
from core.audit.finding import Finding, as_cells
from core.audit.subject import StudiedBatch, Subject, Text
from core.config import RunConfig
from core.messages import EncodedCorpus
from core.progress import Progress
from gui.background import Job
from gui.holds import Hold
from gui.lit_finding import LitFinding
from gui.lit_finding import Place as Lit
from gui.live_run import State
from gui.row_record import RowRecord
from gui.session_sides import WithRows, WithState, WithText, WithWords

SOON_MS = 200  # after a change; several that come together are one
RUNNING_MS = 2000  # between two looks while it trains
REST = 10  # times as long as a look took, nobody looks again: others need the processor


class Place(Lit, WithRows, WithState, WithText, WithWords, Protocol):
    """What is needed of the session."""

    configChanged: SignalInstance

    @property
    def shown_config(self) -> RunConfig:
        """The settings of the table on screen."""


@dataclass(frozen=True, eq=False)
class Looked:
    """What came of a look at the run of `record`, and at `batch` if one is studied beside it.

    The sentences of the run were `corpus`; nothing came of it where they were ahead of the table.
    """

    record: RowRecord
    corpus: EncodedCorpus
    findings: tuple[Finding, ...] | None = None
    batch: StudiedBatch | None = None
    initial: NDArray[np.uint64] | None = None


class Findings(QObject):
    """`findings` about the table on screen, the gravest first; `changed` when there are others."""

    changed = Signal()

    def __init__(self, session: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.findings: tuple[Finding, ...] = ()
        self.lit = LitFinding(session, self)
        self._batch: StudiedBatch | None = None
        self._found_in: StudiedBatch | None = None
        self._found_of: EncodedCorpus | None = None
        self._record: RowRecord | None = None
        self._text: tuple[EncodedCorpus, Text] | None = None
        self._jobs: dict[Job, Hold] = {}  # the last one counts; those before it were stopped
        self._rest = SOON_MS
        self._again = False
        self._took = QElapsedTimer()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._look)
        session.runStarted.connect(self._begin)
        session.frameShown.connect(self._follow)
        session.stateChanged.connect(self._ask)
        session.configChanged.connect(self._ask)
        session.sentencesChanged.connect(self._follow_sentences)
        session.vocabularyChanged.connect(self._ask)

    def study(self, batch: StudiedBatch | None) -> None:
        """Look at `batch` too, which is studied beside the run; None: at none."""
        self._batch = batch
        self._ask()

    def light(self, finding: Finding) -> None:
        """Light up what `finding`, one of these, names."""
        if not finding.of_batch and self._found_of is not self._session.encoded:
            finding = replace(finding, cells=as_cells([], []))  # of sentences that are gone
        self.lit.light(finding, self._found_in)

    def close(self) -> None:
        """End the look under way."""
        self._record = None
        self._due.stop()
        for job in self._jobs:
            job.stop()
        for job in self._jobs:
            job.wait()

    # ── following the session ─────────────────────────────────────────────────────────────────

    @Slot()
    def _begin(self) -> None:
        """Another run is shown: look before anything moves, so that is known how rows began."""
        shown = self._session.shown
        if shown is not None:
            self._record = RowRecord(shown)
            for job in self._jobs:
                job.stop()
            self._start()

    @Slot()
    def _follow(self) -> None:
        shown = self._session.shown
        if shown is None or self._record is None:
            return
        self._record.note(shown)
        if self._session.state is not State.RUNNING:
            self._ask()
        elif not (self._due.isActive() or self._jobs):
            self._due.start(max(RUNNING_MS, self._rest))

    @Slot()
    def _follow_sentences(self) -> None:
        if self._record is not None:
            self._record.begin_anew()
        self._ask()

    @Slot()
    def _ask(self) -> None:
        """Look soon."""
        if self._jobs:
            self._again = True
        elif not self._due.isActive() or self._due.remainingTime() > SOON_MS:
            self._due.start(SOON_MS)

    # ── looking ───────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _look(self) -> None:
        if not self._jobs and self._session.state in (State.PAUSED, State.RUNNING):
            self._start()

    def _start(self) -> None:
        """Look at what is on screen, unless its parts do not fit together just now."""
        session, record, shown = self._session, self._record, self._session.shown
        if record is None or shown is None or len(shown.rows) != len(session.vocabulary):
            return
        hold = session.hold()
        if hold is None:
            return
        self._due.stop()
        self._again = False
        self._took.start()
        first = record.step == 0 and record.initial is None
        about = (record, session.encoded, self._subject(record), self._batch)
        look = partial(_looked, hold, *about, first)
        job = Job("findings", look, self)
        job.succeeded.connect(self._take)
        job.failed.connect(self._fail)
        job.ended.connect(self._let_go)
        self._jobs[job] = hold
        job.start()

    def _subject(self, record: RowRecord) -> Subject:
        """All that is known of what is on screen, but for its rows."""
        session, corpus = self._session, self._session.encoded
        if self._text is None or self._text[0] is not corpus:
            self._text = corpus, Text.of(corpus)
        known = Subject.of_run(session.shown_config, corpus, session.vocabulary)
        return replace(
            known,
            text=self._text[1],
            initial=record.initial,
            touched=record.touched.copy(),
            steps=record.steps,
        )

    @Slot(object)
    def _take(self, looked: Looked) -> None:
        if looked.record is not self._record:
            return
        if looked.initial is not None:
            looked.record.initial = looked.initial
        if looked.findings is not None:
            self.findings = looked.findings
            self._found_in, self._found_of = looked.batch, looked.corpus
            self.changed.emit()

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        raise error  # a fault of ours: the window says so

    @Slot(object)
    def _let_go(self, job: Job) -> None:
        self._jobs.pop(job).release()  # one that was stopped may never have begun
        job.deleteLater()
        self._rest = max(SOON_MS, REST * self._took.elapsed())
        if self._again and not self._jobs and self._record is not None:
            self._due.start(self._rest)


def _looked(
    hold: Hold,
    record: RowRecord,
    corpus: EncodedCorpus,
    subject: Subject,
    batch: StudiedBatch | None,
    first: bool,
    progress: Progress,
) -> Looked:
    """In the thread: read the rows and let go of them, then look.

    `first`: they are those that the run began with.
    """
    with hold:
        assert hold.rows is not None
        text = subject.text
        if text is not None and len(text.ids) and int(text.ids.max()) >= len(hold.rows):
            return Looked(record, corpus)
        examined = Examined(replace(subject, rows=hold.rows), progress)
    assert examined.table is not None
    findings = findings_of(examined, progress)
    if batch is not None:
        findings = gravest_first((*findings, *findings_of_batch(examined, batch)))
    return Looked(record, corpus, findings, batch, examined.table.prints if first else None)
