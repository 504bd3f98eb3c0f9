"""The sentences that the padding study looks at, and the rows it sends along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.padding_batch import NotIdsError, batch_of_ids, batch_of_text
from gui.session import Session
from tests.gui.sessions import session, wait

__all__ = ["session"]


def test_ids_are_read_as_people_paste_them() -> None:
    batch = batch_of_ids("3 6 5\n\n[7, 2]\n-1,99\n")
    assert batch.sentences == ((3, 6, 5), (7, 2), (-1, 99))
    assert batch.names == ("1", "2", "3")


def test_what_is_no_id_is_named_with_its_line() -> None:
    with pytest.raises(NotIdsError) as raised:
        batch_of_ids("3 6\n4 need 2")
    assert (raised.value.line, raised.value.word) == (2, "need")
    with pytest.raises(NotIdsError):
        batch_of_ids(str(2**40))


@given(st.lists(st.lists(st.integers(-(2**31) + 1, 2**31 - 1), min_size=1, max_size=64)))
def test_ids_come_back_as_they_were_written(sentences: list[list[int]]) -> None:
    batch = batch_of_ids("\n".join(" ".join(map(str, sentence)) for sentence in sentences))
    assert [list(sentence) for sentence in batch.sentences] == sentences
    assert len(batch.names) == len(sentences)


def test_the_typed_line_comes_first(session: Session) -> None:
    batch = batch_of_text(session, 4, "typed")
    assert batch.names == ("typed", "1")
    assert batch.sentences[0] == (3, 6, 5, 0)  # "you need to run", of which run is unknown
    assert batch.sentences[1] == (3, 6, 5, 4, 7, 5, 2)
    assert batch.labels is None
    session.set_line("you need to know how to code")  # the sentence itself
    assert batch_of_text(session, 4, "typed").names == ("typed",)
    session.set_line("")
    assert batch_of_text(session, 4, "typed").names == ("1",)


def test_labels_go_with_their_sentences(qtbot: QtBot, session: Session) -> None:
    session.open_example("labelled")
    wait(qtbot, lambda: session.label_names != () and session.shown_config is session.config)
    session.set_line("")
    batch = batch_of_text(session, 5, "typed")
    assert session.corpus.labels is not None
    wanted = [session.label_names.index(label) for label in session.corpus.labels[:5]]
    assert batch.labels == tuple(wanted)
    session.set_line(session.corpus.sentences[3])
    moved = batch_of_text(session, 5, "typed")
    assert moved.names == ("typed", "1", "2", "3", "5")
    assert moved.labels == (wanted[3], *wanted[:3], wanted[4])
