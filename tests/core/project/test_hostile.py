"""Files that are broken or lie: a typed problem each, in bounded time, and nothing left behind."""

import io
import json
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from core.problem import Problem
from core.problems import (
    BadProject,
    FileTooLarge,
    FileUnreadable,
    IsFolder,
    NewerProject,
    NoSuchFile,
    ProblemError,
)
from core.project import archive
from core.project.description import VERSION
from core.project.opening import read_project
from core.project.saving import write_project
from tests.core.project.projects import project, text_of

STATE = "runs/0/000000000007-000005.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project that is fine."""
    folder = tmp_path_factory.mktemp("whole")
    write_project(folder / "p", project(folder / "run"))
    return (folder / "p").read_bytes()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def zipped(parts: dict[str, bytes], packed: str = "") -> bytes:
    """These parts, stored but for those whose names begin with `packed`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in parts.items():
            packs = packed and name.startswith(packed)
            way = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
            made.writestr(name, content, way)
    return target.getvalue()


def refusal(tmp_path: Path, content: bytes) -> Problem:
    """What opening `content` is refused for; nothing of it stays."""
    path = tmp_path / "p.embedscope"
    path.write_bytes(content)
    with pytest.raises(ProblemError) as refused:
        read_project(path, tmp_path / "opened")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["p.embedscope"]
    return refused.value.problem


def described(whole: bytes, **changes: object) -> bytes:
    """The project with other fields in its description."""
    parts = parts_of(whole)
    told = json.loads(parts["project.json"])
    parts["project.json"] = json.dumps(told | changes).encode()
    return zipped(parts)


def with_run(whole: bytes, **changes: object) -> bytes:
    (run,) = json.loads(parts_of(whole)["project.json"])["runs"]
    return described(whole, runs=[run | changes])


def with_array(whole: bytes, name: str, array: np.ndarray) -> bytes:
    parts = parts_of(whole)
    parts["arrays.safetensors"] = save(load(parts["arrays.safetensors"]) | {name: array})
    return zipped(parts)


def test_no_file_and_no_project(tmp_path):
    for name in ("missing", "nul\0"):
        with pytest.raises(ProblemError) as refused:
            read_project(tmp_path / name, tmp_path / "opened")
        assert isinstance(refused.value.problem, NoSuchFile)
    with pytest.raises(ProblemError) as refused:
        read_project(tmp_path, tmp_path / "opened")
    assert refused.value.problem == IsFolder(str(tmp_path))
    assert refusal(tmp_path, b"").reason == "not-a-project"
    assert refusal(tmp_path, b"a sentence\n").reason == "not-a-project"
    problem = refusal(tmp_path, zipped({"word/document.xml": b"<xml/>"}))
    assert (problem.reason, problem.part) == ("missing", "project.json")


def test_a_newer_file_is_told_from_a_broken_one(tmp_path, whole):
    newer = VERSION + 1
    problem = refusal(tmp_path, described(whole, version=newer, runs="of another kind"))
    assert problem == NewerProject(str(tmp_path / "p.embedscope"), newer, VERSION)
    assert refusal(tmp_path, described(whole, version=0)).reason == "damaged"


@pytest.mark.parametrize("name", ["../climbs", "/etc/passwd", "runs/0/../../x.safetensors", "x"])
def test_a_part_that_no_project_has_is_refused(tmp_path, whole, name):
    problem = refusal(tmp_path, zipped(parts_of(whole) | {name: b"x"}))
    assert (problem.reason, problem.part) == ("stranger", name)


def test_what_unpacks_to_more_than_can_be(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_PACKED", 10_000)
    for name in ("texts/0.txt", "project.json"):
        bomb = zipped(parts_of(whole) | {name: b"a" * 20_000}, packed=name)
        assert len(bomb) < 20_000
        problem = refusal(tmp_path, bomb)
        assert (problem.reason, problem.part) == ("too-large", name)


def test_many_parts_that_unpack_to_more_than_can_be(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(archive, "FREE", 50_000)
    text = b"a" * 20_000 + b"\n" + b"a" * 20_000
    one = zipped(parts_of(whole) | {"texts/0.txt": text}, packed="texts/0.txt")
    (tmp_path / "one").write_bytes(one)
    read_project(tmp_path / "one", tmp_path / "opened one")
    two = zipped(parts_of(whole) | {"texts/0.txt": text, "texts/1.txt": text}, packed="texts/")
    (tmp_path / "two").write_bytes(two)
    with pytest.raises(ProblemError) as refused:
        read_project(tmp_path / "two", tmp_path / "opened")
    assert refused.value.problem == BadProject(str(tmp_path / "two"), "too-large", "texts/1.txt")


def test_what_unpacks_to_more_than_it_claims(tmp_path, whole):
    size = 2**24 + 12_345
    bomb = zipped(parts_of(whole) | {"texts/0.txt": b"a" * size}, packed="texts/0.txt")
    lie = bomb.replace(struct.pack("<L", size), struct.pack("<L", 10))
    assert lie != bomb
    tracemalloc.start()
    problem = refusal(tmp_path, lie)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (problem.reason, problem.part) == ("damaged", "texts/0.txt")
    assert peak < 2**22


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused_unread(tmp_path, whole, way):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in parts_of(whole).items():
            made.writestr(name, content, way if name == "texts/1.txt" else zipfile.ZIP_STORED)
    problem = refusal(tmp_path, target.getvalue())
    assert (problem.reason, problem.part) == ("damaged", "texts/1.txt")


def test_a_text_that_packs_like_a_bomb_is_not_packed(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "FREE", 50_000)
    made = project(tmp_path / "run")
    same = text_of("a a a a\n" * 20_000)
    write_project(tmp_path / "p", replace(made, texts=(*made.texts, same, same)))
    with zipfile.ZipFile(tmp_path / "p") as saved:
        ways = [saved.getinfo(f"texts/{number}.txt").compress_type for number in range(4)]
    assert ways == [zipfile.ZIP_DEFLATED] * 2 + [zipfile.ZIP_STORED] * 2
    read = read_project(tmp_path / "p", tmp_path / "opened")
    assert [text.text for text in read.texts[2:]] == [same.text] * 2


def test_a_state_that_is_packed_is_refused_unread(tmp_path, whole):
    for name in ("arrays.safetensors", STATE):
        problem = refusal(tmp_path, zipped(parts_of(whole), packed=name))
        assert (problem.reason, problem.part) == ("damaged", name)


def test_a_file_of_many_empty_parts(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_LISTING", 5_000)
    many = {f"texts/{number}.txt": b"" for number in range(100)}
    assert refusal(tmp_path, zipped(parts_of(whole) | many)).reason == "too-large"


def test_a_file_that_is_too_large(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST", len(whole) - 1)
    assert isinstance(refusal(tmp_path, whole), FileTooLarge)


def test_every_truncation_is_a_problem(tmp_path, whole):
    for length in {*range(0, len(whole), 97), *range(len(whole) - 30, len(whole))}:
        problem = refusal(tmp_path, whole[:length])
        assert isinstance(problem, BadProject), (length, problem)


@pytest.mark.parametrize("name", ["project.json", "texts/1.txt", "arrays.safetensors"])
def test_a_part_that_is_missing(tmp_path, whole, name):
    parts = parts_of(whole)
    del parts[name]
    problem = refusal(tmp_path, zipped(parts))
    assert (problem.reason, problem.part) == ("missing", name)


HASHES, ROWS_SET = "runs/0/hashes", "runs/0/rows"
ROW_CHANGE = {"step": 3, "change": {"type": "RowChange", "row": 2}}
LIES = {
    "not JSON": lambda whole: zipped(parts_of(whole) | {"project.json": b"{"}),
    "NaN": lambda whole: zipped(parts_of(whole) | {"project.json": b'{"version": NaN}'}),
    "deep": lambda whole: zipped(parts_of(whole) | {"project.json": b"[" * 200_000}),
    "no run": lambda whole: described(whole, runs=[]),
    "another run": lambda whole: described(whole, current=1),
    "no list": lambda whole: described(whole, token_lists=[]),
    "few tokens": lambda whole: described(whole, token_lists=[["<unk>", "<pad>"]]),
    "no text": lambda whole: with_run(whole, text=2),
    "step beyond": lambda whole: with_run(whole, step=10**9),
    "negative step": lambda whole: with_run(whole, step=-1),
    "changes in disorder": lambda whole: with_run(
        whole,
        events=[
            {"step": step, "change": {"type": "SetBatchSize", "batch_size": 2}} for step in (3, 1)
        ],
    ),
    "ids beyond": lambda whole: with_array(whole, "texts/0/ids", np.full(9, 99, np.int32)),
    "ids below": lambda whole: with_array(whole, "texts/0/ids", np.full(9, -1, np.int32)),
    "ids as floats": lambda whole: with_array(whole, "texts/0/ids", np.zeros(9, np.float32)),
    "offsets falling": lambda whole: with_array(
        whole, "texts/0/offsets", np.array([0, 10, 9], np.int64)
    ),
    "other sentences": lambda whole: with_array(
        whole, "texts/0/offsets", np.array([0, 9], np.int64)
    ),
    "losses of two axes": lambda whole: with_array(whole, "runs/0/losses", np.zeros((7, 1))),
    "hashes of one axis": lambda whole: with_array(whole, HASHES, np.zeros(4, np.int64)),
    "hashes as floats": lambda whole: with_array(whole, HASHES, np.zeros((1, 4))),
    "a hash beyond the end": lambda whole: with_array(whole, HASHES, np.array([[8, 0, 1, 0]])),
    "a hash of no machine": lambda whole: with_array(whole, HASHES, np.array([[1, 0, 1, 2]])),
    "a hash below": lambda whole: with_array(whole, HASHES, np.array([[1, 0, -1, 0]])),
    "a machine of two lines": lambda whole: described(whole, machine={"torch": "2\n1\t0"}),
    "rows of no change": lambda whole: with_array(whole, ROWS_SET, np.zeros((1, 4), np.float32)),
    "a row without values": lambda whole: with_run(whole, events=[ROW_CHANGE]),
    "values of one axis": lambda whole: with_array(whole, "runs/0/values", np.zeros(7)),
    "state of another shape": lambda whole: zipped(
        parts_of(whole) | {STATE: save({"table.layer.weight": np.zeros((3, 4), np.float32)})}
    ),
    "state without a table": lambda whole: zipped(
        parts_of(whole) | {STATE: save({"x": np.zeros((3, 4), np.float32)})}
    ),
    "state beyond the end": lambda whole: zipped(
        parts_of(whole) | {STATE.replace("7-", "8-"): parts_of(whole)[STATE]}
    ),
    "state that is none": lambda whole: zipped(parts_of(whole) | {STATE: b"\x80\x04K\x01."}),
    "a header that lies": lambda whole: zipped(
        parts_of(whole) | {STATE: struct.pack("<Q", 10 * 2**30) + b"{}"}
    ),
    "arrays with a header that lies": lambda whole: zipped(
        parts_of(whole) | {"arrays.safetensors": struct.pack("<Q", 10 * 2**30) + b"{}"}
    ),
    "10 GB in a kilobyte": lambda whole: zipped(
        parts_of(whole)
        | {
            STATE: (lambda header: struct.pack("<Q", len(header)) + header)(
                b'{"table.layer.weight":{"dtype":"F32","shape":[10,268435456],'
                b'"data_offsets":[0,10737418240]}}'
            )
        }
    ),
    "not UTF-8": lambda whole: zipped(parts_of(whole) | {"texts/0.txt": b"\xff"}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found(tmp_path, whole, lie):
    problem = refusal(tmp_path, LIES[lie](whole))
    assert isinstance(problem, BadProject)
    assert problem.reason == "damaged"


def test_settings_that_torch_refuses_are_refused_as_ever(tmp_path, whole):
    (run,) = json.loads(parts_of(whole)["project.json"])["runs"]
    config = run["config"] | {"batch_size": 0}
    problem = refusal(tmp_path, with_run(whole, config=config, events=[]))
    assert type(problem).__name__ in ("OutOfBounds", "BadProject")


def test_a_small_file_cannot_claim_a_large_table(tmp_path, whole):
    parts = parts_of(whole)
    del parts[STATE]
    (run,) = json.loads(parts["project.json"])["runs"]
    table = run["config"]["table"] | {"embedding_dim": 10**9}
    content = with_run(zipped(parts), config=run["config"] | {"table": table})
    assert refusal(tmp_path, content).reason == "damaged"


def test_a_folder_that_cannot_be_written_is_named(tmp_path, whole):
    path = tmp_path / "p.embedscope"
    path.write_bytes(whole)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ProblemError) as refused:
        read_project(path, tmp_path / "file" / "opened")
    assert isinstance(refused.value.problem, FileUnreadable)


# A limit on files is a full disk for one process. What is told is the system's word for it.
FULL = """
import resource, sys
from pathlib import Path
from core.problems import ProblemError
from core.project.opening import read_project
from core.project.saving import write_project
from tests.core.project.projects import project

what, path, run, opened = sys.argv[1], *map(Path, sys.argv[2:])
made = project(run)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(what[1:]),) * 2)
try:
    if what[0] == "w":
        write_project(path, made)
    else:
        read_project(path, opened)
except ProblemError as error:
    print(type(error.problem).__name__, error.problem.path, error.problem.reason, sep="|")
"""


@pytest.mark.parametrize("room", [100, 1000, 3000])  # in the description, the arrays, the states
def test_a_disk_that_is_full_in_the_middle_leaves_the_file_of_before(tmp_path, whole, room):
    path, opened = tmp_path / "p.embedscope", tmp_path / "opened"
    path.write_bytes(whole)
    assert room < len(whole)
    arguments = [path, tmp_path / "run", opened]
    command = [sys.executable, "-c", FULL, f"w{room}", *map(str, arguments)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told.strip() == f"FileUnreadable|{path}|File too large"
    assert path.read_bytes() == whole
    assert sorted(each.name for each in tmp_path.iterdir()) == ["p.embedscope", "run"]


def test_a_disk_that_is_full_while_it_is_opened_is_named(tmp_path, whole):
    path, opened = tmp_path / "p.embedscope", tmp_path / "opened"
    path.write_bytes(whole)
    arguments = [path, tmp_path / "run", opened]
    command = [sys.executable, "-c", FULL, "r100", *map(str, arguments)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert told.startswith(f"FileUnreadable|{opened}")
    assert told.endswith("|File too large")
    assert not opened.exists()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(tmp_path_factory, whole, data):
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("fuzzed")
    (folder / "p").write_bytes(content)
    try:
        read_project(folder / "p", folder / "opened")
    except ProblemError:
        assert not (folder / "opened").exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_description_is_read_or_refused(tmp_path_factory, whole, data):
    parts = parts_of(whole)
    told = json.loads(parts["project.json"])
    place, key = told, "runs"
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
    place[key] = data.draw(JSON)
    parts["project.json"] = json.dumps(told).encode()
    folder = tmp_path_factory.mktemp("fuzzed")
    (folder / "p").write_bytes(zipped(parts))
    try:
        read_project(folder / "p", folder / "opened")
    except ProblemError:
        assert not (folder / "opened").exists()
