"""How much memory a run takes at least, and how much there is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from core import memory
from core.config import ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from core.keyframes import KeyframeStore
from core.memory import SHOWN, available_bytes, check_memory, needed_bytes
from core.presets import load_preset
from core.problems import ProblemError, TooMuchMemory
from core.trainer import Trainer
from tests.core.corpora import encoded, run_config
from tests.core.driven import Driven, build, opened

KIB = 1024


def config(objective: ObjectiveConfig, **table: object) -> RunConfig:
    return RunConfig(TableConfig(1000, 100, **table), objective, OptimizerConfig("sgd", 0.1))


@pytest.mark.parametrize(
    ("objective", "table", "matrices"),
    [
        # table, its gradient, output weights, theirs
        (ObjectiveConfig("next-word"), {}, 4),
        (ObjectiveConfig("next-word", tied=True), {}, 2),
        (ObjectiveConfig("skip-gram"), {"sparse": True}, 2),
        (ObjectiveConfig("skip-gram"), {"frozen": True}, 3),
        (ObjectiveConfig("sentence-label"), {}, 2),
        (ObjectiveConfig("sentence-label"), {"frozen": True, "dtype": "float64"}, 2 * 1),
    ],
)
def test_the_least_that_a_run_takes(
    objective: ObjectiveConfig, table: dict[str, object], matrices: int
) -> None:
    matrix = 1000 * 100 * 4
    assert needed_bytes(config(objective, **table)) == matrices * matrix
    wide = 2 if table.get("dtype") == "float64" else 1
    assert needed_bytes(config(objective, **table), SHOWN) == (matrices + 2 * wide) * matrix


def test_what_is_available_is_what_the_system_says(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       9000 kB\nMemAvailable:   5000 kB\nHugePages_Total: 0\n")
    assert available_bytes(meminfo, tmp_path) == 5000 * KIB


def test_a_container_has_less_and_gives_back_what_it_read(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemAvailable:   5000 kB\n")
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("1000000\n")
    assert available_bytes(meminfo, tmp_path) == 2_000_000
    (tmp_path / "memory.stat").write_text("anon 5\ninactive_file 400000\n")
    assert available_bytes(meminfo, tmp_path) == 2_400_000
    (tmp_path / "memory.max").write_text("max\n")
    assert available_bytes(meminfo, tmp_path) == 5000 * KIB


def refused(make: Callable[[], object]) -> TooMuchMemory:
    with pytest.raises(ProblemError) as raised:
        make()
    problem = raised.value.problem
    assert isinstance(problem, TooMuchMemory)
    return problem


def test_a_run_beyond_memory_is_refused_before_torch_is_asked(tmp_path: Path) -> None:
    whole = load_preset("article").config
    check_memory(whole, SHOWN)
    wide = replace(whole, table=replace(whole.table, embedding_dim=2**40))
    problem = refused(lambda: Driven(build(tmp_path, wide)))
    # 8 rows of 2**40 float32 numbers, six times: two are those that are shown
    assert (problem.what, problem.needed) == ("table", 6 * 8 * 2**40 * 4)
    assert problem.available < problem.needed
    problem = refused(lambda: Trainer(wide, encoded([[2, 3]])))
    assert problem.needed == 4 * 8 * 2**40 * 4


@pytest.mark.usefixtures("one_thread", "own_memory")
def test_what_is_shown_already_is_not_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: False)
    driven = opened(tmp_path)
    driven.run.step(20)
    driven.work()
    needed = needed_bytes(run_config())
    for room, is_enough in ((-1, False), (1, True)):
        available = int(needed / memory.USABLE) + room
        monkeypatch.setattr(memory, "available_bytes", lambda room=available: room)
        driven.run.seek(3)  # by another trainer: no keyframe was kept
        if is_enough:
            driven.work()
        else:
            assert refused(driven.work).needed == needed
        assert driven.frame.step == (3 if is_enough else 20)
    refused(lambda: Driven(build(tmp_path / "other")))
