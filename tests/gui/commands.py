"""What the tests of the commands share: processes, and how a command refuses."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import ModuleType

import pytest

from gui.command_line import run
from tests.fresh_process import loaded_by

HEAVY = ("torch", "PySide6.QtWidgets", "PySide6.QtGui")


@contextmanager
def one_process(module: ModuleType, client: str) -> Iterator[None]:
    """Everything in the block that starts a `client` in `module` gets one and the same."""
    with getattr(module, client)() as shared, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, client, lambda: nullcontext(shared))
        yield


def refusal(arguments: list[str], capture: pytest.CaptureFixture[str]) -> str:
    """The one line with which `embedscope` refuses `arguments`; fails if it does not."""
    try:
        status = run(arguments)
    except SystemExit as ended:  # argparse ends by itself
        status = ended.code
    captured = capture.readouterr()
    assert status == 2
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return line


def heavy_loaded_by(*arguments: str) -> set[str]:
    """Which of torch and Qt's windows a process has loaded that ran `embedscope ARGUMENTS`."""
    return loaded_by(f"from gui.command_line import run; run({list(arguments)})", *HEAVY)
