"""What the probes of padding say together, in a sentence or two."""

import math

from PySide6.QtCore import QObject

from core.padding.messages import Probed


def verdict(probed: Probed, extra: int) -> str:
    """The verdict on `probed`, whose batch has `extra` more pads than it needs."""
    return " ".join(_Verdict().of(probed, extra))


class _Verdict(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, probed: Probed, extra: int) -> list[str]:
        """The sentences."""
        further, replaced = probed.further.largest, probed.replaced.largest
        leaks = further > 0 or math.isnan(further)
        in_loss = (probed.gradient_at_pads or 0.0) > 0
        read = replaced > 0 or math.isnan(replaced)
        trained = probed.weight_gradient_pad > 0
        if leaks:
            said = self.tr("Pads leak: the answer depends on how far the batch is padded.")
        elif (read or in_loss) and extra == 0:
            said = self.tr("Pads are read. Pad further to see whether the answer depends on it.")
        elif read:
            said = self.tr(
                "Padding further changes no answer, but pads are read: with other numbers in "
                "their row the answers would be others."
            )
        elif in_loss:
            said = self.tr("No answer depends on the pads, but the loss does.")
        elif trained:
            said = self.tr("No answer depends on the pads.")
        else:
            said = self.tr("Pads do nothing here.")
        if trained:
            return [said, self.tr("Their row is trained.")]
        if leaks:
            return [said, self.tr("weight.grad[pad] is 0 all the same.")]
        return [said]
