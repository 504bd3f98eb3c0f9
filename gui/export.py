"""Copying and saving what a panel shows: one way for all panels.

A panel offers its picture and its numbers; from then on it knows nothing of files, clipboards or
threads. Numbers are those of the step on screen at the moment they are asked for: of a table that
training writes into, the rows are held until they are copied.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from core.numbers_file import Numbers, as_text, write_csv
from core.problems import ProblemError
from core.progress import Progress
from core.whole_file import write_whole
from gui.background import Background, Job, Work
from gui.export_menu import ExportMenu, Offer
from gui.picture import image_of, png_of, svg_of
from gui.settings import Settings
from gui.teller import Teller

MOST_COPIED = 2_000_000  # numbers

Ask = Callable[[QWidget, str, Path, str], Path | None]


class Exporter(Teller):
    """Gives panels their menus, and does what is chosen in them.

    `told` carries a sentence about what was done, `refused` one about what was not.
    """

    def __init__(
        self, background: Background, settings: Settings, parent: QWidget, ask: Ask | None = None
    ) -> None:
        super().__init__(parent)
        self._background, self._settings, self._window = background, settings, parent
        self._ask = ask or ask_where
        self.offers: list[Offer] = []

    def offer(self, offer: Offer) -> ExportMenu:
        """Give a panel its menu."""
        menu = ExportMenu(offer)
        self.offers.append(offer)
        menu.copyPictureWanted.connect(self.copy_picture)
        menu.savePictureWanted.connect(self.save_picture)
        menu.copyNumbersWanted.connect(self.copy_numbers)
        menu.saveNumbersWanted.connect(self.save_numbers)
        return menu

    # ── pictures ──────────────────────────────────────────────────────────────────────────────

    @Slot(object)
    def copy_picture(self, offer: Offer) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(image_of(offer.picture))
        self.told.emit(self.tr("Picture copied."))

    @Slot(object)
    def save_picture(self, offer: Offer) -> None:
        """Let the user choose a file, and write the picture as it is then."""
        kinds = self.tr("PNG picture (*.png);;SVG drawing (*.svg)")
        path = self._where(offer, self.tr("Save picture"), ".png", kinds)
        if path is None:
            return
        widget = offer.picture
        drawn = path.suffix.lower() == ".svg"
        content = svg_of(widget, offer.name) if drawn else png_of(widget)
        try:
            write_whole(path, content)
        except ProblemError as error:
            self.problemRaised.emit(error.problem)
        else:
            self._tell_saved(path)

    # ── numbers ───────────────────────────────────────────────────────────────────────────────

    @Slot(object)
    def copy_numbers(self, offer: Offer) -> None:
        """Put the numbers on the clipboard, with tabs between."""
        numbers = offer.numbers()
        if numbers is None:
            self.refused.emit(self.tr("There are no numbers here yet."))
            return
        if len(numbers) * len(numbers.header) > MOST_COPIED:
            numbers.release()
            sentence = self.tr("These are more than {count} numbers: save them to a file instead.")
            self.refused.emit(sentence.format(count=f"{MOST_COPIED:,}"))
            return
        job = self._run(self.tr("Copying the numbers"), numbers, partial(as_text, numbers))
        job.succeeded.connect(self._take_text)

    @Slot(object)
    def save_numbers(self, offer: Offer) -> None:
        """Let the user choose a file, and write the numbers as they are then, in a thread."""
        kinds = self.tr("Comma-separated values (*.csv);;Parquet (*.parquet)")
        path = self._where(offer, self.tr("Save numbers"), ".csv", kinds)
        if path is None:
            return
        numbers = offer.numbers()
        if numbers is None:
            self.refused.emit(self.tr("There are no numbers here yet."))
            return

        def write(progress: Progress) -> Path:
            _writer(path)(path, numbers, progress)
            return path

        what = self.tr("Writing {file}").format(file=path.name)
        self._run(what, numbers, write).succeeded.connect(self._tell_saved)

    def _run(self, what: str, numbers: Numbers, work: Work) -> Job:
        job = self._background.run(what, work)
        job.failed.connect(self._fail)
        # Stopped before it began, the work has let go of nothing.
        job.ended.connect(_Release(numbers, job).now)
        return job

    @Slot(object)
    def _take_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        rows = text.count("\n") - 1
        self.told.emit(self.tr("{count} rows copied.").format(count=f"{rows:,}"))

    @Slot(object)
    def _tell_saved(self, path: Path) -> None:
        self.told.emit(self.tr("Saved {file}.").format(file=path.name))

    def _where(self, offer: Offer, title: str, suffix: str, kinds: str) -> Path | None:
        folder = self._settings.save_folder
        stem = re.sub(r"\W+", "-", offer.name.lower()).strip("-")
        path = self._ask(self._window, title, folder / f"{stem}{suffix}", kinds)
        if path is not None:
            self._settings.save_folder = path.parent
        return path


def _writer(path: Path) -> Callable[[Path, Numbers, Progress], None]:
    """What writes numbers, told by the ending of `path`. pyarrow is loaded when it is needed."""
    if path.suffix.lower() != ".parquet":
        return write_csv
    from core.numbers_parquet import write_parquet

    return write_parquet


class _Release(QObject):
    """Lets go of numbers as a job ends."""

    def __init__(self, numbers: Numbers, job: Job) -> None:
        super().__init__(job)
        self._numbers = numbers

    @Slot()
    def now(self) -> None:
        self._numbers.release()


def ask_where(parent: QWidget, title: str, proposed: Path, kinds: str) -> Path | None:
    """Let the user name a file; one without an ending gets that of the chosen kind."""
    dialog = QFileDialog(parent, title, str(proposed.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(proposed.suffix.removeprefix("."))
    dialog.selectFile(proposed.name)
    dialog.filterSelected.connect(_Suffix(dialog).follow)
    chosen = dialog.exec() and dialog.selectedFiles()
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None


class _Suffix(QObject):
    """Keeps the ending that a name gets that of the chosen kind of file."""

    def __init__(self, dialog: QFileDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    @Slot(str)
    def follow(self, kind: str) -> None:
        found = re.search(r"\*\.(\w+)", kind)
        if found:
            suffix = found[1]
            self._dialog.setDefaultSuffix(suffix)
            names = self._dialog.selectedFiles()
            if names:
                self._dialog.selectFile(Path(names[0]).with_suffix(f".{suffix}").name)
