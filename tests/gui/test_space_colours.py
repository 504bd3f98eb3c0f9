"""Colour by point in Space: what is painted, what the key says, what steps back."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from gui.canvas.space_picture import MOST_ROUND
from gui.canvas.space_scene import Scene
from gui.canvas.space_view import SpaceView
from gui.canvas.tint_key import Ramp, Swatch
from gui.canvas.tints import NO_VALUE, Category, Scale, Tints
from gui.theme import theme_of

RED, BLUE = (200, 30, 20), (20, 40, 220)
PALETTE = np.array([RED, BLUE], np.uint8)
MANY = MOST_ROUND + 2


def tints(codes: np.ndarray, key: object = None, missing: str = "") -> Tints:
    key = (Category("one", 0, 2), Category("two", 1, 1, "star")) if key is None else key
    return Tints(codes.astype(np.uint8), PALETTE, "Group", key, missing)


def view_of(qtbot: QtBot, count: int, **more: object) -> SpaceView:
    """Point 0 to the left, point 1 to the right, all others far below in the middle."""
    points = np.tile(np.array([0, -3], np.float32), (count, 1))
    points[:2] = (-2, 2), (2, 2)
    view = SpaceView()
    view.setObjectName("spaceView")
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.show_scene(Scene(points, **more))
    return view


def ink_at(view: SpaceView, id_: int, aside: float = 0) -> QColor:
    image: QImage = view.grab().toImage()
    x, y = view.picture.place(id_) or (0.0, 0.0)
    return image.pixelColor(round(x + aside), round(y))


def reddish(colour: QColor) -> bool:
    return colour.red() > colour.blue() + 20


@pytest.mark.parametrize("count", [4, MANY])
def test_points_have_the_colours_of_their_codes(qtbot: QtBot, count: int) -> None:
    codes = np.zeros(count)
    codes[1] = 1
    view = view_of(qtbot, count, tints=tints(codes))
    assert reddish(ink_at(view, 0))
    assert not reddish(ink_at(view, 1))
    codes[0] = NO_VALUE
    view.show_scene(Scene(view.scene.points, tints=tints(codes)))
    found, muted = ink_at(view, 0), theme_of(view).muted
    # The muted colour, or what shines through it of a white ground.
    assert abs((found.red() - found.blue()) - (muted.red() - muted.blue())) < 15


@pytest.mark.parametrize("count", [4, MANY])
def test_other_colours_of_the_same_points_are_painted_anew(qtbot: QtBot, count: int) -> None:
    view = view_of(qtbot, count, tints=tints(np.zeros(count)))
    assert reddish(ink_at(view, 0))
    view.show_scene(Scene(view.scene.points, tints=tints(np.ones(count))))
    assert not reddish(ink_at(view, 0))
    view.show_scene(Scene(view.scene.points))
    assert not reddish(ink_at(view, 0))


@pytest.mark.parametrize("count", [4, MANY])
def test_what_is_faint_is_nearer_to_the_ground(qtbot: QtBot, count: int) -> None:
    faint = np.arange(count) == 0
    view = view_of(qtbot, count, faint=faint)
    assert ink_at(view, 0).lightness() > ink_at(view, 1).lightness() + 40


@pytest.mark.parametrize("count", [4, MANY])
def test_what_is_emphasised_is_larger(qtbot: QtBot, count: int) -> None:
    view = view_of(qtbot, count, emphasised=np.array([0, count + 5]))
    wide = [_across(view, id_, theme_of(view).surface) for id_ in (0, 1)]
    assert wide[0] > wide[1]


def _across(view: SpaceView, id_: int, ground: QColor) -> int:
    """How many pixels across a point are not of the ground."""
    return sum(ink_at(view, id_, aside) != ground for aside in range(-15, 16))


def test_names_of_groups_are_told_with_their_numbers(qtbot: QtBot) -> None:
    codes = np.array([0, 1, 0, NO_VALUE])
    view = view_of(qtbot, 4, tints=tints(codes, missing="not in the sentences"))
    entries = view.legend()
    texts = [entry.text for entry in entries]
    assert texts == ["Group:", "one (2)", "two (1)", "not in the sentences (1)"]
    shapes = [e.sign.look.shape for e in entries if isinstance(e.sign, Swatch)]
    assert shapes == ["disc", "star", "disc"]


def test_among_many_points_the_key_has_no_shapes(qtbot: QtBot) -> None:
    view = view_of(qtbot, MANY, tints=tints(np.zeros(MANY)))
    shapes = [e.sign.look.shape for e in view.legend() if isinstance(e.sign, Swatch)]
    assert shapes == ["disc", "disc"]


def test_a_scale_is_told_by_its_ends_and_its_middle(qtbot: QtBot) -> None:
    key = Scale("0.1", "≥ 7", "0.8")
    view = view_of(qtbot, 4, tints=tints(np.zeros(4), key))
    [entry] = view.legend()
    assert entry.text == "Group: 0.1 by 0.8 to ≥ 7"
    assert isinstance(entry.sign, Ramp)
    assert [each for each in entry.sign.pieces() if isinstance(each, str)] == [
        "Group:",
        "0.1",
        "0.8",
        "≥ 7",
    ]
    bars = [each for each in entry.sign.pieces() if not isinstance(each, str)]
    assert bars[0][0].tolist() == list(RED)
    assert bars[-1][-1].tolist() == list(BLUE)
    view.grab()


def test_a_key_that_has_nothing_is_its_title(qtbot: QtBot) -> None:
    view = view_of(qtbot, 4, tints=tints(np.full(4, NO_VALUE), ()))
    assert [entry.text for entry in view.legend()] == ["Group", "no value (4)"]


@pytest.mark.parametrize(
    ("codes", "palette"),
    [
        (np.zeros(3, np.int64), PALETTE),
        (np.zeros((3, 1), np.uint8), PALETTE),
        (np.zeros(3, np.uint8), PALETTE.astype(float)),
        (np.zeros(3, np.uint8), PALETTE[:0]),
        (np.zeros(3, np.uint8), np.zeros((256, 3), np.uint8)),
    ],
)
def test_colours_of_another_form_are_refused(codes: np.ndarray, palette: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"codes|palette|colours"):
        Tints(codes, palette, "Group", ())


def test_the_key_to_many_names_lies_over_no_point(qtbot: QtBot) -> None:
    key = tuple(Category(f"cluster {n}", n % 2, 12_500) for n in range(8))
    view = SpaceView()
    view.setObjectName("spaceView")
    qtbot.addWidget(view)
    view.resize(430, 250)
    view.show()
    points = np.random.default_rng(0).standard_normal((MANY, 2), np.float32)
    view.show_scene(Scene(points, tints=tints(np.zeros(MANY), key)))
    image = view.grab().toImage()
    painter = QPainter(image)
    boxes = view._legend.draw(
        painter, view.legend(), view.picture.frame, view._small_font(), view._stamps_now()
    )
    painter.end()
    assert len(boxes) > 1
    assert max(box.bottom() for box in boxes) < view.picture.screen[:, 1].min()
