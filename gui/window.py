"""The main window: puts the panels, menus and bars together. Composition only."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from gui.about import AboutBox
from gui.actions import Actions
from gui.background import Background
from gui.dividers import Dividers
from gui.export import Exporter
from gui.faults import Faults
from gui.find_box import FindBox
from gui.findings_button import FindingsButton
from gui.keys import KeyRouter
from gui.list_files import ListFiles
from gui.menus import Menus
from gui.message_bar import MessageBar
from gui.opening import Opener, dropped_file
from gui.own_choices import OwnChoices
from gui.panel_offers import PanelOffers
from gui.panels.findings import FindingsPanel
from gui.panels.line import LinePanel
from gui.panels.loss import LossPanel
from gui.panels.sentences import SentencesPanel
from gui.panels.table import TablePanel
from gui.panels.timeline import TimelinePanel
from gui.panels.trained import TrainedPanel
from gui.panels.training import TrainingBar
from gui.presentation import Presentation, TextSize
from gui.problem_messages import ProblemMessages
from gui.recorder import Recorder
from gui.save_table import TableSaver
from gui.scenario_card import UnderCard
from gui.script_export import ScriptExport
from gui.search_mode import SearchModeButton
from gui.session import Session
from gui.settings import Settings
from gui.shortcuts import ShortcutsDialog
from gui.status import StatusBar
from gui.tabbed import CentreTabs, TokenTabs
from gui.theme import SPACING, ThemeChoice, apply_theme
from gui.window_projects import TOLD_FOR, WindowProjects
from gui.window_view import WindowView

LEAST_HEIGHT = 100


class Window(QMainWindow):
    """Shows one session."""

    def __init__(
        self, app: QApplication, session: Session, settings: Settings, faults: Faults
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self._app, self._session, self._settings = app, session, settings
        self._background = Background(self)
        self.opener = Opener(session, self._background, self)
        self.actions_ = Actions(session, self)
        self.messages = MessageBar()
        self.problems = ProblemMessages(self.messages, session, self)
        self.addActions(list(self.actions_))
        self._text_size = TextSize(app, settings, self)
        self._compose()
        self._presentation = Presentation(
            self._text_size,
            (self._sentences, self._details, self._below),
            settings,
            self,
        )
        self._keys = KeyRouter(session, self)
        self._divided = False
        self.projects = WindowProjects(
            self,
            session,
            self._background,
            settings,
            self.actions_.projects,
            self.opener,
            self.problems,
            faults,
        )
        view = WindowView(session, self._tabs, self._details, self.find_box, self)
        self.projects.projects.elsewhere = view
        self._own = OwnChoices(session.layers, self._tabs, self)
        self.projects.projects.arriving.connect(self._own.keep)
        self.projects.projects.opened.connect(self._own.note_brought)
        self._connect_actions()
        self._connect_news(faults)
        self._restore()

    # ── what stands where ─────────────────────────────────────────────────────────────────────

    def _compose(self) -> None:
        self._menus = Menus(self.menuBar(), self.actions_, self._settings)
        # Some desktops take the menu bar out of the window, and its corner with it.
        self.menuBar().setNativeMenuBar(False)
        self.menuBar().setCornerWidget(self._make_finding(), Qt.Corner.TopRightCorner)
        self._make_panels()
        self._divide_panels()
        self._make_writers()
        column = QVBoxLayout()
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.messages)
        column.addWidget(TrainingBar(self._session, self.actions_))
        column.addWidget(self._whole, 1)
        body = QWidget()
        body.setLayout(column)
        self.setCentralWidget(body)
        timeline = TimelinePanel(self._session)
        self.setStatusBar(StatusBar(self._session, self._background, timeline))
        findings = FindingsButton(self._session, FindingsPanel(self._session), self)
        self.statusBar().addPermanentWidget(findings)

    def _make_finding(self) -> QWidget:
        """What stands in the corner beside the menus."""
        self.find_box = FindBox(self._session, self.actions_)
        finding = QWidget(self.menuBar())
        row = QHBoxLayout(finding)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.find_box)
        row.addWidget(SearchModeButton(self._session))
        return finding

    def _make_panels(self) -> None:
        session = self._session
        self._sentences = SentencesPanel(session)
        self._list_files = ListFiles(session, self._background, self._settings, self)
        self._offers = PanelOffers(session)
        self._details = TokenTabs(session, self._list_files)
        self._tabs = CentreTabs(session, self._offers)
        self._rows = TablePanel(session, self._background)
        self._line = LinePanel(session)
        self._loss = LossPanel(session)
        self._trained = TrainedPanel(session)

    def _divide_panels(self) -> None:
        """Between any two panels is a line that one can drag."""
        dividers = self._dividers = Dividers()
        self._table = dividers.down("tableSplitter", (self._rows, 60), (self._details, 40))
        views = UnderCard(self._tabs.scenarios, self._tabs)
        centre = dividers.down("centreSplitter", (self._line, 0), (views, 100))
        above = dividers.across("aboveSplitter", (self._sentences, 25), (centre, 75))
        self._below = dividers.across("belowSplitter", (self._loss, 56), (self._trained, 44))
        left = dividers.down("leftSplitter", (above, 86), (self._below, 14))
        self._whole = dividers.across("wholeSplitter", (left, 65), (self._table, 35))
        # On a small screen a message above takes the room it needs from these, where the window
        # would otherwise grow out of the screen.
        for part in (self._sentences, self._details, self._below, self._rows):
            part.setMinimumHeight(LEAST_HEIGHT)
        self._tabs.setMinimumHeight(2 * LEAST_HEIGHT)

    def _make_writers(self) -> None:
        """What writes files of what is on screen."""
        session, background, settings = self._session, self._background, self._settings
        offers, lists = self._offers, self._details.lists
        self.exporter = Exporter(background, settings, self)
        for offer in (
            offers.table(self._rows),
            offers.loss(self._loss),
            offers.trained(self._trained),
            offers.cards(self._line),
            *self._tabs.offers(),
            *self._details.offers(offers),
        ):
            self.exporter.offer(offer)
        self._tabs.offered.connect(self.exporter.offer)
        lists.set_export_menu(self.exporter.offer(offers.lists(lists)))
        self.script_export = ScriptExport(session, background, settings, self)
        self.table_saver = TableSaver(session, background, settings, self)
        self.recorder = Recorder(session, background, settings, self.exporter, self)

    # ── what is connected to what ─────────────────────────────────────────────────────────────

    def _connect_actions(self) -> None:
        actions = self.actions_
        actions.open_text.triggered.connect(self.opener.ask)
        actions.scenarios.chosen.connect(self._tabs.scenarios.open)
        self._tabs.scenarios.changed.connect(self._show_scenario)
        actions.open_table.triggered.connect(self.opener.tables.ask)
        actions.save_table.triggered.connect(self.table_saver.save)
        actions.export_script.triggered.connect(self.script_export.export)
        self._tabs.code.save.clicked.connect(self.script_export.export)
        actions.record.triggered.connect(self.recorder.start)
        actions.quit.triggered.connect(self.close)
        actions.find.triggered.connect(self.find_box.start)
        actions.go_to_row.triggered.connect(self._go_to_row)
        actions.picking.keep.triggered.connect(self._keep_list)
        actions.themes.triggered.connect(self._choose_theme)
        actions.presentation.toggled.connect(self._presentation.set_on)
        actions.larger.triggered.connect(self._text_size.larger)
        actions.smaller.triggered.connect(self._text_size.smaller)
        actions.normal_size.triggered.connect(self._text_size.normal)
        actions.show_sentences.toggled.connect(self._sentences.setVisible)
        actions.show_table.toggled.connect(self._table.setVisible)
        actions.show_progress.toggled.connect(self._below.setVisible)
        first, second, third = actions.space.look_along
        first.triggered.connect(self._tabs.space.view.look_along_first)
        second.triggered.connect(self._tabs.space.view.look_along_second)
        third.triggered.connect(self._tabs.space.view.look_along_third)
        actions.shortcuts.triggered.connect(self._show_shortcuts)
        actions.about.triggered.connect(self._show_about)
        self._menus.recentChosen.connect(self.opener.open)

    def _connect_news(self, faults: Faults) -> None:
        problems = self.problems
        self._session.nearest.summed.connect(self._show_nearest)
        self.opener.problemRaised.connect(problems.show_opening)
        self.opener.errorRaised.connect(faults.report)
        self.opener.told.connect(self._tell_done)
        self.opener.opened.connect(problems.note_opened)
        self.opener.opened.connect(self._note_opened)
        faults.raised.connect(problems.show_fault)
        regions, lists = self._tabs.space.regions, self._details.lists
        refusers = (self.exporter, self.script_export, self.table_saver, self.recorder)
        writers = (*refusers, self._list_files)
        for teller in (*writers, regions, lists):
            teller.told.connect(self._tell_done)
        for writer in writers:
            writer.problemRaised.connect(problems.show)
            writer.errorRaised.connect(faults.report)
        for refuser in refusers:
            refuser.refused.connect(problems.show_refusal)
        self._rows.sorter.failed.connect(faults.report)

    @Slot()
    def _show_nearest(self) -> None:
        self._show_tokens(self._details.nearest)

    @Slot()
    def _keep_list(self) -> None:
        self._show_tokens(self._details.lists)
        self._details.lists.keep()

    def _show_tokens(self, panel: QWidget) -> None:
        """Somebody asked for it, wherever it is."""
        self.actions_.show_table.setChecked(True)
        self._details.show()
        self._details.setCurrentWidget(panel)

    @Slot()
    def _show_scenario(self) -> None:
        """Show why rows move, where the open scenario is about that."""
        scenario = self._tabs.scenarios.current
        if scenario is not None and scenario.wishes is None:
            self.actions_.show_table.setChecked(True)
            self._details.setCurrentWidget(self._details.movement)

    @Slot(object)
    def _note_opened(self, path: Path) -> None:
        self._settings.remember_file(path)

    @Slot(str)
    def _tell_done(self, sentence: str) -> None:
        self.statusBar().showMessage(sentence, TOLD_FOR)

    @Slot()
    def _choose_theme(self) -> None:
        actions = self.actions_
        choice: ThemeChoice = "system"
        if actions.theme_light.isChecked():
            choice = "light"
        elif actions.theme_dark.isChecked():
            choice = "dark"
        self._settings.theme = choice
        apply_theme(self._app, choice)

    @Slot()
    def _go_to_row(self) -> None:
        self.actions_.show_table.setChecked(True)
        self._rows.ask_for_row()

    @Slot()
    def _show_shortcuts(self) -> None:
        ShortcutsDialog(self._menus.by_title(), self).show()

    @Slot()
    def _show_about(self) -> None:
        AboutBox(self).show()

    # ── what is remembered ────────────────────────────────────────────────────────────────────

    def _restore(self) -> None:
        settings, actions = self._settings, self.actions_
        if not settings.restore_geometry(self):
            self._fit_screen()
        self._own.restore(settings)
        themes = {
            "system": actions.theme_system,
            "light": actions.theme_light,
            "dark": actions.theme_dark,
        }
        themes[settings.theme].setChecked(True)
        for action in (actions.show_sentences, actions.show_table, actions.show_progress):
            action.setChecked(True)
            action.setChecked(settings.flag(action.objectName(), True))
        actions.presentation.setChecked(settings.presentation)

    def _fit_screen(self) -> None:
        room = self.screen().availableSize()
        self.resize(min(1440, room.width()), min(900, room.height()))

    def _remember(self) -> None:
        settings, actions = self._settings, self.actions_
        settings.save_geometry(self)
        self._dividers.save(settings)
        for action in (actions.show_sentences, actions.show_table, actions.show_progress):
            settings.set_flag(action.objectName(), action.isChecked())
        self._own.save(settings)
        settings.sync()

    # ── Qt's own events ───────────────────────────────────────────────────────────────────────

    def showEvent(self, event: QShowEvent) -> None:
        """Divide the room once it is known how much there is."""
        super().showEvent(event)
        if not self._divided:
            self._divided = True
            self._dividers.restore(self._settings)
            # Qt would choose the find box, which takes Space and → for itself.
            self._tabs.space.view.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped anywhere."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dropped file."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.opener.open(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window was, and end what runs for it."""
        if not self.projects.projects.may_close():
            event.ignore()
            return
        self._remember()
        self.projects.close()
        self._background.close()
        self._tabs.end()
        self._session.close()
        self._text_size.restore()
        event.accept()
