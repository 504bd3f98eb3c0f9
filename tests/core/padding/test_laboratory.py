"""The real laboratory process, driven over its pipe."""

import subprocess
import sys
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from core.messages import Array
from core.padding.client import LABORATORY, LaboratoryClient
from core.padding.messages import (
    HEADS,
    Compared,
    Comparison,
    SetUp,
    Stop,
    Studied,
    Study,
    Training,
    pack,
    unpack_command,
    unpack_report,
)
from core.problems import EngineFailed, OutOfBounds, ProblemError
from tests.core.padding.studies import SENTENCES, material, studied

LONG = 10**7


@pytest.fixture(scope="module")
def laboratory() -> Iterator[LaboratoryClient]:
    with LaboratoryClient() as client:
        yield client


def study(head="mean", number=1, **asked):
    return Study(number, material(head=head), SetUp(head), **{"extra": 3, **asked})


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("head", HEADS)
def test_it_finds_what_is_found_without_a_process(laboratory, head):
    assert laboratory.study(study(head, steps=2)) == studied(SetUp(head), steps=2)


def test_a_comparison_goes_on_to_its_end(laboratory):
    made_of = material()
    asked = Comparison(2, made_of, SetUp("mean"), SetUp("mean", padding_idx=None), steps=40)
    *_, last = laboratory.compare(asked)
    assert (last.done, last.finished) == (40, True)
    assert last.first_probed.steps == last.second_probed.steps == 40


def test_training_is_told_of_and_can_be_stopped(laboratory):
    laboratory.send(study(steps=LONG, number=3))
    progress = laboratory.hear()
    assert isinstance(progress, Training)
    assert 0 < progress.done < progress.total == LONG
    laboratory.send(Stop(3))
    while not isinstance(report := laboratory.hear(), Studied):
        pass
    assert progress.done <= report.steps == len(report.losses.numpy()) < LONG


def test_the_newest_study_supersedes_the_one_before(laboratory):
    laboratory.send(study("sum", number=4, steps=LONG))
    assert isinstance(laboratory.hear(), Training)
    laboratory.send(study("sum", number=5, steps=LONG))
    laboratory.send(study("max", number=6))
    while not isinstance(report := laboratory.hear(), Studied):
        assert report.number in (4, 5)
    assert report.number == 6


def test_a_study_is_answered_while_a_comparison_goes_on(laboratory):
    laboratory.send(Comparison(7, material(), SetUp("lstm"), SetUp("packed-lstm"), steps=LONG))
    assert isinstance(laboratory.hear(), Compared)
    laboratory.send(study(number=8))
    while not isinstance(report := laboratory.hear(), Studied):
        assert not report.finished
    assert report.number == 8
    laboratory.send(Stop(7))
    while not (isinstance(report := laboratory.hear(), Compared) and report.finished):
        pass
    assert 0 < report.done < LONG


def test_a_refusal_leaves_it_usable(laboratory):
    with pytest.raises(ProblemError) as raised:
        laboratory.study(study(extra=65))
    assert raised.value.problem == OutOfBounds("extra", 65, 0, 64)
    broken = replace(material(), rows=Array("<f4", (3, 8), b"short"))
    with pytest.raises(ProblemError) as raised:
        laboratory.study(Study(9, broken))
    assert isinstance(raised.value.problem, EngineFailed)
    assert "ValueError" in raised.value.problem.detail
    assert laboratory.study(study()).probed is not None


def test_closing_its_input_ends_it_while_it_trains():
    with LaboratoryClient() as client:
        client.send(study(steps=LONG))
        client.hear()
    assert client.process.returncode == 0


def test_garbage_ends_it_with_a_word():
    done = subprocess.run(LABORATORY, input=b"\7\0\0\0garbage", capture_output=True, check=True)
    assert b"Error" in done.stderr


def test_killed_it_is_a_problem():
    with LaboratoryClient() as client:
        client.process.kill()
        with pytest.raises(ProblemError) as raised:
            client.study(study())
    assert isinstance(raised.value.problem, EngineFailed)


def test_messages_survive_the_wire():
    asked = Comparison(1, material(sentences=SENTENCES), SetUp("conv"), SetUp("bag"), 5, 6)
    for command in (study("tied"), asked, Stop(4)):
        assert unpack_command(pack(command)[4:]) == command
    report = studied(SetUp("attention"))
    assert unpack_report(pack(report)[4:]) == report
    with pytest.raises(msgspec.ValidationError):
        unpack_command(pack(report)[4:])


def test_a_window_can_speak_to_it_without_torch():
    program = (
        "import sys, core.padding.client, core.padding.gathering, core.padding.batches; "
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_non_finite_numbers_survive_the_wire():
    rows = np.full((20, 8), np.nan, np.float32)
    report = studied(rows=rows)
    assert np.isnan(unpack_report(pack(report)[4:]).probed.loss)
