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
    assert caption.manner(shown) == "Axes: following PC 1 and 2, turned within their plane."
    assert caption.axis_names(shown) == ("axis 1 · 50%", "axis 2 · 43%")
    space = replace(projected(0.5, 0.3, 0.1), exact=False)
    assert caption.manner(space) == "Axes: following PC 1, 2 and 3, turned within their space."


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
