"""What the axes of Space are chosen to be: components by number, or directions by their tokens."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from core.axes import AxesChoice, Components, Directions, ShownAxes
from core.axis_words import AxisWords
from core.directions import require
from core.problems import ProblemError
from gui.session_sides import WithStep, WithWords


class Place(WithStep, WithWords, Protocol):
    """What is needed of the session."""

    @property
    def dimensions(self) -> int:
        """2 or 3."""


class Drawing(Protocol):
    """What is needed of whoever draws the points."""

    def set_choice(self, choice: AxesChoice) -> None:
        """Draw them on what is chosen."""

    def show_axes(self, axes: ShownAxes) -> None:
        """Draw them on axes that were on screen once."""


class ChosenAxes(QObject):
    """The choice. Directions are kept by token, so that they outlive another numbering."""

    changed = Signal()
    problemRaised = Signal(object)

    def __init__(self, session: Place, drawing: Drawing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._drawing = drawing
        self.numbers: tuple[int, ...] = Components().numbers
        self.words: tuple[AxisWords, ...] = ()
        self._choice: AxesChoice = Components()
        session.vocabularyChanged.connect(self._find_ids_again)

    def show_component(self, number: int) -> None:
        """Show component `number`, from 1, in place of the one that was chosen longest ago."""
        kept = [each for each in self._shown_numbers() if each != number]
        self.show_components((*kept[1 - self._session.dimensions :], number))

    def put_component(self, number: int, axis: int) -> None:
        """Show component `number`, from 1, on `axis`, from 0; the one there takes its place."""
        numbers = list(self._shown_numbers())
        if axis < len(numbers):
            if number in numbers:
                numbers[numbers.index(number)] = numbers[axis]
            numbers[axis] = number
            self.show_components(tuple(numbers))

    def show_components(self, numbers: tuple[int, ...] | None = None) -> None:
        """Show these components, or those that were chosen last."""
        if numbers is not None:
            self.numbers = numbers
        self.words = ()
        self._choose(Components(self.numbers))

    def show_directions(self, texts: tuple[str, ...]) -> bool:
        """Lay the axes along directions written like `he → she`; whether they are some."""
        try:
            words = tuple(AxisWords.read(text) for text in texts)
            choice = self._directions(words)
            shown = self._session.shown
            for each, direction in zip(words, choice.each, strict=True):
                if shown is not None:
                    require(shown.rows, direction, str(each))
        except ProblemError as error:
            self.problemRaised.emit(error.problem)
            return False
        self.words = words
        self._choose(choice)
        return True

    def show_again(self, axes: ShownAxes) -> None:
        """Hold these axes, or follow from them, rather than what was found anew."""
        self._drawing.show_axes(axes)

    def _shown_numbers(self) -> tuple[int, ...]:
        shown = self._session.shown
        numbers = () if shown is None else shown.projected.numbers
        asked = self.numbers[: self._session.dimensions]
        return asked if len(asked) == self._session.dimensions else numbers or asked

    def _directions(self, words: tuple[AxisWords, ...]) -> Directions:
        return Directions(tuple(each.direction(self._session.vocabulary) for each in words))

    def _choose(self, choice: AxesChoice) -> None:
        self._choice = choice
        self._drawing.set_choice(choice)
        self.changed.emit()

    @Slot()
    def _find_ids_again(self) -> None:
        if not self.words:
            return
        try:
            choice = self._directions(self.words)
        except ProblemError as error:  # a token is gone
            self.show_components()
            self.problemRaised.emit(error.problem)
            return
        if choice != self._choice:
            self._choose(choice)
