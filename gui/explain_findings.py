"""Makes sentences of a finding: what was found, why it matters, and how to mend it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from core.audit.finding import Finding, Kind, Level, Number, UseOptimizer, ZeroRow
from core.problems import CombinationRefused
from gui.explain import explain
from gui.explain_padding import PaddingSentences
from gui.numbers import byte_count, rounded
from gui.sentences_about import Sentences, percent

SOME = 3  # tokens that are named; the others are counted
SHARES = frozenset({"share", "shift", "kept"})
IDS = frozenset({"first", "second"})  # are said as tokens; `row`, `id` and `last` as they are
PLAIN = frozenset({"row", "id", "last", "given", "sentence", "position"})


@dataclass(frozen=True)
class Explained:
    """What a person reads; `button` is what the remedy is called, None where there is none."""

    what: str
    why: str
    mend: str
    button: str | None


def explain_finding(finding: Finding, name_of: Callable[[int], str]) -> Explained:
    """The sentences about `finding`; `name_of` gives the token of an id."""
    return _Findings().of(finding, name_of)


def counted(findings: Sequence[Finding]) -> str:
    """How many there are of each level: "1 warning, 2 notes"; "No findings"."""
    return _Findings().counted(findings)


def level_name(level: Level) -> str:
    """What a level is called."""
    return _Findings().level(level)


def _said(name: str, value: Number, name_of: Callable[[int], str]) -> str:
    """A number of a finding as it stands in a sentence."""
    if isinstance(value, str):
        return value
    if name in IDS:
        return name_of(int(value))
    if name in SHARES:
        return percent(float(value))
    if name == "bytes":
        return byte_count(int(value))
    if isinstance(value, int):
        return str(value) if name in PLAIN else f"{value:,}"
    return rounded(value)


class _Findings(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, finding: Finding, name_of: Callable[[int], str]) -> Explained:
        """The sentences about any finding."""
        names = [name_of(int(id_)) for id_ in finding.rows[:SOME]]
        words = {
            "token": names[0] if names else "",
            "tokens": ", ".join(names) + (", …" if len(finding.rows) > SOME else ""),
        }
        words |= {key: _said(key, value, name_of) for key, value in finding.numbers.items()}
        sentences = self._sentences(finding)
        what, why, mend = (sentence.format_map(words) for sentence in sentences)
        return Explained(f"{what}{self._place(finding)}", why, mend, self._button(finding, words))

    def _place(self, finding: Finding) -> str:
        """Where the first of its cells is, if that is not said yet."""
        if not len(finding.cells) or "sentence" in finding.numbers:
            return ""
        sentence, position = (finding.cells[0] + 1).tolist()
        return " " + self.tr("The first is token {position} of sentence {sentence}.").format(
            position=position, sentence=sentence
        )

    def level(self, level: Level) -> str:
        """What a level is called."""
        names: dict[Level, str] = {
            "note": self.tr("Note"),
            "warning": self.tr("Warning"),
            "error": self.tr("Error"),
        }
        return names[level]

    def counted(self, findings: Sequence[Finding]) -> str:
        """How many there are of each level, the gravest first."""
        one = {
            "error": self.tr("1 error"),
            "warning": self.tr("1 warning"),
            "note": self.tr("1 note"),
        }
        several = {
            "error": self.tr("{count} errors"),
            "warning": self.tr("{count} warnings"),
            "note": self.tr("{count} notes"),
        }
        counts = {level: sum(each.level == level for each in findings) for level in one}
        said = [
            one[level] if count == 1 else several[level].format(count=count)
            for level, count in counts.items()
            if count
        ]
        return ", ".join(said) or self.tr("No findings")

    def _sentences(self, finding: Finding) -> Sentences:
        if finding.kind == "settings-refused":
            return self._of_refusal(finding)
        if finding.kind == "dead-rows":
            return self._of_dead_rows(finding)
        if finding.kind == "zeros-never-leave":
            return self._of_zeros(tied=finding.numbers["objective"] == "next-word")
        known = self._of_rows() | self._of_text() | self._of_settings() | self._of_optimizer()
        return known.get(finding.kind) or PaddingSentences().of(finding)

    # ── rows ──────────────────────────────────────────────────────────────────────────────────

    def _of_rows(self) -> dict[Kind, Sentences]:
        return {
            "nan-rows": Sentences(
                self.tr("Rows that hold NaN or infinity: {count} ({tokens})."),
                self.tr("Whatever is computed from such a row is NaN too, and so is the loss."),
                self.tr(
                    "Begin again from step 0 with a lower learning rate, or write finite numbers "
                    "into the row."
                ),
            ),
            "zero-rows": Sentences(
                self.tr("Words whose row is all zeros: {count} ({tokens})."),
                self.tr("Such rows have no direction, and nothing tells one from another."),
                self.tr("Train them, or give them values, if they are to mean something."),
            ),
            "duplicate-rows": Sentences(
                self.tr(
                    "Rows with exactly the same numbers: {count}, such as {first} and {second}."
                ),
                self.tr("No model can tell such tokens apart."),
                self.tr("Check where these rows come from: one may be a copy of the other."),
            ),
            "norm-outliers": Sentences(
                self.tr(
                    "Rows far longer or shorter than usual: {count}. That of {first} has the "
                    "length {norm}; {usual} is usual."
                ),
                self.tr("In every mean and every dot product a long row outweighs the others."),
                self.tr(
                    "Check where the row comes from. If training made it so, lower the learning "
                    "rate or set max_norm."
                ),
            ),
            "unmoved-rows": Sentences(
                self.tr(
                    "Rows that got a gradient and still hold their first numbers: {count} "
                    "({tokens})."
                ),
                self.tr("Their gradient was zero, or the step was lost in rounding."),
                self.tr("Raise the learning rate, or use float32 or float64."),
            ),
            "nothing-trains": Sentences(
                self.tr("No row has left its first numbers in {steps} steps."),
                self.tr(
                    "The optimizer does not hold this table, or its steps are lost in rounding."
                ),
                self.tr(
                    "Give the optimizer the table's parameter as it is now, and raise the "
                    "learning rate."
                ),
            ),
        }

    def _of_dead_rows(self, finding: Finding) -> Sentences:
        unread = (
            self.tr("Always the last of their sentence: {unread}.")
            if finding.numbers["objective"] == "next-word"
            else self.tr("Always alone in their sentence: {unread}.")
        )
        reasons = [
            sentence
            for name, sentence in (
                ("absent", self.tr("Not in the sentences: {absent}.")),
                ("unread", unread),
                ("missed", self.tr("Read often, yet without any gradient: {missed}.")),
            )
            if finding.numbers.get(name)
        ]
        return Sentences(
            " ".join(
                [self.tr("Words whose row training never reaches: {count} ({tokens})."), *reasons]
            ),
            self.tr("These rows stay as they began, however long it trains."),
            self.tr(
                "Add sentences in which they stand among other words, or rebuild the vocabulary "
                "without them."
            ),
        )

    # ── sentences and tokens ──────────────────────────────────────────────────────────────────

    def _of_text(self) -> dict[Kind, Sentences]:
        return {
            "id-out-of-range": Sentences(
                self.tr(
                    "Ids that are no rows: {count}. The first is {id}, token {position} of "
                    "sentence {sentence}; the rows are 0 to {last}."
                ),
                self.tr("A lookup of it fails. A negative id is not counted from the end."),
                self.tr(
                    "Use the vocabulary that the table was made with, or give the table more "
                    "rows. Marks such as −100 belong into targets, never into inputs."
                ),
            ),
            "unknown-share": Sentences(
                self.tr("Unknown words: {count}, {share} of all."),
                self.tr("They all share the row of {token}, so no model can tell them apart."),
                self.tr("Build the vocabulary from these sentences, or let it take rarer words."),
            ),
            "tokens-missing": Sentences(
                self.tr("There are {tokens} tokens, and only {rows} rows."),
                self.tr("The last tokens have no row: a lookup of one fails."),
                self.tr("Use the table and the tokens of one model, or resize the table."),
            ),
            "rows-unnamed": Sentences(
                self.tr("There are {rows} rows, and only {tokens} tokens."),
                self.tr(
                    "Nothing looks the last rows up. Many tables are rounded up to a multiple of "
                    "8 or 64, for speed; then all is well."
                ),
                self.tr("If not, check that the tokens belong to this table."),
            ),
        }

    # ── the arguments of the table ────────────────────────────────────────────────────────────

    def _of_settings(self) -> dict[Kind, Sentences]:
        return {
            "max-norm-outside": Sentences(
                self.tr("Rows longer than max_norm = {max_norm}: {count} ({tokens})."),
                self.tr(
                    "max_norm shortens a row only when it is looked up, so lengths tell what was "
                    "looked up and not what was learnt."
                ),
                self.tr("Compare directions (cosine) only, or shorten all rows once at the start."),
            ),
            "scaled-by-frequency": Sentences(
                self.tr("scale_grad_by_freq is on."),
                self.tr(
                    "The gradients of one id in a batch are averaged, not added: another batch "
                    "size or accumulation gives other steps."
                ),
                self.tr("Turn it off, unless that is what you want."),
            ),
            "double-precision": Sentences(
                self.tr("The table is in float64."),
                self.tr(
                    "NumPy makes float64 by itself and nn.Embedding keeps it; layers in float32 "
                    "refuse it, and it takes {bytes} where half would do."
                ),
                self.tr("Convert it to float32, unless it is meant."),
            ),
        }

    def _of_zeros(self, *, tied: bool) -> Sentences:
        mend = self.tr("Begin from random rows.")
        if tied:
            return Sentences(
                self.tr("A table with tied output weights begins from zeros, and stays there."),
                self.tr("Its gradients are made of its own rows, by lookup and by softmax."),
                mend,
            )
        return Sentences(
            self.tr("Skip-gram begins from zeros, and stays there."),
            self.tr("The gradient of each of its two tables is made of the other's zeros."),
            mend,
        )

    # ── the optimizer ─────────────────────────────────────────────────────────────────────────

    def _of_optimizer(self) -> dict[Kind, Sentences]:
        return {
            "decay-of-unseen": Sentences(
                self.tr("Weight decay shrinks rows that no batch reads: {count} ({tokens})."),
                self.tr(
                    "With {optimizer} and a weight decay of {decay}, {kept} of such a row is left "
                    "after {steps} steps."
                ),
                self.tr("Set the weight decay of the table to 0."),
            ),
            "momentum-tail": Sentences(
                self.tr("Rows of rare words move on after their gradient: {count} ({tokens})."),
                self.tr(
                    "What {optimizer} remembers carries them {travel} times as far as their first "
                    "step, within {steps} steps."
                ),
                self.tr(
                    "That is how it works with dense gradients. SparseAdam, or SGD without "
                    "momentum, moves a row only when it has a gradient."
                ),
            ),
            "sparse-momentum": Sentences(
                self.tr("SGD keeps a momentum of {momentum} of sparse gradients."),
                self.tr("What it keeps grows in every step, until training stands still."),
                self.tr("Set momentum to 0, or use dense gradients."),
            ),
            "dense-gradients": Sentences(
                self.tr("Each step writes a gradient of {bytes}, nearly all of it zeros."),
                self.tr("A batch reads about {share} of the rows, and every row is updated."),
                self.tr("Use sparse gradients: the cost of a step is then that of its batch."),
            ),
            "half-precision": Sentences(
                self.tr("In float16 {optimizer} turns rows without a gradient into NaN."),
                self.tr("Its eps is too small for float16 and becomes 0, and 0 / 0 is NaN."),
                self.tr("Use float32."),
            ),
            "zero-rate": Sentences(
                self.tr("The learning rate is 0."),
                self.tr("Nothing that is trained moves."),
                self.tr("Set a learning rate above 0."),
            ),
            "stale-optimizer": Sentences(
                self.tr("The optimizer does not hold this table."),
                self.tr(
                    "It was made for another parameter, such as the one before a resize; its "
                    "steps change nothing here."
                ),
                self.tr("Make the optimizer after the table has its final parameter."),
            ),
            "frozen-moves": Sentences(
                self.tr("The table is frozen, and yet the optimizer moves it."),
                self.tr(
                    "requires_grad is off, but an old gradient is still there; with it the "
                    "optimizer steps, and weight decay goes on."
                ),
                self.tr("Set .grad to None, or take the table out of the optimizer."),
            ),
        }

    def _of_refusal(self, finding: Finding) -> Sentences:
        numbers = finding.numbers
        refused = CombinationRefused(str(numbers["optimizer"]), numbers["reason"])  # type: ignore[arg-type]  # the check put a RefusalReason there
        what = explain(refused).replace("{", "{{").replace("}", "}}")
        return Sentences(what, self.tr("torch does not train with these settings."), "")

    # ── buttons ───────────────────────────────────────────────────────────────────────────────

    def _button(self, finding: Finding, words: dict[str, str]) -> str | None:
        remedy = finding.remedy
        if remedy is None:
            return None
        if isinstance(remedy, ZeroRow):
            return self.tr("Set the row to zero")
        if isinstance(remedy, UseOptimizer):
            return (
                self.tr("Set momentum to 0")
                if finding.kind == "sparse-momentum"
                else self.tr("Set weight decay to 0")
            )
        if finding.kind == "momentum-tail":
            sgd = remedy.config.optimizer.name == "sgd"
            return self.tr("Set momentum to 0") if sgd else self.tr("Use SparseAdam")
        names: dict[Kind, str] = {
            "pads-in-pooling": self.tr("Use the masked mean"),
            "dense-gradients": self.tr("Use sparse gradients"),
            "half-precision": self.tr("Use float32"),
            "scaled-by-frequency": self.tr("Turn it off"),
            "zeros-never-leave": self.tr("Begin from random rows"),
            "tied-pad-row": self.tr("Untie the output weights"),
            "settings-refused": self.tr("Use settings that work"),
        }
        padding_idx = remedy.config.table.padding_idx
        setting = self.tr("Set padding_idx to {row}").format(row=padding_idx)
        return names.get(finding.kind, setting)
