"""What the formats of tables are called on screen."""

from PySide6.QtCore import QObject


class FormatNames(QObject):
    """Holds the names; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, name: str) -> str:
        """The words for the format that the registry calls `name`."""
        return {
            "safetensors": self.tr("safetensors"),
            "npy": self.tr("NumPy array"),
            "npz": self.tr("NumPy arrays"),
            "word2vec-text": self.tr("word2vec text"),
            "word2vec-binary": self.tr("word2vec binary"),
            "glove": self.tr("GloVe text"),
            "checkpoint": self.tr("PyTorch checkpoint"),
            "projector": self.tr("TensorBoard projector"),
            "csv": self.tr("CSV"),
            "tsv": self.tr("TSV"),
            "parquet": self.tr("Parquet"),
            "hugging-face": self.tr("Hugging Face model"),
        }.get(name, name)
