"""Training before a probe, and two set-ups in step."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.config import OptimizerConfig
from core.padding import jobs
from core.padding.jobs import ComparisonJob, StudyJob
from core.padding.messages import Compared, Comparison, SetUp, Study, Training
from tests.core.padding.plain import Plain, padded_ids
from tests.core.padding.studies import (
    LABELS,
    PAD,
    SENTENCES,
    ended,
    material,
    studied,
    table,
)

MEAN = SetUp("mean", optimizer=OptimizerConfig("sgd", 0.5))


@pytest.fixture
def slice_of_one_step(monkeypatch):
    monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(jobs, "REPORT_SECONDS", 0.0)


def study(steps, set_up=MEAN, made_of=None, number=1):
    return Study(number, made_of or material(), set_up, steps, extra=3)


@pytest.mark.usefixtures("one_thread")
def test_training_is_plain_training():
    rows = table(1)
    found = studied(MEAN, rows, steps=5)
    plain = Plain("mean", rows, PAD, 0)
    parameters = [*plain.layer.parameters(), *plain.classifier.parameters()]
    optimizer = torch.optim.SGD(parameters, 0.5)
    ids, _ = padded_ids(SENTENCES, 5)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        logits = plain.classifier(plain.layer(ids).mean(1))
        loss = functional.cross_entropy(logits, torch.tensor(LABELS))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert found.steps == 5
    assert found.losses.numpy().tolist() == losses
    pooled = plain.layer(ids).mean(1).detach().numpy()
    np.testing.assert_array_equal(found.probed.pooled_base.numpy(), pooled)


def test_the_rows_that_were_sent_are_not_trained():
    made_of = material()
    ended(StudyJob(study(20, made_of=made_of), None))
    assert made_of == material()


def test_the_batch_that_is_trained_on_may_have_more_pads():
    unmasked = [studied(SetUp("mean", trained_extra=extra), steps=3) for extra in (0, 9)]
    assert unmasked[0].losses != unmasked[1].losses
    masked = [studied(SetUp(trained_extra=extra), steps=3) for extra in (0, 9)]
    assert masked[0].losses.numpy() == pytest.approx(masked[1].losses.numpy(), rel=1e-5)


@pytest.mark.usefixtures("slice_of_one_step")
def test_it_tells_how_far_it_is():
    job = StudyJob(study(3), None)
    reports = [job.work() for _ in range(4)]
    assert [(each.done, each.total) for each in reports if isinstance(each, Training)] == [
        (1, 3),
        (2, 3),
    ]
    assert reports[2] is None
    assert job.finished
    assert reports[3].steps == 3


@pytest.mark.usefixtures("slice_of_one_step")
def test_stopped_it_answers_with_what_is_trained():
    job = StudyJob(study(1000), None)
    job.work()
    job.work()
    job.stop()
    assert job.work().steps == 2
    assert job.finished


def test_another_probe_of_the_same_model_trains_nothing_again():
    first = StudyJob(study(4), None)
    found = ended(first)
    same = StudyJob(study(4), first.trainee)
    assert same.trainee is first.trainee
    assert ended(same) == found
    further = StudyJob(study(6), first.trainee)
    assert further.trainee is first.trainee
    assert ended(further) == ended(StudyJob(study(6), None))


def test_another_model_is_trained_from_the_start():
    first = StudyJob(study(4), None)
    ended(first)
    for other in (
        study(3),
        study(4, SetUp("sum", optimizer=MEAN.optimizer)),
        study(4, made_of=material(table(9))),
    ):
        job = StudyJob(other, first.trainee)
        assert job.trainee.steps == 0
        assert ended(job) == ended(StudyJob(other, None))


def compared(first, second, steps=30, extra=3, made_of=None) -> list[Compared]:
    job = ComparisonJob(Comparison(1, made_of or material(), first, second, steps, extra))
    reports = []
    while not job.finished:
        reports.append(job.work())
    return [each for each in reports if each is not None]


@pytest.mark.usefixtures("slice_of_one_step")
def test_two_set_ups_in_step():
    other = SetUp("masked-mean", optimizer=MEAN.optimizer)
    reports = compared(MEAN, other)
    assert [each.done for each in reports] == [*range(1, 30), 30]
    assert [each.finished for each in reports] == [False] * 29 + [True]
    for course, set_up in (("first", MEAN), ("second", other)):
        losses = [loss for each in reports for loss in getattr(each, course).losses.numpy()]
        alone = studied(set_up, steps=30)
        assert losses == alone.losses.numpy().tolist()
        assert getattr(reports[-1], f"{course}_probed") == alone
    assert reports[0].first_probed is None


def rows_after(set_up, steps=30, made_of=None):
    found = compared(set_up, set_up, steps, made_of=made_of)[-1]
    return found.first.rows.numpy(), found.second.rows.numpy()


def test_one_seed_gives_both_the_same():
    first, second = rows_after(MEAN)
    np.testing.assert_array_equal(first, second)


def test_with_and_without_padding_idx():
    found = compared(MEAN, SetUp("mean", padding_idx=None, optimizer=MEAN.optimizer))[-1]
    # Row 0 of what was sent is the pad's; with padding_idx it stays zero.
    assert not found.first.rows.numpy()[0].any()
    assert found.second.rows.numpy()[0].any()


@pytest.mark.parametrize("pad_row", ["as-is", "zero", "random"])
def test_what_the_pad_row_begins_with(pad_row):
    given = table(zero_pad=False)
    row = rows_after(SetUp(pad_row=pad_row), steps=0, made_of=material(given))[0][0]
    if pad_row == "as-is":
        np.testing.assert_array_equal(row, given[PAD])
    else:
        assert row.any() == (pad_row == "random")


def test_weight_decay_fades_a_pad_row_that_padding_idx_masks():
    # SGD, 100 steps of rate 0.01 and decay 0.1: (1 - 0.001)¹⁰⁰ = 0.905
    ones = table()
    ones[PAD] = 1
    decaying = SetUp(optimizer=OptimizerConfig("sgd", 0.01, weight_decay=0.1))
    faded = rows_after(decaying, 100, material(ones))[0][0]
    assert faded == pytest.approx([0.999**100] * 8, rel=1e-5)
    assert faded[0] == pytest.approx(0.905, abs=5e-4)
    zeros = rows_after(decaying, 100)[0][0]
    assert not zeros.any()


def test_a_comparison_of_what_cannot_be_looked_up_says_so():
    found = compared(MEAN, MEAN, made_of=material(sentences=[[2, 99]], labels=None))
    assert [each.finished for each in found] == [True]
    assert found[0].done == 0
    assert found[0].first_probed.faults == found[0].second_probed.faults != ()
