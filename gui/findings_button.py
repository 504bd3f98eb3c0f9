"""The count of the findings in the status bar; it opens and closes their list."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QToolButton,
    QWidget,
)

from gui.explain_findings import counted
from gui.icons import icon
from gui.session import Session
from gui.theme import SPACING


class FindingsButton(QToolButton):
    """Says how many findings there are of each level.

    Their list lies below everything in the main window, hidden until it is asked for.
    """

    def __init__(self, session: Session, panel: QWidget, window: QMainWindow) -> None:
        super().__init__()
        self.setObjectName("findingsButton")
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip(self.tr("What the audit of the table, its padding and its settings found"))
        self._session = session
        self._dock = self._make_dock(panel, window)
        self._sized = False
        self.toggled.connect(self._show_list)
        session.findings.changed.connect(self._count)
        self._count()

    @Slot()
    def _count(self) -> None:
        findings = self._session.findings.findings
        text = counted(findings)
        if text == self.text():
            return
        grave = any(finding.is_at_least("warning") for finding in findings)
        self.setIcon(icon("warning" if grave else "information"))
        self.setText(text)
        self.setAccessibleName(self.tr("Findings: {count}").format(count=text))

    @Slot(bool)
    def _show_list(self, shown: bool) -> None:
        dock = self._dock
        if dock.isVisible() is not shown:
            dock.setVisible(shown)
        window = dock.parent()
        if shown and not self._sized and isinstance(window, QMainWindow):
            self._sized = True
            window.resizeDocks([dock], [dock.sizeHint().height()], Qt.Orientation.Vertical)

    def _make_title(self, dock: QDockWidget) -> QWidget:
        """A line like that of the panels; Qt's own buttons cannot be seen in the dark theme."""
        title = QLabel(self.tr("Findings"))
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        close = QToolButton()
        close.setObjectName("findingsClose")
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setAccessibleName(self.tr("Close the findings"))
        close.setToolTip(self.tr("Close the findings; their count below opens them again"))
        close.clicked.connect(dock.close)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(2 * SPACING, SPACING // 2, SPACING, 0)
        row.addWidget(title, 1)
        row.addWidget(close)
        return bar

    def _make_dock(self, panel: QWidget, window: QMainWindow) -> QDockWidget:
        dock = QDockWidget(self.tr("Findings"), window)
        dock.setObjectName("findingsDock")
        dock.setWidget(panel)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        dock.setTitleBarWidget(self._make_title(dock))
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        dock.hide()
        dock.visibilityChanged.connect(self.setChecked)
        return dock
