"""What the window calls the heads of the padding study, and a line about each."""

from PySide6.QtCore import QObject

from core.padding.messages import HeadName
from gui.setting_names import Named


class HeadNames(QObject):
    """The names in the language of the application."""

    def head(self, name: HeadName) -> Named:
        """A head."""
        return self._pooling(name) or self._sequence(name) or self._attention(name)

    def _pooling(self, name: HeadName) -> Named | None:
        named: dict[HeadName, Named] = {
            "mean": Named(
                self.tr("Mean"),
                self.tr("The mean of all rows of the batch's line, pads included."),
            ),
            "masked-mean": Named(
                self.tr("Masked mean"), self.tr("The mean of the real tokens' rows alone.")
            ),
            "sum": Named(self.tr("Sum"), self.tr("The sum of all rows, pads included.")),
            "max": Named(self.tr("Max"), self.tr("The largest of each column, pads included.")),
            "bag": Named(
                self.tr("EmbeddingBag"),
                self.tr("torch's EmbeddingBag, mean: it skips its padding_idx."),
            ),
            "tied": Named(
                self.tr("Next word, tied weights"),
                self.tr("The table itself is the output layer: each row is scored."),
            ),
            "untied": Named(
                self.tr("Next word, own output weights"),
                self.tr("An output layer of its own scores each word."),
            ),
        }
        return named.get(name)

    def _sequence(self, name: HeadName) -> Named | None:
        named: dict[HeadName, Named] = {
            "lstm": Named(
                self.tr("LSTM, last state"),
                self.tr("The state after the last column, which for right padding is a pad."),
            ),
            "packed-lstm": Named(
                self.tr("Packed LSTM"),
                self.tr("The state after the last real token, by pack_padded_sequence."),
            ),
            "conv": Named(
                self.tr("Convolution, masked mean"),
                self.tr("A window of three over the line, then the mean of the real places."),
            ),
            "batchnorm": Named(
                self.tr("BatchNorm, masked mean"),
                self.tr("BatchNorm in training mode: its mean and variance count the pads."),
            ),
        }
        return named.get(name)

    def _attention(self, name: HeadName) -> Named:
        named: dict[HeadName, Named] = {
            "attention": Named(
                self.tr("Attention without a mask"),
                self.tr("Pads get a share of the softmax; then the mean of the real places."),
            ),
            "masked-attention": Named(
                self.tr("Masked attention, masked mean"),
                self.tr("Pads get no share of the softmax, and none of the mean."),
            ),
            "masked-attention-mean": Named(
                self.tr("Masked attention, plain mean"),
                self.tr("Pads get no share of the softmax, but count in the mean."),
            ),
        }
        return named[name]
