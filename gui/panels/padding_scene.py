"""The scene of the padding tab: the rows, and the pooled vector of each sentence among them."""

import numpy as np

from core.padding.messages import Probed
from gui.canvas.pooled_points import PooledPoints
from gui.canvas.space_scene import Scene
from gui.session import Session, Shown


def pooled_points(shown: Shown, probed: Probed, names: tuple[str, ...]) -> PooledPoints | None:
    """Where the pooled vectors lie on the axes of `shown`; None where they have no place there."""
    pooled, base = probed.pooled.numpy(), probed.pooled_base.numpy()
    if pooled.shape[1] != shown.rows.shape[1]:
        return None
    project = shown.projected.project
    return PooledPoints(project(base), project(pooled), names[: len(pooled)])


def padding_scene(session: Session, shown: Shown, probed: Probed, names: tuple[str, ...]) -> Scene:
    """The points of `shown` and of the sentences."""
    points = shown.projected.points
    vocabulary = session.vocabulary
    typed = tuple(dict.fromkeys(token.id for token in session.line_tokens))
    return Scene(
        points=points,
        plain=shown.projected.policy == "plain",
        name_of=lambda id_: vocabulary.token(id_) if id_ < len(vocabulary) else str(id_),
        typed=typed,
        selected=session.selection,
        hovered=session.hovered,
        unknown=vocabulary.unk_id,
        pad=session.shown_config.table.padding_idx,
        faint=np.ones(len(points), np.bool_),
        pooled=pooled_points(shown, probed, names),
    )
