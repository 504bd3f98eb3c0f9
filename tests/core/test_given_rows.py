"""Given rows in a file: mapped where they are, and never taken for others."""

import numpy as np
import pytest
import torch

from core.config import Initialisation, OptimizerConfig, RunConfig, TableConfig
from core.given_rows import RowsFile
from core.keyframes import KeyframeStore
from core.messages import Array, Build, EncodedCorpus
from core.problems import ProblemError, RowsChanged
from core.progress import Cancelled
from core.rebuilding import rebuild

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


@pytest.fixture
def opened(tmp_path):
    path = tmp_path / "rows.npy"
    np.save(path, ROWS)
    return np.load(path, mmap_mode="r")


def test_mapped_rows_are_used_where_they_are(opened):
    found = RowsFile.of(opened)
    assert found is not None
    assert found.path == str(opened.filename)
    assert np.array_equal(found.rows(), ROWS)


def test_writing_to_them_does_not_reach_the_file(opened, tmp_path):
    before = (tmp_path / "rows.npy").read_bytes()
    rows = RowsFile.of(opened).rows()
    rows[:] = 7
    assert (tmp_path / "rows.npy").read_bytes() == before


@pytest.mark.parametrize("part", [slice(1, 3), slice(0, 2), slice(None, None, 2)])
def test_a_part_of_a_mapping_is_not_taken_for_the_whole(opened, part):
    found = RowsFile.of(opened[part])
    assert found is None or np.array_equal(found.rows(), ROWS[part])


def test_what_is_in_memory_has_no_file():
    assert RowsFile.of(ROWS) is None


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f4"])
def test_rows_are_written_as_they_are(tmp_path, dtype):
    rows = ROWS.astype(dtype)
    written = RowsFile.written(rows, tmp_path / "new")
    assert np.array_equal(written.rows(), rows)
    assert np.array_equal(np.load(written.path), rows)
    assert written.rows().dtype.isnative


def test_a_stopped_writing_leaves_nothing(tmp_path):
    with pytest.raises(Cancelled):
        RowsFile.written(ROWS, tmp_path, lambda _done, _total: False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_changed_is_refused(opened, tmp_path):
    found = RowsFile.of(opened)
    with (tmp_path / "rows.npy").open("ab") as file:
        file.write(b"more")
    assert found.is_in_place()
    with pytest.raises(ProblemError) as raised:
        found.rows()
    assert raised.value.problem == RowsChanged(found.path)


def test_another_file_of_the_same_name_is_told_apart(opened, tmp_path):
    found = RowsFile.of(opened)
    (tmp_path / "rows.npy").rename(tmp_path / "old.npy")
    assert not found.is_in_place()
    np.save(tmp_path / "rows.npy", ROWS + 1)
    assert not found.is_in_place()
    with pytest.raises(ProblemError):
        found.rows()


def test_a_run_begins_alike_from_a_file_and_from_a_message(opened, tmp_path):
    config = RunConfig(
        TableConfig(5, 3, initialisation=Initialisation("given", 0.1)),
        optimizer=OptimizerConfig("sgd", 0.5),
        batch_size=2,
    )
    corpus = EncodedCorpus(
        Array.of(np.array([2, 3, 4, 2], np.int32)), Array.of(np.array([0, 4], np.int64))
    )
    tables = []
    for name, given in (
        ("a", {"values": Array.of(ROWS)}),
        ("b", {"values_file": RowsFile.of(opened)}),
    ):
        build = Build(1, config, corpus, str(tmp_path / name), step=3, **given)
        *_, trainer = rebuild(build, KeyframeStore(tmp_path / name))
        tables.append(trainer.table.weight.detach())
    assert torch.equal(*tables)
    assert not torch.equal(tables[0][:4], torch.from_numpy(ROWS))
    assert np.array_equal(np.load(tmp_path / "rows.npy"), ROWS)
