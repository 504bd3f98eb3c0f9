"""What a search matches is lit: framed in Space and named in its key, a bar in the table."""

import numpy as np
import pytest

from core.word_arithmetic import blend, parse
from gui.canvas.dot_layer import MOST_FRAMED
from gui.canvas.point_marks import Mark
from gui.canvas.space_scene import MOST_NAMED, Scene, WordSum
from gui.canvas.space_view import SpaceView
from gui.nearest_tokens import Sum
from gui.panels.space import SpacePanel
from gui.theme import apply_theme, theme_of
from tests.gui.space_session import SpaceSession, ids
from tests.gui.table_panel import open_panel
from tests.gui.table_session import article_session


@pytest.fixture
def view(qtbot, qapp):
    apply_theme(qapp, "light")
    made = SpaceView()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def ink_at(view, x, y):
    return view.grab().toImage().pixelColor(round(x), round(y))


def test_a_point_that_matches_has_a_frame(view):
    points = np.array([[-1, 0], [1, 0], [0, 0.5]], np.float32)
    view.show_scene(Scene(points))
    x, y = view.picture.screen[1].tolist()
    side = view.picture.radius + 4
    before = ink_at(view, x + side, y)
    view.show_scene(Scene(points, matches=ids(1)))
    after = ink_at(view, x + side, y)
    assert after.lightness() < before.lightness() - 60
    other = view.picture.screen[0].tolist()
    assert ink_at(view, other[0] + side, other[1]) == before
    assert [entry.text for entry in view.legend()] == ["fits the search (1)"]
    assert view.legend()[0].sign is Mark.MATCH


def test_too_many_matches_for_frames_are_dots_of_another_colour(view):
    count = 4 * MOST_FRAMED
    points = np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)
    matches = np.arange(MOST_FRAMED + 1, dtype=np.int32)
    view.show_scene(Scene(points, matches=matches))
    assert view.legend()[0].text == f"fits the search ({MOST_FRAMED + 1:,})"
    x, y = view.picture.screen[0].tolist()
    plain = ink_at(view, *view.picture.screen[int(np.argmax(points[:, 0]))].tolist())
    assert ink_at(view, x, y) != theme_of(view).surface
    assert plain.blue() > plain.red()  # no match, so in the colour of points
    found = ink_at(view, x, y)
    assert abs(found.blue() - found.red()) < abs(plain.blue() - plain.red())


def test_matches_are_named_before_what_moved_most_but_not_all_of_many():
    points = np.zeros((500, 2), np.float32)
    matches = np.arange(100, 300, dtype=np.int32)
    scene = Scene(points, selected=(7,), typed=(8,), prominent=(9,), matches=matches)
    assert scene.that_matter() == (7, 8, *range(100, 100 + MOST_NAMED), 9)


def test_the_panel_follows_the_search(qtbot):
    session = SpaceSession()
    panel = SpacePanel(session)
    qtbot.addWidget(panel)
    session.matches = ids(3, 5)
    session.matchesChanged.emit()
    assert panel.view.scene.matches.tolist() == [3, 5]


def test_a_row_that_matches_has_a_bar_before_its_id(qtbot, qapp):
    apply_theme(qapp, "light")
    session = article_session()
    panel = open_panel(qtbot, session)
    session.matches = ids(3, 5)
    session.matchesChanged.emit()
    header = panel.view.tokens
    image = header.viewport().grab().toImage()
    barred = []
    for row in range(8):
        middle = header.sectionViewportPosition(row) + header.sectionSize(row) // 2
        if image.pixelColor(1, middle) == theme_of(header).text:
            barred.append(row)
    assert barred == [3, 5]


def test_the_sum_of_three_words_is_the_fourth_corner(qtbot, qapp):
    apply_theme(qapp, "light")
    session = SpaceSession()
    panel = SpacePanel(session)
    qtbot.addWidget(panel)
    panel.resize(600, 500)
    panel.show()
    terms = parse("code - to + how")
    session.nearest.sum = Sum(terms, blend(terms, session.vocabulary))
    session.nearest.changed.emit()
    total, points = panel.view.scene.word_sum, panel.view.scene.points
    assert (total.text, total.added, total.taken) == ("code − to + how", (2, 7), (5,))
    assert total.sides() == ((5, 2), (5, 7))
    assert total.point == pytest.approx(points[2] - points[5] + points[7], abs=1e-6)
    screen = panel.view.picture.screen
    x, y = (screen[2] - screen[5] + screen[7]).tolist()
    assert ink_at(panel.view, x, y) == theme_of(panel).text
    assert "code − to + how" in [entry.text for entry in panel.view.legend()]
    session.nearest.sum = None
    session.nearest.changed.emit()
    assert panel.view.scene.word_sum is None


def test_a_sum_of_other_words_is_a_cross_alone():
    point = np.zeros(2, np.float32)
    assert WordSum("a + b", (2, 3), (), point).sides() == ()
    assert WordSum("a − b", (2,), (3,), point).sides() == ()
