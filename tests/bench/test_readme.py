"""The README has the figures of a run, and keeps its own words."""

from pathlib import Path

from tests.bench import Benchmark
from tests.bench.__main__ import README
from tests.bench.readme import BEGIN, END, write_figures


def speed() -> float:
    return 61.0


SPEED = Benchmark("a|b", "× faster", speed, rival="a script", goal=60, at_least=True)


def test_figures_go_between_the_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_figures(readme, [(SPEED, 61.0)])
    write_figures(readme, [(SPEED, 61.23), (SPEED, 12345.6)])
    lines = readme.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["before", BEGIN]
    assert lines[-2:] == [END, "after"]
    assert "old" not in lines
    row = "| a❘b | 61.2 × faster | a script | ≥ 60 | yes | `make bench ONLY=test_readme` |"
    assert row in lines
    assert sum(line.startswith("| a❘b") for line in lines) == 2


def test_the_real_one_has_the_marks() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1


def test_the_group_is_the_name_of_the_module() -> None:
    assert SPEED.group == "test_readme"
