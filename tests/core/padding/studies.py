"""Small studies, done here without a laboratory."""

import numpy as np

from core.padding.gathering import gather
from core.padding.jobs import Job, StudyJob
from core.padding.messages import Compared, Probed, SetUp, Studied, Study

ROWS, COLUMNS, PAD = 20, 8, 1
SENTENCES = [[2, 3, 4], [5, 6, 7, 8, 9], [10, 3, 11, 12, 13]]
LABELS = [0, 1, 0]
EXTRA = 3


def table(seed=0, zero_pad=True, rows=ROWS, columns=COLUMNS, dtype=np.float32):
    drawn = np.random.default_rng(seed).standard_normal((rows, columns)).astype(dtype)
    if zero_pad:
        drawn[PAD] = 0
    return drawn


def material(rows=None, sentences=SENTENCES, head="mean", labels=LABELS, pad=PAD):
    return gather(table() if rows is None else rows, sentences, pad, [head], labels)


def ended(job: Job) -> Studied | Compared:
    while not job.finished:
        report = job.work()
    return report


def studied(
    set_up=None, rows=None, sentences=SENTENCES, labels=LABELS, pad=PAD, **asked
) -> Studied:
    set_up = set_up or SetUp()
    made_of = material(rows, sentences, set_up.head, labels, pad)
    return ended(StudyJob(Study(1, made_of, set_up, **{"extra": EXTRA, **asked}), None))


def probed(head="mean", side="right", seed=0, padding_idx=PAD, **rest) -> Probed:
    set_up = SetUp(head, padding_idx=padding_idx, side=side, seed=seed)
    found = studied(set_up, **rest).probed
    assert found is not None
    return found
