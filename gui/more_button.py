"""The small button in a panel's header that opens what else can be done with the panel."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget


class MoreButton(QToolButton):
    """Three dots. Not given its menu the way of Qt, which would draw an arrow beside them."""

    def __init__(self, name: str, panel: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu: QMenu | None = None
        self.setObjectName(name)
        self.setText("⋯")
        self.setAccessibleName(self.tr("{panel}: copy or save").format(panel=panel))
        self.setToolTip(self.tr("Copy or save the picture or the numbers"))
        self.setAutoRaise(True)
        self.clicked.connect(self._open)

    def set_menu(self, menu: QMenu) -> None:
        """Open `menu` from now on."""
        self._menu = menu

    def more(self) -> QMenu | None:
        """What it opens."""
        return self._menu

    @Slot()
    def _open(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
