"""What the points are coloured by: chosen from the menu, true of the step on screen."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.colour_scale import NO_COLOUR
from core.corpus import encode_corpus, parse_sentences
from core.looking_problems import ClusteringFailed
from gui import colour_work, palettes, panel_numbers
from gui.canvas.tints import Category, Scale, Tints
from gui.colour_work import Choice
from gui.panels.space import SpacePanel
from gui.session import Session, State
from gui.theme import DARK, LIGHT, apply_theme, theme_of
from tests.gui.sessions import session as real_session  # noqa: F401 (a fixture)
from tests.gui.sessions import wait
from tests.gui.space_session import ROWS, TOKENS, SpaceSession


@pytest.fixture
def session(qapp: QApplication) -> Iterator[SpaceSession]:
    made = SpaceSession()
    yield made
    made.colouring.close()


@pytest.fixture
def panel(qtbot: QtBot, session: SpaceSession) -> SpacePanel:
    made = SpacePanel(cast("Session", session))
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def choose(panel: SpacePanel, name: str) -> None:
    action = panel.findChild(QAction, name)
    assert action is not None
    assert action.isEnabled()
    action.trigger()


def tints(panel: SpacePanel) -> Tints:
    found = panel.view.scene.tints
    assert found is not None
    return found


def scale(panel: SpacePanel) -> Scale:
    key = tints(panel).key
    assert isinstance(key, Scale)
    return key


def groups(panel: SpacePanel) -> dict[str, int]:
    key = tints(panel).key
    assert not isinstance(key, Scale)
    return {each.name: each.count for each in key}


def test_points_have_one_colour_until_something_is_chosen(panel: SpacePanel) -> None:
    assert panel.view.scene.tints is None
    choose(panel, "spaceColour-id")
    assert tints(panel).title == "Id"
    assert panel._colour.accessibleDescription() == "The colours of the points tell: Id"
    assert scale(panel) == Scale("0", "7")
    assert tints(panel).codes.tolist() == [0, 36, 73, 109, 145, 181, 218, 254]  # 254 · id / 7
    assert "Id" in panel.view.accessibleDescription()
    choose(panel, "spaceColour-one")
    assert panel.view.scene.tints is None


def test_frequency_is_on_a_logarithmic_scale_and_never_is_no_frequency(panel: SpacePanel) -> None:
    choose(panel, "spaceColour-frequency")
    assert tints(panel).title == "Frequency (log scale)"
    assert tints(panel).key == (Category("1", 127, 6),)  # each word once
    assert tints(panel).codes.tolist() == [NO_COLOUR, NO_COLOUR, *[127] * 6]
    assert tints(panel).missing == "not in the sentences"


def test_the_norm_is_that_of_the_step_on_screen(session: SpaceSession, panel: SpacePanel) -> None:
    choose(panel, "spaceColour-norm")
    # The longest row is (.1, .8, .9): √1.46 = 1.208
    assert scale(panel) == Scale("0", "1.3")
    before = tints(panel).codes
    session.train((3,), by=0.05)
    assert tints(panel).codes[3] > before[3]
    assert scale(panel) == Scale("0", "1.3")
    session.train((6,), by=1.0)  # (1.1, 1.8, 1.9): 2.839
    assert scale(panel) == Scale("0", "2.9")
    assert tints(panel).title == "Norm"


def test_moves_and_gradients_are_those_of_the_last_step(
    session: SpaceSession, panel: SpacePanel
) -> None:
    choose(panel, "spaceColour-moved")
    assert tints(panel).key == ()
    assert tints(panel).without_value == 8
    session.train(touched=(3, 6), drifted=(2,))
    assert tints(panel).title == "Moved in step 1"
    coloured = np.flatnonzero(tints(panel).codes != NO_COLOUR)
    assert coloured.tolist() == [2, 3, 6]
    choose(panel, "spaceColour-gradient")
    assert tints(panel).title == "Gradient norm in step 1"
    assert np.flatnonzero(tints(panel).codes != NO_COLOUR).tolist() == [3, 6]
    assert tints(panel).missing == "no gradient"
    assert session.shown is not None
    session.shown = replace(session.shown, done=False)  # read as it was stored
    for choice in ("moved", "gradient"):
        choose(panel, f"spaceColour-{choice}")
        assert tints(panel).missing == "not stored"


def test_moves_are_measured_from_the_step_that_is_marked(
    session: SpaceSession, panel: SpacePanel
) -> None:
    session.train((3,))
    choose(panel, "spaceColour-since-mark")  # marks this step
    assert tints(panel).title == "Moved since step 1"
    assert tints(panel).key == (Category("0", 127, 8),)
    session.train((3,), by=0.1)
    session.train((3, 4), by=0.1)
    # 3 moved by .2 in each of three columns, .2·√3 = .346; 4 by .1·√3
    assert tints(panel).codes.tolist()[3:6] == [round(0.3464 / 0.35 * 254), 126, 0]
    assert scale(panel) == Scale("0", "0.35")
    choose(panel, "spaceColourMark")
    assert tints(panel).title == "Moved since step 3"
    session.nearest.forget_mark()
    assert panel.view.scene.tints is None


def test_labels_are_offered_where_there_are_some(session: SpaceSession, panel: SpacePanel) -> None:
    action = panel.findChild(QAction, "spaceColour-labels")
    assert action is not None
    assert not action.isEnabled()
    assert "no labels" in action.toolTip()
    corpus = parse_sentences("verb\tcode know\nother\tyou code\nother\tto you")
    session.encoded = encode_corpus(corpus, session.vocabulary)
    session.sentencesChanged.emit()
    panel._colour.refresh()
    choose(panel, "spaceColour-labels")
    # code: once verb, once other; know: verb; you, to: other
    assert groups(panel) == {"verb": 1, "other": 2, "several equally": 1}
    codes = dict(zip(TOKENS, tints(panel).codes.tolist(), strict=True))
    assert (codes["know"], codes["you"], codes["to"], codes["code"]) == (0, 1, 1, 8)
    assert codes["need"] == NO_COLOUR


def test_of_many_labels_the_last_share_a_colour(session: SpaceSession, panel: SpacePanel) -> None:
    words = [*TOKENS[2:], "<unk>", "<pad>"]
    lines = [f"label{n}\t{word}" for n, word in enumerate(words)]
    lines += [f"label{n}\tcode code" for n in (8, 9)]
    session.encoded = encode_corpus(parse_sentences("\n".join(lines)), session.vocabulary)
    panel._colour.refresh()
    choose(panel, "spaceColour-labels")
    assert len(groups(panel)) == 9  # seven, the others, and the tie of “code”
    assert groups(panel)["3 others"] == 1
    assert groups(panel)["several equally"] == 1


def test_what_is_picked_is_set_apart(session: SpaceSession, panel: SpacePanel) -> None:
    choose(panel, "spaceColour-picked")
    assert groups(panel) == {"picked": 0}
    session.select((2, 5))
    assert np.flatnonzero(tints(panel).codes == 0).tolist() == [2, 5]
    assert groups(panel) == {"picked": 2}
    assert tints(panel).missing == "not picked"


def test_lists_have_the_colours_that_they_have_elsewhere(
    session: SpaceSession, panel: SpacePanel
) -> None:
    action = panel.findChild(QAction, "spaceColour-lists")
    assert action is not None
    assert not action.isEnabled()
    session.lists.keep(("code", "know"), "verbs")
    session.lists.keep(("know", "how"), "ask")
    session.lists.recolour(1, 6)
    panel._colour.refresh()
    choose(panel, "spaceColour-lists")
    assert groups(panel) == {"verbs": 1, "ask": 1, "in several lists": 1}
    codes = dict(zip(TOKENS, tints(panel).codes.tolist(), strict=True))
    assert (codes["code"], codes["how"], codes["know"]) == (0, 6, 8)
    assert tints(panel).missing == "in no list"
    session.lists.remove(1)
    assert groups(panel) == {"verbs": 2}


def test_of_a_part_that_is_shown_alone_only_these_are_counted(
    session: SpaceSession, panel: SpacePanel
) -> None:
    session.select((2, 5))
    choose(panel, "spaceColour-picked")
    assert (groups(panel), tints(panel).without_value) == ({"picked": 2}, 6)
    session.shown_only.show(TOKENS[2:5])
    assert (groups(panel), tints(panel).without_value) == ({"picked": 1}, 2)
    session.shown_only.show_all()
    assert (groups(panel), tints(panel).without_value) == ({"picked": 2}, 6)


def test_clusters_are_found_in_another_process(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel
) -> None:
    choose(panel, "spaceClusters3")
    assert session.colouring.choice == "clusters"
    assert tints(panel).title == "Finding clusters…"
    qtbot.waitUntil(lambda: len(groups(panel)) == 3)
    assert tints(panel).title == "3 clusters (k-means, step 0)"
    assert sum(groups(panel).values()) == 8
    codes = tints(panel).codes
    assert codes[0] == codes[1]  # two rows of zeros
    session.train((2, 3))
    assert tints(panel).codes is not codes
    choose(panel, "spaceClusters8")
    qtbot.waitUntil(lambda: len(groups(panel)) == 7)  # different rows
    choose(panel, "spaceColour-one")
    assert panel.view.scene.tints is None


def test_rows_without_numbers_are_in_no_cluster(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel
) -> None:
    rows = ROWS.copy()
    rows[6, 1] = np.nan
    session.begin(rows)
    choose(panel, "spaceClusters2")
    qtbot.waitUntil(lambda: len(groups(panel)) == 2)
    assert tints(panel).codes[6] == NO_COLOUR
    assert tints(panel).missing == "no value"
    session.begin(np.full((8, 3), np.nan, np.float32))
    qtbot.waitUntil(lambda: tints(panel).title.startswith("No clusters"))
    assert (groups(panel), tints(panel).without_value) == ({}, 8)


def test_a_clustering_that_fails_is_said_and_given_up(qtbot: QtBot, session: SpaceSession) -> None:
    found = []
    session.colouring.problemRaised.connect(found.append)
    session.colouring.choose("clusters")
    finder = session.colouring.clusters
    qtbot.waitUntil(lambda: finder.process_id() > 0)
    os.kill(finder.process_id(), signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(found))
    assert isinstance(found[0], ClusteringFailed)
    assert session.colouring.choice is None


def test_a_large_table_is_read_in_a_thread_and_its_step_is_said(
    qtbot: QtBot, session: SpaceSession, panel: SpacePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colour_work, "AT_ONCE_ROWS", 0)
    choose(panel, "spaceColour-norm")
    qtbot.waitUntil(lambda: panel.view.scene.tints is not None)
    assert tints(panel).title == "Norm"
    session.train((6,), by=1.0)
    assert tints(panel).title == "Norm, as of step 0"
    qtbot.waitUntil(lambda: tints(panel).title == "Norm")
    assert session.shown is not None
    numbers = session.colouring.numbers()
    assert numbers is not None
    assert_array_equal(numbers[1], np.linalg.norm(session.shown.rows.astype(np.float64), axis=1))


def test_rows_that_are_added_have_no_colour_until_they_are_read(
    session: SpaceSession, panel: SpacePanel
) -> None:
    choose(panel, "spaceColour-norm")
    session.begin(np.concatenate([ROWS, np.full((2, 3), np.nan, np.float32)]))
    assert len(tints(panel).codes) == 10
    assert tints(panel).without_value == 2


def test_the_palette_is_that_of_the_theme(
    qtbot: QtBot, qapp: QApplication, panel: SpacePanel
) -> None:
    choose(panel, "spaceColour-id")
    for theme in (DARK, LIGHT):
        apply_theme(qapp, theme.name)
        qtbot.waitUntil(lambda: theme_of(panel) is theme)  # noqa: B023 (called at once)
        assert tints(panel).palette is palettes.ramp(theme)
    apply_theme(qapp, "system")


def test_the_values_are_saved_with_the_points(session: SpaceSession, panel: SpacePanel) -> None:
    choose(panel, "spaceColour-moved")
    session.train((3,), by=0.1)
    numbers = panel_numbers.space_numbers(cast("Session", session))
    assert numbers is not None
    assert numbers.header[-1] == "moved"
    rows = list(numbers.rows())
    assert rows[0][-1] == "NaN"
    assert session.shown is not None
    assert np.float32(rows[3][-1]) == session.shown.moved_by[0]
    choose(panel, "spaceColour-picked")
    session.select((2,))
    numbers = panel_numbers.space_numbers(cast("Session", session))
    assert numbers is not None
    assert [row[-1] for row in numbers.rows()] == ["", "", "picked", *[""] * 5]
    choose(panel, "spaceColour-id")
    assert len(panel_numbers.space_numbers(cast("Session", session)).header) == 4


def test_another_text_begins_without_colours(
    qtbot: QtBot,
    real_session: Session,  # noqa: F811 (the fixture)
) -> None:
    session = real_session
    session.colouring.choose("norm")
    session.set_seed(5)
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert session.colouring.choice == "norm"
    assert session.colouring.tints(LIGHT) is not None
    session.open_example("labelled")
    assert session.colouring.choice is None


def test_the_mark_is_the_one_of_the_nearest_tokens(
    qtbot: QtBot,
    real_session: Session,  # noqa: F811 (the fixture)
) -> None:
    session = real_session
    session.colouring.choose("since-mark")
    wait(qtbot, lambda: session.colouring.tints(LIGHT) is not None)
    session.step(2)
    wait(qtbot, lambda: session.shown is not None and session.shown.step == 2)
    found = session.colouring.tints(LIGHT)
    assert found is not None
    assert found.title == "Moved since step 0"
    assert isinstance(found.key, Scale)
    session.nearest.forget_mark()
    assert session.colouring.choice is None


@pytest.mark.parametrize("choice", ["norm", "since-mark"])
def test_what_is_kept_up_to_date_by_the_rows_that_moved_is_that_of_all_rows(
    qtbot: QtBot,
    real_session: Session,  # noqa: F811 (the fixture)
    monkeypatch: pytest.MonkeyPatch,
    choice: Choice,
) -> None:
    monkeypatch.setattr(colour_work, "AT_ONCE_ROWS", 0)
    session, colours = real_session, real_session.colouring
    session.colouring.choose(choice)
    start = session.shown.rows.astype(np.float64)

    def is_done() -> bool:
        tints = colours.tints(LIGHT)
        return tints is not None and "as of" not in tints.title

    wait(qtbot, is_done)
    for step in (1, 2, 4):
        session.step(step - session.shown.step)
        wait(qtbot, lambda step=step: session.shown.step == step and is_done())
        rows = session.shown.rows.astype(np.float64)
        away = rows if choice == "norm" else rows - start
        numbers = colours.numbers()
        assert numbers is not None
        assert_array_equal(numbers[1], np.sqrt(np.einsum("vd,vd->v", away, away)))
