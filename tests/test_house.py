"""The walls of the house: who may import whom, how long a file may be, what never appears."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from tests.fresh_process import loaded_by, run_python

HOUSE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = ("core", "gui", "resources", "tests")
SOURCES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))
LONGEST = 400

REFUSE_QT = """
import sys

class RefuseQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ImportError(f"{name} is not for core")

sys.meta_path.insert(0, RefuseQt())
"""
IMPORT_ALL_OF_CORE = """
import importlib, pkgutil
import core

for module in pkgutil.walk_packages(core.__path__, "core."):
    importlib.import_module(module.name)
"""


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(HOUSE)) for path in paths]


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    process = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stdout + process.stderr


def test_the_contracts_know_every_panel() -> None:
    contracts = {each["id"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}
    modules = set()
    for name in ("window.py", "tabbed.py"):
        tree = ast.parse((HOUSE / "gui" / name).read_text(encoding="utf-8"))
        modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    panels = {module for module in modules if module and module.startswith("gui.panels.")}
    assert panels == set(contracts["panels"]["modules"])


def test_all_of_core_imports_without_qt() -> None:
    run_python(REFUSE_QT + IMPORT_ALL_OF_CORE)


def test_qt_is_really_refused_there() -> None:
    attempt = "try: import PySide6.QtCore\nexcept ImportError: print('refused')"
    assert run_python(REFUSE_QT + attempt) == "refused"


@pytest.mark.parametrize("module", ["gui.app", "gui.window", "gui.__main__"])
def test_the_window_brings_no_torch(module: str) -> None:
    # Each takes about as long to import as the window takes to appear.
    heavy = ("torch", "sklearn", "openTSNE", "umap")
    assert loaded_by(f"import {module}", *heavy) == set()


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_source_is_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(text)), "a module says in a line what it is"


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_nothing_sleeps_or_swallows_everything(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), node.lineno
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in ("time.sleep", "sleep"), node.lineno


def test_what_is_imported_is_declared() -> None:
    # A package that another dependency happens to bring is gone with that one's next version.
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    lines = project["dependencies"] + extras["umap"] + extras["video"]
    declared = {distribution_name(line) for line in lines}
    providers = packages_distributions()
    for path in SOURCES:
        if path.is_relative_to(HOUSE / "tests"):
            continue
        for package in imported_packages(path) - sys.stdlib_module_names - set(ROOMS):
            offered = {distribution_name(each) for each in providers.get(package, [])}
            assert offered & declared, f"{path.name} imports {package}"


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def distribution_name(requirement: str) -> str:
    """The normalised name at the beginning of a requirement, as packaging writes it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[ <>=!;\[]", requirement)[0]).lower()


class Sender(QObject):
    sent = Signal()


def test_emitting_keeps_the_references_of_true() -> None:
    # PySide6 6.12.0 on Python 3.11 loses one reference to True for each emit, until the process
    # aborts. 1,000 emits would lose 1,000; a few may come and go elsewhere meanwhile.
    sender = Sender()
    before = sys.getrefcount(True)
    for _ in range(1000):
        sender.sent.emit()
    assert abs(sys.getrefcount(True) - before) < 100
