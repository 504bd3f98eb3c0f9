"""The count of the findings in the status bar; it opens and closes their list."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolButton, QWidget

from gui.explain_findings import counted
from gui.icons import icon
from gui.session import Session


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

    def _make_dock(self, panel: QWidget, window: QMainWindow) -> QDockWidget:
        dock = QDockWidget(self.tr("Findings"), window)
        dock.setObjectName("findingsDock")
        dock.setWidget(panel)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        dock.hide()
        dock.visibilityChanged.connect(self.setChecked)
        return dock
