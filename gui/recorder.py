"""The command Record: asks what and where, and has it recorded."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMainWindow

from gui.background import Background
from gui.export import Ask, Exporter, ask_where
from gui.film_plan import Plan
from gui.film_subjects import bring_forward, subjects_in
from gui.record_dialog import RecordDialog
from gui.recording import Recording
from gui.session import Session
from gui.settings import Settings
from gui.teller import Teller


class Recorder(Teller):
    """Records a panel that can be exported, or the window without its menu and status bar."""

    def __init__(
        self,
        session: Session,
        background: Background,
        settings: Settings,
        exporter: Exporter,
        parent: QMainWindow,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._window = session, settings, parent
        self._exporter, self._ask = exporter, ask or ask_where
        self.recording = Recording(session, background, self)
        self.recording.told.connect(self.told)
        self.recording.refused.connect(self.refused)
        self.recording.problemRaised.connect(self.problemRaised)
        self.recording.errorRaised.connect(self.errorRaised)

    @Slot()
    def start(self) -> None:
        """Open the dialog, if there is something to record and nothing is being recorded."""
        if self.recording.is_under_way:
            self.refused.emit(self.tr("Another film is being recorded: wait, or stop it."))
        elif self._session.shown is None:
            self.refused.emit(self.tr("The run is not ready yet."))
        else:
            self._session.pause()  # the range of steps stays as it is while it is chosen
            body = self._window.centralWidget()
            assert body is not None
            subjects = subjects_in(body, self.tr("The whole window"), self._exporter.offers)
            dialog = RecordDialog(subjects, self._session.time.reach, self._window)
            dialog.wanted.connect(self._record)
            dialog.open()

    @Slot(object)
    def _record(self, plan: Plan) -> None:
        folder, title = self._settings.save_folder, self.tr("Record")
        proposed, kinds = {
            "gif": (folder / "run.gif", self.tr("GIF (*.gif)")),
            "mp4": (folder / "run.mp4", self.tr("MP4 video (*.mp4)")),
            "png": (folder / "run-frames", self.tr("New folder of PNG pictures (*)")),
        }[plan.kind]
        path = self._ask(self._window, title, proposed, kinds)
        if path is None:
            return
        self._settings.save_folder = path.parent
        bring_forward(plan.subject.widget)
        self.recording.record(plan, path)
