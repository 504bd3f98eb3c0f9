"""What remains of a scene in a map: all that points themselves say, and nothing that lies between.

A map gives places to the rows it was made of and to nothing else: not to where a row was before,
not to a mean or a sum of rows.
"""

from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from gui.canvas.space_scene import Scene


def mapped(scene: Scene, points: NDArray[Any]) -> Scene:
    """`scene` with the `points` (V, k) of a map."""
    words = scene.word_sum
    prominent = scene.prominent
    if words is not None:  # they are still what somebody asked about
        prominent = tuple(dict.fromkeys((*words.added, *words.taken, *prominent)))
    sentence = scene.sentence
    if sentence is not None:
        sentence = replace(sentence, mean=None, padded_mean=None)
    return replace(
        scene,
        points=points,
        axis_names=(),
        plain=False,
        scaled=False,
        moves=None,
        trails=(),
        parts=None,
        pooled=None,
        other=None,
        word_sum=None,
        prominent=prominent,
        sentence=sentence if sentence is not None and sentence.ids else None,
    )
