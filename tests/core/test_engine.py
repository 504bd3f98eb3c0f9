"""The real engine process, driven over its pipe."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from core.client import EngineClient
from core.config import ObjectiveConfig, OptimizerConfig
from core.messages import (
    Change,
    Changed,
    Event,
    Frame,
    Gradients,
    MakeChange,
    Mapped,
    Pause,
    Progress,
    Refused,
    Run,
    SetBatchSize,
    SetCell,
    SetCorpus,
    SetOptimizer,
    Step,
    Watch,
    pack,
)
from core.presets import load_preset
from core.problems import (
    CombinationRefused,
    EngineFailed,
    NoExamples,
    NoLabels,
    OutOfBounds,
    ProblemError,
)
from core.trainer import Trainer
from core.wire import LARGEST_MESSAGE, LENGTH
from tests.core.corpora import LABELS, ROWS, SENTENCES, corpus, encoded, run_config
from tests.core.wire import Wire

NOISY = """
import os, sys, warnings
from core.trainer import Trainer
from core import engine

advance = Trainer.advance

def noisily(trainer):
    print("noise")
    sys.stdout.flush()
    os.write(1, b"more noise")
    warnings.warn("a warning")
    return advance(trainer)

Trainer.advance = noisily
engine.main()
"""


@pytest.fixture(scope="module")
def shared_engine() -> Iterator[EngineClient]:
    with EngineClient() as client:
        yield client


@pytest.fixture
def engine(shared_engine: EngineClient) -> Iterator[EngineClient]:
    """An engine with nothing left over from the test before, on as many threads as this process."""
    before = torch.get_num_threads()
    torch.set_num_threads(shared_engine.ready.threads)
    yield shared_engine
    torch.set_num_threads(before)
    shared_engine.send(Watch(()))


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


@pytest.fixture
def ending() -> Iterator[Wire]:
    """An engine that the test may end."""
    wire = Wire()
    yield wire
    wire.close()


def last(frames: Iterator[Frame]) -> Frame:
    *_, frame = frames
    return frame


# ── the same bits as without an engine ────────────────────────────────────────────────────────


def test_it_says_what_the_bits_depend_on(engine: EngineClient) -> None:
    assert engine.ready.torch == torch.__version__
    assert engine.ready.cpu_capability == torch.backends.cpu.get_cpu_capability()
    assert engine.ready.threads >= 1
    assert engine.ready.machine.platform


def test_the_article_to_the_digit(engine: EngineClient) -> None:
    preset = load_preset("article")
    frame = engine.build(preset.config, encoded([[3, 6, 5, 4, 7, 5, 2]]), preset.values)
    assert (frame.step, frame.whole, frame.moved, frame.touched) == (0, True, 0, 0)
    np.testing.assert_array_equal(engine.rows(), preset.values)


@pytest.mark.parametrize("name", ["next-word", "cbow", "skip-gram", "sentence-label"])
def test_steps_however_grouped(engine: EngineClient, name: str) -> None:
    config = run_config(ObjectiveConfig(name), OptimizerConfig("adam", 0.01))  # type: ignore[arg-type] - a name
    trainer = Trainer(config, corpus())
    engine.build(config, corpus())
    losses = []
    for count in (1, 1, 10, 37):
        for frame in engine.train(count):
            losses += frame.losses.numpy().tolist()
    assert losses == [trainer.advance() for _ in range(49)]
    np.testing.assert_array_equal(engine.rows(), trainer.table.weight.detach().numpy())


def test_running_is_stepping(engine: EngineClient) -> None:
    config = run_config(ObjectiveConfig("skip-gram"))
    engine.build(config, corpus())
    engine.send(Run())
    while engine.frame.step < 50:
        assert engine._next_frame().running
    engine.send(Pause())
    while engine.frame.running:
        engine._next_frame()
    trainer = Trainer(config, corpus())
    for _ in range(engine.frame.step):
        trainer.advance()
    np.testing.assert_array_equal(engine.rows(), trainer.table.weight.detach().numpy())


def test_every_change_is_answered_and_shown(engine: EngineClient) -> None:
    engine.build(run_config(), corpus())
    changes: list[Change] = [
        SetOptimizer(OptimizerConfig("adam", 0.01)),
        SetBatchSize(3),
        SetCell(2, 1, 0.25),
        SetCorpus(encoded([*SENTENCES, [15]], [*LABELS, 0]), 16),
        SetCorpus(corpus(), ROWS),
    ]
    for number, change in enumerate(changes, 1):
        last(engine.train(2))
        assert engine.change(change) == Event(2 * number, change)
    assert engine.rows().shape == (ROWS, 4)
    assert engine.rows()[2, 1] != 0.25  # trained on since
    last(engine.train(1))
    assert engine.frame.step == 11


# ── killed ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kept", [True, False])
def test_killed_and_rebuilt_to_the_same_bits(
    engine: EngineClient, tmp_path: Path, kept: bool
) -> None:
    config = run_config(ObjectiveConfig("skip-gram"), OptimizerConfig("adagrad", 0.05))
    events = []
    with EngineClient() as killed:
        killed.build(config, corpus(), keyframes=tmp_path)
        changes: list[Change] = [
            SetOptimizer(OptimizerConfig("adam", 0.01)),
            SetCell(3, 0, 1.5),
            SetCorpus(encoded([*SENTENCES, [14, 2, 13]], [*LABELS, 0]), 15),
        ]
        for change in changes:
            last(killed.train(30))
            events.append(killed.change(change))
        while not list(tmp_path.glob("*.safetensors")):
            last(killed.train(50))
        step, rows = killed.frame.step, killed.rows()
        killed.process.kill()
        with pytest.raises(ProblemError) as raised:
            last(killed.train(10**9))
        assert isinstance(raised.value.problem, EngineFailed)
    if not kept:
        for path in tmp_path.iterdir():
            path.unlink()
    frame = engine.build(config, corpus(), None, tuple(events), step, tmp_path)
    assert frame.step == step
    np.testing.assert_array_equal(engine.rows(), rows)
    last(engine.train(20))
    after = engine.rows()
    engine.build(config, corpus(), None, tuple(events), step + 20)  # never killed
    np.testing.assert_array_equal(engine.rows(), after)


# ── refused, stopped, superseded ──────────────────────────────────────────────────────────────


def test_a_refused_build_leaves_the_engine_usable(engine: EngineClient) -> None:
    with pytest.raises(ProblemError) as raised:
        engine.build(run_config(optimizer=OptimizerConfig("sparse-adam")), corpus())
    assert raised.value.problem == CombinationRefused("sparse-adam", "needs-sparse-gradients")
    with pytest.raises(ProblemError) as raised:
        engine.build(run_config(rows=4), corpus())
    assert engine.build(run_config(), corpus()).step == 0


def test_a_refused_change_says_which(wire: Wire, tmp_path: Path) -> None:
    wire.build(tmp_path)
    wire.send(MakeChange(5, SetBatchSize(0)), MakeChange(6, SetBatchSize(2)))
    assert wire.wait_for(Refused) == Refused(OutOfBounds("batch_size", 0, low=1), 5)
    assert wire.wait_for(Changed) == Changed(wire.run, 6, 0)


@pytest.mark.parametrize(
    ("name", "problem"),
    [("next-word", NoExamples("next-word")), ("sentence-label", NoLabels())],
)
def test_nothing_to_train_on(
    engine: EngineClient, name: str, problem: NoExamples | NoLabels
) -> None:
    config = run_config(ObjectiveConfig(name))  # type: ignore[arg-type] - a name
    assert engine.build(config, encoded([[2]])).step == 0  # it can still be looked at
    with pytest.raises(ProblemError) as raised:
        last(engine.train(1))
    assert raised.value.problem == problem
    engine._next_frame()
    engine.change(SetCorpus(corpus(), ROWS))
    assert last(engine.train(3)).step == 3


def test_another_build_supersedes_a_long_rebuild(wire: Wire, tmp_path: Path) -> None:
    wire.build(tmp_path, step=10**9)
    progress = wire.wait_for(Progress)
    assert 0 < progress.done < progress.total == 10**9
    wire.build(tmp_path, step=5)
    assert wire.first_frame().step == 5
    assert not [each for each in wire.heard if isinstance(each, Frame) and each.run < wire.run]


# ── frames ────────────────────────────────────────────────────────────────────────────────────


def test_one_frame_in_flight(wire: Wire, tmp_path: Path) -> None:
    wire.build(tmp_path)
    first = wire.first_frame()
    wire.send(Step(50))
    while wire.steps_done() < 50:
        pass
    assert [each for each in wire.heard if isinstance(each, Frame)] == [first]
    wire.acknowledge(first)
    frame = wire.wait_for(Frame)
    assert (frame.number, frame.since, frame.step) == (2, 0, 50)
    assert len(frame.losses.numpy()) == 50


def test_growth_is_answered_before_it_is_shown(wire: Wire, tmp_path: Path) -> None:
    wire.build(tmp_path)
    wire.acknowledge(wire.first_frame())
    wire.send(MakeChange(1, SetCorpus(corpus(), 20)))
    assert wire.wait_for(Frame).whole
    assert [type(each) for each in wire.heard[-3:]] == [Changed, Mapped, Frame]


@pytest.mark.usefixtures("one_thread")
def test_watched_gradients_come_at_once_and_with_every_frame(wire: Wire, tmp_path: Path) -> None:
    wire.build(tmp_path, step=4)
    first = wire.first_frame()
    trainer = Trainer(run_config(), corpus())
    for _ in range(4):
        report = trainer.step_and_report()
    wire.send(Watch(tuple(range(ROWS))))
    gradients = wire.wait_for(Gradients)
    assert (gradients.run, gradients.step) == (wire.run, 4)
    assert list(gradients.ids) == report.touched.tolist()
    expected = trainer.table.gradient_rows(report.touched).numpy()
    np.testing.assert_array_equal(gradients.rows.numpy(), expected)
    wire.acknowledge(first)
    wire.send(Step())
    frame = wire.wait_for(Frame)
    assert frame.gradients is not None
    assert list(frame.gradients.ids) == trainer.step_and_report().touched.tolist()


# ── the channel ───────────────────────────────────────────────────────────────────────────────


def test_what_prints_cannot_corrupt_the_channel(tmp_path: Path) -> None:
    noisy = Wire((sys.executable, "-c", NOISY))
    noisy.build(tmp_path)
    noisy.acknowledge(noisy.first_frame())
    noisy.send(Step(3))
    while (frame := noisy.wait_for(Frame)).step < 3:
        noisy.acknowledge(frame)
    said = noisy.end()
    assert said.count("more noise") == 3
    assert "a warning" in said


@pytest.mark.parametrize(
    "garbage",
    [LENGTH.pack(7) + b"garbage", LENGTH.pack(LARGEST_MESSAGE + 1)],
    ids=["not a command", "absurd length"],
)
def test_garbage_ends_it(ending: Wire, garbage: bytes) -> None:
    ending.write(garbage)
    assert ending.process.wait() == 0
    assert "Error" in ending.process.stderr.read().decode()


@pytest.mark.parametrize("busy", ["running", "rebuilding"])
def test_closing_its_input_ends_it(ending: Wire, tmp_path: Path, busy: str) -> None:
    if busy == "rebuilding":
        ending.build(tmp_path, step=10**9)
        ending.wait_for(Progress)
    else:
        ending.build(tmp_path)
        ending.first_frame()
        ending.send(Run())
        ending.write(pack(Step())[:3])  # cut short
    mapped = [Path(each.path) for each in ending.heard if isinstance(each, Mapped)]
    assert ending.end() == ""
    assert not any(path.exists() for path in mapped)


def test_it_ends_when_nobody_listens(ending: Wire, tmp_path: Path) -> None:
    ending.build(tmp_path)
    frame = ending.first_frame()
    ending.process.stdout.close()
    ending.acknowledge(frame)
    ending.send(Step())
    assert ending.process.wait() == 0
