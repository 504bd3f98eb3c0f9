"""Opening a table: looked into, asked about, read without stopping the window, and shown."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.formats.opened_table import Choice
from core.problems import ProblemError
from core.progress import Progress
from gui.background import Background, Job, Work
from gui.explain import explain
from gui.import_dialog import ImportDialog
from gui.read_table import ReadTable, load_table
from gui.session import Session
from gui.table_preview import Preview, preview, table_folder
from gui.teller import Teller


class TableOpener(Teller):
    """Opens tables one at a time; what was open stays until the new one is whole."""

    opened = Signal(object)  # Path

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._window = session, background, parent
        self._job: Job | None = None
        self.dialog: ImportDialog | None = None
        self._path = Path()

    @Slot()
    def ask(self) -> None:
        """Let the user choose a file."""
        source = self._session.text_source
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open table"),
            str(source.parent) if source else "",
            self.tr(
                "Tables (*.vec *.bin *.txt *.gz *.npy *.npz *.safetensors *.pt *.pth *.csv *.tsv "
                "*.parquet *.pbtxt config.json);;All files (*)"
            ),
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Look into `path`, and ask how it shall be opened; what was asked before is given up."""
        self._close_dialog()
        self._path = path
        work = partial(_look, path)
        job = self._run(self.tr("Looking into {file}").format(file=path.name), work)
        job.succeeded.connect(self.ask_how)
        job.failed.connect(self._fail)

    def _run(self, what: str, work: Work, *, quiet: bool = False) -> Job:
        self.stop()
        self._job = job = self._background.run(what, work, quiet=quiet)
        job.ended.connect(self._forget)
        return job

    def stop(self) -> None:
        """Give up what is being read."""
        if self._job is not None:
            self._job.stop()

    # ── asking ────────────────────────────────────────────────────────────────────────────────

    @Slot(object)
    def ask_how(self, found: Preview) -> None:
        """Ask how what was looked into shall be opened."""
        self._close_dialog()
        self._path = found.path
        self.dialog = dialog = ImportDialog(found, self._session.text, self._window)
        dialog.previewWanted.connect(self._look_again)
        dialog.accepted.connect(self._read)
        dialog.rejected.connect(self._close_dialog)
        dialog.open()

    @Slot(object)
    def _look_again(self, choice: Choice) -> None:
        job = self._run("", partial(preview, self._path, choice), quiet=True)
        job.succeeded.connect(self._show_preview)
        job.failed.connect(self._say_in_dialog)

    @Slot(object)
    def _show_preview(self, found: Preview) -> None:
        if self.dialog is not None:
            self.dialog.show_preview(found)

    @Slot(object)
    def _say_in_dialog(self, error: Exception) -> None:
        """Where the choice is at fault the dialog is the place to say so, and to choose again."""
        if self.dialog is None or not isinstance(error, ProblemError):
            self._fail(error)
            return
        self.dialog.show_problem(explain(error.problem))
        self.dialog.open()

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _read(self) -> None:
        if self.dialog is None:
            return
        # What is too large for the pipe goes where the run's other files are.
        folder = self._session.history.keyframes.parent
        work = partial(load_table, self._path, self.dialog.wanted, folder)
        job = self._run(self.tr("Reading {file}").format(file=self._path.name), work)
        job.succeeded.connect(self._show)
        job.failed.connect(self._say_in_dialog)
        job.stopped.connect(self._close_dialog)

    @Slot(object)
    def _show(self, read: ReadTable) -> None:
        self._close_dialog()
        self._session.show_document(read)
        self.told.emit(self._told(read))
        self.opened.emit(read.source)

    def _told(self, read: ReadTable) -> str:
        rows, columns = read.rows.shape
        text = self.tr("{file}: {rows:,} rows of {columns:,} numbers, {dtype}.")
        if read.added:
            text = self.tr(
                "{file}: {rows:,} rows of {columns:,} numbers, {dtype}. Added at the end: {added}."
            )
        return text.format(
            file=read.source.name,
            rows=rows,
            columns=columns,
            dtype=read.rows.dtype.name,
            added=", ".join(read.added),
        )

    @Slot()
    def _close_dialog(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close()
            dialog.deleteLater()

    @Slot(object)
    def _forget(self, job: Job) -> None:
        if job is self._job:
            self._job = None


def _look(path: Path, progress: Progress) -> Preview:
    return preview(table_folder(path), Choice(), progress)
