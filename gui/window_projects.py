"""What a window has to do with projects: its title, its menu, and the question before it closes."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from gui.autosaver import Autosaver
from gui.background import Background
from gui.faults import Faults
from gui.opening import Opener
from gui.problem_messages import ProblemMessages
from gui.project_actions import ProjectActions
from gui.projects import Projects
from gui.session import Session
from gui.settings import Settings

TOLD_FOR = 6000  # ms


class WindowProjects(QObject):
    """Puts the projects of a session into its window."""

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        background: Background,
        settings: Settings,
        actions: ProjectActions,
        opener: Opener,
        problems: ProblemMessages,
        faults: Faults,
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self.projects = Projects(session, background, settings, window)
        self.autosaver = Autosaver(self.projects, window)
        self.projects.told.connect(self._tell_done)
        self.projects.problemRaised.connect(problems.show)
        self.projects.openingFailed.connect(problems.show_opening)
        self.projects.opened.connect(problems.note_opened)
        self.projects.errorRaised.connect(faults.report)
        opener.projectFound.connect(self.projects.open)
        actions.open.triggered.connect(self.projects.ask_and_open)
        actions.save.triggered.connect(self.projects.save)
        actions.save_as.triggered.connect(self.projects.save_as)
        for news in (session.sentencesChanged, session.runStarted, self.projects.changed):
            news.connect(self.show_title)
        self.show_title()

    def begin(self, root: Path) -> None:
        """Ask before work is lost, autosave into `root`, and offer what was left there."""
        self.projects.asks = True
        self.autosaver.begin(root)

    def close(self) -> None:
        """The window closes: what was kept for it goes."""
        self.projects.close()
        self.autosaver.close()

    @Slot()
    def show_title(self) -> None:
        """Name the project or the text, with the system's mark if there is unsaved work."""
        projects, source = self.projects, self._session.text_source
        name = self.tr("Embedscope")
        path = projects.path or source
        # In a title "[*]" is where the mark stands; a name's own is doubled.
        shown = "" if path is None else path.name.replace("[*]", "[*][*]")
        self._window.setWindowTitle(f"{shown}[*] — {name}" if shown else f"{name}[*]")
        self._window.setWindowModified(projects.unsaved.is_worth_keeping)

    @Slot(str)
    def _tell_done(self, sentence: str) -> None:
        self._window.statusBar().showMessage(sentence, TOLD_FOR)
