"""Starts the window as `embedscope` does, and ends when it has been painted."""

import gc
import os
import sys

from PySide6.QtCore import QEvent, QObject, QTimer

from gui.offscreen import use_offscreen


class FirstPaint(QObject):
    """Ends the process after the window's first paint, without closing it in order."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: os._exit(0))
        return super().eventFilter(watched, event)


def main() -> None:
    """Show the window; `FirstPaint` ends the process."""
    if not os.environ.get("DISPLAY"):
        use_offscreen()
    gc.disable()  # as `gui.command_line` does before it loads the window
    from gui.app import make_application
    from gui.faults import Faults
    from gui.session import Session
    from gui.settings import Settings
    from gui.theme import apply_theme
    from gui.window import Window

    app = make_application()
    apply_theme(app, "light")
    window = Window(app, Session(), Settings(), Faults())
    first_paint = FirstPaint()
    window.centralWidget().installEventFilter(first_paint)
    window.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
