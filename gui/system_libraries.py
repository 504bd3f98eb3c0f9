"""Which of the system libraries that Qt's window needs on Linux are missing.

Qt itself aborts with a message that helps nobody, and `import PySide6.QtGui` fails before it could
give one; so this is asked first, and imports no Qt.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

# Library → Debian package, for all that Qt's core needs …
_CORE = {"libglib-2.0.so.0": "libglib2.0-0"}
# … for what drawing needs, also without a screen …
_DRAWING = _CORE | {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
}
# … and for a window on an X display.
_SCREEN = _DRAWING | {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def needed_libraries(environment: Mapping[str, str], platform: str) -> dict[str, str]:
    """Library → Debian package, for the kind of display that `environment` speaks of."""
    if not platform.startswith("linux"):
        return {}
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if environment.get("DISPLAY") and chosen in ("", "xcb"):
        return _SCREEN
    return _DRAWING


def missing_libraries(
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    loads: Callable[[str], bool] = _loads,
) -> str | None:
    """One line that says which libraries are missing and how to get them; None: all are there."""
    needed = needed_libraries(environment, platform)
    missing = [library for library in needed if not loads(library)]
    if not missing:
        return None
    packages = " ".join(sorted({needed[library] for library in missing}))
    return (
        f"the window needs system libraries that are not installed ({', '.join(missing)}); "
        f"on Debian or Ubuntu: sudo apt install {packages}"
    )


def missing_display(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> str | None:
    """One line for a Linux machine that has no display to open a window on; None: it has."""
    if not platform.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return None
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return None
    return (
        "there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set); "
        "embedscope demo --out FOLDER saves pictures of it instead"
    )
