"""Every message survives the wire, however the wire cuts it."""

from typing import Literal, get_args, get_origin

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import ObjectiveConfig, OptimizerConfig
from core.messages import (
    Acknowledge,
    Array,
    Build,
    Change,
    Changed,
    Command,
    Event,
    Explain,
    Explained,
    Frame,
    Gradients,
    Keep,
    Kept,
    MakeChange,
    Mapped,
    Parted,
    Pause,
    Progress,
    Ready,
    Refused,
    Report,
    Run,
    Seek,
    SetBatchSize,
    SetCell,
    SetCorpus,
    SetOptimizer,
    SetRow,
    Step,
    Stopped,
    Trained,
    Watch,
    pack,
    unpack_command,
    unpack_report,
)
from core.problems import AnyProblem, Diverged, IdOutOfRange, NoLabels
from core.wire import LARGEST_MESSAGE, LENGTH, MessageSplitter
from tests.core.corpora import corpus, run_config

VALUES = Array.of(np.array([[1.5, -0.0], [np.inf, 2.0]], np.float32))
CHANGES: list[Change] = [
    SetOptimizer(OptimizerConfig("adam", 0.01)),
    SetBatchSize(3),
    SetCell(1, 2, -0.5),
    SetRow(3, Array.of(np.array([0.5, np.nan, -0.0], np.float32))),
    SetCorpus(corpus(), 20),
]
COMMANDS: list[Command] = [
    Build(1, run_config(ObjectiveConfig("cbow")), corpus(), "folder"),
    Build(
        2, run_config(), corpus(), "f", VALUES, tuple(Event(n, c) for n, c in enumerate(CHANGES))
    ),
    Step(),
    Step(10),
    Run(),
    Run(2.5),
    Seek(7),
    Seek(7, forward=True),
    Pause(),
    *(MakeChange(number, change) for number, change in enumerate(CHANGES)),
    Watch((1, 5)),
    Explain((1, 5)),
    Acknowledge(1, 7),
    Keep("file"),
]
GRADIENTS = Gradients(1, 4, (1, 5), VALUES)
EXPLAINED = Explained(
    1,
    4,
    OptimizerConfig("adamw"),
    (1, 5),
    VALUES,
    VALUES,
    {"decay": VALUES, "edit": VALUES},
    VALUES,
)
REPORTS: list[Report] = [
    Ready("2.13.0", "AVX2", 3, "Linux x86_64"),
    Mapped(1, "/somewhere"),
    Frame(1, 2, 3, 1, 0, 4, 5, VALUES, 99.5, running=True),
    Frame(
        1, 2, 3, 1, 1, 0, 0, VALUES, 0.0, False, True, Trained(VALUES, VALUES, VALUES), GRADIENTS
    ),
    GRADIENTS,
    EXPLAINED,
    Frame(1, 2, 3, 1, 0, 4, 5, VALUES, 9.5, running=True, explained=EXPLAINED),
    Parted(1, 4),
    Progress(1, 2, 3),
    Changed(1, 2, 3),
    Refused(IdOutOfRange(9, 1, 8, "run"), 4),
    Refused(NoLabels()),
    Stopped(1, 5, Diverged(5, float("inf"))),
    Kept(1, 5, 2, "file"),
    Kept(1, 5, 2, "file", NoLabels()),
]


def test_every_kind_of_message_is_here() -> None:
    assert {type(each) for each in COMMANDS} == set(get_args(Command))
    assert {type(each) for each in REPORTS} == set(get_args(Report))
    assert {type(each) for each in CHANGES} == set(get_args(Change))


def bodies(data: bytes) -> list[bytes]:
    return list(MessageSplitter().feed(data))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: type(each).__name__)
def test_commands_round_trip(command: Command) -> None:
    (body,) = bodies(pack(command))
    assert unpack_command(body) == command


@pytest.mark.parametrize("report", REPORTS, ids=lambda each: type(each).__name__)
def test_reports_round_trip(report: Report) -> None:
    (body,) = bodies(pack(report))
    assert unpack_report(body) == report


def test_every_problem_crosses_the_wire() -> None:
    samples = {str: "x", int: 3, float: 0.5, list[str]: ["a"]}
    for kind in get_args(AnyProblem):
        fields = {
            field.name: samples[field.type]
            for field in msgspec.structs.fields(kind)
            if field.required and field.type in samples
        }
        one_of = {
            field.name: get_args(field.type)[0]
            for field in msgspec.structs.fields(kind)
            if get_origin(field.type) is Literal
        }
        problem = kind(**fields | one_of)
        (body,) = bodies(pack(Refused(problem)))
        assert unpack_report(body) == Refused(problem)


def test_split_at_every_byte_boundary() -> None:
    sent = [Step(3), Watch((1, 2, 3)), Pause()]
    stream = b"".join(map(pack, sent))
    for cut in range(len(stream) + 1):
        splitter = MessageSplitter()
        found = [*splitter.feed(stream[:cut]), *splitter.feed(stream[cut:])]
        assert [unpack_command(body) for body in found] == sent


@given(st.lists(st.sampled_from(COMMANDS), max_size=6), st.data())
def test_split_into_any_pieces(sent: list[Command], data: st.DataObject) -> None:
    stream = b"".join(map(pack, sent))
    splitter = MessageSplitter()
    found = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += [unpack_command(body) for body in splitter.feed(stream[:size])]
        stream = stream[size:]
    assert found == sent


def test_an_absurd_length_is_refused_before_it_is_waited_for() -> None:
    with pytest.raises(ValueError, match=str(LARGEST_MESSAGE + 1)):
        bodies(LENGTH.pack(LARGEST_MESSAGE + 1))
    assert bodies(LENGTH.pack(LARGEST_MESSAGE)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        msgspec.msgpack.encode({"type": "Nonsense"}),
        msgspec.msgpack.encode({"type": "Step", "count": "many"}),
        msgspec.msgpack.encode(["Step", 1]),
        msgspec.msgpack.encode({"count": 1}),
    ],
)
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        unpack_command(body)
    with pytest.raises(msgspec.DecodeError):
        unpack_report(body)


def test_a_report_is_no_command() -> None:
    (body,) = bodies(pack(Progress(1, 2, 3)))
    with pytest.raises(msgspec.ValidationError):
        unpack_command(body)


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", "<i4", "<i8", "|b1"])
def test_arrays_keep_their_bits_shape_and_dtype(dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    for each in (array, array.T, array[:, ::2], array[:0]):
        read = Array.of(each).numpy()
        assert (read.dtype, read.shape) == (each.dtype, each.shape)
        np.testing.assert_array_equal(read, each)
        assert not read.flags.writeable
