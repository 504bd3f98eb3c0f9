"""What the padding tab says of a batch beside its probes: of wrong ids, and of what is measured."""

from PySide6.QtCore import QObject

from core.padding.messages import WHOLE_TABLE_HEADS, Fault, Studied
from gui.padding_study import Answer


class PaddingWords(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def missing(self, studied: Studied, what: str) -> str:
        """Why the cells cannot show `what`, which was chosen; empty where they do."""
        probed = studied.probed
        if probed is None:
            return ""
        if what == "attention" and probed.attention is None:
            return self.tr("This head has no attention; the cells show ids.")
        if what == "gradient" and probed.gradient is None:
            return self.tr("EmbeddingBag has no output for each cell; the cells show ids.")
        return ""

    def looked_at(self, answer: Answer) -> str:
        """What moves, where it is not the pooled vector; empty where it is."""
        if answer.wishes.head not in WHOLE_TABLE_HEADS:
            return ""
        if answer.wishes.side == "left":
            return self.tr("The output here is the logits of the last position, a word’s.")
        return self.tr(
            "The output here is the logits of the last position. Padded on the right, that is a "
            "pad in all but the longest sentence, and in every sentence once padded further."
        )

    def fault(self, fault: Fault) -> str:
        """What is wrong with an id, and where."""
        place = {"sentence": fault.sentence + 1, "column": fault.column, "id": fault.id}
        if fault.wrong == "negative":
            text = self.tr(
                "Sentence {sentence}, position {column}: id {id} is negative; ids begin at 0, and "
                "nothing counts from the end."
            )
            return text.format(**place)
        return self.tr(
            "Sentence {sentence}, position {column}: id {id} is past the last row, {last}."
        ).format(last=fault.rows - 1, **place)
