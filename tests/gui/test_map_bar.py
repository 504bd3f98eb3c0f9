"""The bar of maps in Space, and what Space shows of a map."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.maps.settings import MapSettings
from core.word_arithmetic import Blend, Term
from gui import maps
from gui.nearest_tokens import Sum
from gui.panel_numbers import space_numbers
from gui.panels import map_bar
from gui.panels.map_bar import MapBar, MethodButton
from gui.panels.map_settings import MapSettingsForm
from gui.panels.space import SpacePanel
from gui.session import Session
from tests.core.maps.clusters import clusters
from tests.gui.space_session import SpaceSession

SECONDS_30 = 30_000


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[SpaceSession]:
    made = SpaceSession(clusters(8))
    made.maps.set_settings(MapSettings(iterations=30))
    yield made
    made.maps.close()


@pytest.fixture
def panel(qtbot: QtBot, session: SpaceSession) -> SpacePanel:
    made = SpacePanel(cast("Session", session))
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def part(panel: SpacePanel, kind: type[QWidget], name: str) -> QWidget:
    found = panel.findChild(kind, name)
    assert found is not None
    return found


def bar_of(panel: SpacePanel) -> MapBar:
    found = panel.findChild(MapBar)
    assert found is not None
    return found


def show_map(qtbot: QtBot, panel: SpacePanel, session: SpaceSession) -> None:
    panel.findChild(MethodButton).actions_by_choice["tsne"].trigger()
    maps = session.maps
    qtbot.waitUntil(lambda: maps.making is None and maps.current is not None, timeout=SECONDS_30)


def test_a_map_takes_the_place_of_the_pca_and_gives_it_back(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel
) -> None:
    linear = [part(panel, QWidget, name) for name in ("spaceHoldButton", "spaceAxesButton")]
    assert bar_of(panel).isHidden()
    show_map(qtbot, panel, session)
    scene = panel.view.scene
    assert scene.points is session.maps.points()
    assert (scene.axis_names, scene.scaled) == ((), False)
    assert bar_of(panel).isVisible()
    assert all(widget.isHidden() for widget in linear)
    qtbot.waitUntil(lambda: panel.view.inside() == 8)  # the view goes there gently
    caption = part(panel, QLabel, "spaceCaption")
    assert isinstance(caption, QLabel)
    assert caption.text().startswith("Trustworthiness ")
    assert "8 of 8 points drawn." in caption.text()
    qtbot.keyClick(panel.view, Qt.Key.Key_H)
    assert session.axes == "follow"  # a map has no axes to hold
    panel.findChild(MethodButton).actions_by_choice["pca"].trigger()
    assert session.shown is not None
    assert panel.view.scene.points is session.shown.projected.points
    assert not any(widget.isHidden() for widget in linear)
    assert caption.text().startswith("PC 1: ")


def test_nothing_is_drawn_where_a_map_has_no_place(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel
) -> None:
    show_map(qtbot, panel, session)
    terms = (Term(1, "code"), Term(-1, "you"), Term(1, "need"))
    session.nearest.sum = Sum(terms, Blend((2, 3, 6), (1.0, -1.0, 1.0)))
    session.layers.set_mean(True)
    session.train(touched=(3, 6))
    scene = panel.view.scene
    assert scene.touched.ids.tolist() == [3, 6]  # these are rows, and have a place
    assert (scene.moves, scene.trails, scene.word_sum) == (None, (), None)
    assert {2, 3, 6} <= set(scene.prominent)
    assert scene.sentence is None
    panel.grab()


def test_picking_takes_the_points_of_the_map(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel
) -> None:
    show_map(qtbot, panel, session)
    place = panel.view.picture.place(5)
    assert place is not None
    assert panel.view.picture.nearest(*place, 3.0) == 5


def test_the_buttons_offer_what_can_be_done(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel
) -> None:
    maps, bar = session.maps, bar_of(panel)
    maps.set_settings(MapSettings(iterations=10_000_000))
    panel.findChild(MethodButton).actions_by_choice["tsne"].trigger()
    assert bar.start.text() == "Start"
    assert bar.go_on.isHidden()
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    assert bar.start.text() == "Stop"
    qtbot.waitUntil(lambda: maps.current is not None, timeout=SECONDS_30)
    assert not bar.go_on.isEnabled()
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: maps.making is None, timeout=SECONDS_30)
    assert bar.start.text() == bar.start.accessibleName() == "Start again"
    assert bar.go_on.isEnabled()
    bar.follow.click()
    assert maps.follows
    assert bar.start.text() == "Stop"
    bar.start.click()
    assert not maps.follows
    assert not bar.follow.isChecked()


def test_the_fields_are_the_settings(session: SpaceSession, panel: SpacePanel) -> None:
    form = panel.findChild(MapSettingsForm)
    form.neighbours.setValue(12)
    form.most_rows.setValue(2_000)
    form.nearness.setCurrentIndex(1)
    form.nearness.activated.emit(1)
    assert session.maps.settings == MapSettings("tsne", 12, 30, "cosine", 2_000)
    session.maps.choose("umap")
    session.maps.stop()
    form.refresh()
    assert form.neighbours.accessibleName() == "Neighbours"
    assert form.neighbours.value() == 5  # of so few rows


def test_without_its_package_umap_is_offered_with_what_installs_it(
    qtbot: QtBot, session: SpaceSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_bar, "is_installed", lambda method: method != "umap")
    button = MethodButton(session.maps)
    qtbot.addWidget(button)
    action = button.actions_by_choice["umap"]
    assert not action.isEnabled()
    assert "pip install umap-learn" in action.text()
    assert action.toolTip() == f"{sys.executable} -m pip install umap-learn"
    assert button.actions_by_choice["tsne"].isEnabled()


def test_without_its_package_a_kept_map_is_seen_and_cannot_go_on(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_map(qtbot, panel, session)
    kept = session.maps.current
    assert kept is not None
    kept = replace(kept, settings=MapSettings("umap"))
    problems: list[object] = []
    session.maps.problemRaised.connect(problems.append)
    monkeypatch.setattr(maps, "is_installed", lambda method: method != "umap")
    session.maps.choose("pca")
    session.maps.show_again("umap", [], [kept], 2)
    assert session.maps.current is kept
    assert np.array_equal(session.maps.points(), kept.fitted(session.shown.projected.points))
    bar = bar_of(panel)
    for button in (bar.start, bar.go_on, bar.follow):
        assert (button.isVisible(), button.isEnabled()) == (True, False)
        assert "pip install umap-learn" in button.toolTip()
    assert "not installed" in bar._words.text()
    session.maps.go_on()
    session.maps.set_follows(True)
    session.frameShown.emit()
    assert not session._holds._held  # or no other step would ever be shown
    session.maps.show_again("umap", [], [], 2)  # none was kept
    assert session.maps.making is None
    assert session.maps.current is None
    assert problems == []
    session.maps.choose("tsne")
    assert bar.start.isEnabled()
    assert "umap" not in bar.go_on.toolTip()


def test_the_numbers_of_a_map_are_its_points(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel
) -> None:
    show_map(qtbot, panel, session)
    numbers = space_numbers(cast("Session", session))
    assert numbers is not None
    assert tuple(numbers.header[:4]) == ("id", "token", "tsne 1", "tsne 2")
    assert np.array_equal(numbers.columns[2], session.maps.points())
