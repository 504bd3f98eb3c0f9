"""How a project was looked at: typed and bounded, so that what is odd costs the view alone."""

from dataclasses import dataclass, field
from math import isfinite
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from core.axes import MOST_COMPONENTS, AxesPolicy, ShownAxes
from core.maps.messages import Trust
from core.maps.settings import MapSettings, Method
from core.padding.messages import LARGEST_EXTRA
from core.padding.wishes import Difference, Wishes
from core.scenarios import Cells
from core.search import SearchMode

MOST_IDS_TYPED = 1_000_000  # characters
MOST_SENTENCES = 10_000
MOST_STEPS = 1_000_000
FARTHEST = 1e30  # of a place in Space: where single precision still reckons

Length = Annotated[float, Meta(ge=1e-14, le=1e17)]  # as far as Space is zoomed
Place = Annotated[float, Meta(ge=-FARTHEST, le=FARTHEST)]
Angle = Annotated[float, Meta(ge=-7, le=7)]
Component = Annotated[int, Meta(ge=1, le=MOST_COMPONENTS)]
Count = Annotated[int, Meta(ge=0, le=2**31)]
Dimensions = Literal[2, 3]
Name = Annotated[str, Meta(max_length=100)]


class Window(Struct, frozen=True):
    """The part of the plane that is seen: its middle and its extent, in the plane's own units."""

    x: Place
    y: Place
    width: Length
    height: Length


class Look(Struct, frozen=True):
    """How Space is looked at; three dimensions by a turn and a tilt in radians around `pivot`.

    `window` None: all points are seen, and followed.
    """

    turn: Angle = 0.0
    tilt: Angle = 0.0
    pivot: tuple[Place, Place, Place] = (0.0, 0.0, 0.0)
    window: Window | None = None


class LayersView(Struct, frozen=True):
    """What is drawn besides the points, and how many names are written at the most."""

    path: bool = False
    mean: bool = False
    pooled: bool = False
    labels: Annotated[int, Meta(ge=0, le=1000)] = 60


class PaddingView(Struct, frozen=True):
    """The padding tab: its `wishes`, the `difference` of a second set-up, and what cells show."""

    wishes: Wishes = Wishes()
    difference: Difference = Difference()
    steps: Annotated[int, Meta(ge=1, le=MOST_STEPS)] = 100
    cells: Cells = "gradient"
    compares: bool = False

    def __post_init__(self) -> None:
        """Raise `ValueError` for a number that nobody can have chosen."""
        wishes, decay = self.wishes, self.difference.weight_decay
        fine = (
            0 <= wishes.extra <= LARGEST_EXTRA
            and 0 <= wishes.steps <= MOST_STEPS
            and 1 <= wishes.count <= MOST_SENTENCES
            and 0 <= wishes.first <= 2**31
            and len(wishes.ids) <= MOST_IDS_TYPED
            and (decay is None or 0 <= decay <= FARTHEST)
        )
        if not fine:
            raise ValueError("what was looked at of padding is out of bounds")


class MapView(Struct, frozen=True):
    """A map; its rows and points are arrays of the project. See `gui.shown_map.ShownMap`."""

    settings: MapSettings
    dimensions: Dimensions
    of: Count
    step: Count
    scale: Place
    beside_pca: bool
    complete: bool
    neighbours: Place = 0.0
    left_out: tuple[Count, ...] = ()
    trust: Trust | None = None
    trusted: Count = 0

    def __post_init__(self) -> None:
        """Raise `ValueError` for numbers that no map has."""
        check_settings(self.settings)
        trust = self.trust
        if trust is not None and not (isfinite(trust.map) and isfinite(trust.plane)):
            raise ValueError("the trust in a map is no number")


class MapsView(Struct, frozen=True):
    """The method of the points on screen, what was chosen for each, and the maps there are."""

    method: Literal["pca"] | Method = "pca"
    settings: Annotated[tuple[MapSettings, ...], Meta(max_length=8)] = ()
    maps: Annotated[tuple[MapView, ...], Meta(max_length=8)] = ()

    def __post_init__(self) -> None:
        """Raise `ValueError` for settings that nobody can have chosen."""
        for each in self.settings:
            check_settings(each)


class SearchView(Struct, frozen=True):
    """What is looked for."""

    text: str = ""
    mode: SearchMode = "prefix"


class View(Struct, frozen=True):
    """How it was looked at; tokens by their text. What is not known any more is left out.

    `since` is the step whose axes are shown, and `named` which of its components they were, if
    they are in the file (see `core.axes.ShownAxes`). None: as it is.
    """

    dimensions: Dimensions = 2
    axes: AxesPolicy = "follow"
    components: Annotated[tuple[Component, ...], Meta(max_length=3)] = (1, 2, 3)
    directions: Annotated[tuple[str, ...], Meta(max_length=3)] = ()
    picked: tuple[str, ...] | None = None
    only: tuple[str, ...] | None = None
    colour: str | None = None
    clusters: Annotated[int, Meta(ge=2, le=1000)] = 5
    speed: Annotated[float, Meta(gt=0, le=FARTHEST)] | None = None
    since: Count = 0
    named: Annotated[tuple[Component, ...], Meta(max_length=3)] = ()
    look: Look | None = None
    layers: LayersView | None = None
    maps: MapsView | None = None
    padding: PaddingView | None = None
    search: SearchView | None = None
    tab: Name = ""
    about: Name = ""


@dataclass(frozen=True, eq=False)
class MapPoints:
    """Of map `View.maps.maps[n]`: the `points` float32 (n, k) of the rows `ids` int64 (n,)."""

    ids: NDArray[np.int64]
    points: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Looked:
    """A view with its arrays; `maps` are those of `view.maps.maps` in turn."""

    view: View = field(default_factory=View)
    axes: ShownAxes | None = None
    maps: tuple[MapPoints, ...] = ()


def check_settings(settings: MapSettings) -> None:
    """Raise `ValueError` for settings of a map that nobody can have chosen."""
    fine = (
        2 <= settings.neighbours <= 1000
        and 1 <= settings.iterations <= 100_000
        and 4 <= settings.most_rows <= 10_000_000
    )
    if not fine:
        raise ValueError("the settings of a map are out of bounds")
