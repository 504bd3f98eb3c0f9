"""The nearest tokens as lines: rank, token, how near, and what changed since the marked step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.neighbourhood import Answer, since
from core.neighbours import Metric, Nearest
from gui.numbers import shortest

RANK, TOKEN, VALUE, SINCE = range(4)
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROLE = Qt.ItemDataRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Line:
    """One token: `rank` from 0 and `value` now, `rank_before` at the mark; None: not among them."""

    id: int
    rank: int | None
    value: float | None
    rank_before: int | None = None


def lines_of(answer: Answer) -> list[Line]:
    """Those that are nearest now and then, if a step is marked, those that are no more."""
    found, marked = answer.found, answer.at_mark
    if not isinstance(found, Nearest):
        return []
    ids = found.ids.tolist()
    change = since(ids, marked.ids.tolist() if isinstance(marked, Nearest) else ())
    now = zip(ids, found.values.tolist(), change.ranks, strict=True)
    lines = [Line(id_, rank, value, before) for rank, (id_, value, before) in enumerate(now)]
    if isinstance(marked, Nearest):
        before = {id_: rank for rank, id_ in enumerate(marked.ids.tolist())}
        lines += [Line(id_, None, None, before[id_]) for id_ in change.left]
    return lines


class NearestModel(QAbstractTableModel):
    """Shows `lines`; tokens are named as they are painted."""

    def __init__(self, name_of: Callable[[int], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name_of = name_of
        self.lines: list[Line] = []
        self.metric: Metric = "cosine"
        self.compared = False

    def show_answer(self, answer: Answer | None) -> None:
        """Show what was found; None: nothing."""
        lines = [] if answer is None else lines_of(answer)
        if answer is not None:
            self.metric = answer.question.metric
            self.compared = isinstance(answer.at_mark, Nearest)
        if len(lines) != len(self.lines):
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()
        elif lines:
            self.lines = lines
            self.dataChanged.emit(self.index(0, RANK), self.index(len(lines) - 1, SINCE))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, RANK, SINCE)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else SINCE + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT if section in (RANK, VALUE) else _LEFT
        if role != _ROLE.DisplayRole:
            return None
        value = self.tr("≈ cosine") if self.metric == "cosine" else self.tr("≈ distance")
        return ("", self.tr("token"), value, self.tr("since the mark"))[section]

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.lines):
            return None
        line, column = self.lines[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return self._text(line, column)
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT if column in (RANK, VALUE) else _LEFT
        if role == _ROLE.ToolTipRole and column == VALUE and line.value is not None:
            return self.tr("exactly {value}").format(value=shortest(np.float64(line.value)))
        if role == _ROLE.ToolTipRole and column == TOKEN:
            return self.tr("{token}  (id {id})").format(token=self._name_of(line.id), id=line.id)
        if role in (_ROLE.ToolTipRole, _ROLE.AccessibleTextRole) and column == SINCE:
            return self._told(line)
        return None

    def _text(self, line: Line, column: int) -> str:
        if column == RANK:
            return "" if line.rank is None else str(line.rank + 1)
        if column == TOKEN:
            return self._name_of(line.id)
        if column == VALUE:
            return "" if line.value is None else _short(line.value, self.metric)
        return self._change(line) if self.compared else ""

    def _change(self, line: Line) -> str:
        """What changed since the mark, in a sign and a number."""
        if line.rank is None:
            return self.tr("left (was {rank})").format(rank=(line.rank_before or 0) + 1)
        if line.rank_before is None:
            return self.tr("new")
        up = line.rank_before - line.rank
        return "=" if up == 0 else f"▲ {up}" if up > 0 else f"▼ {-up}"

    def _told(self, line: Line) -> str:
        """The same as a sentence."""
        if not self.compared:
            return ""
        if line.rank is None:
            return self.tr(
                "At the marked step it was number {rank}; it is among these no more."
            ).format(rank=(line.rank_before or 0) + 1)
        if line.rank_before is None:
            return self.tr("At the marked step it was not among these.")
        return self.tr("At the marked step it was number {rank}.").format(rank=line.rank_before + 1)


def _short(value: float, metric: Metric) -> str:
    text = f"{value:.3f}" if metric == "cosine" else f"{value:.4g}"
    return text.replace("-", "−")
