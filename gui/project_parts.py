"""Turns what is open into a project, and a project into what can be opened."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec.structs import replace as replace_fields

from core.changes import settings_after
from core.corpus import parse_sentences
from core.given_rows import LARGEST_SENT, RowsFile
from core.machine import Machine
from core.messages import EncodedCorpus, Kept, SetCorpus
from core.progress import Progress
from core.project.contents import KeptState, Project, SavedList, SavedRun, Text
from core.project.opening import read_project
from core.project.states import BUDGET
from core.project.view import Looked
from core.state_hashes import write_hashes
from gui.branches import Branch
from gui.document import Document
from gui.opened import Opened
from gui.project_view import Complete, looked_at
from gui.run_history import LossHistory, RunHistory
from gui.run_past import Gathered, Past
from gui.session import Session
from gui.token_lists import COLOURS, TokenList


@dataclass(frozen=True, eq=False)
class Taken:
    """What was open as its state was asked for, and the state, if there is one.

    `earlier` says that the state is of a step before the last, to which the run can go again.
    """

    opened: Opened
    kept: Kept | None
    earlier: bool


def gather(session: Session, taken: Taken, complete: Complete, budget: int = BUDGET) -> Gathered:
    """What is open, with all futures of the run; keyframes within `budget` bytes for each.

    `complete` adds to how it is looked at what the session does not know.
    """
    texts = _Texts(session)
    runs = [_saved(taken, texts, session.line)]
    pasts = [Past.of(runs[0], taken.opened.history.keyframes, _own(taken))]
    for branch in session.time.branches:
        if branch.history is taken.opened.history:
            runs[0] = replace(runs[0], name=branch.name, begins=branch.begins)
        else:
            other = Taken(branch.opened, None, earlier=True)
            run = _saved(other, texts, branch.opened.line)
            runs.append(replace(run, name=branch.name, begins=branch.begins))
            pasts.append(Past.of(run, branch.history.keyframes, None))
    lists = tuple(SavedList(each.name, each.tokens, each.colour) for each in session.lists.lists)
    machine = session.machine or Machine()
    # Meanwhile something else may have been opened: that was looked at otherwise.
    same = taken.opened.history is session.history and session.is_shown
    looked = looked_at(session, complete) if same else Looked()
    project = Project(tuple(texts.all), tuple(runs), 0, lists, looked, machine)
    return Gathered(project, tuple(pasts), budget)


class _Texts:
    """The texts that runs were trained on, each once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.all: list[Text] = []

    def number(self, corpus: EncodedCorpus) -> int:
        """The number of the text that was trained on as `corpus`."""
        for number, text in enumerate(self.all):
            if text.encoded is corpus:
                return number
        document = self._session.time.document_of(corpus)
        assert document is not None, "time knows every text of its runs"
        source = "" if document.source is None else str(document.source)
        self.all.append(Text(document.text, document.vocabulary, corpus, source))
        return len(self.all) - 1


def _own(taken: Taken) -> KeptState | None:
    kept = taken.kept
    return None if kept is None else KeptState(kept.step, kept.events, Path(kept.path))


def _saved(taken: Taken, texts: _Texts, line: str) -> SavedRun:
    history, kept = taken.opened.history, taken.kept
    events, losses, step = tuple(history.events), history.losses, history.step
    if kept is not None:
        step = kept.step
        if not taken.earlier:
            # Training goes on meanwhile: what came after the state is not of this moment.
            events = tuple(
                event
                for number, event in enumerate(events)
                if event.step < step or (event.step == step and number < kept.events)
            )
            losses = losses.until(step)
    text = texts.number(history.first_corpus)
    for event in events:
        if isinstance(event.change, SetCorpus):
            texts.number(event.change.corpus)
    reach = len(losses)
    return SavedRun(
        history.first_config,
        text,
        history.values,
        events,
        step,
        losses.losses.copy(),
        (),
        {at: name for at, name in history.marks.items() if at <= reach},
        line,
        taken.opened.scenario,
    )


# ── opening ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Loaded:
    """A project that was read from `path`; what its runs need on disk is in `folder`."""

    path: Path
    folder: Path
    project: Project
    documents: tuple[Document, ...]
    given: tuple[RowsFile | None, ...]


def load_project(path: Path, folder: Path, progress: Progress) -> Loaded:
    """Read `path`; raises `ProblemError` and `Cancelled`, and then leaves nothing in `folder`."""
    project = read_project(path, folder, progress)
    documents = tuple(
        Document(
            text.text,
            parse_sentences(text.text),
            text.vocabulary,
            text.encoded,
            Path(text.source) if text.source else None,
        )
        for text in project.texts
    )
    given = tuple(
        RowsFile.written(run.values, folder / str(number))
        if run.values is not None and run.values.nbytes > LARGEST_SENT
        else None
        for number, run in enumerate(project.runs)
    )
    for number, run in enumerate(project.runs):
        with suppress(OSError):  # a full disk: nothing is told of a difference
            write_hashes(folder / str(number), run.hashes)
    return Loaded(path, folder, project, documents, given)


def opened_of(loaded: Loaded, folders: Sequence[Path]) -> tuple[Opened, ...]:
    """Its runs, the keyframes of each moved to one of `folders`."""
    found: list[Opened] = []
    for number, (run, folder) in enumerate(zip(loaded.project.runs, folders, strict=True)):
        (loaded.folder / str(number)).rename(folder)
        losses = LossHistory()
        losses.extend_to(len(run.losses), run.losses)
        first = loaded.documents[run.text]
        values, given = run.values, loaded.given[number]
        if given is not None:
            given = replace_fields(given, path=str(folder / Path(given.path).name))
            values = given.rows()  # not kept in memory, as they would be as they were read
        history = RunHistory(
            run.config,
            first.encoded,
            values,
            folder,
            list(run.events),
            run.step,
            losses,
            dict(run.marks),
            given,
        )
        for each in run.hashes:
            history.made_on[each.machine] = max(each.step, history.made_on.get(each.machine, 0))
        if found:
            history.origin = found[0].history.origin
        _, corpus = settings_after(run.config, first.encoded, run.events)
        document = next(each for each in loaded.documents if each.encoded is corpus)
        found.append(Opened(document, history, run.line, run.scenario))
    return tuple(found)


def branches_of(loaded: Loaded, opened: Sequence[Opened]) -> tuple[Branch, ...]:
    """The futures among them; none if there is but one."""
    runs = loaded.project.runs
    if len(runs) < 2:
        return ()
    pairs = sorted(zip(runs, opened, strict=True), key=lambda pair: pair[0].begins)
    return tuple(Branch(run.name, each, run.begins) for run, each in pairs)


def lists_of(project: Project) -> tuple[TokenList, ...]:
    """The lists of tokens in `project`."""
    return tuple(TokenList(each.name, each.tokens, each.colour % COLOURS) for each in project.lists)
