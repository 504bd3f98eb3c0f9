"""Errors that nobody caught: logged whole, and said in the window, which stays open."""

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Signal

_log = logging.getLogger(__name__)


class Faults(QObject):
    """Takes over `sys.excepthook`: a fault in a slot neither vanishes nor ends the program."""

    raised = Signal(str)

    def install(self) -> None:
        """Be told of uncaught errors in every thread from now on."""
        sys.excepthook = self.take
        threading.excepthook = self._take_from_thread

    def remove(self) -> None:
        """Leave uncaught errors to Python again."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def take(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        """Log `error` with its traceback and tell its last line."""
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        _log.error("a fault in Embedscope", exc_info=(kind, error, where))
        self.raised.emit("".join(traceback.format_exception_only(kind, error)).strip())

    def report(self, error: Exception) -> None:
        """Take an error that came by another way, such as from work in the background."""
        self.take(type(error), error, error.__traceback__)

    def _take_from_thread(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value or arguments.exc_type()
        self.take(arguments.exc_type, error, arguments.exc_traceback)
