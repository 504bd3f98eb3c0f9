"""The status bar: the timeline, what was done last, and long work with a button to stop it.

One row for all of it: in a low window each row is taken from the picture of the points.
"""

from PySide6.QtCore import Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from gui.background import Background
from gui.elided_label import ElidedLabel
from gui.session import Session

LONG = 90  # seconds, from which minutes are told


class StatusBar(QStatusBar):
    """Shows the work of `background` (which can be stopped), else that of the session.

    `always` stands at the left, and keeps its place whatever is told beside it.
    """

    def __init__(
        self,
        session: Session,
        background: Background,
        always: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self._told = ElidedLabel()
        self._told.setObjectName("statusMessage")
        if always is not None:
            self.addPermanentWidget(always, 3)
        self.addPermanentWidget(self._told, 2)
        self.messageChanged.connect(self._told.set_text)
        self._background = background
        self._engine_work: tuple[str, int, int] | None = None
        self._what = QLabel()
        self._what.setObjectName("progressText")
        self._bar = QProgressBar()
        self._bar.setObjectName("progressBar")
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setFixedWidth(180)
        self._bar.setMaximumHeight(self.fontMetrics().height())
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setObjectName("stopButton")
        self._stop.setAccessibleName(self.tr("Stop the work under way"))
        self._stop.setStatusTip(self.tr("Stop this; what was open stays as it is"))
        self._stop.clicked.connect(background.stop)
        for part in (self._what, self._bar, self._stop):
            self.addPermanentWidget(part)
        background.changed.connect(self._update)
        session.progressChanged.connect(self._take_engine_work)
        self._update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing: Qt would write its message under the widgets."""

    @Slot(str, int, int)
    def _take_engine_work(self, what: str, done: int, total: int) -> None:
        self._engine_work = (what, done, total) if total else None
        self._update()

    @Slot()
    def _update(self) -> None:
        job = self._background.current
        work = (job.what, job.done, job.total) if job is not None else self._engine_work
        self._stop.setVisible(job is not None)
        self._what.setVisible(work is not None)
        self._bar.setVisible(work is not None)
        if work is None:
            return
        what, done, total = work
        self._what.setText(what)
        self._bar.setAccessibleDescription(what)
        # A total of 0 makes the bar move to and fro: under way, and no telling how far.
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        left = None if job is None else job.seconds_left
        self._bar.setFormat("%p%" if left is None else self._told_left(left))

    def _told_left(self, seconds: float) -> str:
        if seconds < LONG:
            return self.tr("{n} s left").format(n=max(1, round(seconds)))
        return self.tr("{n} min left").format(n=round(seconds / 60))
