"""Does what somebody asked for, and tells the window what came of it."""

from PySide6.QtCore import QObject, Signal, Slot

from core.problems import ProblemError


class Teller(QObject):
    """What goes wrong comes as a problem, which can be explained, or as a fault of ours."""

    told = Signal(str)  # a sentence about what was done
    refused = Signal(str)  # a sentence about why nothing was
    problemRaised = Signal(object)  # core.problems.AnyProblem
    errorRaised = Signal(object)  # any other Exception

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        if isinstance(error, ProblemError):
            self.problemRaised.emit(error.problem)
        else:
            self.errorRaised.emit(error)
