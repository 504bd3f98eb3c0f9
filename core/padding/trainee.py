"""A model of the laboratory in training: one batch, again and again."""

from core.optimizers import make_optimizers
from core.padding.messages import SetUp
from core.padding.model import Model
from core.padding.subject import Subject


class Trainee:
    """A model of `set_up`, trained step by step on all sentences of `subject` at once."""

    def __init__(self, subject: Subject, set_up: SetUp) -> None:
        self.subject = subject
        self.set_up = set_up
        self.model: Model = subject.model(set_up)
        self.losses: list[float] = []
        """The loss of each step, before its update."""
        self._inputs = subject.inputs(subject.batch(set_up, set_up.trained_extra))
        self._optimizers = make_optimizers(list(self.model.parameters()), [], set_up.optimizer)

    @property
    def steps(self) -> int:
        """How many steps are done."""
        return len(self.losses)

    def advance(self) -> None:
        """Do one step."""
        for optimizer in self._optimizers:
            optimizer.zero_grad()
        _, reading = self.model(self._inputs)
        reading.loss.backward()
        for optimizer in self._optimizers:
            optimizer.step()
        self.losses.append(reading.loss.item())
