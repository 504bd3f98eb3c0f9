"""Missing system libraries and displays: one line that says what to do."""

import pytest

from gui.system_libraries import missing_display, missing_libraries, needed_libraries

X = {"DISPLAY": ":0"}


def test_a_missing_cursor_library_is_named_with_its_package():
    line = missing_libraries(X, "linux", lambda library: library != "libxcb-cursor.so.0")
    assert line is not None
    assert "libxcb-cursor.so.0" in line
    assert line.endswith("sudo apt install libxcb-cursor0")
    assert "\n" not in line


def test_all_that_is_missing_is_named_at_once():
    wanting = {"libEGL.so.1", "libxcb-icccm.so.4"}
    line = missing_libraries(X, "linux", lambda library: library not in wanting)
    assert line is not None
    assert line.endswith("sudo apt install libegl1 libxcb-icccm4")


def test_nothing_is_said_when_all_are_there():
    assert missing_libraries(X, "linux", lambda _library: True) is None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_bring_their_own(platform):
    assert missing_libraries(X, platform, lambda _library: False) is None
    assert missing_display({}, platform) is None


def test_drawing_without_a_screen_needs_no_x_libraries():
    offscreen = {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}
    assert "libxcb-cursor.so.0" not in needed_libraries(offscreen, "linux")
    assert "libEGL.so.1" in needed_libraries(offscreen, "linux")


def test_a_machine_without_a_display_is_told_of_the_demo():
    line = missing_display({}, "linux")
    assert line is not None
    assert "embedscope demo" in line
    assert missing_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux") is None
    assert missing_display({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None
