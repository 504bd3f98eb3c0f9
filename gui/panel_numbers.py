"""The numbers of each panel, as they are copied and saved: exact, and those of the step on screen.

What the engine writes over later is copied here where it is small; a table is held instead, until
whoever writes it has copied it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from math import isnan

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.movement.parts import PARTS, Movement
from core.neighbours import Nearest
from core.numbers_file import Column, Numbers
from core.projected import Projected
from core.row_order import RowOrder
from gui.canvas.example_pieces import Examples
from gui.canvas.one_hot_product import Product
from gui.session import Session
from gui.token_facts import facts_of


def table_numbers(session: Session, order: RowOrder) -> Numbers | None:
    """The rows of the table in the `order` on screen: id, token, count, and a column each."""
    shown = session.shown
    hold = session.hold()
    if shown is None or hold is None:
        return None
    rows, width = shown.rows.shape
    return Numbers(
        ("id", "token", "count", *map(str, range(width))),
        (
            np.arange(rows),
            _tokens(session, rows),
            _counts(session, rows),
            shown.rows,
        ),
        order.ids,
        hold,
        {"step": shown.step},
    )


def space_numbers(session: Session) -> Numbers | None:
    """The points: id, token, and a coordinate on each axis; NaN for the rows left out.

    In a map, those of the map. Then what they are coloured by, where it is more than their id. Of
    a part that is shown alone, only these.
    """
    shown = session.shown
    if shown is None:
        return None
    projected = shown.projected
    points = projected.points[:, : len(projected.axes)]
    kinds = {"column": "column"} | ({"pc": "PC"} if projected.exact else {})
    names = [
        f"{kinds[axis.kind]} {axis.number}" if axis.kind in kinds else f"axis {number}"
        for number, axis in enumerate(projected.axes, start=1)
    ]
    facts = _facts_of_axes(projected, names)
    current, mapped = session.maps.current, session.maps.points()
    if current is not None and mapped is not None:
        points = mapped
        names = [f"{current.settings.method} {n + 1}" for n in range(points.shape[1])]
        settings = msgspec.to_builtins(current.settings)
        facts = {
            "step": shown.step,
            "axes": names,
            "map": settings,
            "map_of_step": current.step,
            "map_is_complete": current.complete,
        }
    count = len(points)
    header = ("id", "token", *names)
    columns: tuple[Column, ...] = (np.arange(count), _tokens(session, count), points)
    coloured = session.colouring.numbers()
    if coloured is not None:
        header, columns = (*header, coloured[0]), (*columns, coloured[1])
    return Numbers(header, columns, projected.only, facts=facts)


def _facts_of_axes(projected: Projected, names: list[str]) -> dict[str, object]:
    """What the axes are, and the share of the variance along each; None where nothing varies."""
    shares = [None if isnan(axis.explained) else axis.explained for axis in projected.axes]
    return {
        "step": projected.step,
        "axes": names,
        "axes_of_step": projected.since,
        "explained_variance": shares,
        "explained_variance_of_step": projected.measured,
    }


def picked_numbers(session: Session, ids: Sequence[int]) -> Numbers | None:
    """Some rows: id, token, count, norm, and a column each; None if there are none."""
    shown = session.shown
    known = [] if shown is None else [id_ for id_ in ids if id_ < len(shown.rows)]
    if shown is None or not known:
        return None
    rows = shown.rows[known]
    tokens, counts = _tokens(session, len(shown.rows)), _counts(session, len(shown.rows))
    return Numbers(
        ("id", "token", "count", "norm", *map(str, range(rows.shape[1]))),
        (
            np.array(known),
            [tokens[id_] for id_ in known],
            counts[known],
            np.linalg.norm(rows.astype(np.float64), axis=1),
            rows,
        ),
        facts={"step": shown.step},
    )


def loss_numbers(session: Session) -> Numbers | None:
    """The loss of each step."""
    steps, losses = session.losses.steps, session.losses.losses
    if not len(losses):
        return None
    with np.errstate(over="ignore"):
        single = losses.astype(np.float32)
    # Where torch computed them in float32, they are written as such: 0.1, not 0.10000000149.
    exact = np.array_equal(single, losses, equal_nan=True)
    return Numbers(("step", "loss"), (steps.copy(), single if exact else losses.copy()))


def cards_numbers(session: Session) -> Numbers | None:
    """The tokens of the typed line, each with its row."""
    shown, tokens = session.shown, session.line_tokens
    tokens = tuple(token for token in tokens if shown and token.id < len(shown.rows))
    if shown is None or not tokens:
        return None
    ids = np.array([token.id for token in tokens])
    return Numbers(
        ("token", "id", "known", *map(str, range(shown.rows.shape[1]))),
        (
            [token.text for token in tokens],
            ids,
            np.array([token.known for token in tokens]),
            shown.rows[ids],
        ),
        facts={"step": shown.step},
    )


def details_numbers(session: Session, id_: int | None) -> Numbers | None:
    """The row of one token, and its gradient where the step gave it one."""
    shown = session.shown
    facts = None if id_ is None else facts_of(shown, id_)
    if shown is None or facts is None:
        return None
    names = {"column": np.arange(len(facts.row)), "value": facts.row.copy()}
    if facts.gradient is not None:
        names["gradient"] = facts.gradient.copy()
    about = {
        "step": shown.step,
        "id": facts.id,
        "token": _tokens(session, len(shown.rows))[facts.id],
    }
    return Numbers(tuple(names), tuple(names.values()), facts=about)


def nearest_numbers(session: Session) -> Numbers | None:
    """The nearest tokens, nearest first, and how near each is."""
    answer = session.nearest.answer
    if answer is None or not isinstance(answer.found, Nearest):
        return None
    found = answer.found
    tokens = [session.vocabulary.token(id_) for id_ in found.ids.tolist()]
    how_near = "cosine" if answer.question.metric == "cosine" else "distance"
    columns = (np.arange(1, len(tokens) + 1), tokens, found.ids, found.values)
    return Numbers(
        ("rank", "token", "id", how_near),
        columns,
        facts={"step": answer.step, "near_to": asdict(answer.question.blend)},
    )


def movement_numbers(movement: Movement | None) -> Numbers | None:
    """A row before and after a step, column by column; what each part did, and what is left."""
    if movement is None:
        return None
    parts = [part for part in PARTS if part in movement.parts]
    columns = (
        np.arange(len(movement.before)),
        movement.before,
        movement.after,
        *(movement.parts[part] for part in parts),
        movement.residual,
    )
    facts = {"step": movement.step, "id": movement.id}
    return Numbers(("column", "before", "after", *parts, "rest"), columns, facts=facts)


def lookup_numbers(product: Product | None) -> Numbers | None:
    """One-hot × table, the row that is looked up, and their difference."""
    if product is None:
        return None
    columns = (np.arange(len(product.lookup)), product.product, product.lookup, product.difference)
    return Numbers(
        ("column", "one-hot × table", "table[id]", "difference"), columns, facts={"id": product.id}
    )


def trained_numbers(session: Session) -> Numbers | None:
    """What the step trained on: a line for each token of each example, and what it was there."""
    shown = session.shown
    if shown is None or shown.trained is None:
        return None
    labelled = session.shown_config.objective.name == "sentence-label"
    examples = Examples(
        shown.trained, session.vocabulary, session.label_names if labelled else None
    )
    lines = [
        (number, piece.kind, piece.text, piece.id)
        for number in range(len(examples))
        for piece in examples.pieces(number)
        if piece.kind != "arrow"
    ]
    header = ("example", "role", "token", "id")
    columns = tuple(zip(*lines, strict=True))
    return Numbers(header, columns, facts={"step": shown.step}) if lines else None


def _tokens(session: Session, rows: int) -> Sequence[str]:
    """A token for each of `rows` rows; none for those that an edit has just added."""
    tokens = session.vocabulary.tokens
    return tokens if len(tokens) >= rows else [*tokens, *[""] * (rows - len(tokens))]


def _counts(session: Session, rows: int) -> NDArray[np.int64]:
    counts = session.vocabulary.counts[:rows]
    return np.pad(counts, (0, rows - len(counts)))
