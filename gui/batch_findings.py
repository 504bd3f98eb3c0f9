"""Has the batch of the padding tab looked at by the audit too, while somebody looks at the tab."""

import numpy as np
from PySide6.QtCore import QObject, Slot

from core.audit.subject import StudiedBatch, Text
from core.padding.wishes import Wishes
from gui.padding_batch import Batch
from gui.padding_study import PaddingStudy
from gui.session import Session

PAD_ROWS = {"as-is": None, "zero": True, "random": False}


class BatchFindings(QObject):
    """Tells the findings of each other batch, head or padding under study."""

    def __init__(self, session: Session, study: PaddingStudy, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._study = session, study
        self._told: tuple[Wishes, Batch, int | None, int] | None = None
        study.changed.connect(self._follow)
        session.lineChanged.connect(self._follow)
        session.sentencesChanged.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        study = self._study
        batch = study.read_batch() if study.watched else None
        now = None if batch is None else (study.wishes, batch, study.padding_idx, study.pad_id)
        if now == self._told:
            return
        self._told = now
        self._session.findings.study(None if batch is None else self._studied(batch))

    def _studied(self, batch: Batch) -> StudiedBatch:
        study, wishes = self._study, self._study.wishes
        ids = np.array([id_ for sentence in batch.sentences for id_ in sentence], np.int64)
        offsets = np.cumsum([0, *map(len, batch.sentences)])
        text = Text(ids, offsets, study.pad_id)
        pad_is_zero = PAD_ROWS[wishes.pad_row]
        return StudiedBatch(wishes.head, text, study.padding_idx, wishes.extra, pad_is_zero)
