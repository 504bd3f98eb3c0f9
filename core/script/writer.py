"""Writes a session as a plain PyTorch script: the same batches, the same losses, the same table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from core.config import OptimizerName
from core.messages import EncodedCorpus, SetCorpus
from core.script.events import RESIZE, event_lines, needs_resizing
from core.script.history import History
from core.script.literals import (
    can_be_split,
    listed,
    quoted,
    rows,
    sentence_lines,
    with_labels,
)
from core.script.model import LARGEST_GIVEN, head_lines, optimizer_lines, table_lines
from core.script.objectives import objective_lines
from core.seeds import SPREAD

LARGEST_TEXT = 100_000  # characters of sentences that are written into the script

Part = Literal["batch", "lookup", "loss", "backward", "step", "change"]
NAMES: dict[OptimizerName, str] = {
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "adagrad": "Adagrad",
    "sparse-adam": "SparseAdam",
}


@dataclass(frozen=True)
class Script:
    """`cells` are the parts of the script that belong together, each a list of lines.

    `beside` are texts that are too long to stand in it, by the suffix of the file they go into.
    `needs_values` says that the given rows go into a file too.
    """

    cells: tuple[tuple[str, ...], ...]
    parts: dict[Part, int] = field(default_factory=dict)
    """The line, from 0, at which each part of a step stands."""
    beside: dict[str, str] = field(default_factory=dict)
    needs_values: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole script."""
        whole = list(self.cells[0])
        for before, cell in pairwise(self.cells):
            apart = 2 if "def " in (before[0][:4], cell[0][:4]) else 1
            whole += [*[""] * apart, *cell]
        return tuple(whole)

    @property
    def text(self) -> str:
        """The whole script, as a file has it."""
        return "\n".join(self.lines) + "\n"


def write_script(history: History) -> Script:
    """The script of `history`."""
    writer = _Writer(history)
    cells = tuple(tuple(cell) for cell in writer.cells() if cell)
    script = Script(cells, {}, writer.beside, writer.needs_values)
    return Script(cells, _parts(script.lines, writer.marks), writer.beside, writer.needs_values)


class _Writer:
    def __init__(self, history: History) -> None:
        self._history = history
        self._corpora = [history.corpus]
        for event in history.events:
            if isinstance(event.change, SetCorpus):
                self._corpora.append(event.change.corpus)
        self._tokens = _all_tokens(history.tokens, self._corpora)
        self._objective = objective_lines(history.config.objective, history.corpus.pad_id)
        self.beside: dict[str, str] = {}
        values = history.values
        given = history.config.table.initialisation.name == "given" and values is not None
        self.needs_values = given and values is not None and values.size > LARGEST_GIVEN
        self._given = given
        self._labelled = history.config.objective.name == "sentence-label"
        self.marks: dict[Part, str] = {
            "batch": "batch = draw(examples, batch_size)",
            "lookup": self._objective.lookup,
            "loss": "loss = loss_of(batch)",
            "backward": "loss.backward()",
            "step": "optimizer.step()",
            "change": "change_after(step - 1)",
        }

    def cells(self) -> Iterable[list[str]]:
        history, config = self._history, self._history.config
        yield self._heading()
        yield self._sentences()
        yield self._reading()
        yield self._values()
        yield [
            "# The table, and what stands over it.",
            *table_lines(history),
            *head_lines(history),
            *optimizer_lines(config, config.optimizer),
        ]
        yield self._objective.examples
        yield self._objective.draw
        yield self._objective.loss
        yield RESIZE if needs_resizing(history.events) else []
        yield event_lines(config, history.events)
        yield self._loop()
        yield self._check()

    def _heading(self) -> list[str]:
        history, config = self._history, self._history.config
        name = config.objective.name.replace("-", " ")
        optimizer = NAMES[config.optimizer.name]
        about = f"Trains an nn.Embedding: {name}, {optimizer}, {history.steps:,} steps."
        heading = [
            f'"""{about} Written by Embedscope."""',
            "",
            "from pathlib import Path",
            "",
            "import torch",
            "from torch import nn",
            "from torch.nn import functional",
            "",
            "# Sums in another order have other last bits, and so in the end another table.",
            f"torch.set_num_threads({history.threads})",
        ]
        if config.table.sparse:
            heading.append("torch.sparse.check_sparse_tensor_invariants.disable()")
        return heading

    def _sentences(self) -> list[str]:
        lines = ["# The words, each in the place of its id, and the sentences."]
        lines += listed("VOCABULARY", self._tokens)
        for number, corpus in enumerate(self._corpora):
            suffix = f"_{number + 1}" if number else ""
            lines += self._sentences_of(corpus, f"SENTENCES{suffix}")
        if self._labelled:
            lines += listed("LABEL_NAMES", self._corpora[-1].label_names)
        return lines

    def _sentences_of(self, corpus: EncodedCorpus, name: str) -> list[str]:
        written = sentence_lines(corpus, self._tokens, labelled=self._labelled)
        if written is None:  # words with blanks in them: ids say the same
            ids = _as_ids(corpus)
            written = with_labels(corpus, ids) if self._labelled else ids
        text = "\n".join(written)
        if len(text) > LARGEST_TEXT:
            ending = f".{name.lower()}.txt"
            self.beside[ending] = text
            return [
                f'{name} = Path(__file__).with_suffix("{ending}").read_text("utf-8").split("\\n")'
            ]
        first, *rest = quoted(written)
        return [f"{name} = {first}", *rest]

    def _reading(self) -> list[str]:
        of_word = "id_of[word]" if can_be_split(self._tokens) else "int(word)"
        lines = ["id_of = {word: id for id, word in enumerate(VOCABULARY)}"]
        if not self._labelled:
            return [
                *lines,
                "",
                "",
                "def read(lines):",
                f"    return [[{of_word} for word in line.split()] for line in lines]",
                "",
                "",
                "sentences = read(SENTENCES)",
            ]
        return [
            *lines,
            "",
            "",
            "def read_labelled(lines):",
            "    global LABELS",
            '    LABELS = [line.split("\\t")[0] for line in lines]',
            "    return [",
            f'        [{of_word} for word in line.split("\\t")[1].split()] for line in lines',
            "    ]",
            "",
            "",
            "sentences = read_labelled(SENTENCES)",
        ]

    def _values(self) -> list[str]:
        values = self._history.values
        if not self._given or values is None:
            return []
        if self.needs_values:
            return [
                "from safetensors.torch import load_file",
                "",
                'VALUES = load_file(Path(__file__).with_suffix(".values.safetensors"))["weight"]',
            ]
        return rows("VALUES", values, self._history.config.table.dtype)

    def _loop(self) -> list[str]:
        history, config = self._history, self._history.config
        first = config.seed * SPREAD % 2**32
        seed = f"({first} + step) % 2**32" if first else "step"
        changes = ["    change_after(step - 1)"] if history.events else []
        return [
            "generator = torch.Generator()",
            "examples = examples_of(sentences)",
            f"batch_size = {config.batch_size}",
            f"for step in range(1, {history.steps} + 1):",
            *changes,
            f"    generator.manual_seed({seed})  # so that any step can be done again",
            "    batch = draw(examples, batch_size)",
            "    for optimizer in optimizers:",
            "        optimizer.zero_grad()",
            "    loss = loss_of(batch)",
            "    loss.backward()",
            "    for optimizer in optimizers:",
            "        optimizer.step()",
            '    print(f"step {step}: loss {loss.item()}")',
            *([f"change_after({history.steps})"] if history.events else []),
        ]

    def _check(self) -> list[str]:
        return [
            "# The table that was saved beside this script, if one was.",
            'saved = Path(__file__).with_suffix(".safetensors")',
            "if saved.exists():",
            "    from safetensors.torch import load_file",
            "",
            '    print("torch.equal:", torch.equal(table.weight, load_file(saved)["weight"]))',
        ]


def _all_tokens(tokens: tuple[str, ...], corpora: list[EncodedCorpus]) -> tuple[str, ...]:
    """`tokens`, and a name for each id of rows that were taken away again: nobody knows theirs."""
    rows = max(int(corpus.ids.numpy().max(initial=-1)) + 1 for corpus in corpora)
    return (*tokens, *(f"#{id_}" for id_ in range(len(tokens), rows)))


def _as_ids(corpus: EncodedCorpus) -> list[str]:
    ids, offsets = corpus.ids.numpy().tolist(), corpus.offsets.numpy().tolist()
    return [" ".join(map(str, ids[start:end])) for start, end in pairwise(offsets)]


def _parts(lines: tuple[str, ...], marks: dict[Part, str]) -> dict[Part, int]:
    found: dict[Part, int] = {}
    for part, mark in marks.items():
        for number, line in enumerate(lines):
            if line.strip() == mark:
                found[part] = number  # the last: it is in the loop
    return found
