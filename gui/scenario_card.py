"""A quiet card that says what the open scenario is, asks a question, and says what to watch."""

from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon
from gui.lines_label import LinesLabel
from gui.scenario_words import ScenarioWords
from gui.scenarios import Scenarios
from gui.theme import SPACING, theme_of


class ScenarioCard(QWidget):
    """Shown while a scenario about padding is open (`of_table`: one about the table).

    Once closed it comes back with the next scenario, or with the same one from the menu. Where
    there is little height it is folded to its title and question, until it is unfolded by hand.
    """

    def __init__(
        self, scenarios: Scenarios, *, of_table: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name = "tableScenario" if of_table else "paddingScenario"
        self.setObjectName(name)
        self._scenarios, self._of_table = scenarios, of_table
        self._words = ScenarioWords(self)
        self._title = _paragraph(f"{name}Title")
        self._title.setTextFormat(Qt.TextFormat.RichText)
        self._close = QToolButton()
        self._close.setObjectName(f"{name}Close")
        self._close.setIcon(icon("close"))
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Close the card"))
        self._close.setToolTip(self.tr("Close the card; choosing the example again brings it back"))
        self._close.clicked.connect(self.hide)
        self._fold = QToolButton()
        self._fold.setObjectName(f"{name}Fold")
        self._fold.setAutoRaise(True)
        self._fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._fold.clicked.connect(self._turn)
        self._short, self._by_hand = False, False
        self._about = _paragraph(f"{name}About")
        self._watch = _paragraph(f"{name}Watch")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING + 4, SPACING // 2, SPACING // 2, SPACING // 2)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._about)
        column.addWidget(self._watch)
        self._set_folded(folded=False)
        scenarios.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        scenario = self._scenarios.current
        if scenario is None or (scenario.wishes is None) != self._of_table:
            self.hide()
            return
        words = self._words.of(scenario.name)
        self._title.setText(f"<b>{escape(words.title)}</b> · <i>{escape(words.question)}</i>")
        self._about.setText(words.about)
        self._watch.setText(words.watch)
        self._by_hand = False
        self._set_folded(folded=self._short)
        self.setAccessibleName(self.tr("Example: {title}").format(title=words.title))
        self.setAccessibleDescription(f"{words.about} {words.question} {words.watch}")
        self.show()

    def set_short(self, *, short: bool) -> None:
        """Whether there is little height; what was folded or unfolded by hand stays so."""
        if short != self._short:
            self._short = short
            if not self._by_hand:
                self._set_folded(folded=short)

    @Slot()
    def _turn(self) -> None:
        self._by_hand = True
        self._set_folded(folded=not self._about.isHidden())

    def _set_folded(self, *, folded: bool) -> None:
        for part in (self._about, self._watch):
            part.setVisible(not folded)
        self._fold.setText(self.tr("Explain") if folded else self.tr("Fold"))
        means = self.tr("Say what the example is, and what to watch")
        self._fold.setAccessibleName(means if folded else self.tr("Fold the card"))
        self._fold.setToolTip(self._fold.accessibleName())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground by hand: a style sheet would keep the font and palette of before."""
        theme = theme_of(self)
        painter = QPainter(self)
        painter.setPen(theme.line)
        painter.setBrush(theme.surface)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.fillRect(0, 0, SPACING // 2, self.height(), theme.accent)
        painter.end()


class UnderCard(QWidget):
    """`widget` below the card of a scenario about the table."""

    def __init__(self, scenarios: Scenarios, widget: QWidget) -> None:
        super().__init__()
        self.setObjectName("underCard")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(ScenarioCard(scenarios, of_table=True))
        column.addWidget(widget, 1)


def _paragraph(name: str) -> LinesLabel:
    label = LinesLabel(1)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
