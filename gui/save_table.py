"""Saves the table on screen, or the rows that are picked, in the format its name says."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMessageBox

from core.formats import registry
from core.formats.opened_table import OpenedTable
from core.problems import ProblemError
from core.progress import Cancelled, Progress, report
from gui.file_saver import FileSaver
from gui.format_names import FormatNames
from gui.holds import Hold

PIECE = 2**16  # rows copied at a time


class TableSaver(FileSaver):
    """Saves the rows of the step on screen, once it is known which."""

    question: QMessageBox | None = None
    """Which rows, while that is being asked."""

    @Slot()
    def save(self) -> None:
        """Ask which rows, where some are picked, and then where."""
        picked = self._session.selection
        if len(picked) < 2:  # one is always picked
            self.save_rows(())
            return
        self.question = question = QMessageBox(self._window)
        question.setObjectName("saveWhich")
        question.setWindowTitle(self.tr("Save table"))
        question.setText(self.tr("Which rows shall be saved?"))
        every = self.tr("All {n:,}").format(n=len(self._session.vocabulary))
        some = self.tr("The {n:,} picked").format(n=len(picked))
        self._every = question.addButton(every, QMessageBox.ButtonRole.AcceptRole)
        self._every.setObjectName("saveAll")
        self._some = question.addButton(some, QMessageBox.ButtonRole.AcceptRole)
        self._some.setObjectName("savePicked")
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(self._every)
        question.finished.connect(self._save_which)
        question.open()

    @Slot(int)
    def _save_which(self, _result: int) -> None:
        question, self.question = self.question, None
        if question is None:
            return
        clicked = question.clickedButton()
        question.deleteLater()
        if clicked is self._every:
            self.save_rows(())
        elif clicked is self._some:
            self.save_rows(sorted(self._session.selection))

    def save_rows(self, ids: Sequence[int]) -> None:
        """Let the user choose a file, and write these rows into it; all of them if none."""
        path = self._ask_for_path(self.tr("Save table"), "table.safetensors", self._kinds())
        if path is None:
            return
        try:
            registry.writer_of(path)
        except ProblemError as error:
            self.problemRaised.emit(error.problem)
            return
        hold = self._session.hold()
        if hold is None:
            self.refused.emit(self.tr("The run is not ready yet."))
            return
        vocabulary = self._session.vocabulary
        tokens = [vocabulary.token(id_) for id_ in ids] if len(ids) else vocabulary.tokens
        padding_idx = self._session.shown_config.table.padding_idx
        if len(ids):
            padding_idx = ids.index(padding_idx) if padding_idx in ids else None
        work = partial(_write, path, hold, tokens, tuple(ids), padding_idx)
        self._write(path, work, hold).succeeded.connect(self._tell)

    def _kinds(self) -> str:
        kinds, names = [], FormatNames()
        for each in registry.FORMATS.values():
            if each.endings:
                endings = " ".join(f"*{ending}" for ending in each.endings)
                kinds.append(f"{names.of(each.name)} ({endings})")
        return ";;".join(kinds)

    @Slot(object)
    def _tell(self, written: tuple[Path, str, str]) -> None:
        path, was, kept = written
        text = self.tr("Saved {file}.")
        if was != kept:
            text = self.tr("Saved {file}, its numbers as {kept}: this format has no {was}.")
        self.told.emit(text.format(file=path.name, was=was, kept=kept))


def _write(
    path: Path,
    hold: Hold,
    tokens: Sequence[str],
    ids: Sequence[int],
    padding_idx: int | None,
    progress: Progress,
) -> tuple[Path, str, str]:
    """(`path`, the dtype of the rows, the dtype they have in the file)."""
    with hold:
        if hold.rows is None:
            rows = None
        elif ids:
            rows = np.array(hold.rows[list(ids)])
        else:
            # A copy, so that the steps that come meanwhile need not wait for the disk.
            rows = np.empty(hold.rows.shape, hold.rows.dtype)
            for start in range(0, len(rows), PIECE):
                report(progress, 0, 1)
                rows[start : start + PIECE] = hold.rows[start : start + PIECE]
    if rows is None:  # the window closes
        raise Cancelled
    registry.write(path, OpenedTable(rows, tokens, padding_idx), progress)
    return path, rows.dtype.name, registry.writer_of(path).kept(rows.dtype)
