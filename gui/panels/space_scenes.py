"""What Space draws of one step: its points, what moved and was touched, and what is pointed out."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.movement.parts import PARTS
from core.neighbours import combination
from core.projection import Projected
from core.word_arithmetic import written
from gui.canvas.movement_arrows import PartArrows
from gui.canvas.other_points import OtherPoints
from gui.canvas.part_looks import Kind
from gui.canvas.pooled_points import PooledPoints
from gui.canvas.sentence_path import MOST_PASSED
from gui.canvas.space_scene import Marked, Scene, SentencePath, WordSum
from gui.canvas.tints import Tints
from gui.canvas.trails import MOST_MARKS, MostMoved, Moves, Trail, TrailKeeper, largest
from gui.movement_words import PartWords
from gui.panels.map_scene import mapped
from gui.session import Session, Shown, State

MOST_RINGED = 1_000  # of the picked; where there are more, all others step back


@dataclass(frozen=True)
class Changes:
    """What one frame changed, as it is drawn; the same until the next frame."""

    projected: Projected | None = None  # of which frame
    touched: Marked = field(default_factory=Marked)
    drifted: Marked = field(default_factory=Marked)
    moves: Moves | None = None
    trails: tuple[Trail, ...] = ()


class SceneMaker:
    """Makes the scene of each step; remembers the trails that lead to it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._words = PartWords()
        self._trails = TrailKeeper()
        self._most_moved = MostMoved()
        self._changes = Changes()
        self._stood_back: tuple[tuple[int, ...], NDArray[np.bool_]] = (), np.empty(0, bool)
        self._asked_of_other: tuple[object, object] = (None, None)
        self._others: OtherPoints | None = None
        self._step: int | None = None  # of the frame that trails and arrows are of
        self._was_running = False

    def restart(self) -> None:
        """Another run comes: its points have come no way yet."""
        self._trails.clear()
        self._most_moved.clear()
        self._changes = Changes()
        self._step, self._was_running = None, False

    def follow(self, shown: Shown) -> None:
        """Another step is shown: go on with the trails, or begin the arrows of one step."""
        running = self._session.state is State.RUNNING
        back = self._step is not None and shown.step < self._step
        if back or not (running or self._was_running):
            self._trails.clear()
        if running and not back:
            self._most_moved.running(shown.moved_ids, shown.moved_by)
        else:
            self._most_moved.still(shown.moved_ids, shown.moved_by)
        if running or len(self._trails):
            wanted = (*self._picked_and_typed(), *self._most_moved.ids)
            self._trails.follow(wanted, shown.rows)
        self._step, self._was_running = shown.step, running

    def turn(self, shown: Shown) -> None:
        """The same step is under other axes."""
        self._changes = self._changes_of(shown)

    def scene(self, shown: Shown, axis_names: tuple[str, ...], tints: Tints | None = None) -> Scene:
        """All that is drawn of `shown`, whose axes are called `axis_names`, coloured by `tints`."""
        session, projected = self._session, shown.projected
        # Names and picks may change before the signal of the frame that changed them comes.
        changes = self._changes if self._changes.projected is projected else Changes()
        scene = Scene(
            points=projected.points,
            axis_names=axis_names,
            plain=projected.policy == "plain",
            running=session.state is State.RUNNING,
            left_out=projected.left_out,
            name_of=self.name_of,
            touched=changes.touched,
            drifted=changes.drifted,
            typed=tuple(dict.fromkeys(token.id for token in session.line_tokens)),
            prominent=self._most_moved.ids,
            selected=session.selection[-MOST_RINGED:],
            picked=len(session.selection),
            faint=self._faint(len(projected.points)),
            hovered=session.hovered,
            unknown=session.vocabulary.unk_id,
            pad=session.shown_config.table.padding_idx,
            moves=changes.moves,
            trails=changes.trails,
            matches=session.matches,
            tints=tints,
            word_sum=self._word_sum(shown),
            sentence=self._sentence(shown),
            parts=self._parts(shown),
            pooled=self._pooled(shown),
            other=self._other(shown),
            most_labels=session.layers.most_labels,
        )
        points = session.maps.points()
        return scene if points is None else mapped(scene, points)

    def _other(self, shown: Shown) -> OtherPoints | None:
        """Where the branch that is compared put its rows."""
        time = self._session.time
        compared = time.compared_rows
        if compared is None or compared.rows.shape[1] != shown.rows.shape[1]:
            return None
        asked = (shown.projected, compared)
        if asked != self._asked_of_other:
            points = shown.projected.project(compared.rows)
            self._asked_of_other, self._others = asked, OtherPoints(points, time.compared_name)
        return self._others

    def _faint(self, rows: int) -> NDArray[np.bool_] | None:
        """The points that are not picked, where those that are are too many for rings."""
        picked = self._session.selection
        if len(picked) <= MOST_RINGED:
            self._stood_back = (), np.empty(0, bool)
            return None
        of, faint = self._stood_back
        if of is not picked or len(faint) != rows:
            faint = np.ones(rows, bool)
            ids = np.array(picked)
            faint[ids[ids < rows]] = False
            self._stood_back = picked, faint
        return faint

    def _parts(self, shown: Shown) -> PartArrows | None:
        """What moved the picked row, while somebody asks; not for one step of many."""
        movement = self._session.movement.movement
        one_of_many = shown.step - shown.since > 1 and self._session.state is State.RUNNING
        if movement is None or one_of_many or not movement.change.any():
            return None
        kinds: dict[Kind, NDArray[np.float64]] = {
            part: movement.parts[part] for part in PARTS if part in movement.parts
        }
        if not movement.is_explained:
            kinds["unexplained"] = movement.residual
        return PartArrows(
            movement.id,
            tuple(kinds),
            tuple(self._words.name(kind, movement) for kind in kinds),
            np.stack(list(kinds.values())) @ shown.projected.basis,
        )

    def _sentence(self, shown: Shown) -> SentencePath | None:
        """The typed line, as far as it is to be drawn."""
        session, layers = self._session, self._session.layers
        tokens, pad = session.line_tokens, session.vocabulary.pad_id
        if not tokens or not (layers.path or layers.mean):
            return None
        ids = np.array([token.id for token in tokens], np.intp)
        if ids.max() >= len(shown.rows):
            return None
        passed = tokens[:MOST_PASSED] if layers.path else ()
        words = ids[ids != -1 if pad is None else ids != pad]
        padded = layers.mean and len(words) < len(ids)
        return SentencePath(
            tuple(token.id for token in passed),
            len(tokens),
            sum(not token.known for token in passed),
            _mean(shown, words) if layers.mean and len(words) else None,
            _mean(shown, ids) if padded else None,
        )

    def _pooled(self, shown: Shown) -> PooledPoints | None:
        """The vectors of the padding tab's sentences, where they lie among the rows."""
        vectors = self._session.layers.vectors
        if vectors is None or vectors.now.shape[1] != shown.rows.shape[1]:
            return None
        project = shown.projected.project
        return PooledPoints(project(vectors.base), project(vectors.now), vectors.names)

    def _word_sum(self, shown: Shown) -> WordSum | None:
        """The sum of words that was asked for, where its rows put it at this step."""
        asked = self._session.nearest.sum
        if asked is None or max(asked.blend.ids) >= len(shown.rows):
            return None
        ids, weights = asked.blend.ids, asked.blend.weights
        total = combination(shown.rows, ids, weights)
        signed = list(zip(ids, weights, strict=True))
        return WordSum(
            written(asked.terms),
            tuple(id_ for id_, weight in signed if weight > 0),
            tuple(id_ for id_, weight in signed if weight < 0),
            shown.projected.project(total[None])[0],
        )

    def _changes_of(self, shown: Shown) -> Changes:
        by_gradient = np.zeros(len(shown.projected.points), bool)
        by_gradient[shown.touched_ids] = True
        alone = ~by_gradient[shown.moved_ids]
        return Changes(
            shown.projected,
            touched=_marked(shown.touched_ids, shown.gradient_norms),
            drifted=_marked(shown.moved_ids[alone], shown.moved_by[alone]),
            moves=None if self._was_running else _moves(shown, by_gradient),
            trails=self._trails_of(shown.projected),
        )

    def _trails_of(self, projected: Projected) -> tuple[Trail, ...]:
        """Those of the points that are shown."""
        trails, points = self._trails.projected(projected.project), projected.points
        known = [trail for trail in trails if trail.id < len(points)]
        return tuple(trail for trail in known if np.isfinite(points[trail.id, 0]))

    def _picked_and_typed(self) -> tuple[int, ...]:
        session = self._session
        hovered = () if session.hovered is None else (session.hovered,)
        picked = session.selection[: -MOST_RINGED - 1 : -1]
        return (*hovered, *picked, *(token.id for token in session.line_tokens))

    def name_of(self, id_: int) -> str:
        """The token of a row; its id where there is none yet."""
        vocabulary = self._session.vocabulary
        return vocabulary.token(id_) if id_ < len(vocabulary) else str(id_)


def _mean(shown: Shown, ids: NDArray[np.intp]) -> NDArray[np.float32]:
    """Where the mean of the rows `ids` lies, each counted as often as it comes."""
    each, times = np.unique(ids, return_counts=True)
    mean = combination(shown.rows, each.tolist(), (times / len(ids)).tolist())
    point: NDArray[np.float32] = shown.projected.project(mean[None])[0]
    return point


def _marked(ids: NDArray[np.integer], amounts: NDArray[np.floating]) -> Marked:
    """All of `ids`, or those with the largest `amounts` where they are too many to see."""
    if len(ids) <= MOST_MARKS:
        return Marked(ids.copy(), len(ids))  # the frame's memory is used again
    return Marked(ids[largest(amounts, MOST_MARKS)], len(ids))


def _moves(shown: Shown, by_gradient: NDArray[np.bool_]) -> Moves | None:
    if not len(shown.moved_ids):
        return None
    places = largest(shown.moved_by, MOST_MARKS)
    ids = shown.moved_ids[places]
    starts = shown.projected.moved_from[places]
    return Moves(ids, starts, by_gradient[ids], len(shown.moved_ids))
