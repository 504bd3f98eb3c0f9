"""What must be true of a project's arrays, runs and states before anything is done with them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from core import combinations
from core.changes import config_after, settings_after
from core.messages import SetCorpus
from core.problems import BadProject, BadTokenizer, ProblemError, TokenizerGaveUp
from core.project.archive import ARRAYS, DESCRIPTION
from core.project.contents import KeptState, SavedRun, Text

Arrays = Mapping[str, NDArray[Any]]
TABLE = "table.layer.weight"
DTYPES = {"float16": "F16", "float32": "F32", "float64": "F64"}
UNSEEN_VALUES = 2**27  # of a table that no state of the file has


class Checks:
    """Refuses what is wrong in the file `path`: each raises `ProblemError(BadProject)`."""

    def __init__(self, path: str) -> None:
        self._path = path

    def refuse(self, part: str, detail: str) -> NoReturn:
        """Say that `part` is damaged."""
        detail = " ".join(detail.split())
        raise ProblemError(BadProject(self._path, "damaged", part, detail))

    def require(self, fine: bool, part: str, detail: str) -> None:
        """Refuse `part` unless it is fine."""
        if not fine:
            self.refuse(part, detail)

    @contextmanager
    def tokenizer(self, index: int) -> Iterator[str]:
        """Refuse the tokenizer of text `index`, which is the part that is given, if it fails."""
        part = f"texts/{index}.tokenizer.json"
        try:
            yield part
        except UnicodeDecodeError as error:
            self.refuse(part, str(error))
        except ProblemError as error:
            if not isinstance(error.problem, BadTokenizer | TokenizerGaveUp):
                raise
            self.refuse(part, error.problem.reason)

    def array(self, arrays: Arrays, name: str, dtype: type[np.generic]) -> NDArray[Any]:
        """The vector called `name`."""
        found = arrays.get(name)
        if found is None or found.ndim != 1 or found.dtype != dtype:
            self.refuse(ARRAYS, f"{name} is missing, or no vector of {np.dtype(dtype)}")
        return found

    def ids(
        self, arrays: Arrays, name: str, rows: int, dtype: type[np.signedinteger[Any]]
    ) -> NDArray[Any]:
        """The vector `name`, all of it from 0 to `rows` − 1."""
        found = self.array(arrays, name, dtype)
        inside = not len(found) or (found.min() >= 0 and found.max() < rows)
        self.require(bool(inside), ARRAYS, f"{name} leads beyond row {rows - 1}")
        return found

    def offsets(self, arrays: Arrays, name: str, tokens: int, sentences: int) -> NDArray[np.int64]:
        """The vector `name`, where each of `sentences` begins among `tokens`, and where they end.

        None of them ends before it begins.
        """
        found = self.array(arrays, name, np.int64)
        fits = (
            len(found) == sentences + 1
            and found[0] == 0
            and found[-1] == tokens
            and bool((found[1:] >= found[:-1]).all())
        )
        self.require(fits, ARRAYS, f"{name} does not fit the sentences")
        return found

    def losses(self, arrays: Arrays, name: str) -> NDArray[np.float64]:
        """The vector `name`; a loss may be NaN."""
        return self.array(arrays, name, np.float64)

    def run(self, run: SavedRun, texts: Sequence[Text]) -> None:
        """That `run` is one that can have been: its rows those of its texts, its steps in order."""
        reach = len(run.losses)
        table = run.config.table
        rows = len(texts[run.text].vocabulary)
        self.require(table.num_embeddings == rows, DESCRIPTION, "a table has not a row a token")
        self.require(table.embedding_dim > 0, DESCRIPTION, "a table has no columns")
        values = run.values
        if values is not None:
            fits = values.ndim == 2 and values.dtype.kind == "f" and len(values) > 0
            self.require(fits, ARRAYS, "given rows are no table")
        elif table.initialisation.name == "given":
            self.refuse(ARRAYS, "given rows are missing")
        self.require(0 <= run.step <= reach, DESCRIPTION, "a run is beyond its own end")
        steps = [event.step for event in run.events]
        in_order = steps == sorted(steps) and all(0 <= step <= reach for step in steps)
        self.require(in_order, DESCRIPTION, "changes are not in their order")
        config = run.config
        combinations.check(config)
        for event in run.events:
            config = config_after(config, event.change)
            combinations.check(config)

    def state(self, part: str, state: KeptState, run: SavedRun, texts: Sequence[Text]) -> None:
        """That `state` is of `run`, and has a table of the size that the run had there."""
        reach = len(run.losses)
        inside = state.step <= reach and state.events <= len(run.events)
        self.require(inside, part, "it is of another run")
        events = run.events[: state.events]
        self.require(
            all(event.step <= state.step for event in events), part, "it is of another run"
        )
        config, _ = settings_after(run.config, texts[run.text].encoded, events)
        wanted = [config.table.num_embeddings, config.table.embedding_dim]
        try:
            with safe_open(state.path, "np") as file:
                table = file.get_slice(TABLE) if TABLE in file.keys() else None  # noqa: SIM118
                shape, dtype = (table.get_shape(), table.get_dtype()) if table else ([], "")
        except SafetensorError as error:
            self.refuse(part, str(error))
        fits = shape == wanted and dtype == DTYPES[config.table.dtype]
        self.require(fits, part, f"its table is not {wanted[0]} × {wanted[1]}")

    def room(self, run: SavedRun, states: Sequence[KeptState]) -> None:
        """That a small file does not claim a table that fills the memory."""
        rows = [run.config.table.num_embeddings]
        rows += [
            event.change.num_embeddings
            for event in run.events
            if isinstance(event.change, SetCorpus)
        ]
        small = max(rows) * run.config.table.embedding_dim <= UNSEEN_VALUES
        self.require(small or bool(states), DESCRIPTION, "its table is in no state of the file")
