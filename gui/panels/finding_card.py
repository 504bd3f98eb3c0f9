"""One finding: what was found, why it matters, how to mend it, and what can be done at once."""

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.audit.finding import BeginAgain, Finding, Level
from gui.explain_findings import Explained, level_name
from gui.small_label import SmallLabel
from gui.theme import SPACING, theme_of

BAR = 4  # pixels: the coloured edge, which the word beside it says too


class FindingCard(QFrame):
    """Shows one finding at a time.

    `picked` when it is clicked, or entered by the keyboard; `mended` when its button is clicked.
    """

    picked = Signal(object)  # the finding
    mended = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingCard")
        self.finding: Finding | None = None
        self._level: Level = "note"
        self._what = QLabel()
        self._what.setObjectName("findingWhat")
        self._what.setWordWrap(True)
        self._what.setTextFormat(Qt.TextFormat.PlainText)
        self._more = SmallLabel("findingMore", self)
        self._pick = self._button("findingPick", "")
        self._pick.clicked.connect(self._tell_picked)
        self._mend = self._button("findingMend", "")
        self._mend.clicked.connect(self._tell_mended)
        self._lay_out()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setAutoDefault(True)  # Enter is its click, too
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._what)
        words.addWidget(self._more)
        words.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING // 2)
        for button in (self._pick, self._mend):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(BAR + SPACING, SPACING // 2, SPACING // 2, SPACING // 2)
        row.setSpacing(2 * SPACING)
        row.addLayout(words, 1)
        row.addLayout(buttons)

    def show_finding(self, finding: Finding, told: Explained) -> None:
        """Show `finding` in the words `told`."""
        self.finding, self._level = finding, finding.level
        said = (
            self.tr("{level} in the Padding tab: {what}")
            if finding.of_batch
            else self.tr("{level}: {what}")
        )
        what = said.format(level=level_name(finding.level), what=told.what)
        more = " ".join(sentence for sentence in (told.why, told.mend) if sentence)
        if (what, more) != (self._what.text(), self._more.text()):
            self._what.setText(what)
            self._more.setText(more)
        self._show_pick(finding, told.what)
        self._mend.setVisible(told.button is not None)
        self._mend.setText(told.button or "")
        self._mend.setAccessibleName(f"{told.button}: {told.what}")
        begins = isinstance(finding.remedy, BeginAgain)
        self._mend.setToolTip(
            self.tr("Begins a new run; Undo brings this one back")
            if begins
            else self.tr("The run goes on; Undo takes it back")
        )
        self.update()

    def _show_pick(self, finding: Finding, what: str) -> None:
        """Offer to light up what the finding names, if it names anything."""
        names = len(finding.rows) > 0 or len(finding.cells) > 0
        self._pick.setVisible(names)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if names else Qt.FocusPolicy.NoFocus)
        if finding.of_batch or len(finding.cells):
            self._pick.setText(self.tr("Show where"))
            self._pick.setToolTip(self.tr("Lights up what is meant in the Padding tab"))
            self._pick.setAccessibleName(self.tr("Show where: {what}").format(what=what))
        else:
            self._pick.setText(self.tr("Pick rows"))
            self._pick.setToolTip(self.tr("Lights up what is meant in Space and in the table"))
            self._pick.setAccessibleName(self.tr("Pick the rows: {what}").format(what=what))
        self.setAccessibleName(f"{level_name(finding.level)}: {what}")

    @Slot()
    def _tell_picked(self) -> None:
        if not self._pick.isHidden():
            self.picked.emit(self.finding)

    @Slot()
    def _tell_mended(self) -> None:
        self.mended.emit(self.finding)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space are a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._tell_picked()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on it lights up what it names."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self._tell_picked()
        super().mouseReleaseEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The edge tells the level; the colours are those of the theme of now."""
        theme = theme_of(self)
        colours = {"error": theme.not_finite, "warning": theme.warning, "note": theme.accent}
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.surface)
        painter.fillRect(QRect(0, 0, BAR, self.height()), colours[self._level])
        if self.hasFocus():
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
