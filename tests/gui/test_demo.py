"""`embedscope demo`, as a program of its own: what it saves, and that it saves the same twice."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_demo(out, *more):
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    return subprocess.run(
        [sys.executable, "-m", "gui", "demo", "--out", str(out), "--size", "1024x700", *more],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "made" / "for it"
    done = run_demo(out, "--steps", "6")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def report(saved):
    return json.loads((saved / "report.json").read_text("utf-8"))


def test_the_report_has_the_article_before_and_after(report):
    assert report["sentence"] == "you need to run"
    assert report["ids"] == [3, 6, 5, 0]
    assert [token["known"] for token in report["tokens"]] == [True, True, True, False]
    assert report["rows_before"] == [
        [0.1, 0.5, 0.7],
        [0.1, 0.8, 0.9],
        [0.4, 0.1, 0.1],
        [0.0, 0.0, 0.0],
    ]
    assert report["step"] == 6
    assert len(report["losses"]) == 6
    assert report["losses"][-1] < report["losses"][0]
    assert report["rows_after"][0] != report["rows_before"][0]
    # "run" is not in the sentences, so nothing ever trains the row of <unk>.
    assert report["rows_after"][3] == [0.0, 0.0, 0.0]
    assert len(report["explained_variance"]) == 2
    assert 0 < sum(report["explained_variance"]) <= 1


def test_the_pictures_have_the_size_asked_for_and_differ(saved):
    pictures = [(saved / name).read_bytes() for name in ("start.png", "end.png")]
    for picture in pictures:
        # A PNG begins with 8 bytes of signature and 8 of the IHDR chunk, then width and height.
        assert struct.unpack(">II", picture[16:24]) == (1024, 700)
    assert pictures[0] != pictures[1]


def test_the_same_demo_gives_the_same_report(saved, tmp_path):
    assert run_demo(tmp_path, "--steps", "6", "--theme", "dark").returncode == 0
    assert (tmp_path / "report.json").read_bytes() == (saved / "report.json").read_bytes()
