"""The words under the picture: true in every state of the axes."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.projection import Axis, Projected
from gui.canvas.space_caption import Counts, SpaceCaption

NAN = float("nan")


def projected(*explained: float) -> Projected:
    return Projected(
        points=np.zeros((8, len(explained)), np.float32),
        moved_from=np.zeros((0, len(explained)), np.float32),
        centre=np.zeros(5),
        basis=np.eye(5, len(explained)),
        axes=tuple(Axis("pc", n, share) for n, share in enumerate(explained, start=1)),
        policy="follow",
        since=128,
        exact=True,
        turning=1.0,
        left_out=np.zeros(0, np.int64),
    )


@pytest.fixture
def caption(qtbot: QtBot) -> SpaceCaption:
    return SpaceCaption()


def test_exact_axes_are_called_by_their_names(caption: SpaceCaption) -> None:
    shown = projected(0.62, 0.31)
    assert caption.method(shown) == "PCA of all rows, centred"
    assert caption.axes(shown) == "PC 1: 62%; PC 2: 31%; together 93% of the variance."
    assert caption.manner(shown) == "Axes: following."
    assert caption.axis_names(shown) == ("PC 1 · 62%", "PC 2 · 31%")


def test_axes_turned_within_their_plane_are_no_principal_components(caption: SpaceCaption) -> None:
    shown = replace(projected(0.5, 0.43), exact=False)
    assert caption.axes(shown) == "Axis 1: 50%; axis 2: 43%; together 93% of the variance."
    assert caption.manner(shown) == "Axes: following PC 1 and 2, turned in their plane."
    assert caption.axis_names(shown) == ("axis 1 · 50%", "axis 2 · 43%")
    space = replace(projected(0.5, 0.3, 0.1), exact=False)
    assert caption.manner(space) == "Axes: following PC 1, 2 and 3, turned in their space."


def test_held_axes_tell_their_step_and_what_they_show_now(caption: SpaceCaption) -> None:
    shown = replace(projected(0.07, 0.052), policy="held", since=0)
    assert caption.axes(shown) == (
        "Axis 1: PC 1 of step 0, 7% now; axis 2: PC 2 of step 0, 5% now; "
        "together 12% of the variance."
    )
    assert caption.manner(shown) == "Axes: held since step 0."
    turned = replace(shown, exact=False, since=1200)
    assert caption.axes(turned).startswith("Axis 1: as in step 1,200, 7% now; axis 2: as in")


def test_a_turning_view_says_so(caption: SpaceCaption) -> None:
    shown = replace(projected(0.5, 0.4), exact=False, turning=0.4)
    assert caption.manner(shown) == "The view is turning to a new plane."
    # Neither old nor new: while it turns no axis is a principal component.
    assert caption.axes(replace(shown, exact=True)).startswith("Axis 1: ")


def test_a_table_without_variance(caption: SpaceCaption) -> None:
    shown = projected(NAN, NAN)
    assert "there is no variance" in caption.axes(shown)
    assert "nan" not in caption.axes(shown).lower()


def test_a_share_that_is_small_is_not_rounded_to_nothing(caption: SpaceCaption) -> None:
    assert "under 1%" in caption.axes(projected(0.9, 0.002))
    assert "PC 2: 0%" in caption.axes(projected(1.0, 0.0))


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (1, "Coordinate 0 as it is."),
        (2, "Coordinates 0 and 1 as they are."),
        (3, "Coordinates 0, 1 and 2 as they are."),
    ],
)
def test_plain_coordinates(caption: SpaceCaption, columns: int, text: str) -> None:
    axes = tuple(Axis("column", n, 0.2) for n in range(columns))
    shown = replace(projected(*[0.2] * columns), axes=axes, policy="plain")
    assert caption.method(shown) == "Coordinates as they are"
    assert caption.axes(shown) == text
    assert caption.manner(shown) == ""
    assert caption.axis_names(shown)[0] == "column 0 · 20%"


def test_nothing_is_left_out_in_silence(caption: SpaceCaption) -> None:
    assert caption.counts(Counts(8, 8, 8), (), str) == "8 of 8 points drawn."
    assert caption.counts(Counts(8, 8, 5), (), str) == ("8 of 8 points drawn, 3 outside the view.")
    assert caption.counts(Counts(1200, 1198, 1198), (3, 4), str) == (
        "1,198 of 1,200 points drawn. 2 are left out: their rows hold NaN or infinity."
    )


def test_other_components_are_called_by_their_numbers(caption: SpaceCaption) -> None:
    shown = replace(projected(0.3, 0.1), exact=False, numbers=(2, 5))
    assert caption.manner(shown) == "Axes: following PC 2 and 5, turned in their plane."


def test_what_is_older_than_the_points_is_said(caption: SpaceCaption) -> None:
    shown = replace(projected(0.5, 0.4), step=1300, measured=1200)
    assert caption.manner(shown) == (
        "Axes: following. "
        "All rows move, and are read for the PCA bit by bit: last from step 1,200 on."
    )
    held = replace(shown, policy="held", since=7)
    assert caption.manner(held) == "Axes: held since step 7. Shares: of step 1,200."
    iterated = replace(projected(0.5, 0.4), settled=False)
    assert caption.manner(iterated) == "Axes: following. The components are still being refined."


def directed(*angles: float, lost: bool = False) -> Projected:
    """Along x, then at these angles to it within the plane of x and y."""
    turns = np.radians([0, *angles])
    basis = np.zeros((5, len(turns)))
    basis[:2] = np.cos(turns), np.sin(turns)
    axes = tuple(Axis("direction", n, 0.1, lost and n == 0) for n in range(len(turns)))
    return replace(projected(*[0.1] * len(turns)), axes=axes, basis=basis, exact=False)


def test_directions_are_named_and_their_angle_told(caption: SpaceCaption) -> None:
    caption.directions = ("he → she", "big → small")
    shown = directed(74)
    assert caption.method(shown) == "Along directions, centred"
    assert caption.axes(shown) == (
        "x 10%, y 10% of the variance; x and y are 74° apart, drawn at a right angle."
    )
    assert caption.axis_names(shown) == ("he → she · 10%", "big → small · 10%")
    assert caption.manner(shown) == "Axes: following."


def test_three_directions_tell_three_angles(caption: SpaceCaption) -> None:
    caption.directions = ("a → b", "c → d", "e → f")
    assert caption.axes(directed(30, 100)).endswith(
        "; x and y are 30° apart, x and z 100°, y and z 70°, drawn at right angles."
    )


def test_one_direction_leaves_an_axis_across(caption: SpaceCaption) -> None:
    caption.directions = ("a → b",)
    axes = (Axis("direction", 0, 0.25), Axis("across", 1, 0.5))
    shown = replace(directed(90), axes=axes)
    assert caption.axes(shown) == "x 25%, y 50% of the variance."
    assert caption.axis_names(shown) == ("a → b · 25%", "at a right angle · 50%")


def test_a_lost_direction_is_named(caption: SpaceCaption) -> None:
    caption.directions = ("a → b", "c → d")
    assert caption.axes(directed(90, lost=True)).endswith(
        " a → b has no direction now; its axis is as it was."
    )
