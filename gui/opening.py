"""Opening a file: asked for, dropped or named; told by its content, and read in a thread."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.corpus import encode_corpus, parse_sentences
from core.formats.opened_table import Choice
from core.progress import Progress
from core.project.archive import is_project
from core.textfile import read_text
from core.vocabulary import Vocabulary, VocabularyConfig
from gui.background import Background, Job
from gui.document import Document
from gui.open_table import TableOpener
from gui.session import Session
from gui.table_preview import Preview, holds_table, preview, table_folder
from gui.teller import Teller

# What reading, numbering the words and encoding the sentences take of the whole, as measured.
_SHARES = (0.1, 0.45, 0.45)
_WHOLE = 1000


def load_text(path: Path, progress: Progress) -> Document:
    """Read `path`, number its words and encode its sentences.

    `progress(done, total)` is told in thousandths of the whole. Raises `ProblemError` for a file
    that cannot be used, and `core.progress.Cancelled` when `progress` says False.
    """

    def part(number: int) -> Progress:
        start, share = sum(_SHARES[:number]), _SHARES[number]

        def tell(done: int, total: int) -> bool:
            return progress(round(_WHOLE * (start + share * done / max(total, 1))), _WHOLE)

        return tell

    text = read_text(path, part(0))
    corpus = parse_sentences(text)
    vocabulary = Vocabulary.build(corpus.sentences, VocabularyConfig(), part(1))
    return Document(text, corpus, vocabulary, encode_corpus(corpus, vocabulary, part(2)), path)


def load(path: Path, progress: Progress) -> Document | Preview:
    """Read `path` if it is a text; look into it, if it is a table."""
    path = table_folder(path)
    return preview(path, Choice(), progress) if holds_table(path) else load_text(path, progress)


class Opener(Teller):
    """Opens files one at a time; what was open stays until the new one is whole."""

    opened = Signal(object)  # Path
    projectFound = Signal(object)  # Path: what is to be opened is a project

    def __init__(
        self, session: Session, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._window = parent
        self._job: Job | None = None
        self.tables = TableOpener(session, background, parent)
        self.tables.setParent(self)
        for ours, theirs in (
            (self.opened, self.tables.opened),
            (self.told, self.tables.told),
            (self.problemRaised, self.tables.problemRaised),
            (self.errorRaised, self.tables.errorRaised),
        ):
            theirs.connect(ours)

    @Slot()
    def ask(self) -> None:
        """Let the user choose a file."""
        source = self._session.text_source
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open text"),
            str(source.parent) if source else "",
            self.tr("Text files (*.txt *.tsv *.csv *.md);;All files (*)"),
        )
        if name:
            self.open(Path(name))

    @Slot(object)
    def open(self, path: Path) -> None:
        """Read `path` in the background, then show it; a file still being read is given up."""
        if self._job is not None:
            self._job.stop()
        self.tables.stop()
        if is_project(path):
            self.projectFound.emit(path)
            return
        what = self.tr("Reading {file}").format(file=path.name)
        self._job = job = self._background.run(what, partial(load, path))
        job.succeeded.connect(self._show)
        job.failed.connect(self._fail)
        job.ended.connect(self._forget)

    @Slot(object)
    def _show(self, found: Document | Preview) -> None:
        if isinstance(found, Preview):
            self.tables.ask_how(found)
            return
        self._session.show_document(found)
        self.opened.emit(found.source)

    @Slot(object)
    def _forget(self, job: Job) -> None:
        if job is self._job:
            self._job = None


def dropped_file(mime: QMimeData) -> Path | None:
    """The one local file, or folder with a table, that is dragged; None for anything else."""
    urls = mime.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() or (path.is_dir() and holds_table(path)) else None
