"""The window without a display: for pictures, on machines that have none."""

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

HARMLESS = "This plugin does not support"  # said of every window size and popup


def use_offscreen() -> None:
    """Have Qt paint into memory; before the application is made."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_tell)


def _tell(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if not message.startswith(HARMLESS):
        sys.stderr.write(message + "\n")
