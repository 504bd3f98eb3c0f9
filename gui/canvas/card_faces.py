"""What stands on a token card, read from the session: the texts, the marks and the colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from gui.canvas.heat import HeatLimit
from gui.canvas.token_card import CardFace
from gui.numbers import shortest
from gui.theme import Theme, heat_image

if TYPE_CHECKING:
    from core.vocabulary import Token
    from gui.session import Session

NUMBERS_IN_TOOLTIP = 48
NUMBERS_A_LINE = 6
NUMBERS_SPOKEN = 8


class CardFaces(QObject):
    """Faces of the line's cards, for the step that is on screen.

    The texts of a row are kept until `read`, so that hovering costs no formatting.
    """

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._texts: dict[int, tuple[str, ...]] = {}
        self._touched: frozenset[int] = frozenset()
        self._moved: frozenset[int] = frozenset()
        self._limit = HeatLimit()

    def forget_colours(self) -> None:
        """Let the colours follow another table."""
        self._limit.forget()

    def read(self) -> None:
        """Read the rows of the line afresh: another step is shown, or another line."""
        self._texts.clear()
        shown = self._session.shown
        if shown is None:
            self._touched = self._moved = frozenset()
            return
        ids = np.unique([token.id for token in self._session.line_tokens]).astype(np.int64)
        ids = ids[ids < len(shown.rows)]
        self._touched = _among(ids, shown.touched_ids)
        self._moved = _among(ids, shown.moved_ids) - self._touched
        self._limit.read(shown.rows)
        self._limit.look_at(shown.rows[ids])

    def face(self, token: Token, lines: int) -> CardFace:
        """The face of `token` with at most `lines` lines of numbers, not current."""
        columns = self._columns(token.id)
        numbers = self.numbers(token.id, columns if columns <= lines else lines - 1)
        left_out = columns - len(numbers)
        more = self.tr("… {count} more").format(count=left_out) if left_out else ""
        touched, moved = token.id in self._touched, token.id in self._moved
        return CardFace(
            token=token.text,
            id_line=self.id_line(token),
            lines=numbers,
            more=more if columns else self.tr("no row yet"),
            note=self.touched_note() if touched else self.moved_note() if moved else "",
            button="" if token.known else self.button(),
            unknown=not token.known,
            pad=token.id == self._session.shown_config.table.padding_idx,
            touched=touched,
            moved=moved,
            picked=token.id in self._session.selection,
            hovered=token.id == self._session.hovered,
        )

    def numbers(self, id: int, count: int) -> tuple[str, ...]:
        """The first `count` numbers of row `id`, exact; fewer where there are not so many."""
        texts = self._texts.get(id, ())
        count = min(count, self._columns(id))
        shown = self._session.shown
        if len(texts) < count and shown is not None:
            texts = tuple(shortest(value) for value in shown.rows[id, :count])
            self._texts[id] = texts
        return texts[:count]

    def id_line(self, token: Token) -> str:
        """How the id of `token` is written on its card."""
        if token.known:
            return self.tr("id {id}").format(id=token.id)
        unknown = self._session.vocabulary.token(token.id)
        return self.tr("→ {unknown}  id {id}").format(unknown=unknown, id=token.id)

    def touched_note(self) -> str:
        """The words under a row that got a gradient."""
        return self.tr("gradient")

    def moved_note(self) -> str:
        """The words under a row that moved though it got no gradient."""
        return self.tr("moved only")

    def button(self) -> str:
        """The words on the button of an unknown token."""
        return self.tr("Add to sentences")

    def spoken(self, token: Token) -> str:
        """The card in words, for a screen reader: "need, id 6, row 0.1 0.8 0.9"."""
        row = " ".join(self._told_numbers(token.id, NUMBERS_SPOKEN))
        if token.known:
            text = self.tr("{token}, id {id}, row {row}")
        else:
            text = self.tr(
                "{token}, unknown, id {id}, row {row}. Press A to add it to the sentences."
            )
        return text.format(token=token.text, id=token.id, row=row)

    def tooltip(self, token: Token, pixels: int) -> str:
        """All that a card has no room for; its strip of colour is `pixels` wide."""
        parts = [token.text, self.id_line(token)]
        if token.known and self._session.vocabulary.is_vanished(token.id):
            parts.append(self.tr("No longer in the sentences."))
        numbers = self._told_numbers(token.id, NUMBERS_IN_TOOLTIP)
        parts += [
            "   ".join(numbers[start : start + NUMBERS_A_LINE])
            for start in range(0, len(numbers), NUMBERS_A_LINE)
        ]
        if token.id in self._touched:
            parts.append(self.tr("Its row got a gradient."))
        if token.id in self._moved:
            parts.append(self.tr("Its row moved without a gradient: momentum or decay moved it."))
        if self._columns(token.id) > pixels:
            parts.append(self.tr("The strip of colour shows means of neighbouring columns."))
        return "\n".join(parts)

    def has_row(self, token: Token) -> bool:
        """Whether the table on screen has a row for `token` yet."""
        return self._columns(token.id) > 0

    def strip_image(self, tokens: Sequence[Token], pixels: int, theme: Theme) -> QImage | None:
        """The rows of `tokens` as one line of colours each; None where there is none.

        Rows with more columns than `pixels` are averaged, colour by colour.
        """
        shown = self._session.shown
        if shown is None or not tokens:
            return None
        image = heat_image(shown.rows[[token.id for token in tokens]], self._limit.value, theme)
        if image.width() <= pixels:
            return image
        return image.scaled(
            pixels,
            image.height(),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )

    def _told_numbers(self, id: int, count: int) -> tuple[str, ...]:
        numbers = self.numbers(id, count)
        left_out = self._columns(id) - len(numbers)
        if left_out:
            numbers += (self.tr("and {count} more").format(count=left_out),)
        return numbers

    def _columns(self, id: int) -> int:
        shown = self._session.shown
        return shown.rows.shape[1] if shown is not None and id < len(shown.rows) else 0


def _among(ids: NDArray[np.int64], many: NDArray[np.integer]) -> frozenset[int]:
    """Those of `ids` that are among `many` ids."""
    # By itself numpy would sort 10⁵ ids, which takes longer than a frame.
    return frozenset(ids[np.isin(ids, many, kind="table")].tolist())
