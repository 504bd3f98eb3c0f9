"""The choice between components and directions as axes, and the lines to write directions in."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from core.axis_words import ARROW
from gui.canvas.switch_button import SwitchButton
from gui.session import Session
from gui.theme import SPACING

MOST_AXES = 3


class AxesButton(SwitchButton):
    """“Axes ▾”: components, or directions between tokens."""

    componentsAsked = Signal()
    tokensAsked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("spaceAxesButton")
        self.setText(self.tr("Axes ▾"))
        tip = self.tr("What the axes are: principal components, or directions between tokens")
        self.setToolTip(tip)
        self.setAccessibleName(self.tr("Axes"))
        self.setAccessibleDescription(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setObjectName("spaceAxesMenu")
        self._group = QActionGroup(menu)
        self.components = self._choice(menu, "spaceComponents", self.tr("Components"))
        self.tokens = self._choice(menu, "spaceFromTokens", self.tr("From tokens…"))
        self.components.triggered.connect(self._ask_for_components)
        self.tokens.triggered.connect(self._ask_for_tokens)
        self.setMenu(menu)
        session.axesChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Check what is chosen."""
        directed = bool(self._session.chosen_axes.words)
        (self.tokens if directed else self.components).setChecked(True)

    def _choice(self, menu: QMenu, name: str, text: str) -> QAction:
        action = menu.addAction(text)
        action.setObjectName(name)
        action.setCheckable(True)
        self._group.addAction(action)
        return action

    @Slot()
    def _ask_for_components(self) -> None:
        self.componentsAsked.emit()

    @Slot()
    def _ask_for_tokens(self) -> None:
        self.tokensAsked.emit()


class AxesLines(QWidget):
    """A line for each axis, shown while somebody writes directions; Enter lays the axes."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("spaceAxesLines")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING, 0, SPACING, 0)
        row.setSpacing(SPACING // 2)
        self._labels: list[QLabel] = []
        self.lines: list[QLineEdit] = []
        for number, name in enumerate(("x", "y", "z")[:MOST_AXES]):
            self._add_line(row, number, name)
        self._show = SwitchButton(self)
        self._show.setObjectName("spaceAxesShow")
        self._show.setText(self.tr("Show"))
        self._show.setAccessibleName(self.tr("Show these axes"))
        self._show.setToolTip(self.tr("Lay the axes along these directions (Enter)"))
        self._show.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._show.clicked.connect(self._apply)
        row.addWidget(self._show)
        session.axesChanged.connect(self.refresh)
        self.hide()
        self.refresh()

    def _add_line(self, row: QHBoxLayout, number: int, name: str) -> None:
        label = QLabel(name, self)
        line = QLineEdit(self)
        line.setObjectName(f"spaceAxisLine{number}")
        line.setAccessibleName(self.tr("Direction of the axis {axis}").format(axis=name))
        line.setPlaceholderText(self.tr("from {arrow} to").format(arrow=ARROW))
        line.setToolTip(
            self.tr(
                "Tokens, an arrow (-> will do) and tokens, as in: he → she. "
                "Several tokens, with commas between, count by their mean."
            )
        )
        line.returnPressed.connect(self._apply)
        line.installEventFilter(self)
        label.setBuddy(line)
        row.addWidget(label)
        row.addWidget(line, 1)
        self._labels.append(label)
        self.lines.append(line)

    @Slot()
    def open(self) -> None:
        """Let a direction be written; what is picked is a first guess."""
        if not any(line.text() for line in self.lines):
            session = self._session
            picked = [session.vocabulary.token(id_) for id_ in session.selection[-2:]]
            if len(picked) == 2:
                self.lines[0].setText(f"{picked[0]} {ARROW} {picked[1]}")
        self.show()
        self.lines[0].setFocus()
        self.lines[0].selectAll()

    @Slot()
    def close_lines(self) -> None:
        """Back to the components."""
        self.hide()
        self._session.chosen_axes.show_components()

    @Slot()
    def refresh(self) -> None:
        """As many lines as there are axes, with what is chosen in them."""
        words = self._session.chosen_axes.words
        for number, (label, line) in enumerate(zip(self._labels, self.lines, strict=True)):
            label.setVisible(number < self._session.dimensions)
            line.setVisible(number < self._session.dimensions)
            if number < len(words) and not line.hasFocus():
                line.setText(str(words[number]))
        if words:
            self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in a line that nothing is chosen with puts the lines away."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.KeyPress and not self._session.chosen_axes.words:
            self.hide()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _apply(self) -> None:
        texts = [line.text() for line in self.lines[: self._session.dimensions]]
        written = tuple(text for text in texts if text.strip())
        if not written:
            self.close_lines()
        elif self._session.chosen_axes.show_directions(written):
            for line, words in zip(self.lines, self._session.chosen_axes.words, strict=False):
                line.setText(str(words))
