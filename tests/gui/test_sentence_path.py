"""The typed line in Space: its path in reading order, its mean, and how many names are written."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QTabWidget
from pytestqt.qtbot import QtBot

from gui.canvas.sentence_path import MOST_PASSED, ways
from gui.canvas.space_picture import Picture
from gui.canvas.space_scene import MOST_LABELS, Scene, SentencePath
from gui.canvas.space_view import SpaceView
from gui.layers import ALL_LABELS, Layers
from gui.own_choices import OwnChoices
from gui.panels.space import SpacePanel
from gui.panels.space_layers import LayersButton
from gui.session import Session
from gui.settings import Settings
from gui.theme import apply_theme, theme_of
from tests.gui.space_session import ROWS, SpaceSession

FLAT = np.array([[-1, 0], [1, 0], [0, 0.5], [np.nan, np.nan]], np.float32)


def panel_of(qtbot: QtBot, session: SpaceSession) -> SpacePanel:
    panel = SpacePanel(cast("Session", session))
    qtbot.addWidget(panel)
    panel.resize(600, 400)
    panel.show()
    return panel


def view_of(qtbot: QtBot, sentence: SentencePath) -> SpaceView:
    view = SpaceView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.show_scene(Scene(FLAT, sentence=sentence))
    return view


def key(panel: SpacePanel) -> list[str]:
    return [entry.text for entry in panel.view.legend()]


def lines(picture: Picture) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    sentence = picture.scene.sentence
    assert sentence is not None
    return [((w.x1(), w.y1()), (w.x2(), w.y2())) for w in ways(picture, sentence)]


def test_the_path_goes_through_the_tokens_in_reading_order(qtbot: QtBot) -> None:
    view = view_of(qtbot, SentencePath((0, 2, 1), 3))
    found = lines(view.picture)
    screen = view.picture.screen
    assert [start for start, _ in found] == [
        pytest.approx(tuple(screen[id_].tolist())) for id_ in (0, 2)
    ]
    for (_, end), id_ in zip(found, (2, 1), strict=True):
        # The arrow ends where the mark of the point begins, two pixels before it.
        away = np.hypot(*(np.array(end) - screen[id_]))
        assert away == pytest.approx(view.picture.radius + 2, abs=1e-3)


def test_a_way_there_and_back_is_two_lines(qtbot: QtBot) -> None:
    view = view_of(qtbot, SentencePath((0, 1, 0), 3))
    there, back = lines(view.picture)
    # Both are level in FLAT; each keeps to its own side.
    assert abs(there[0][1] - back[0][1]) == pytest.approx(6, abs=1e-3)


def test_a_token_twice_in_a_row_has_a_way_of_no_length(qtbot: QtBot) -> None:
    view = view_of(qtbot, SentencePath((1, 1), 2))
    [(start, end)] = lines(view.picture)
    assert start == end
    view.grab()


def test_a_row_without_a_point_breaks_the_path(qtbot: QtBot) -> None:
    view = view_of(qtbot, SentencePath((0, 3, 1, 2), 4))
    [(start, _)] = lines(view.picture)
    assert start == pytest.approx(tuple(view.picture.screen[1].tolist()))
    view.grab()


def test_the_mean_is_a_filled_mark_and_with_the_pads_a_hollow_one(
    qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, "light")
    at, hollow_at = np.array([0.2, 0.1], np.float32), np.array([-0.3, 0.3], np.float32)
    view = view_of(qtbot, SentencePath(mean=at, padded_mean=hollow_at))
    image, theme = view.grab().toImage(), theme_of(view)

    def colour(point: np.ndarray) -> QColor:
        x, y = view.picture.to_screen(point[None])[0].tolist()
        return image.pixelColor(int(x) + 2, int(y) - 3)  # beside the cross

    assert colour(at) == theme.accent
    assert colour(hollow_at) == theme.surface


def test_what_is_typed_has_a_path_when_it_is_wanted(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.type(3, 6, 0)
    assert panel.view.scene.sentence is None
    session.layers.set_path(True)
    sentence = panel.view.scene.sentence
    assert sentence is not None
    assert sentence.ids == (3, 6, 0)
    assert key(panel) == ["typed line, in reading order, 1 through <unk>"]
    session.type(3, 6)
    assert key(panel) == ["typed line, in reading order"]
    session.type(3)  # a point is no way
    assert key(panel) == []
    session.type()
    assert panel.view.scene.sentence is None


def test_of_a_very_long_line_the_first_tokens_are_drawn_and_that_is_said(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.layers.set_path(True)
    session.type(*[2, 3] * MOST_PASSED)
    assert key(panel) == [f"typed line, its first {MOST_PASSED} of {2 * MOST_PASSED} tokens"]
    panel.grab()


def test_the_mean_is_that_of_the_rows_and_leaves_pads_out(qtbot: QtBot) -> None:
    session = SpaceSession(ROWS[:, :2])  # shown as they are
    panel = panel_of(qtbot, session)
    session.layers.set_mean(True)
    session.type(3, 6, 3)
    sentence = panel.view.scene.sentence
    assert sentence is not None
    assert sentence.ids == ()
    # (2 × (0.1, 0.5) + (0.1, 0.8)) / 3
    assert sentence.mean == pytest.approx(np.array([0.1, 0.6]))
    assert sentence.padded_mean is None
    assert key(panel) == ["mean of the typed line"]
    session.type(3, 6, 3, 1)
    sentence = panel.view.scene.sentence
    assert sentence is not None
    assert sentence.mean == pytest.approx(np.array([0.1, 0.6]))
    # The pad is (0, 0): three quarters of the mean without it.
    assert sentence.padded_mean == pytest.approx(np.array([0.075, 0.45]))
    assert key(panel) == ["mean, pads left out", "mean with the pads"]
    session.type(1)
    assert key(panel) == ["mean with the pads"]


def test_a_row_that_is_not_finite_has_no_mean_and_that_is_said(qtbot: QtBot) -> None:
    rows = ROWS.copy()
    rows[6, 1] = np.inf
    session = SpaceSession(rows)
    panel = panel_of(qtbot, session)
    session.layers.set_mean(True)
    session.type(3, 6)
    assert key(panel) == ["mean of the typed line: none, a row is NaN or Inf"]
    panel.grab()


def test_tokens_of_another_table_are_not_looked_up_in_this_one(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.layers.set_path(True)
    session.type(3, 99)
    assert panel.view.scene.sentence is None


def test_path_and_mean_move_with_the_step(qtbot: QtBot) -> None:
    session = SpaceSession(ROWS[:, :2])
    panel = panel_of(qtbot, session)
    session.layers.set_mean(True)
    session.type(3, 6)
    session.train(touched=(3,), by=0.5)
    sentence = panel.view.scene.sentence
    assert sentence is not None
    # The rows are now (0.6, 1.0) and (0.1, 0.8).
    assert sentence.mean == pytest.approx(np.array([0.35, 0.9]))


def test_the_menu_and_the_slider_set_the_layers(qtbot: QtBot) -> None:
    layers = Layers()
    button = LayersButton(layers)
    qtbot.addWidget(button)
    button.path.trigger()
    button.mean.trigger()
    assert (layers.path, layers.mean) == (True, True)
    slider = button.labels.slider
    assert slider.value() == ALL_LABELS
    assert layers.most_labels == MOST_LABELS
    assert slider.accessibleDescription() == "Labels: as many as fit"
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert (layers.most_labels, slider.accessibleDescription()) == (0, "Labels: none")
    slider.setValue(12)
    assert (layers.most_labels, slider.accessibleDescription()) == (12, "Labels: 12 at most")
    layers.set_path(False)
    assert not button.path.isChecked()


def test_the_scene_has_as_many_labels_as_the_slider_says(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    assert panel.view.scene.most_labels == MOST_LABELS
    session.layers.set_labels(3)
    assert panel.view.scene.most_labels == 3


def test_layers_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    path = str(tmp_path / "settings.ini")
    first = Layers()
    first.set_path(True)
    first.set_labels(7)
    settings = Settings(QSettings(path, QSettings.Format.IniFormat))
    OwnChoices(first, QTabWidget()).save(settings)
    settings.sync()
    second = Layers()
    with qtbot.waitSignal(second.changed):
        second.restore(Settings(QSettings(path, QSettings.Format.IniFormat)))
    assert (second.path, second.mean, second.labels) == (True, False, 7)
