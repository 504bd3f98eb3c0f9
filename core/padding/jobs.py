"""A study and a comparison, done a slice at a time, so that either can be stopped at once."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from typing_extensions import override

from core.messages import Array
from core.padding.messages import (
    Compared,
    Comparison,
    Course,
    Report,
    SetUp,
    Studied,
    Study,
    Training,
)
from core.padding.probes import probe
from core.padding.subject import Subject, cells
from core.padding.trainee import Trainee

SLICE_SECONDS = 0.03
REPORT_SECONDS = 0.05
ROWS_A_SECOND = 5e7  # bytes of rows that a comparison sends, at the most


class Job(ABC):
    """Work for the command `number`."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.finished = False
        self._stopped = False
        self._report_due = 0.0

    def stop(self) -> None:
        """Train no further; the next slice is the last."""
        self._stopped = True

    @abstractmethod
    def work(self) -> Report | None:
        """Do a slice; returns what there is to tell. Raises `ProblemError`."""

    def _is_due(self, seconds: float) -> bool:
        """Whether it is time to tell how far the work is: every `seconds` at the most."""
        now = time.perf_counter()
        if now < self._report_due:
            return False
        self._report_due = now + seconds
        return True


class StudyJob(Job):
    """Trains what a study asks for, and probes it.

    `trained` is what the study before trained: the same model is not trained again, so that
    nothing has to be while a slider of pads moves.
    """

    def __init__(self, study: Study, trained: Trainee | None) -> None:
        super().__init__(study.number)
        self.trainee: Trainee | None = None
        self._study = study
        self._subject = _subject_of(study, trained)
        self._subject.check(study.set_up, study.extra, study.steps)
        self._batch = self._subject.batch(study.set_up, study.extra)
        self._faults = self._subject.faults(self._batch)
        if not self._faults:
            self.trainee = _continued(self._subject, study, trained)

    @override
    def work(self) -> Report | None:
        trainee, study = self.trainee, self._study
        if trainee is None or self._stopped or trainee.steps >= study.steps:
            self.finished = True
            return self._studied()
        _train([trainee], study.steps)
        if trainee.steps < study.steps and self._is_due(REPORT_SECONDS):
            return Training(self.number, trainee.steps, study.steps, trainee.losses[-1])
        return None

    def _studied(self) -> Studied:
        trainee, study = self.trainee, self._study
        base = self._subject.batch(study.set_up, 0)
        probed = None
        if trainee is not None:
            inputs = (self._subject.inputs(base), self._subject.inputs(self._batch))
            probed = probe(trainee.model, *inputs, study)
        losses = trainee.losses if trainee is not None else []
        return Studied(
            self.number,
            len(losses),
            Array.of(np.array(losses, np.float64)),
            cells(self._batch, base.ids.shape[1]),
            self._faults,
            self._subject.empty,
            probed,
        )


class ComparisonJob(Job):
    """Trains two set-ups in step, tells of both as they go, and probes both at the end."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__(comparison.number)
        self._comparison = comparison
        self._subject = Subject(comparison.material)
        self._told = 0
        self._jobs = [self._study(each) for each in (comparison.first, comparison.second)]

    @override
    def work(self) -> Report | None:
        wanted = self._comparison.steps
        trainees = [job.trainee for job in self._jobs if job.trainee is not None]
        if len(trainees) < 2 or self._stopped or self._done() >= wanted:
            return self._last()
        _train(trainees, wanted)
        if self._done() < wanted and self._is_due(self._pause()):
            return self._compared()
        return None

    def _study(self, set_up: SetUp) -> StudyJob:
        asked = self._comparison
        study = Study(asked.number, asked.material, set_up, asked.steps, asked.extra)
        return StudyJob(study, None)

    def _done(self) -> int:
        return min(len(_losses(job)) for job in self._jobs)

    def _pause(self) -> float:
        return REPORT_SECONDS + 2 * len(self._comparison.material.rows.data) / ROWS_A_SECOND

    def _last(self) -> Compared:
        self.finished = True
        for job in self._jobs:
            job.stop()
        probed = [job.work() for job in self._jobs]
        return self._compared(*probed)

    def _compared(self, first: Report | None = None, second: Report | None = None) -> Compared:
        first_course, second_course = (self._course(job) for job in self._jobs)
        self._told = self._done()
        return Compared(
            self.number,
            self._told,
            self._comparison.steps,
            first_course,
            second_course,
            finished=self.finished,
            first_probed=first if isinstance(first, Studied) else None,
            second_probed=second if isinstance(second, Studied) else None,
        )

    def _course(self, job: StudyJob) -> Course:
        losses = np.array(_losses(job)[self._told :], np.float64)
        rows = self._subject.rows if job.trainee is None else job.trainee.model.weight.detach()
        return Course(Array.of(losses), Array.of(rows.numpy()))


def _losses(job: StudyJob) -> list[float]:
    return [] if job.trainee is None else job.trainee.losses


def _train(trainees: Sequence[Trainee], steps: int) -> None:
    """Train all in step for a slice of time, up to `steps` steps; one step at the least."""
    until = time.perf_counter() + SLICE_SECONDS
    while any(each.steps < steps for each in trainees):
        for each in trainees:
            each.advance()
        if time.perf_counter() >= until:
            return


def _subject_of(study: Study, trained: Trainee | None) -> Subject:
    if trained is not None and trained.subject.material == study.material:
        return trained.subject
    return Subject(study.material)


def _continued(subject: Subject, study: Study, trained: Trainee | None) -> Trainee:
    """What was trained before, if it is on the way to what `study` asks for; else a fresh one."""
    if (
        trained is not None
        and trained.subject is subject
        and trained.set_up == study.set_up
        and trained.steps <= study.steps
    ):
        return trained
    return Trainee(subject, study.set_up)
