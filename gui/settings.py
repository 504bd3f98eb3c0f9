"""What the window remembers from one day to the next, typed, over one QSettings file."""

from pathlib import Path
from typing import get_args

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths
from PySide6.QtWidgets import QSplitter, QWidget

from gui.theme import ThemeChoice

RECENT_FILES = 10


class Settings:
    """Reads and writes what is remembered; whatever cannot be read counts as never saved."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings("Embedscope", "Embedscope")

    @property
    def theme(self) -> ThemeChoice:
        """The chosen theme; "system" until one is chosen."""
        value = self._store.value("theme")
        return value if value in get_args(ThemeChoice) else "system"

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", choice)

    @property
    def presentation(self) -> bool:
        """Whether the window was left in presentation."""
        return self.flag("presentation", False)

    @presentation.setter
    def presentation(self, on: bool) -> None:
        self.set_flag("presentation", on)

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """The files opened last, the newest first, without those that are gone."""
        value = self._store.value("recentFiles")
        # A list of one comes back from an INI file as a string.
        texts = value if isinstance(value, list) else [value]
        paths = (Path(text) for text in texts if isinstance(text, str) and text)
        return tuple(path for path in paths if path.exists())

    def remember_file(self, path: Path) -> None:
        """Put `path` first among the recent files."""
        path = path.absolute()
        others = [known for known in self.recent_files if known != path]
        self._store.setValue("recentFiles", [str(p) for p in [path, *others][:RECENT_FILES]])

    @property
    def save_folder(self) -> Path:
        """The folder that was saved to last; that of the user's documents before."""
        value = self._store.value("saveFolder")
        folder = Path(value) if isinstance(value, str) and value else None
        if folder is not None and folder.is_dir():
            return folder
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(QStandardPaths.writableLocation(documents) or Path.home())

    @save_folder.setter
    def save_folder(self, folder: Path) -> None:
        self._store.setValue("saveFolder", str(folder.absolute()))

    def save_geometry(self, widget: QWidget) -> None:
        """Remember the place and size of a window, under its object name."""
        self._store.setValue(f"geometry/{widget.objectName()}", widget.saveGeometry())

    def restore_geometry(self, widget: QWidget) -> bool:
        """Give a window its remembered place and size; False if there is none."""
        value = self._store.value(f"geometry/{widget.objectName()}")
        return isinstance(value, QByteArray) and widget.restoreGeometry(value)

    def save_splitter(self, splitter: QSplitter) -> None:
        """Remember how a splitter divides its room, under its object name."""
        self._store.setValue(f"splitter/{splitter.objectName()}", splitter.saveState())

    def restore_splitter(self, splitter: QSplitter) -> bool:
        """Divide a splitter's room as remembered; False if nothing is."""
        value = self._store.value(f"splitter/{splitter.objectName()}")
        return isinstance(value, QByteArray) and splitter.restoreState(value)

    def flag(self, name: str, default: bool) -> bool:
        """The remembered yes or no called `name`."""
        value = self._store.value(f"flag/{name}")
        # An INI file knows only text.
        return {"true": True, "false": False}.get(str(value).lower(), default)

    def set_flag(self, name: str, on: bool) -> None:
        """Remember a yes or no."""
        self._store.setValue(f"flag/{name}", on)

    def number(self, name: str, default: int) -> int:
        """The remembered whole number called `name`, such as the tab in front."""
        try:
            return int(str(self._store.value(f"number/{name}", default)))
        except ValueError:
            return default

    def set_number(self, name: str, value: int) -> None:
        """Remember a whole number."""
        self._store.setValue(f"number/{name}", value)

    def sync(self) -> None:
        """Write what is not yet in the file."""
        self._store.sync()
