"""What the tests of training share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import rows


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Sum in one order, and leave the cores to others."""
    import torch  # here: most tests of core need no torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the shared memory of the machine, and for its temporary one."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(rows, "SHARED_MEMORY", folder)
    monkeypatch.setattr(rows.tempfile, "gettempdir", lambda: str(folder))
    return folder
