"""The size of all text, and presentation: larger type and only what a class needs."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from gui.settings import Settings

# In percent of the size that the system asks for.
SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
NORMAL = 100
# What a class can read from its seats; a low screen has no room for more than the second.
PRESENTING, PRESENTING_LOW = 150, 125
LOW_SCREEN = 900  # pixels


class TextSize(QObject):
    """Scales the application's font, and remembers by how much."""

    def __init__(
        self, app: QApplication, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._settings = settings
        self._points = app.font().pointSizeF()
        remembered = settings.number("textSize", NORMAL)
        self._percent = remembered if remembered in SIZES else NORMAL
        self._presenting = False
        self._apply()

    @property
    def percent(self) -> int:
        """The size of text now, in percent of the system's."""
        if not self._presenting:
            return self._percent
        height = self._app.primaryScreen().availableSize().height()
        return max(self._percent, PRESENTING_LOW if height < LOW_SCREEN else PRESENTING)

    @Slot()
    def larger(self) -> None:
        """One size up."""
        self._set(next((size for size in SIZES if size > self._percent), SIZES[-1]))

    @Slot()
    def smaller(self) -> None:
        """One size down."""
        self._set(next((size for size in reversed(SIZES) if size < self._percent), SIZES[0]))

    @Slot()
    def normal(self) -> None:
        """The system's size."""
        self._set(NORMAL)

    def present(self, on: bool) -> None:
        """Enlarge for a class, or go back; what was chosen by hand is kept."""
        self._presenting = on
        self._apply()

    def restore(self) -> None:
        """Give the application back the size it had."""
        font = self._app.font()
        font.setPointSizeF(self._points)
        self._app.setFont(font)

    def _set(self, percent: int) -> None:
        self._percent = percent
        self._settings.set_number("textSize", percent)
        self._apply()

    def _apply(self) -> None:
        font = self._app.font()
        font.setPointSizeF(self._points * self.percent / 100)
        if font != self._app.font():
            self._app.setFont(font)


class Presentation(QObject):
    """Hides what a class does not need while it is on; what was hidden before stays hidden."""

    def __init__(
        self,
        text_size: TextSize,
        distractions: Sequence[QWidget],
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._text_size = text_size
        self._distractions = tuple(distractions)
        self._settings = settings
        self._hidden: list[QWidget] = []
        self._on = False

    @property
    def on(self) -> bool:
        """Whether the window is presenting."""
        return self._on

    @Slot(bool)
    def set_on(self, on: bool) -> None:
        """Begin or end presenting."""
        if on == self._on:
            return
        self._on = on
        if on:
            self._hidden = [part for part in self._distractions if not part.isHidden()]
        for part in self._hidden:
            part.setVisible(not on)
        self._text_size.present(on)
        self._settings.presentation = on
