"""The three probes and `weight.grad[pad]`, each with its number and what that means."""

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.padding.messages import Probed, Shift
from gui.canvas.sentence_bars import SentenceBars
from gui.elided_label import ElidedLabel
from gui.lines_label import LinesLabel
from gui.numbers import rounded, shortest
from gui.theme import SPACING

LARGER, SMALLER = 1.35, 0.9


class ProbeTile(QFrame):
    """A title, a number, what it means, and bars if it has one for each sentence."""

    def __init__(self, name: str, title: str, tip: str, parent: QWidget, *, bars: bool) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._tip = tip
        self.setToolTip(tip)
        self._title = ElidedLabel()
        self._title.set_text(title)
        self._title.setToolTip(tip)
        small = self._title.font()
        small.setPointSizeF(small.pointSizeF() * SMALLER)
        self._title.setFont(small)
        self._number = QLabel("–")
        font = self._number.font()
        font.setPointSizeF(font.pointSizeF() * LARGER)
        font.setBold(True)
        self._number.setFont(font)
        self._meaning = LinesLabel(2)
        line = QHBoxLayout()
        line.setSpacing(SPACING)
        line.addWidget(self._number)
        self._bars = SentenceBars(self) if bars else None
        if self._bars is not None:
            self._bars.setObjectName(f"{name}Bars")
            self._bars.setAccessibleName(title)
            line.addWidget(self._bars, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING - 2, SPACING // 2, SPACING - 2, SPACING // 2)
        column.setSpacing(1)
        column.addWidget(self._title)
        column.addLayout(line)
        column.addWidget(self._meaning)
        column.addStretch(1)

    def show_number(self, value: float | None, meaning: str) -> None:
        """Show `value`, None for none, and what it means."""
        text = "–" if value is None else rounded(value)
        self._number.setText(text)
        self._number.setToolTip("" if value is None else shortest(value))
        self._meaning.setText(meaning)
        self.setToolTip(f"{self._tip}\n\n{text}: {meaning}" if meaning else self._tip)
        self.setAccessibleName(f"{self._title.text()}: {text}. {meaning}")

    def set_short(self, *, short: bool) -> None:
        """Where there is little height the meaning is in the tip."""
        self._meaning.setVisible(not short)
        if self._bars is not None:
            self._bars.set_short(short=short)

    def show_bars(self, names: tuple[str, ...], values: tuple[float, ...]) -> None:
        """Show how much of it each sentence has."""
        if self._bars is not None:
            self._bars.show_values(names, values)


class PaddingProbes(QWidget):
    """Four tiles in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paddingProbes")
        self._gradient = ProbeTile(
            "gradientProbe",
            self.tr("Gradient at pads"),
            self.tr(
                "The norm of the gradient at the layer's output, over all cells that hold a pad. "
                "If it is not 0, the loss depends on what stands there."
            ),
            self,
            bars=False,
        )
        self._weight = ProbeTile(
            "weightProbe",
            self.tr("weight.grad[pad]"),
            self.tr(
                "The norm of the gradient of the pad's own row. padding_idx makes it 0, but for "
                "tied output weights; that keeps the row as it is and does nothing else."
            ),
            self,
            bars=False,
        )
        self._further = ProbeTile(
            "furtherProbe",
            self.tr("Padded further"),
            self.tr(
                "How far each sentence's output moves from where it is in the batch padded to its "
                "longest sentence, as a share of the output's length; the largest."
            ),
            self,
            bars=True,
        )
        self._replaced = ProbeTile(
            "replacedProbe",
            self.tr("Pad row random"),
            self.tr(
                "How far each sentence's output moves when random numbers, N(0, 1), stand in the "
                "pad row, as a share of the output's length; the largest."
            ),
            self,
            bars=True,
        )
        self._tiles = (self._gradient, self._weight, self._further, self._replaced)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACING // 2)
        for number, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, 0, number)
            self._grid.setColumnStretch(number, 1)

    def set_short(self, *, short: bool) -> None:
        """Whether there is little height."""
        for tile in self._tiles:
            tile.set_short(short=short)

    def show_probed(self, probed: Probed | None, names: tuple[str, ...], extra: int) -> None:
        """Show what the probes measured with `extra` more pads; None: nothing yet."""
        if probed is None:
            for tile in self._tiles:
                tile.show_number(None, "")
                tile.show_bars((), ())
            return
        self._show_gradients(probed)
        self._show_shift(self._further, probed.further, names, self._further_means(probed, extra))
        replaced = self._replaced_means(probed)
        self._show_shift(self._replaced, probed.replaced, names, replaced)

    def _show_gradients(self, probed: Probed) -> None:
        value = probed.gradient_at_pads
        if value is None:
            meaning = self.tr("EmbeddingBag has no output at a pad")
        elif value == 0:
            meaning = self.tr("the loss does not reach them")
        else:
            meaning = self.tr("the loss reaches them")
        self._gradient.show_number(value, meaning)
        still = probed.weight_gradient_pad == 0
        self._weight.show_number(
            probed.weight_gradient_pad,
            self.tr("the row gets no gradient") if still else self.tr("the row is trained"),
        )

    def _show_shift(
        self, tile: ProbeTile, shift: Shift, names: tuple[str, ...], meaning: str
    ) -> None:
        tile.show_number(shift.largest, meaning)
        tile.show_bars(names, tuple(shift.relative.numpy().tolist()))

    def _further_means(self, probed: Probed, extra: int) -> str:
        if extra == 0:
            return self.tr("move the slider")
        if probed.further.largest == 0:
            return self.tr("the output stays")
        return self.tr("the output moves")

    def _replaced_means(self, probed: Probed) -> str:
        if probed.replaced.largest == 0 and probed.gradient_at_pads:
            return self.tr("the output stays")
        if probed.replaced.largest == 0:
            return self.tr("the row is never read")
        return self.tr("the row is read")
