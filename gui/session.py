"""The session: the one owner of what is open. Panels read it, call it and listen to it."""

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from core import combinations
from core.config import ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from core.messages import (
    Array,
    Change,
    SetBatchSize,
    SetCell,
    SetCorpus,
    SetOptimizer,
    SetRow,
)
from core.problems import AnyProblem, OutOfBounds, ProblemError
from core.scenarios import Scenario
from core.vocabulary import Vocabulary
from gui import opened
from gui.branches import Branch
from gui.chosen_axes import ChosenAxes
from gui.colouring import Colouring
from gui.document import Document
from gui.findings import Findings
from gui.keyframe_folders import KeyframeFolders
from gui.layers import Layers
from gui.live_run import Shown, State
from gui.maps import Maps
from gui.nearest_tokens import NearestTokens
from gui.opened import Opened
from gui.read_table import ReadTable
from gui.row_movement import RowMovement
from gui.session_looking import SessionLooking
from gui.shown_only import ShownOnly
from gui.time_travel import TimeTravel
from gui.token_lists import TokenLists
from gui.token_search import TokenSearch
from gui.undo import ChangeCommand, EditCommand, OpenCommand, SessionCommand

__all__ = ["Session", "Shown", "State"]

FIRST_EXAMPLE = "article"
OPTIMIZER_CHANGE, BATCH_CHANGE = 1, 2


class Session(SessionLooking):
    """Does what panels ask; whatever a person edits here can be undone."""

    def __init__(self, example: str = FIRST_EXAMPLE, parent: QObject | None = None) -> None:
        self._keyframes = KeyframeFolders()
        super().__init__(opened.example(example, self._keyframes.new()), parent)
        self._vocabularies: dict[int, Vocabulary] = {}  # by their size, until the rows are there
        self._connect_live()
        self.time = TimeTravel(self._live, self._keyframes, self._show, self)
        self.time.configChanged.connect(self.configChanged)
        self.time.problemRaised.connect(self.problemRaised)
        self.chosen_axes = ChosenAxes(self, self._live.projector, self)
        self.chosen_axes.changed.connect(self.axesChanged)
        self.chosen_axes.problemRaised.connect(self.problemRaised)
        self.shown_only = ShownOnly(self, self._live.projector.show_only, self)
        self.lists = TokenLists(self, self)
        self.nearest = NearestTokens(self, self)
        self.nearest.problemRaised.connect(self.problemRaised)
        self.movement = RowMovement(self, self._live.wish, self)
        self._live.explained.connect(self.movement.take)
        self.search = TokenSearch(self, self)
        self.search.matchesChanged.connect(self.matchesChanged)
        self.findings = Findings(self, self)
        self.layers = Layers(self)
        self.colouring = Colouring(self, self)
        self.colouring.problemRaised.connect(self.problemRaised)
        self.maps = Maps(self, self)
        self.maps.problemRaised.connect(self.problemRaised)
        self._show(self._opened)
        self.set_line(self._opened.line)

    def _connect_live(self) -> None:
        live = self._live
        live.stateChanged.connect(self.stateChanged)
        live.adopted.connect(self._adopt)
        live.frameShown.connect(self.frameShown)
        live.viewTurned.connect(self.viewTurned)
        live.gradientsShown.connect(self.gradientsShown)
        live.changed.connect(self._note_change)
        live.refused.connect(self._take_back)
        live.kept.connect(self.stateKept)
        live.problemRaised.connect(self._tell_of_run)
        live.progressed.connect(self._tell_progress)

    # ── sentences ─────────────────────────────────────────────────────────────────────────────

    def set_text(self, text: str) -> None:
        """Train on `text` from now on; what is trained already keeps its rows.

        Nothing changes, and it is told why, where the tokenizer gives up on `text`.
        """
        if text == self.text:
            return
        try:
            after = self._document.edited(text)
        except ProblemError as error:
            self.problemRaised.emit(error.problem)
            return
        name = self.tr("edit of the sentences")
        self.undo_stack.push(EditCommand(name, self._document, after, self._use))

    def add_to_sentences(self, token: str) -> None:
        """Append the typed line, or `token` if it is not in it, as a sentence of its own."""
        typed = {each.text for each in self._line_tokens}
        sentence = self._line.strip() if token in typed else token
        self.set_text(self._document.with_sentence(sentence))

    # ── opening ───────────────────────────────────────────────────────────────────────────────

    def open_example(self, name: str) -> None:
        """Show an example; raises `ProblemError(UnknownName)` if there is none."""
        example = opened.example(name, self._keyframes.new())
        self._push_open(self.tr("opening of an example"), example)

    def open_scenario(self, scenario: Scenario) -> None:
        """Show the run of `scenario`."""
        after = opened.scenario(scenario, self._keyframes.new())
        self._push_open(self.tr("opening of an example"), after)

    def show_document(self, read: Document | ReadTable) -> None:
        """Show a text or a table that was read, with the settings that suit its size."""
        after = opened.of_file(read, self._keyframes.new())
        self._push_open(self.tr("opening of a file"), after)

    def show_opened(self, after: Opened) -> None:
        """Show a run that was saved."""
        self._push_open(self.tr("opening of a project"), after)

    def rebuild_vocabulary(self) -> None:
        """Number the words of the sentences afresh in a new run; each keeps its row."""
        renumbered = opened.renumbered(
            self._document.renumbered(),
            self.config,
            self._vocabulary,
            self.shown.rows if self.shown is not None and self._live.is_shown else None,
            self._line,
            self._keyframes.new(),
        )
        self._push_open(self.tr("rebuilding of the vocabulary"), renumbered)

    def show_branch(self, branch: Branch) -> None:
        """Show another future of this run, where it was left."""
        self._push_open(self.tr("change of the branch"), branch.opened)

    def reset(self) -> None:
        """Back to step 0, with the settings of now and the table as it began."""
        if self.history.step or self.history.events:
            self._start_again(self.tr("reset"), self.config)

    # ── training ──────────────────────────────────────────────────────────────────────────────

    def step(self, count: int = 1) -> None:
        """Do `count` steps, then wait; from an earlier step, show what came after it."""
        if not self.time.go_forward(count):
            self._live.step(count)

    def run(self) -> None:
        """Step until told otherwise."""
        self.time.before_training()
        self._live.run()

    def pause(self) -> None:
        """Stop after the step under way."""
        self._live.pause()

    def toggle_run(self) -> None:
        """Run, or pause."""
        if self.state is State.RUNNING:
            self.pause()
        else:
            self.run()

    def set_speed(self, steps_per_second: float | None) -> None:
        """Run at most so fast; None: as fast as it goes."""
        self._live.set_speed(steps_per_second)
        self.stateChanged.emit()

    # ── settings: those of a run under way, then those that begin another ─────────────────────

    def set_optimizer(self, optimizer: OptimizerConfig) -> None:
        """Go on with `optimizer`; another algorithm begins with fresh state."""
        try:
            tied = self.config.objective.is_tied
            combinations.check_optimizer(self.config.table, optimizer, tied=tied)
        except ProblemError as error:
            self._refuse(error.problem)
            return
        self._push_change(
            self.tr("change of the optimizer"),
            SetOptimizer(self.config.optimizer),
            SetOptimizer(optimizer),
            OPTIMIZER_CHANGE,
        )

    def set_batch_size(self, batch_size: int) -> None:
        """Draw `batch_size` examples a step."""
        self._push_change(
            self.tr("change of the batch size"),
            SetBatchSize(self.config.batch_size),
            SetBatchSize(batch_size),
            BATCH_CHANGE,
        )

    def set_cell(self, row: int, column: int, value: float) -> None:
        """Write `value` into the table; not while another run's is still on screen."""
        if self.shown is not None and self._can_write:
            before = SetCell(row, column, float(self.shown.rows[row, column]))
            token = self._vocabulary.token(row)
            name = self.tr("edit of {token}, column {column}").format(token=token, column=column)
            self._push_change(name, before, SetCell(row, column, value))

    def set_row(self, row: int, values: NDArray[np.floating], name: str) -> None:
        """Write `values` (D,), in the table's dtype, as a whole row; `name` is what is undone."""
        if self.shown is not None and self._can_write:
            before = SetRow(row, Array.of(self.shown.rows[row]))
            self._push_change(name, before, SetRow(row, Array.of(values)))

    def set_objective(self, objective: ObjectiveConfig) -> None:
        """Begin a new run with `objective`."""
        self._start_again(
            self.tr("change of the objective"), replace(self.config, objective=objective)
        )

    def set_table(self, table: TableConfig) -> None:
        """Begin a new run with `table`; given rows of another dimension are drawn instead."""
        initialisation = table.initialisation
        given, wanted = self.history.values, initialisation.name == "given"
        if wanted and given is None:
            self._refuse(OutOfBounds("given rows", 0, 1))
            return
        if wanted and given is not None and given.shape[1] != table.embedding_dim:
            table = replace(table, initialisation=replace(initialisation, name="normal"))
        self._start_again(self.tr("change of the table"), replace(self.config, table=table))

    def set_seed(self, seed: int) -> None:
        """Begin a new run from `seed`."""
        self._start_again(self.tr("change of the seed"), replace(self.config, seed=seed))

    def begin_again(self, config: RunConfig) -> None:
        """Begin a new run with `config`."""
        self._start_again(self.tr("change of the settings"), config)

    @property
    def matches(self) -> NDArray[np.int32]:
        """The ids, ascending, of the tokens that match what is searched for: int32 (n,)."""
        return self.search.matches

    def close(self) -> None:
        """End the engine and the threads, and remove what was kept on disk."""
        self.search.close()
        self.time.close()
        self.findings.close()
        self.maps.close()
        self.nearest.close()
        self.colouring.close()
        self._live.close()
        self._keyframes.remove()

    # ── inside ────────────────────────────────────────────────────────────────────────────────

    def _start_again(self, name: str, config: RunConfig) -> None:
        try:
            combinations.check(config)
        except ProblemError as error:
            self._refuse(error.problem)
            return
        after = opened.again(
            self._document, config, self._opened, self._line, self._keyframes.new()
        )
        self._push_open(name, after)

    @property
    def _can_write(self) -> bool:
        return self._live.is_shown or self.time.is_beginning

    def _change(self, change: Change) -> int:
        """Have a change made to the step on screen: in another future if it is an earlier one."""
        self.time.begin_here()
        return self._live.change(change)

    def _push_open(self, name: str, after: Opened) -> None:
        before = Opened(self._document, self.history, self._line, self.scenario)
        self.undo_stack.push(OpenCommand(name, before, after, self._show))

    def _push_change(self, name: str, before: Change, after: Change, kind: int = -1) -> None:
        if before != after:
            self.undo_stack.push(ChangeCommand(name, before, after, self._change, kind))

    def _show(self, now: Opened) -> None:
        """Show another document or run, once the engine has its table."""
        if now.document.text != self._document.text:
            self.colouring.choose(None)
        self._opened, self._document = now, now.document
        self._vocabularies = {len(now.document.vocabulary): now.document.vocabulary}
        self._live.open(now.history)
        self.time.use(now)
        self.sentencesChanged.emit()
        self.configChanged.emit()

    def _use(self, document: Document) -> int:
        """Show an edited document; its vocabulary as soon as the table has its rows."""
        self._document = document
        self.time.note_document(document)
        number = self._change(SetCorpus(document.encoded, len(document.vocabulary)))
        self._document = document  # of what begins here, if an earlier step is on screen
        self._vocabularies[len(document.vocabulary)] = document.vocabulary
        self.sentencesChanged.emit()
        if self.shown is not None and len(self.shown.rows) == len(document.vocabulary):
            self._take_vocabulary(document.vocabulary)
        return number

    @Slot()
    def _adopt(self) -> None:
        """The table on screen is another one: its vocabulary comes with it."""
        assert self.shown is not None
        vocabulary = self._vocabularies.get(len(self.shown.rows), self._document.vocabulary)
        new_run = self._live.history_changed
        if new_run:
            self._line = self._opened.line
        self._take_vocabulary(vocabulary)
        if new_run:
            if not self._selection:  # so that no panel begins empty
                known = [token.id for token in self._line_tokens if token.known]
                self.select(known[:1] or range(len(vocabulary))[:1])
            self.runStarted.emit()

    def _refuse(self, problem: AnyProblem) -> None:
        self.problemRaised.emit(problem)
        self.configChanged.emit()  # whoever asked shows the old value again

    @Slot(int)
    def _note_change(self, _number: int) -> None:
        self.configChanged.emit()

    @Slot(int, object)
    def _take_back(self, number: int, problem: AnyProblem) -> None:
        """The engine refused the command it knows by `number`: go back to what was before."""
        last = self._last_command()
        # What was done since a refused opening was done to a run that never was.
        while number == 0 and last is not None and last.number != 0:
            self._undo_refused(last)
            last = self._last_command()
        if last is not None and last.number == number:
            self._undo_refused(last)
        self._refuse(problem)

    def _last_command(self) -> SessionCommand | None:
        command = self.undo_stack.command(self.undo_stack.index() - 1)
        return command if isinstance(command, SessionCommand) else None

    def _undo_refused(self, command: SessionCommand) -> None:
        command.refused = True
        self.undo_stack.undo()
