"""Where pads leak, over seeds, sides and base batches: the pattern of zeros and of what is not."""

import numpy as np
import pytest

from tests.core.padding.studies import probed, table

SEEDS = range(6)
EQUAL = [[2, 3, 4], [5, 6, 7]]  # the base batch has no pads
RAGGED = [[2, 3, 4], [5, 6, 7, 8, 9]]
# head: (gradient at pads, shift when padded further, shift when the pad row is replaced); whether
# they are more than 0, with a zero pad row
PATTERN = {
    "mean": (True, True, True),
    "masked-mean": (False, False, False),
    "packed-lstm": (False, False, False),
    "masked-attention": (False, False, False),
    "sum": (True, False, True),
    "lstm": (True, True, True),
    "conv": (True, False, True),
    "batchnorm": (True, True, True),
    "attention": (True, True, True),
    "masked-attention-mean": (True, True, True),
}


def study(head, side, sentences, seed):
    labels = [seed % 2, 1]
    return probed(head, side, seed, rows=table(seed), sentences=sentences, labels=labels)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("sentences", [EQUAL, RAGGED], ids=["equal", "ragged"])
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("head", PATTERN)
def test_the_pattern(head, side, sentences):
    for seed in SEEDS:
        found = study(head, side, sentences, seed)
        leaks = (found.gradient_at_pads, found.further.largest, found.replaced.largest)
        assert tuple(leak != 0 for leak in leaks) == PATTERN[head], (seed, leaks)
        assert found.weight_gradient_pad == 0  # and yet


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("sentences", [EQUAL, RAGGED], ids=["equal", "ragged"])
def test_max_depends_on_the_seed_and_on_pads_in_the_base_batch(sentences):
    seen = set()
    for seed in range(30):
        rows = table(seed)
        found = study("max", "right", sentences, seed)
        # A pad's 0 wins exactly where all real values of a dimension are negative …
        hides = [(rows[sentence].max(0) < 0).any() for sentence in sentences]
        assert (found.gradient_at_pads > 0) == any(hides)
        # … and only a sentence without a pad in the base batch can still move.
        longest = max(map(len, sentences))
        moves = [
            bool(hidden and len(sentence) == longest)
            for hidden, sentence in zip(hides, sentences, strict=True)
        ]
        assert (found.further.relative.numpy() > 0).tolist() == moves
        assert found.replaced.largest > 0
        seen.add((found.gradient_at_pads > 0, found.further.largest > 0))
    assert len(seen) > 1


@pytest.mark.usefixtures("one_thread")
def test_a_bag_has_no_gradient_at_pads_and_leaves_them_out():
    for seed in SEEDS:
        found = study("bag", "right", RAGGED, seed)
        assert found.gradient_at_pads is None
        assert found.further.largest == found.replaced.largest == found.weight_gradient_pad == 0
        counted = probed("bag", padding_idx=None, rows=table(seed), seed=seed)
        assert counted.further.largest > 0
        assert counted.weight_gradient_pad > 0


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(
    ("head", "side", "pattern"),
    [
        # On the right the last column is a pad, whose logits are all 0; on the left a real token.
        ("tied", "right", (False, True, True, True)),
        ("untied", "right", (False, True, True, False)),
        # The last pad on the left predicts the first word. Tied, the pad's logit is its row.
        ("tied", "left", (True, False, True, True)),
        ("untied", "left", (True, False, False, False)),
    ],
)
def test_next_word(head, side, pattern):
    for seed in SEEDS:
        found = study(head, side, RAGGED, seed)
        leaks = (
            found.gradient_at_pads,
            found.further.largest,
            found.replaced.largest,
            found.weight_gradient_pad,
        )
        assert tuple(leak != 0 for leak in leaks) == pattern, (seed, leaks)
        if side == "right":
            # The pads that are ignored as targets leave the loss alone.
            np.testing.assert_allclose(found.loss, found.loss_base, rtol=1e-6)
