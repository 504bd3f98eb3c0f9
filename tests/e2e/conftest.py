"""A screen for all tests of the real window, and a program for each."""

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.e2e.clipboard import Clipboard
from tests.e2e.desk import Desk
from tests.e2e.program import Program
from tests.e2e.screen import Screen, Window

PROGRAMS = pytest.StashKey[list[Program]]()


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A virtual display of 1920×1080."""
    screen = Screen(tmp_path_factory.mktemp("screen"), 1920, 1080)
    yield screen
    screen.close()


@pytest.fixture(scope="session")
def clipboard(screen: Screen) -> Iterator[Clipboard]:
    """What is copied on that display."""
    clipboard = Clipboard(screen.display)
    yield clipboard
    clipboard.close()


@pytest.fixture
def start(
    screen: Screen, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Program]]:
    """Starts `embedscope` with the given arguments; what still runs is ended with the test."""
    programs: list[Program] = []
    request.node.stash[PROGRAMS] = programs

    def start_program(*arguments: str) -> Program:
        folder = tmp_path / f"program-{len(programs)}"
        folder.mkdir()
        programs.append(Program(screen, folder, *arguments))
        return programs[-1]

    yield start_program
    for program in programs:
        program.end()


@pytest.fixture
def sit_down(start: Callable[..., Program], clipboard: Clipboard) -> Callable[..., Desk]:
    """Starts `embedscope` with the given arguments and waits for its window and its table."""

    def sit_down_at(*arguments: str) -> Desk:
        program = start(*arguments)
        desk = Desk(program, program.wait_for_window(), clipboard)
        desk.wait_for_table()
        return desk

    return sit_down_at


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """When a test fails, keep a picture of the screen and tell what the programs said."""
    report = yield
    programs = item.stash.get(PROGRAMS, [])
    if call.when == "call" and report.failed and programs:
        screen = programs[0].screen
        root = Window(screen, int(screen.xdotool("search", "--maxdepth", 0, "").split()[0]))
        path = root.save_picture("failed-" + re.sub(r"\W+", "-", item.name))
        report.sections.append(("picture of the screen", str(path)))
        report.sections += [(f"said by process {each.process.pid}", each.said) for each in programs]
    return report
