"""A small cloud: every point as a disc of its own, or as the shape of its group."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from gui.canvas.point_marks import Look, Mark, MarkStamps, look_of_code
from gui.canvas.space_picture import Picture
from gui.canvas.space_scene import Scene

_SHADES = 6  # from far to near
_FAINT = 0.75  # how far what steps back goes towards the background
_LARGER = 1.6  # an emphasised point, over an ordinary one
_KINDS = (Mark.POINT, Mark.PAD, Mark.UNKNOWN)
_CODES = 256


def draw_round_points(painter: QPainter, picture: Picture, stamps: MarkStamps) -> None:
    """Every point as a disc, the pad and the unknown token in shapes of their own.

    What is faint is drawn first; then what is nearer later, a little larger and clearer.
    """
    scene = picture.scene
    ids = np.flatnonzero(picture.inside)
    keys = _keys(picture, ids)
    ordered = np.argsort(keys, kind="stable")
    places = picture.places(ids[ordered])
    keys = keys[ordered]
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    for begin, end in pairwise([*begins.tolist(), len(keys)]):
        rest, code = divmod(int(keys[begin]), _CODES)
        rest, kind = divmod(rest, len(_KINDS))
        rest, larger = divmod(rest, 2)
        lit, band = divmod(rest, _SHADES)
        near = band / (_SHADES - 1)
        fade, growth = 0.6 * (1 - near), 0.75 + 0.35 * near
        if scene.dimensions == 2:
            fade, growth = 0.0, 1.0
        if not lit:
            fade += (1 - fade) * _FAINT
        size = round(2 * picture.radius * growth * (_LARGER if larger else 1) * 2) / 2
        look = _look(scene, code)
        stamps.draw(painter, _KINDS[kind], places[begin:end], size, fade, look)


def _keys(picture: Picture, ids: NDArray[np.intp]) -> NDArray[np.intp]:
    """One number for points that look alike; what is drawn later has a larger one."""
    scene = picture.scene
    band = np.rint(picture.near(ids) * (_SHADES - 1)).astype(np.intp)
    lit = np.ones(len(ids), bool) if scene.faint is None else ~scene.faint[ids]
    larger = np.isin(ids, scene.emphasised)
    kind = np.where(ids == scene.pad, 1, np.where(ids == scene.unknown, 2, 0))
    code = np.zeros(len(ids), np.uint8) if scene.tints is None else scene.tints.codes[ids]
    ranks = (lit * _SHADES + band) * 2 + larger
    keys: NDArray[np.intp] = (ranks * len(_KINDS) + kind) * _CODES + code
    return keys


def _look(scene: Scene, code: int) -> Look | None:
    return None if scene.tints is None else look_of_code(scene.tints, code)
