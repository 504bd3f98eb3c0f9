"""What the parts of a move are called, what they mean, and the formula of each."""

from PySide6.QtCore import QObject

from core.config import OptimizerConfig
from core.movement.parts import Movement
from gui.canvas.part_looks import Kind
from gui.setting_names import OPTIMIZER_NAMES

_ADAM_SCALE = "s = lr / (1−β₁ᵗ) / (√(v / (1−β₂ᵗ)) + ε)"
_SPARSE_SCALE = "s = lr · √(1−β₂ᵗ) / (1−β₁ᵗ) / (√v + ε)"
_ADAGRAD_SCALE = "s = lr / (√v + ε)"
_NO_LETTERS = frozenset({"max-norm", "edit", "rounding", "unexplained"})


class PartWords(QObject):
    """The words in the language of the application; formulas are the same in every one."""

    def name(self, kind: Kind, movement: Movement) -> str:
        """What `kind` is called in `movement`."""
        by_lookup = "tied" in movement.parts
        return {
            "gradient": self.tr("gradient by lookup") if by_lookup else self.tr("gradient"),
            "tied": self.tr("tied output weights"),
            "momentum": self.tr("momentum"),
            "decay": self.tr("weight decay"),
            "max-norm": self.tr("max_norm"),
            "edit": self.tr("edit by hand"),
            "rounding": self.tr("rounding"),
            "unexplained": self.tr("not explained"),
        }[kind]

    def meaning(self, kind: Kind, movement: Movement) -> str:
        """A line about it."""
        rounding = self.tr("What rounding to {dtype} does; the parts are computed more exactly.")
        return {
            "gradient": self.tr("What the gradient of this step did."),
            "tied": self.tr("What the gradient did that came by way of the output weights."),
            "momentum": self.tr("What the steps before still do."),
            "decay": self.tr("Pulls the row towards 0 in every step, with a gradient or without."),
            "max-norm": self.tr("The lookup shortened the row to max_norm, before the step."),
            "edit": self.tr("Written into the table after the step."),
            "rounding": rounding.format(dtype=movement.before.dtype),
            "unexplained": self.tr("No part did this: something else wrote into the row."),
        }[kind]

    def explanation(self, kind: Kind, movement: Movement) -> str:
        """The meaning, the formula, and what its letters stand for."""
        formula = formula_of(kind, movement.optimizer)
        lines = [self.meaning(kind, movement)]
        if formula:
            lines.append(formula)
        if kind not in _NO_LETTERS:
            lines.append(self._letters(formula, self._gradient(kind, movement)))
            lines.append(self._source(movement.optimizer))
        return "\n".join(lines)

    def _gradient(self, kind: Kind, movement: Movement) -> str:
        if "tied" not in movement.parts:
            return self.tr("g: gradient of this step")
        if kind == "tied":
            return self.tr("g: gradient of this step, its part by the output weights")
        return self.tr("g: gradient of this step, its part by lookup")

    def _letters(self, formula: str, gradient: str) -> str:
        letters = {
            "lr": self.tr("lr: learning rate"),
            "g": gradient,
            "b": self.tr("b: momentum buffer, before the step"),
            "m": self.tr("m: mean of the gradients, before the step"),
            "θ": self.tr("θ: the row, before the step"),
            "λ": self.tr("λ: weight decay"),
            "μ": self.tr("μ: momentum"),
            "v": self.tr("v: mean of the squared gradients, after the step"),
            "t": self.tr("t: number of steps"),
            "ε": self.tr("β₁ 0.9, β₂ 0.999 and ε 1e-8 are torch’s own"),
        }
        if _ADAGRAD_SCALE in formula:
            letters["v"] = self.tr("v: sum of the squared gradients, this one among them")
            letters["ε"] = self.tr("ε 1e-10 is torch’s own")
        present = formula.replace("lr", " lr ").replace("ᵗ", " t ")
        words = "".join(each if each.isalpha() else " " for each in present).split()
        found = "; ".join(text for letter, text in letters.items() if letter in words)
        return self.tr("{letters}.").format(letters=found)

    def _source(self, optimizer: OptimizerConfig) -> str:
        return self.tr("As torch.optim.{name} documents it.").format(
            name=OPTIMIZER_NAMES[optimizer.name]
        )


def formula_of(kind: Kind, optimizer: OptimizerConfig) -> str:
    """The formula of a part, as `core.movement.formulas` computes it."""
    if kind == "max-norm":
        return "θ · max_norm / ‖θ‖ − θ"
    if kind in _NO_LETTERS:
        return ""
    part = "gradient" if kind == "tied" else kind
    if optimizer.name == "sgd":
        ahead = "lr · (1 + μ)" if optimizer.nesterov else "lr"
        kept = "lr · μ²" if optimizer.nesterov else "lr · μ"
        return {
            "gradient": f"−{ahead} · g",
            "momentum": f"−{kept} · b",
            "decay": f"−{ahead} · λ · θ",
        }[part]
    if optimizer.name == "adagrad":
        return {"gradient": "−s · g", "decay": "−s · λ · θ"}[part] + f",  {_ADAGRAD_SCALE}"
    if optimizer.name == "adamw" and part == "decay":
        return "−lr · λ · θ"
    scale = _SPARSE_SCALE if optimizer.name == "sparse-adam" else _ADAM_SCALE
    return {
        "gradient": "−s · (1−β₁) · g",
        "momentum": "−s · β₁ · m",
        "decay": "−s · (1−β₁) · λ · θ",
    }[part] + f",  {scale}"
