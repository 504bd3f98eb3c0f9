"""What is nearest, over a real engine: of one step, up to date, and at no cost when unwatched."""

import os
import signal

import numpy as np
import pytest

from core.neighbours import combination, nearest
from core.word_arithmetic import Blend, blend, parse
from gui.session import State
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]


@pytest.fixture
def tokens(session):
    session.nearest.watch(True)
    return session.nearest


def expected(session, metric="cosine"):
    asked = session.nearest.question
    aim = combination(session.shown.rows, asked.blend.ids, asked.blend.weights)
    return nearest(session.shown.rows, aim, asked.count, metric, asked.blend.ids)


def answered(qtbot, session):
    """Wait until the answer is about the step and the question of now."""

    def is_of_now():
        answer = session.nearest.answer
        return (
            answer is not None
            and answer.step == session.shown.step
            and answer.question == session.nearest.question
        )

    wait(qtbot, is_of_now)
    return session.nearest.answer


def same(found, other):
    return found.ids.tolist() == other.ids.tolist() and np.array_equal(found.values, other.values)


def test_the_answer_follows_selection_metric_count_and_steps(session, tokens, qtbot):
    session.select((3,))
    assert answered(qtbot, session).found.ids[0] == 6  # “need” points as “you” does, of all most
    session.select((3, 4))
    tokens.set_metric("euclidean")
    tokens.set_count(2)
    answer = answered(qtbot, session)
    assert len(answer.found.ids) == 2
    assert same(answer.found, expected(session, "euclidean"))
    step_to(qtbot, session, 25)
    assert same(answered(qtbot, session).found, expected(session, "euclidean"))


def test_norms_are_kept_right_through_a_run(session, tokens, qtbot):
    # A wrong length of one row would change its cosine; every answer is held to a fresh one.
    session.select((3,))
    session.run()
    wait(qtbot, lambda: tokens.answer is not None and tokens.answer.step > 200)
    session.pause()
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert same(answered(qtbot, session).found, expected(session))
    session.set_cell(4, 0, 9.0)
    wait(qtbot, lambda: session.shown.rows[4, 0] == 9)
    wait(qtbot, lambda: same(tokens.answer.found, expected(session)))


def test_a_sum_is_asked_until_something_is_picked(session, tokens, qtbot):
    terms = parse("know - to + need")
    tokens.ask(terms, blend(terms, session.vocabulary))
    answer = answered(qtbot, session)
    assert answer.question.blend == Blend((4, 5, 6), (1, -1, 1))
    assert same(answer.found, expected(session))
    session.select((4,))
    assert tokens.sum is None
    assert answered(qtbot, session).question.blend == Blend((4,), (1.0,))
    tokens.ask(terms, blend(terms, session.vocabulary))
    tokens.forget_sum()  # back to what is picked
    assert answered(qtbot, session).question.blend == Blend((4,), (1.0,))


def test_a_mark_says_how_it_was(session, tokens, qtbot):
    session.select((3,))
    before = answered(qtbot, session).found
    tokens.mark()
    wait(qtbot, lambda: tokens.answer.marked_step == 0)
    step_to(qtbot, session, 60)
    answer = answered(qtbot, session)
    assert (answer.marked_step, tokens.marked_step) == (0, 0)
    assert same(answer.at_mark, before)
    assert not same(answer.found, before)
    tokens.forget_mark()
    assert (tokens.answer.marked_step, tokens.answer.at_mark) == (None, None)


def test_another_run_forgets_question_answer_and_mark(session, tokens, qtbot):
    session.select((3,))
    tokens.mark()
    wait(qtbot, lambda: tokens.answer is not None and tokens.answer.marked_step == 0)
    terms = parse("know - to")
    tokens.ask(terms, blend(terms, session.vocabulary))
    with qtbot.waitSignal(session.runStarted):
        session.open_example("small-world")
    assert (tokens.sum, tokens.marked_step) == (None, None)
    assert same(answered(qtbot, session).found, expected(session))


def test_nothing_is_computed_for_nobody(session, qtbot):
    session.select((3,))
    step_to(qtbot, session, 5)
    assert session.nearest.answer is None
    assert not session.nearest._worker.busy


def test_a_killed_engine_leaves_a_right_answer(session, tokens, qtbot):
    session.select((3,))
    step_to(qtbot, session, 40)
    answered(qtbot, session)
    os.kill(session.engine_process_id(), signal.SIGKILL)
    wait(qtbot, lambda: session.state is State.STARTING)
    wait(qtbot, lambda: session.state is State.PAUSED)
    step_to(qtbot, session, 60)
    assert same(answered(qtbot, session).found, expected(session))


def test_a_word_that_comes_is_among_the_answers(session, tokens, qtbot):
    session.select((3,))
    answered(qtbot, session)
    session.add_to_sentences("run")
    wait(qtbot, lambda: len(session.vocabulary) == 9)
    wait(qtbot, lambda: 8 in tokens.answer.found.ids)
    assert same(answered(qtbot, session).found, expected(session))
