"""Every command of the window, made once; menus, bars, find box and shortcut list show them.

Those that concern the session do their work here; the rest only exist here, and the window
connects them to what does.
"""

from collections.abc import Iterator

from PySide6.QtCore import QKeyCombination, QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from gui.icons import icon
from gui.project_actions import ProjectActions
from gui.scenario_actions import ScenarioActions
from gui.selection_actions import SelectionActions
from gui.session import Session, State
from gui.space_actions import SpaceActions
from gui.speeds import next_speed

Key = Qt.Key
Modifier = Qt.KeyboardModifier
Shortcut = QKeySequence.StandardKey | QKeyCombination | Key | str


class Actions(QObject):
    """The commands, as attributes; an action called `step` has the object name `stepAction`."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._make_file()
        self._make_edit()
        self._make_themes()
        self.space = SpaceActions(session, self._make, self)
        self._make_text_sizes()
        self._make_shown()
        self._make_train()
        self._make_time()
        self._make_help()
        session.stateChanged.connect(self._show_state)
        session.vocabularyChanged.connect(self._show_vocabulary)
        self._show_state()
        self._show_vocabulary()

    def __iter__(self) -> Iterator[QAction]:
        """Every action, in the order of the menus."""
        return (action for action in self.findChildren(QAction) if action.objectName())

    # ── making them ───────────────────────────────────────────────────────────────────────────

    def _make(
        self, name: str, text: str, tip: str, *shortcuts: Shortcut, picture: str = ""
    ) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"{name}Action")
        action.setStatusTip(tip)
        action.setShortcuts([QKeySequence(shortcut) for shortcut in shortcuts])
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        if picture:
            action.setIcon(icon(picture))
        return action

    def _make_choice(self, name: str, text: str, tip: str, *shortcuts: Shortcut) -> QAction:
        action = self._make(name, text, tip, *shortcuts)
        action.setCheckable(True)
        return action

    def _make_file(self) -> None:
        self.example_article = self._make(
            "exampleArticle",
            self.tr("Article"),
            self.tr("One sentence and a table of 8 rows of 3 numbers: small enough to read whole"),
        )
        self.example_article.triggered.connect(self._open_article)
        self.example_small_world = self._make(
            "exampleSmallWorld",
            self.tr("Small world"),
            self.tr("Sentences whose words fall into groups; press Run and watch them gather"),
        )
        self.example_small_world.triggered.connect(self._open_small_world)
        self.example_labelled = self._make(
            "exampleLabelled",
            self.tr("Labelled sentences"),
            self.tr("Sentences of two kinds; the table learns to tell them apart"),
        )
        self.example_labelled.triggered.connect(self._open_labelled)
        self.scenarios = ScenarioActions(self._make, self)
        self.open_text = self._make(
            "openText",
            self.tr("Open text…"),
            self.tr("Train on a text file of yours: a sentence a line, or label, tab, sentence"),
            QKeySequence.StandardKey.Open,
            picture="open",
        )
        self.open_table = self._make(
            "openTable",
            self.tr("Open table…"),
            self.tr("Open vectors of yours: word2vec, GloVe, NumPy, safetensors, CSV and more"),
            Modifier.ControlModifier | Key.Key_T,
        )
        self.save_table = self._make(
            "saveTable",
            self.tr("Save table…"),
            self.tr("Save the rows as they are now, in any format that tables are kept in"),
            Modifier.ControlModifier | Modifier.ShiftModifier | Key.Key_T,
        )
        self.projects = ProjectActions(self._make, self)
        self.export_script = self._make(
            "exportScript",
            self.tr("Export as PyTorch…"),
            self.tr("Save this run as a plain PyTorch script or a notebook, with its table"),
            Modifier.ControlModifier | Modifier.ShiftModifier | Key.Key_Y,
        )
        self.record = self._make(
            "record",
            self.tr("Record…"),
            self.tr("Save the steps of this run as a film: GIF, MP4, or a picture of each"),
        )
        self.quit = self._make(
            "quit",
            self.tr("Quit"),
            self.tr("Close the window"),
            Modifier.ControlModifier | Key.Key_Q,
        )

    def _make_edit(self) -> None:
        undo_stack = self._session.undo_stack
        self.undo = undo_stack.createUndoAction(self, self.tr("Undo"))
        self.undo.setObjectName("undoAction")
        self.undo.setShortcut(QKeySequence.StandardKey.Undo)
        self.undo.setStatusTip(self.tr("Take back the last thing you changed"))
        self.undo.setIcon(icon("undo"))
        self.redo = undo_stack.createRedoAction(self, self.tr("Redo"))
        self.redo.setObjectName("redoAction")
        self.redo.setShortcut(QKeySequence.StandardKey.Redo)
        self.redo.setStatusTip(self.tr("Do again what was taken back"))
        self.redo.setIcon(icon("redo"))
        self.picking = SelectionActions(self._session, self._make, self)
        self.find = self._make(
            "find",
            self.tr("Find a token or a command"),
            self.tr("Type the beginning of a token, or a part of a command's name"),
            QKeySequence.StandardKey.Find,
            Modifier.ControlModifier | Key.Key_K,
            picture="search",
        )
        self.go_to_row = self._make(
            "goToRow",
            self.tr("Go to a row…"),
            self.tr("Show the row of the table with an id or a token that you type"),
            Modifier.ControlModifier | Key.Key_G,
        )
        self.rebuild_vocabulary = self._make(
            "rebuildVocabulary",
            self.tr("Rebuild vocabulary"),
            self.tr("Number the words anew from the sentences; this starts a new run"),
        )
        self.rebuild_vocabulary.triggered.connect(self._rebuild_vocabulary)

    def _make_themes(self) -> None:
        self.theme_system = self._make_choice(
            "themeSystem", self.tr("Like the system"), self.tr("Light or dark, as the system is")
        )
        self.theme_light = self._make_choice(
            "themeLight", self.tr("Light"), self.tr("Dark on light")
        )
        self.theme_dark = self._make_choice("themeDark", self.tr("Dark"), self.tr("Light on dark"))
        self.themes = self._group(self.theme_system, self.theme_light, self.theme_dark)

    def _make_text_sizes(self) -> None:
        self.presentation = self._make_choice(
            "presentation",
            self.tr("Presentation"),
            self.tr("Larger type, and only what a class needs"),
            Key.Key_F11,
        )
        self.larger = self._make(
            "largerText",
            self.tr("Larger text"),
            self.tr("Make all text larger"),
            QKeySequence.StandardKey.ZoomIn,
            Modifier.ControlModifier | Key.Key_Equal,
        )
        self.smaller = self._make(
            "smallerText",
            self.tr("Smaller text"),
            self.tr("Make all text smaller"),
            QKeySequence.StandardKey.ZoomOut,
        )
        self.normal_size = self._make(
            "normalText",
            self.tr("Normal text"),
            self.tr("Text in the size the system asks for"),
            Modifier.ControlModifier | Key.Key_0,
        )

    def _make_shown(self) -> None:
        self.show_sentences = self._make_choice(
            "showSentences", self.tr("Sentences"), self.tr("Show what is trained on")
        )
        self.show_table = self._make_choice(
            "showTable", self.tr("Table"), self.tr("Show the rows of the table")
        )
        self.show_progress = self._make_choice(
            "showLoss", self.tr("Loss and last step"), self.tr("Show how the training goes")
        )

    def _make_train(self) -> None:
        self.run = self._make(
            "run",
            self.tr("Run"),
            self.tr("Train on and on, or pause"),
            Key.Key_Space,
            Modifier.ControlModifier | Key.Key_Return,
            Modifier.ControlModifier | Key.Key_Enter,
            picture="play",
        )
        self.run.triggered.connect(self._toggle_run)
        self.step = self._make(
            "step",
            self.tr("Step"),
            self.tr("Train one batch, and see what moved"),
            Key.Key_Right,
            Modifier.ControlModifier | Key.Key_Right,
            picture="step",
        )
        self.step.triggered.connect(self._step)
        self.step_ten = self._make(
            "stepTen",
            self.tr("Step ×10"),
            self.tr("Train ten batches"),
            Modifier.ControlModifier | Modifier.ShiftModifier | Key.Key_Right,
            picture="step-ten",
        )
        self.step_ten.triggered.connect(self._step_ten)
        self.reset = self._make(
            "reset",
            self.tr("Reset"),
            self.tr("Back to step 0, with the table as it was there"),
            Modifier.ControlModifier | Key.Key_R,
            picture="reset",
        )
        self.reset.triggered.connect(self._reset)
        self.faster = self._make(
            "faster",
            self.tr("Faster"),
            self.tr("More steps per second"),
            Modifier.ControlModifier | Key.Key_Up,
        )
        self.faster.triggered.connect(self._faster)
        self.slower = self._make(
            "slower",
            self.tr("Slower"),
            self.tr("Fewer steps per second"),
            Modifier.ControlModifier | Key.Key_Down,
        )
        self.slower.triggered.connect(self._slower)

    def _make_time(self) -> None:
        time = self._session.time
        self.step_back = self._make(
            "stepBack",
            self.tr("Step back"),
            self.tr("Show the step before; nothing is lost"),
            Key.Key_Left,
            Modifier.ControlModifier | Key.Key_Left,
        )
        self.step_back.triggered.connect(time.back)

    def _make_help(self) -> None:
        self.shortcuts = self._make(
            "shortcuts",
            self.tr("Keyboard shortcuts"),
            self.tr("All keys and what they do"),
            Key.Key_F1,
        )
        self.about = self._make(
            "about", self.tr("About Embedscope"), self.tr("Versions and licences")
        )

    def _group(self, *actions: QAction) -> QActionGroup:
        group = QActionGroup(self)
        for action in actions:
            group.addAction(action)
        return group

    # ── what the session says ─────────────────────────────────────────────────────────────────

    @Slot()
    def _show_state(self) -> None:
        running = self._session.state is State.RUNNING
        self.run.setText(self.tr("Pause") if running else self.tr("Run"))
        self.run.setIcon(icon("pause" if running else "play"))

    @Slot()
    def _show_vocabulary(self) -> None:
        vocabulary = self._session.vocabulary
        # Cheap enough for any table: `vanished` is looked at on demand in the panels instead.
        self.rebuild_vocabulary.setEnabled(len(vocabulary) > 0)

    # ── what they do (a triggered(bool) must not reach a session's optional argument) ─────────

    @Slot()
    def _open_article(self) -> None:
        self._session.open_example("article")

    @Slot()
    def _open_small_world(self) -> None:
        self._session.open_example("small-world")

    @Slot()
    def _open_labelled(self) -> None:
        self._session.open_example("labelled")

    @Slot()
    def _rebuild_vocabulary(self) -> None:
        self._session.rebuild_vocabulary()

    @Slot()
    def _toggle_run(self) -> None:
        self._session.toggle_run()

    @Slot()
    def _step(self) -> None:
        self._session.step(1)

    @Slot()
    def _step_ten(self) -> None:
        self._session.step(10)

    @Slot()
    def _reset(self) -> None:
        self._session.reset()

    @Slot()
    def _faster(self) -> None:
        self._session.set_speed(next_speed(self._session.speed, 1))

    @Slot()
    def _slower(self) -> None:
        self._session.set_speed(next_speed(self._session.speed, -1))
