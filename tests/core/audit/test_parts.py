"""What findings are made from: fingerprints, facts of rows, how often a row is looked up."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.audit.audit import audit
from core.audit.examined import UNMASKED
from core.audit.finding import ZeroRow
from core.audit.fingerprints import fingerprints
from core.audit.reach import lookups_per_step
from core.audit.row_facts import look_at_rows
from core.audit.subject import Subject, Text, count_ids
from core.config import OBJECTIVES, ObjectiveConfig
from core.objectives import FlatCorpus, make_objective
from core.padding.messages import HEADS
from core.progress import Cancelled
from core.table import EmbeddingTable
from tests.core.audit.subjects import (
    PAD,
    ROWS,
    TOKENS,
    alone,
    config,
    found,
    pooled,
    row_set,
    sentences,
    sound,
    text,
    trained_by,
    values,
)
from tests.core.corpora import encoded


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("columns", [1, 3, 300])
def test_rows_have_one_fingerprint_only_if_they_have_the_same_bits(dtype, columns):
    rows = np.random.default_rng(1).standard_normal((2000, columns)).astype(dtype)
    rows[1999] = rows[3]
    rows[1998] = -rows[3]
    _, first, times = np.unique(rows, axis=0, return_index=True, return_counts=True)
    prints = fingerprints(rows)
    assert prints[1999] == prints[3]
    assert prints[1998] != prints[3]
    assert len(np.unique(prints)) == len(first) == len(times)


@given(st.lists(st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, np.inf]), min_size=8, max_size=8))
def test_a_change_of_signs_changes_the_fingerprint(row):
    rows = np.array([row, [-value for value in row]], np.float32)
    one, other = fingerprints(rows)
    assert one != other


def test_a_fingerprint_does_not_depend_on_where_a_row_is_read():
    rows = np.random.default_rng(2).standard_normal((70_000, 9)).astype(np.float32)  # two pieces
    assert np.array_equal(fingerprints(rows)[-5:], fingerprints(rows[-5:]))
    strided = np.asfortranarray(rows[:50])
    assert np.array_equal(fingerprints(strided), fingerprints(rows[:50]))


def test_the_facts_of_rows_are_exact_where_squares_leave_the_range_of_floats():
    rows = np.array([[3, 4], [0, 0], [1e-200, 0], [1e200, 0], [np.nan, 1], [np.inf, 0], [-0.0, 0]])
    facts = look_at_rows(rows)
    assert facts.norms[:4].tolist() == [5, 0, 1e-200, 1e200]
    assert facts.finite.tolist() == [True, True, True, True, False, False, True]
    assert facts.zero.tolist() == [False, True, False, False, False, False, True]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_row_is_looked_up_as_often_as_batches_are_drawn(objective):
    corpus = encoded(sentences(), [0] * len(sentences()))
    settings = config(ObjectiveConfig(objective))
    table = EmbeddingTable(settings.table)
    drawer = make_objective(settings.objective, table, FlatCorpus(corpus))
    drawn = drawer.batch(40_000, torch.Generator().manual_seed(0))
    real = drawn.inputs if drawn.mask is None else drawn.inputs[drawn.mask]
    measured = np.bincount(real.flatten().numpy(), minlength=ROWS) * (16 / 40_000)
    expected = lookups_per_step(Text.of(corpus), settings, ROWS)
    assert expected == pytest.approx(measured, rel=0.15)
    assert expected.sum() == pytest.approx(measured.sum(), rel=0.02)


def test_the_heads_are_those_of_the_padding_laboratory():
    assert set(HEADS) > UNMASKED


def test_ids_are_counted_in_pieces_too():
    ids = np.random.default_rng(0).integers(-1, 41, 600_000)  # three pieces, some out of range
    inside = ids[(ids >= 0) & (ids < ROWS)]
    assert np.array_equal(count_ids(ids, ROWS), np.bincount(inside, minlength=ROWS))
    twice = np.full(len(ids), 2, np.int32)
    assert np.array_equal(count_ids(ids, ROWS, twice), 2 * count_ids(ids, ROWS))


@given(st.lists(st.integers(0, 5), max_size=9))
def test_places_of_tokens_count_from_both_ends_of_their_sentence(lengths):
    sentence = text(*([7] * length for length in lengths))
    assert sentence.positions.tolist() == [at for length in lengths for at in range(length)]
    assert sentence.following.tolist() == [at for n in lengths for at in reversed(range(n))]
    places = np.arange(len(sentence.ids))
    expected = [number for number, length in enumerate(lengths) for _ in range(length)]
    assert sentence.sentences_of(places).tolist() == expected


def test_a_cell_is_a_sentence_and_a_position():
    # The fourth sentence (3, an empty one being the third) has the pad at its second place.
    finding = found(sound(text=text([2, 3], [4], [], [5, PAD, 6]), config=config()))
    assert finding["pads-among-words"].cells.tolist() == [[3, 1]]


def test_ids_out_of_range_are_all_told_with_the_first_in_words():
    finding = found(sound(text=text([2, 3], [ROWS, 4, -1])))["id-out-of-range"]
    assert finding.cells.tolist() == [[1, 0], [1, 2]]
    assert finding.numbers == {"count": 2, "id": 40, "last": 39, "sentence": 2, "position": 1}


def test_the_remedy_of_a_pad_row_is_to_zero_it_and_of_a_mean_to_mask_it():
    assert found(alone(rows=row_set(PAD, 0.5)))["pad-row-not-zero"].remedy == ZeroRow(PAD)
    remedy = found(sound(config=pooled("mean")))["pads-in-pooling"].remedy
    assert remedy.config == pooled("masked-mean")


@pytest.mark.parametrize(
    "subject",
    [
        sound(config=pooled("mean")),
        sound(config=pooled("max", padding_idx=None)),
        sound(config=config(padding_idx=5)),
        sound(config=config(padding_idx=0)),
        sound(config=trained_by("adamw", weight_decay=0.1)),
        sound(config=trained_by("sgd", momentum=0.9), text=text([2, 3], *([[4, 5, 6]] * 1000))),
        sound(config=trained_by("adam"), text=text([2, 3], *([[4, 5, 6]] * 1000))),
        sound(config=config(scale_grad_by_freq=True)),
        sound(config=config(dtype="float16"), rows=None),
    ],
)
def test_what_a_remedy_mends_is_found_no_more(subject):
    for finding in audit(subject):
        if finding.remedy is not None:
            mended = getattr(finding.remedy, "config", subject.config)
            optimizer = getattr(finding.remedy, "optimizer", mended.optimizer)
            settings = config(mended.objective, optimizer)
            settings = type(settings)(mended.table, mended.objective, optimizer, 16)
            after = found(sound(config=settings, text=subject.text))
            assert finding.kind not in after
            assert "settings-refused" not in after


def test_a_mean_of_the_shortest_sentence_shrinks_by_the_share_of_pads():
    finding = found(sound(text=text([2] * 9, [2, 3, 4]), config=pooled("mean")))["pads-in-pooling"]
    assert finding.numbers["shift"] == pytest.approx(6 / 9)
    assert finding.numbers["sentence"] == 2


def test_twins_of_twins_are_one_group_and_pairs_are_another():
    rows = values()
    rows[10] = rows[20] = rows[30]
    rows[11] = rows[12]
    finding = found(alone(rows=rows))["duplicate-rows"]
    assert finding.rows.tolist() == [10, 11, 12, 20, 30]
    assert finding.numbers["groups"] == 2
    assert (finding.numbers["first"], finding.numbers["second"]) == (10, 20)


def test_rows_that_are_alike_by_chance_are_no_finding():
    # 4,000 rows of two values in half precision: some are alike, as birthdays are.
    rows = np.random.default_rng(0).standard_normal((4000, 1)).astype(np.float16)
    assert len(np.unique(rows)) < len(rows)
    assert "duplicate-rows" not in found(Subject(rows=rows))


def test_the_farthest_outlier_comes_first():
    rows = row_set(5, 100.0)
    rows[9] = 10_000
    finding = found(alone(rows=rows))["norm-outliers"]
    assert finding.rows.tolist()[:1] == [9]


def test_a_second_population_is_no_outlier():
    rows = values()
    rows[2:12] *= 100
    assert "norm-outliers" not in found(alone(rows=rows))


def test_the_gravest_comes_first():
    rows = row_set(PAD, 0.1)
    rows[5], rows[6] = np.nan, 0
    assert [each.level for each in audit(alone(rows=rows))] == ["error", "warning", "note"]


def test_it_can_be_stopped():
    with pytest.raises(Cancelled):
        audit(alone(), lambda *_: False)


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("wrong-padding-idx", {"config": config(padding_idx=5)}),
        ("unknown-is-padding", {"unk_id": 5, "config": config(padding_idx=5)}),
        (
            "pad-is-end",
            {"config": config(padding_idx=5), "tokens": (*TOKENS[:5], "</s>", *TOKENS[6:])},
        ),
    ],
)
def test_a_token_that_is_padding_too_is_named_wherever_it_is_read(kind, known):
    # Position 1 of sentence 0, and both ends of sentence 1.
    finding = found(sound(text=text([2, 5, 3], [5, 4, 5]), **known))[kind]
    assert finding.cells.tolist() == [[0, 1], [1, 0], [1, 2]]
    assert finding.numbers["times"] == 3
