"""A window is looked at again as it was when its project was saved."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSettings

from core.padding.wishes import Difference, Wishes
from core.project.view import Looked
from gui.faults import Faults
from gui.layers import Layers
from gui.projects import Wish
from gui.session import Session
from gui.settings import Settings
from gui.theme import apply_theme
from gui.window import Window
from tests.gui.sessions import step_to, wait

# What Qt says of popups and dialogs without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def make_window(qtbot, qapp, tmp_path):
    made = []
    apply_theme(qapp, "light")

    def make(width, height):
        store = QSettings(str(tmp_path / f"{len(made)}.ini"), QSettings.Format.IniFormat)
        window = Window(qapp, Session(), Settings(store), Faults())
        made.append(window)
        window.resize(width, height)
        window.show()
        wait(qtbot, lambda: window._session.shown is not None)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


def hand_over(qtbot, one, other, path):
    """Save the project of a window, and open it in the other."""
    with qtbot.waitSignal(one.projects.projects.settled, timeout=30_000):
        one.projects.projects.write(Wish(path))
    with qtbot.waitSignal(other.projects.projects.opened, timeout=30_000):
        other.projects.projects.open(path)
    return other


def seen(window):
    """The corners of what is seen of Space, in the plane's own units."""
    view = window._tabs.space.view
    area = view._area()
    shown = view._keeper.range
    return np.array(
        [shown.to_plane(area.left, area.top, area), shown.to_plane(area.right, area.bottom, area)]
    )


def test_the_part_of_space_and_the_turn(qtbot, make_window, tmp_path):
    one, other = make_window(1200, 800), make_window(1200, 800)
    session, view = one._session, one._tabs.space.view
    step_to(qtbot, session, 3)
    session.set_dimensions(3)
    wait(qtbot, lambda: view.scene.dimensions == 3)
    view.turn(0.4, -0.3)
    view.zoom(2.5, QPointF(200, 100))
    view.pan(30, -20)
    session.shown_only.show(("you", "need", "to", "know", "<unk>"))
    wait(qtbot, lambda: session.shown.projected.only is not None)
    view.zoom(1.5, QPointF(100, 100))  # showing others fits
    look = view.look
    assert look.window is not None
    hand_over(qtbot, one, other, tmp_path / "p.embedscope")
    again = other._tabs.space.view
    wait(qtbot, lambda: again.look.window is not None)
    assert again.scene.dimensions == 3
    assert other._session.shown_only.tokens == session.shown_only.tokens
    assert (again.look.turn, again.look.tilt, again.look.pivot) == (
        look.turn,
        look.tilt,
        look.pivot,
    )
    np.testing.assert_allclose(seen(other), seen(one), rtol=1e-5)
    np.testing.assert_array_equal(again.scene.points, view.scene.points)
    # And it is only looked at so once: what a person does then stays.
    again.fit()
    other._session.set_dimensions(2)
    wait(qtbot, lambda: again.scene.dimensions == 2)
    assert again.look.window is None


def test_in_a_smaller_window_all_of_the_part_is_seen(qtbot, make_window, tmp_path):
    one, other = make_window(1400, 900), make_window(1024, 700)
    one._tabs.space.view.zoom(3.0)
    hand_over(qtbot, one, other, tmp_path / "p.embedscope")
    wait(qtbot, lambda: other._tabs.space.view.look.window is not None)
    (left, top), (right, low) = seen(one)
    (least, highest), (most, lowest) = seen(other)
    # As wide or as high as it was, and no narrower.
    assert least <= left + 1e-9
    assert right <= most + 1e-9
    assert lowest <= low + 1e-9
    assert top <= highest + 1e-9


def test_a_view_of_all_points_goes_on_to_follow_them(qtbot, make_window, tmp_path):
    one, other = make_window(1200, 800), make_window(1200, 800)
    other._tabs.space.view.zoom(4.0)
    hand_over(qtbot, one, other, tmp_path / "p.embedscope")
    wait(qtbot, lambda: other.projects.projects.elsewhere._awaited is None)
    assert other._tabs.space.view.look.window is None
    assert other._tabs.space.view.inside() == len(other._session.vocabulary)


def test_the_tabs_padding_and_what_is_looked_for(qtbot, make_window, tmp_path):
    one, other = make_window(1200, 800), make_window(1200, 800)
    wishes = Wishes("lstm", "left", 5, masks_gradient=True, pad_row="zero", count=3)
    one._tabs.study.look_at(wishes)
    one._tabs.comparison.compare_with(Difference(side="right"), 250)
    one._tabs.show_padding_part("mask", compares=True)
    one._tabs.setCurrentIndex(2)
    one._details.setCurrentIndex(1)
    one.find_box.setText("k")
    one._session.search.look_for("k")
    hand_over(qtbot, one, other, tmp_path / "p.embedscope")
    assert other._tabs.study.wishes == wishes
    assert other._tabs.comparison.difference == Difference(side="right")
    assert other._tabs.comparison.steps == 250
    assert other._tabs.padding_part == ("mask", True)
    assert (other._tabs.currentIndex(), other._details.currentIndex()) == (2, 1)
    assert (other.find_box.text(), other._session.search.text) == ("k", "k")
    wait(qtbot, lambda: len(other._session.matches) == len(one._session.matches) > 0)


def test_a_project_that_says_nothing_of_the_window_leaves_it(qtbot, make_window, tmp_path):
    one, other = make_window(1200, 800), make_window(1200, 800)
    one.projects.projects.elsewhere = None
    other._tabs.setCurrentIndex(1)
    other._details.setCurrentIndex(3)
    hand_over(qtbot, one, other, tmp_path / "p.embedscope")
    assert (other._tabs.currentIndex(), other._details.currentIndex()) == (1, 3)
    other.projects.projects.elsewhere.look_at(Looked())
    assert other._tabs.currentIndex() == 1


def test_what_a_project_chose_is_not_remembered_as_ones_own(qtbot, make_window, tmp_path):
    one, other = make_window(1200, 800), make_window(1200, 800)
    theirs, ours = one._session.layers, other._session.layers
    theirs.set_path(True)
    theirs.set_labels(5)
    theirs.set_pooled(True)
    one._tabs.setCurrentIndex(2)
    ours.set_labels(40)
    other._tabs.setCurrentIndex(1)
    hand_over(qtbot, one, other, tmp_path / "p.embedscope")
    hand_over(qtbot, one, other, tmp_path / "p.embedscope")
    assert (ours.path, ours.pooled, ours.labels, other._tabs.currentIndex()) == (True, True, 5, 2)
    ours.set_pooled(False)  # chosen by the person, after all
    ours.set_mean(True)
    other.close()
    again = Layers()
    again.restore(other._settings)
    assert (again.path, again.mean, again.pooled, again.labels) == (False, True, False, 40)
    assert other._settings.number("tab", 0) == 1
