"""How much memory a run takes at least, and how much there is."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from core.config import ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from core.memory import available_bytes, check_memory, needed_bytes
from core.presets import load_preset
from core.problems import ProblemError, TooMuchMemory
from core.trainer import Trainer
from tests.core.corpora import encoded

KIB = 1024


def config(objective: ObjectiveConfig, **table: object) -> RunConfig:
    return RunConfig(TableConfig(1000, 100, **table), objective, OptimizerConfig("sgd", 0.1))


@pytest.mark.parametrize(
    ("objective", "table", "matrices"),
    [
        # table, its gradient, output weights, theirs; two copies that are shown
        (ObjectiveConfig("next-word"), {}, 6),
        (ObjectiveConfig("next-word", tied=True), {}, 4),
        (ObjectiveConfig("skip-gram"), {"sparse": True}, 4),
        (ObjectiveConfig("skip-gram"), {"frozen": True}, 5),
        (ObjectiveConfig("sentence-label"), {}, 4),
        (ObjectiveConfig("sentence-label"), {"frozen": True, "dtype": "float64"}, 2 * 3),
    ],
)
def test_the_least_that_a_run_takes(
    objective: ObjectiveConfig, table: dict[str, object], matrices: int
) -> None:
    assert needed_bytes(config(objective, **table)) == matrices * 1000 * 100 * 4


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


def test_a_run_beyond_memory_is_refused_before_torch_is_asked() -> None:
    whole = load_preset("article").config
    check_memory(whole)
    wide = replace(whole, table=replace(whole.table, embedding_dim=2**40))
    with pytest.raises(ProblemError) as raised:
        Trainer(wide, encoded([[2, 3]]))
    problem = raised.value.problem
    assert isinstance(problem, TooMuchMemory)
    # 8 rows of 2**40 float32 numbers, six times
    assert (problem.what, problem.needed) == ("table", 6 * 8 * 2**40 * 4)
    assert problem.available < problem.needed
