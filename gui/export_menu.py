"""The menu by which what a panel shows is copied and saved: on its button and on a right click."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from core.numbers_file import Numbers
from gui.more_button import MoreButton


@dataclass(frozen=True, eq=False)
class Offer:
    """A panel that can be copied and saved.

    `name` is what it shows, in a word or two; `picture` what its picture shows; `numbers` gives
    those of what it shows now, None while there are none. `drags` is a part of it on which the
    right button drags, so that only a click opens the menu there.
    """

    name: str
    picture: QWidget
    numbers: Callable[[], Numbers | None]
    button: MoreButton | None = None
    drags: QWidget | None = None


class ExportMenu(QMenu):
    """Copy and save, as picture and as numbers; each signal carries the offer."""

    copyPictureWanted = Signal(object)
    savePictureWanted = Signal(object)
    copyNumbersWanted = Signal(object)
    saveNumbersWanted = Signal(object)

    def __init__(self, offer: Offer) -> None:
        super().__init__(offer.picture)
        self._offer = offer
        self._pressed: QPointF | None = None
        self.setObjectName(f"{offer.picture.objectName()}Menu")
        self._add("copyPicture", self.tr("Copy picture"))
        self._add("savePicture", self.tr("Save picture…"))
        self.addSeparator()
        self._add("copyNumbers", self.tr("Copy numbers"))
        self._add("saveNumbers", self.tr("Save numbers…"))
        self.triggered.connect(self._tell)
        offer.picture.installEventFilter(self)
        if offer.drags is not None:
            offer.drags.installEventFilter(self)
        if offer.button is not None:
            offer.button.set_menu(self)

    def _add(self, name: str, text: str) -> None:
        self.addAction(text).setObjectName(name)

    @Slot(QAction)
    def _tell(self, action: QAction) -> None:
        wanted = {
            "copyPicture": self.copyPictureWanted,
            "savePicture": self.savePictureWanted,
            "copyNumbers": self.copyNumbersWanted,
            "saveNumbers": self.saveNumbersWanted,
        }
        wanted[action.objectName()].emit(self._offer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open where the panel was clicked, unless a part of it has a menu of its own."""
        if isinstance(event, QContextMenuEvent):
            by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            if not (by_mouse and watched is self._offer.drags):
                self.popup(event.globalPos())
            return True
        if isinstance(event, QMouseEvent) and watched is self._offer.drags:
            self._follow(event)
        return super().eventFilter(watched, event)

    def _follow(self, event: QMouseEvent) -> None:
        """Tell a click of the right button from a drag."""
        if event.button() != Qt.MouseButton.RightButton:
            return
        at, pressed = event.globalPosition(), self._pressed
        self._pressed = at if event.type() == QEvent.Type.MouseButtonPress else None
        if event.type() == QEvent.Type.MouseButtonRelease and pressed is not None:
            way = at - pressed
            if way.manhattanLength() < QApplication.startDragDistance():
                self.popup(at.toPoint())
