"""How each part of a move is drawn: its colour, and what else tells it from the others."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from core.movement.parts import Part
from gui.theme import Theme, mix

Kind = Part | Literal["rounding", "unexplained"]
"""A part of a move, or what its parts leave over."""


@dataclass(frozen=True)
class PartLook:
    """A colour, the pattern of a bar and the pattern of a line."""

    colour: QColor
    fill: Qt.BrushStyle
    line: Qt.PenStyle


def part_look(kind: Kind, theme: Theme) -> PartLook:
    """The look of `kind`; no colour is that of a whole move in Space."""
    fill, line = Qt.BrushStyle, Qt.PenStyle
    return {
        "gradient": PartLook(theme.series[0], fill.SolidPattern, line.SolidLine),
        "tied": PartLook(theme.series[3], fill.Dense4Pattern, line.DashDotDotLine),
        "momentum": PartLook(theme.series[1], fill.FDiagPattern, line.DashLine),
        "decay": PartLook(theme.series[2], fill.BDiagPattern, line.DotLine),
        "max-norm": PartLook(theme.series[5], fill.CrossPattern, line.DashDotLine),
        "edit": PartLook(theme.unknown, fill.HorPattern, line.SolidLine),
        "rounding": PartLook(theme.muted, fill.Dense6Pattern, line.DotLine),
        "unexplained": PartLook(theme.warning, fill.DiagCrossPattern, line.SolidLine),
    }[kind]


def fill_part(painter: QPainter, box: QRectF, kind: Kind, theme: Theme) -> None:
    """Paint `box` as the part `kind`: its pattern over a paler shade of its colour."""
    look = part_look(kind, theme)
    if look.fill is Qt.BrushStyle.SolidPattern:
        painter.fillRect(box, look.colour)
        return
    painter.fillRect(box, mix(look.colour, theme.surface, 0.65))
    painter.fillRect(box, QBrush(look.colour, look.fill))
    painter.setPen(look.colour)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if box.width() >= 2:
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
