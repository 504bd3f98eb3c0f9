"""What is said of the probes' outcome."""

import pytest

from gui.padding_verdict import verdict
from tests.core.padding.studies import PAD, probed

pytestmark = pytest.mark.usefixtures("qapp")

LEAK = "Pads leak: the answer depends on how far the batch is padded."
READ = "Pads are read. Pad further to see whether the answer depends on it."
LATENT = (
    "Padding further changes no answer, but pads are read: with other numbers in their row the "
    "answers would be others."
)
TRAINED = "Their row is trained."


@pytest.mark.parametrize(
    ("head", "extra", "padding_idx", "said"),
    [
        ("mean", 3, PAD, f"{LEAK} weight.grad[pad] is 0 all the same."),
        ("mean", 3, None, f"{LEAK} {TRAINED}"),
        ("mean", 0, PAD, READ),
        ("sum", 3, PAD, LATENT),
        ("masked-mean", 3, PAD, "Pads do nothing here."),
        ("bag", 3, PAD, "Pads do nothing here."),
        ("tied", 0, PAD, f"{READ} {TRAINED}"),
    ],
)
def test_each_outcome_has_its_sentence(head, extra, padding_idx, said):
    assert verdict(probed(head, padding_idx=padding_idx, extra=extra), extra) == said


def test_pads_that_only_the_loss_reads():
    # On the left the last pad predicts the first word; the last position is a word all the same.
    found = probed("untied", "left")
    assert found.replaced.largest == 0 < found.gradient_at_pads
    assert verdict(found, 3) == "No answer depends on the pads, but the loss does."
