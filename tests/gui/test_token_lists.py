"""Kept lists of tokens: names, colours, undo, and other numberings of the same tokens."""

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from core.vocabulary import Vocabulary, VocabularyConfig
from gui.token_lists import COLOURS, TokenList, TokenLists
from tests.gui.sessions import session, wait

__all__ = ["session"]

FRUIT = ("pear", "fig", "plum")


class Place(QObject):
    vocabularyChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.undo_stack = QUndoStack(self)
        self.number(*FRUIT)

    def number(self, *tokens: str) -> None:
        given = ("<unk>", "<pad>", *tokens)
        self.vocabulary = Vocabulary.from_tokens(given, VocabularyConfig())
        self.vocabularyChanged.emit()


@pytest.fixture
def place(qapp) -> Place:
    return Place()


@pytest.fixture
def lists(place: Place) -> TokenLists:
    return TokenLists(place, place)


def test_a_list_is_kept_by_token(lists, place):
    number = lists.keep(("plum", "pear", "plum"), "Fruit")
    assert lists.lists == (TokenList("Fruit", ("plum", "pear"), 0),)
    assert lists.ids(number).tolist() == [2, 4]
    place.number("apple", "plum", "pear")
    assert lists.ids(number).tolist() == [3, 4]
    place.number("apple", "plum")  # a token that is gone may come again
    assert lists.ids(number).tolist() == [3]
    assert lists.lists[0].tokens == ("plum", "pear")


def test_nothing_and_what_is_not_there_have_no_ids(lists):
    assert lists.ids(lists.keep(())).tolist() == []
    assert lists.ids(lists.keep(("stone",))).tolist() == []


def test_names_are_found_where_none_are_given(lists):
    for name in ("", "", "Fruit", "Fruit"):
        lists.keep(FRUIT, name)
    assert [each.name for each in lists.lists] == ["List 1", "List 2", "Fruit", "Fruit 2"]


def test_colours_differ_as_long_as_there_are_any(lists):
    for _ in range(COLOURS):
        lists.keep(FRUIT)
    assert [each.colour for each in lists.lists] == list(range(COLOURS))
    lists.remove(3)
    lists.keep(FRUIT)
    assert lists.lists[-1].colour == 3
    lists.keep(FRUIT)
    assert 0 <= lists.lists[-1].colour < COLOURS


def test_all_of_it_can_be_undone(lists, place):
    states = [lists.lists]
    lists.keep(FRUIT, "Fruit")
    states.append(lists.lists)
    lists.rename(0, "  Stone fruit ")
    states.append(lists.lists)
    lists.recolour(0, 5)
    states.append(lists.lists)
    lists.remove(0)
    assert lists.lists == ()
    assert states[-1] == (TokenList("Stone fruit", FRUIT, 5),)
    for state in states[::-1]:
        place.undo_stack.undo()
        assert lists.lists == state
    for state in states[1:]:
        place.undo_stack.redo()
        assert lists.lists == state


def test_what_changes_nothing_is_no_step_of_undo(lists, place):
    lists.keep(FRUIT, "Fruit")
    lists.keep(FRUIT, "Other")
    before = place.undo_stack.count()
    lists.rename(0, "")
    lists.rename(0, "Fruit")
    lists.rename(0, "Other")  # two of one name could not be told apart
    lists.recolour(0, 0)
    assert place.undo_stack.count() == before


def test_a_list_says_when_it_is_another(lists, place, qtbot):
    for change in (
        lambda: lists.keep(FRUIT),
        lambda: lists.rename(0, "Fruit"),
        place.undo_stack.undo,
        lambda: place.number("fig"),
    ):
        with qtbot.waitSignal(lists.changed):
            change()


def test_lists_outlive_a_text_and_its_undoing(session, qtbot):
    session.lists.keep(("code", "you"), "Two")
    session.open_example("small-world")
    wait(qtbot, lambda: len(session.vocabulary) > 8)
    assert session.lists.lists[0].name == "Two"
    assert session.lists.ids(0).tolist() == []
    session.undo_stack.undo()
    wait(qtbot, lambda: len(session.vocabulary) == 8)
    assert len(session.lists.ids(0)) == 2
    session.undo_stack.undo()
    assert session.lists.lists == ()
