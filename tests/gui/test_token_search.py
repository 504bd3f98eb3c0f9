"""Searching from the window: the last wish counts, problems are told, an edit searches anew."""

import pytest
from PySide6.QtCore import QObject, Signal

from core.looking_problems import BadPattern
from core.vocabulary import Vocabulary
from gui.token_search import TokenSearch


class Place(QObject):
    vocabularyChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        # <unk> 0, <pad> 1, queen 2, unique 3, que 4, ant 5
        self.vocabulary = Vocabulary.build(["queen unique que ant"])


@pytest.fixture
def search(qapp):
    place = Place()
    made = TokenSearch(place)
    made.place = place
    yield made
    made.close()


def found(qtbot, search, ids):
    qtbot.waitUntil(lambda: search.found and search.matches.tolist() == ids)


def test_every_mode_finds_its_own(qtbot, search):
    search.look_for("que")
    found(qtbot, search, [2, 4])
    search.set_mode("plain")
    found(qtbot, search, [2, 3, 4])
    search.set_mode("regex")
    found(qtbot, search, [2, 3, 4])
    search.look_for("que$|a")
    found(qtbot, search, [1, 3, 4, 5])


def test_the_last_wish_counts(qtbot, search):
    for text in ("q", "qu", "que", "a"):
        search.look_for(text)
    found(qtbot, search, [5])


def test_what_is_no_pattern_is_a_problem_until_the_next_letter(qtbot, search):
    search.set_mode("regex")
    search.look_for("(a")
    qtbot.waitUntil(lambda: search.problem is not None)
    assert isinstance(search.problem, BadPattern)
    assert search.matches.tolist() == []
    search.look_for("(a)")
    assert search.problem is None
    found(qtbot, search, [1, 5])


def test_an_empty_text_matches_nothing_at_once(qtbot, search):
    search.look_for("que")
    found(qtbot, search, [2, 4])
    with qtbot.waitSignal(search.matchesChanged):
        search.look_for("")
    assert search.matches.tolist() == []


def test_a_new_vocabulary_is_searched_anew(qtbot, search):
    search.look_for("que")
    found(qtbot, search, [2, 4])
    search.place.vocabulary = search.place.vocabulary.with_sentences(["queen que queer"])
    search.place.vocabularyChanged.emit()
    found(qtbot, search, [2, 4, 6])


def test_closing_does_not_wait_for_a_catastrophic_pattern(qtbot, search):
    search.place.vocabulary = Vocabulary.build(["a" * 40 + "b"])
    search.set_mode("regex")
    search.look_for("(a+)+$")
    qtbot.waitUntil(search._thread.isRunning)
    search.close()
    assert not search._thread.isRunning()
