"""The count of the findings in the status bar; it opens and closes their list."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolButton, QWidget

from gui.explain_findings import counted
from gui.icons import icon
from gui.panels.findings import FindingsPanel
from gui.session import Session


class FindingsButton(QToolButton):
    """Says how many findings there are of each level. The list is made when it is first asked for.

    It stands below everything in the main window, where it takes no room from what it is about.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingsButton")
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip(self.tr("What the audit of the table, its padding and its settings found"))
        self._session = session
        self._dock: QDockWidget | None = None
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
        if self._dock is None and shown:
            self._dock = self._make_dock()
        if self._dock is not None and self._dock.isVisible() is not shown:
            self._dock.setVisible(shown)

    def _make_dock(self) -> QDockWidget | None:
        window = self.window()
        if not isinstance(window, QMainWindow):
            return None
        dock = QDockWidget(self.tr("Findings"), window)
        dock.setObjectName("findingsDock")
        dock.setWidget(FindingsPanel(self._session, dock))
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        window.resizeDocks([dock], [dock.sizeHint().height()], Qt.Orientation.Vertical)
        dock.visibilityChanged.connect(self.setChecked)
        return dock
