"""Goals are judged on the right side, and the table and the file say the same."""

import json
import math
from pathlib import Path

from tests.bench import Benchmark
from tests.bench.report import Table, save

RATIO = Benchmark("speed", "ratio", lambda: 1.0, rival="bare script", goal=0.95, at_least=True)
WAIT = Benchmark("wait", "ms", lambda: 1.0, goal=16)
TOLD = Benchmark("size", "MB", lambda: 1.0)


def test_a_goal_has_a_side() -> None:
    assert [RATIO.met(0.94), RATIO.met(0.95)] == [False, True]
    assert [WAIT.met(16), WAIT.met(16.1)] == [True, False]
    assert TOLD.met(1) is None
    assert RATIO.met(math.nan) is False
    assert WAIT.met(math.nan) is False


def test_the_table_is_aligned_and_says_what_was_missed() -> None:
    table = Table([RATIO, WAIT, TOLD])
    heading = table.heading().splitlines()[0]
    row = table.row(RATIO, 0.5)
    assert row.split() == ["speed", "0.5", "ratio", "bare", "script", "≥", "0.95", "NO"]
    assert row.index("NO") == heading.index("met")
    assert table.row(TOLD, 2493.4).split() == ["size", "2,493", "MB", "–", "–", "–"]


def test_the_file_has_one_entry_for_each(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    save(path, [(RATIO, 0.5), (TOLD, 3.0)])
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "what": "speed",
            "value": 0.5,
            "unit": "ratio",
            "rival": "bare script",
            "goal": 0.95,
            "met": False,
        },
        {"what": "size", "value": 3.0, "unit": "MB", "rival": None, "goal": None, "met": None},
    ]
