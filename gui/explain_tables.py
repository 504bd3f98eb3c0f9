"""Sentences about a table's file that cannot be used."""

from PySide6.QtCore import QObject

from core.problems import BadTable, WhichTensor


class TableSentences(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, problem: BadTable | WhichTensor) -> str:
        """The sentences about such a problem."""
        match problem:
            case WhichTensor(path, tensors):
                return self.tr(
                    "{path} holds several tables. Name one with --tensor: {tensors}."
                ).format(path=path, tensors=", ".join(tensors))
            case BadTable(path, reason, detail):
                sentences = {
                    "not-safetensors": self.tr(
                        "{path} is not a whole safetensors file: {detail}. Save the table again."
                    ),
                    "no-table": self.tr(
                        "{path} holds no table: none of its tensors has rows and columns of "
                        "floating-point numbers in 16, 32 or 64 bits."
                    ),
                    "not-a-table": self.tr(
                        "{detail} in {path} is not a table: it needs rows and columns of "
                        "floating-point numbers in 16, 32 or 64 bits."
                    ),
                }
                return sentences[reason].format(path=path, detail=detail.rstrip("."))
