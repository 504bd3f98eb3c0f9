"""The timeline: any step of the run, playing, marks, and the run's other futures."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.branches import Branch
from gui.canvas.timeline_slider import Sign, TimelineSlider
from gui.change_words import ChangeWords
from gui.session import Session
from gui.small_label import SmallLabel
from gui.theme import SPACING
from gui.throttle import Throttle

REDRAW_MS = 50


class TimelinePanel(QWidget):
    """One line: play backwards, the slider, play forwards, the step, marks, branches.

    Below it, where a step is shown as it was stored, a line that says so.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timelinePanel")
        self._session, self._time = session, session.time
        self._words = ChangeWords(self)
        self._compose()
        self._throttle = Throttle(REDRAW_MS, self)
        self._throttle.due.connect(self._show)
        session.frameShown.connect(self._throttle.ask)
        for changed in (
            session.stateChanged,
            session.runStarted,
            session.configChanged,
            self._time.changed,
        ):
            changed.connect(self._throttle.now)
        self._show()

    def _compose(self) -> None:
        self._backwards = self._button("playBackwards", "◀", self.tr("Play backwards"))
        self._forwards = self._button("playForwards", "▶", self.tr("Play forwards"))
        for button in (self._backwards, self._forwards):
            button.setCheckable(True)
        self._slider = TimelineSlider(self)
        self._slider.setObjectName("timelineSlider")
        self._slider.setAccessibleName(self.tr("Step on screen"))
        self._label = QLabel()
        self._label.setObjectName("timelineStep")
        self._marks = self._menu_button("timelineMarks", self.tr("Marks"))
        self._branches = self._menu_button("timelineBranches", self.tr("Branches"))
        self._stored = SmallLabel("timelineStored", self)
        self._stored.setContentsMargins(2 * SPACING, 0, SPACING, SPACING // 2)
        self._stored.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        row = QHBoxLayout()
        whole.addLayout(row)
        whole.addWidget(self._stored)
        row.setSpacing(SPACING // 2)
        row.addWidget(self._backwards)
        row.addWidget(self._slider, 1)
        row.addWidget(self._forwards)
        row.addSpacing(SPACING)
        row.addWidget(self._label)
        row.addWidget(self._marks)
        row.addWidget(self._branches)
        self._slider.valueChanged.connect(self._time.seek)
        self._slider.sliderReleased.connect(self._settle)
        self._backwards.clicked.connect(self._play_backwards)
        self._forwards.clicked.connect(self._play_forwards)
        self._marks.menu().aboutToShow.connect(self._fill_marks)
        self._branches.menu().aboutToShow.connect(self._fill_branches)

    def _button(self, name: str, text: str, told: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(told)
        button.setAccessibleName(told)
        button.setAutoRaise(True)
        return button

    def _menu_button(self, name: str, text: str) -> QToolButton:
        button = self._button(name, text, text)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        menu = QMenu(button)
        menu.setObjectName(f"{name}Menu")
        button.setMenu(menu)
        return button

    # ── following ─────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _show(self) -> None:
        time = self._time
        position, reach = time.position, time.reach
        if not self._slider.isSliderDown():
            self._slider.show_steps(position, reach)
        whole = self.tr("step {step}").format(step=f"{position:,}")
        if time.is_earlier:
            whole = self.tr("step {step} of {reach}").format(
                step=f"{position:,}", reach=f"{reach:,}"
            )
        self._say_step(whole)
        self._stored.setVisible(time.is_as_stored)
        if time.is_as_stored:
            self._stored.setText(
                self.tr(
                    "Step {step} as stored; steps between cannot be recomputed on this machine."
                ).format(step=f"{position:,}")
            )
            whole = f"{whole}. {self._stored.text()}"
        self._slider.setAccessibleDescription(whole)
        for widget in (self._slider, self._backwards, self._forwards):
            widget.setEnabled(reach > 0)
        self._backwards.setChecked(time.direction < 0)
        self._forwards.setChecked(time.direction > 0)
        current, branches = time.current, time.branches
        self._branches.setVisible(bool(branches))
        if current is not None:
            self._branches.setText(self.tr("Branch: {name}").format(name=current.name))
        self._slider.show_signs(self._signs())

    def _say_step(self, step: str) -> None:
        # A label whose size is fixed does not have the whole window laid out anew at each step.
        self._label.setText(step)
        needed = self._label.sizeHint()
        least = self._label.fontMetrics().horizontalAdvance("step 10,000 of 10,000")
        self._label.setFixedSize(max(needed.width(), least), needed.height())

    def changeEvent(self, event: QEvent) -> None:
        """Give the step the room that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._say_step(self._label.text())

    @Slot()
    def _settle(self) -> None:
        """Let the handle go to the step that is shown, if no other is on its way."""
        if not self._time.is_going:
            self._show()

    def _signs(self) -> tuple[Sign, ...]:
        history = self._time.history
        if history is None:
            return ()
        vocabulary = self._session.vocabulary
        changes = self._words.signs(history.first_config, history.events, vocabulary)
        signs = [Sign(step, words) for step, words in changes]
        for step, name in self._time.marks.items():
            told = self.tr("Step {step}: {words}").format(step=f"{step:,}", words=name)
            signs.append(Sign(step, told, is_mark=True))
        for branch in self._time.branches:
            if branch.history is not history and branch.begins <= history.reach and branch.begins:
                told = self.tr("Step {step}: branch “{name}” begins").format(
                    step=f"{branch.begins:,}", name=branch.name
                )
                signs.append(Sign(branch.begins, told))
        if self._time.parted is not None:
            told = self.tr("Step {step}: done again, it comes to other numbers here")
            signs.append(Sign(self._time.parted, told.format(step=f"{self._time.parted:,}")))
        return tuple(signs)

    # ── hands ─────────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _play_backwards(self) -> None:
        self._time.play(-1)

    @Slot()
    def _play_forwards(self) -> None:
        self._time.play(1)

    @Slot()
    def _fill_marks(self) -> None:
        menu = self._marks.menu()
        menu.clear()
        position, marks = self._time.position, self._time.marks
        if position in marks:
            self._add(menu, self.tr("Rename this mark…"), self._ask_mark)
            self._add(menu, self.tr("Take this mark away"), partial(self._time.mark, ""))
        else:
            self._add(menu, self.tr("Mark this step…"), self._ask_mark)
        if marks:
            menu.addSeparator()
        for step, name in marks.items():
            text = self.tr("{name} (step {step})").format(name=name, step=f"{step:,}")
            self._add(menu, text, partial(self._time.seek, step))

    @Slot()
    def _fill_branches(self) -> None:
        menu = self._branches.menu()
        menu.clear()
        current = self._time.current
        for branch in self._time.branches:
            text = self.tr("{name}: {steps} steps, from step {begins}").format(
                name=branch.name, steps=f"{branch.history.reach:,}", begins=f"{branch.begins:,}"
            )
            own = menu.addMenu(text)
            if branch is not current:
                self._add(own, self.tr("Show"), partial(self._session.show_branch, branch))
                compared = self._add(
                    own, self.tr("Compare with it"), partial(self._compare, branch)
                )
                compared.setCheckable(True)
                compared.setChecked(self._time.compared is branch)
            self._add(own, self.tr("Rename…"), partial(self._ask_branch, branch))
            if branch is not current:
                self._add(own, self.tr("Delete"), partial(self._time.delete, branch))

    def _add(self, menu: QMenu, text: str, slot: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(_Call(slot, action).call)
        return action

    def _compare(self, branch: Branch) -> None:
        self._time.compare(None if self._time.compared is branch else branch)

    def _ask_mark(self) -> None:
        position = self._time.position
        title = self.tr("Mark step {step}").format(step=f"{position:,}")
        before = self._time.marks.get(position, "")
        name, chosen = QInputDialog.getText(self, title, self.tr("Name"), text=before)
        if chosen and name.strip():
            self._time.mark(name, position)

    def _ask_branch(self, branch: Branch) -> None:
        title = self.tr("Rename the branch")
        name, chosen = QInputDialog.getText(self, title, self.tr("Name"), text=branch.name)
        if chosen:
            self._time.rename(branch, name)


class _Call(QObject):
    """Does one thing when an action of a menu is chosen, and goes with the action."""

    def __init__(self, what: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._what = what

    @Slot()
    def call(self) -> None:
        self._what()
