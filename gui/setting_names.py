"""What the window calls objectives, optimizers and settings, and a line about each."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject

from core.config import InitialisationName, ObjectiveName, OptimizerName, Pooling

Effect = Literal["at once", "new run"]

# torch's own class names, the same in every language
OPTIMIZER_NAMES: dict[OptimizerName, str] = {
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "adagrad": "Adagrad",
    "sparse-adam": "SparseAdam",
}


@dataclass(frozen=True)
class Named:
    """A name and one plain line about what it names."""

    name: str
    hint: str


class SettingNames(QObject):
    """The names in the language of the application."""

    def objective(self, name: ObjectiveName) -> Named:
        """An objective."""
        return {
            "next-word": Named(
                self.tr("next word"), self.tr("From one word’s row, predict the word after it.")
            ),
            "cbow": Named(
                self.tr("CBOW"),
                self.tr("From the mean of the rows around a word, predict the word."),
            ),
            "skip-gram": Named(
                self.tr("skip-gram"),
                self.tr("From a word’s row, tell its neighbours from words drawn at random."),
            ),
            "sentence-label": Named(
                self.tr("sentence label"),
                self.tr("From the pooled rows of a sentence, predict its label."),
            ),
        }[name]

    def optimizer(self, name: OptimizerName) -> Named:
        """An optimizer of torch.optim."""
        hint = {
            "sgd": self.tr("Moves each row against its gradient, times the learning rate."),
            "adam": self.tr(
                "Gives every number its own pace; moves rows after their gradient too."
            ),
            "adamw": self.tr("Adam, with weight decay apart from the gradient."),
            "adagrad": self.tr("Moves less where there were many gradients before."),
            "sparse-adam": self.tr("Adam for sparse gradients: moves only rows of the batch."),
        }[name]
        return Named(OPTIMIZER_NAMES[name], hint)

    def pooling(self, name: Pooling) -> Named:
        """How the rows of a sentence become one."""
        return {
            "mean": Named(self.tr("mean, pads included"), self.tr("Pads pull the mean.")),
            "masked-mean": Named(self.tr("mean without pads"), self.tr("Pads do not count.")),
            "sum": Named(self.tr("sum, pads included"), self.tr("Long sentences weigh more.")),
            "max": Named(self.tr("maximum, pads included"), self.tr("The largest in each column.")),
        }[name]

    def initialisation(self, name: InitialisationName) -> Named:
        """How a fresh table gets its values."""
        return {
            "normal": Named(self.tr("normal"), self.tr("Scale is the standard deviation.")),
            "uniform": Named(self.tr("uniform"), self.tr("From −scale to scale.")),
            "xavier": Named(self.tr("Xavier uniform"), self.tr("Scale is the gain.")),
            "zeros": Named(self.tr("zeros"), self.tr("Every row begins at 0.")),
            "given": Named(self.tr("given"), self.tr("The values that came with the example.")),
        }[name]

    def effect(self, effect: Effect) -> str:
        """When a change of a setting shows."""
        if effect == "at once":
            return self.tr("A change takes effect at once, also on Run.")
        return self.tr("A change starts a new run.")
