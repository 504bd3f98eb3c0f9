"""What is found about a batch that is studied beside the run, over the run's own table."""

import pytest

from core.audit.audit import findings_of_batch
from core.audit.examined import Examined
from core.audit.finding import Finding
from core.audit.subject import StudiedBatch
from tests.core.audit.subjects import PAD, ROWS, config, row_set, sound, text

RAGGED = text([2, 3, 4], [5])
EVEN = text([2, 3], [4, 5])


def found(batch: StudiedBatch, **subject: object) -> dict[str, Finding]:
    findings = findings_of_batch(Examined(sound(**subject)), batch)
    return {finding.kind: finding for finding in findings}


@pytest.mark.parametrize(
    ("batch", "kinds"),
    [
        (StudiedBatch("mean", RAGGED, PAD), ["pads-in-pooling"]),
        (StudiedBatch("masked-mean", RAGGED, PAD), []),
        (StudiedBatch("mean", EVEN, PAD), []),
        (StudiedBatch("mean", EVEN, PAD, extra=3), ["pads-in-pooling"]),
        (StudiedBatch("mean", RAGGED, None), ["pads-in-pooling", "no-padding-idx"]),
        (StudiedBatch("sum", RAGGED, PAD), []),
        (StudiedBatch("sum", RAGGED, PAD, pad_is_zero=False), ["pads-in-pooling"]),
        (StudiedBatch("bag", RAGGED, PAD), []),
        (StudiedBatch("lstm", RAGGED, PAD), ["pads-in-last-state"]),
        (StudiedBatch("packed-lstm", RAGGED, PAD), []),
        (StudiedBatch("conv", RAGGED, PAD), []),
        (StudiedBatch("attention", RAGGED, PAD), ["pads-in-attention"]),
        (StudiedBatch("tied", RAGGED, PAD), ["tied-pad-row"]),
        (StudiedBatch("untied", RAGGED, PAD), []),
        (StudiedBatch("masked-mean", text([2, ROWS], [-100]), PAD), ["id-out-of-range"]),
    ],
)
def test_a_head_and_its_batch_are_looked_at_together(batch, kinds):
    assert list(found(batch)) == kinds


def test_the_row_of_padding_is_that_of_the_table_unless_it_is_replaced():
    loaded = row_set(PAD, 0.5)
    assert "pads-in-convolution" in found(StudiedBatch("conv", RAGGED, PAD), rows=loaded)
    zeroed = StudiedBatch("conv", RAGGED, PAD, pad_is_zero=True)
    assert "pads-in-convolution" not in found(zeroed, rows=loaded)


def test_findings_are_marked_and_offer_nothing_that_would_change_the_run():
    mean = found(StudiedBatch("mean", RAGGED, None), config=config())
    assert all(each.of_batch and each.remedy is None for each in mean.values())


def test_the_pads_that_are_added_count():
    # 1 token of 3 + 5: 1 − 1/8.
    finding = found(StudiedBatch("mean", RAGGED, PAD, extra=5))["pads-in-pooling"]
    assert finding.numbers["shift"] == pytest.approx(7 / 8)


def test_a_batch_that_reads_pads_names_the_first_pad_of_its_shortest_sentence():
    # Behind the one token of sentence 1 (from 0), which is the shorter one.
    finding = found(StudiedBatch("mean", RAGGED, PAD))["pads-in-pooling"]
    assert finding.cells.tolist() == [[1, 1]]
    assert finding.numbers["sentence"] == 2


def test_ids_that_are_no_rows_are_named_by_their_place_in_the_batch():
    wrong = text([2, ROWS], [-100])
    finding = found(StudiedBatch("masked-mean", wrong, PAD))["id-out-of-range"]
    assert finding.cells.tolist() == [[0, 1], [1, 0]]
