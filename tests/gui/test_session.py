"""A session over a real engine: what is shown is torch's, edits are events, undo goes back."""

import numpy as np
import pytest
from msgspec.structs import replace

from core.config import Initialisation, ObjectiveConfig, OptimizerConfig
from core.presets import load_preset
from core.problems import CombinationRefused, NoLabels, OutOfBounds, TooMuchMemory
from core.trainer import Trainer
from gui.document import Document
from gui.session import Session, State
from tests.gui.sessions import PATIENCE_MS, session, step_to, wait

__all__ = ["session"]

ARTICLE = load_preset("article")


def trainer_of(session: Session) -> Trainer:
    """A trainer that begins where the session's run began."""
    import torch

    history = session.history
    values = None if history.values is None else torch.from_numpy(history.values.copy())
    return Trainer(history.first_config, history.first_corpus, values)


def test_opens_on_the_article_to_the_digit(session):
    assert session.text == ARTICLE.text
    assert session.line == "you need to run"
    assert [(token.text, token.id, token.known) for token in session.line_tokens] == [
        ("you", 3, True),
        ("need", 6, True),
        ("to", 5, True),
        ("run", 0, False),
    ]
    assert np.array_equal(session.shown.rows, ARTICLE.values)
    assert session.shown.rows.dtype == np.float32
    assert session.shown.step == 0
    assert len(session.shown.moved_ids) == len(session.shown.touched_ids) == 0


def test_what_is_shown_cannot_be_written(session):
    with pytest.raises(ValueError, match="read-only"):
        session.shown.rows[0, 0] = 1.0


def test_a_step_shows_torchs_rows_loss_and_moves(session, qtbot):
    trainer = trainer_of(session)
    report = trainer.step_and_report()
    step_to(qtbot, session, 1)
    shown = session.shown
    assert np.array_equal(shown.rows, trainer.table.weight.detach().numpy())
    assert session.losses.losses.tolist() == [report.loss]
    assert shown.touched_ids.tolist() == report.touched.tolist()
    assert shown.moved_ids.tolist() == report.moved.tolist()
    np.testing.assert_allclose(shown.moved_by, report.moved_by, rtol=1e-5)
    np.testing.assert_array_equal(shown.trained.targets.numpy(), report.batch.targets)


def test_the_points_are_those_of_the_rows_shown(session, qtbot):
    step_to(qtbot, session, 3)
    shown = session.shown
    projected = shown.projected
    by_hand = (shown.rows - projected.centre) @ projected.basis
    np.testing.assert_allclose(projected.points, by_hand, atol=1e-6)
    assert len(projected.moved_from) == len(shown.moved_ids)


def test_gradients_of_the_typed_and_picked_rows_come_along(session, qtbot):
    trainer = trainer_of(session)
    trainer.advance()
    step_to(qtbot, session, 1)
    weight_gradient = trainer.table.weight.grad.numpy()
    assert set(session.shown.gradients) == {3, 5, 6}  # you, to, need; `run` is <unk>: no gradient
    np.testing.assert_array_equal(session.shown.gradients[3], weight_gradient[3])
    session.select([7])  # how: asked for after the step, answered without another
    wait(qtbot, lambda: 7 in session.shown.gradients)
    np.testing.assert_array_equal(session.shown.gradients[7], weight_gradient[7])
    assert session.shown.step == 1


def test_running_shows_whole_steps_and_pausing_stops(session, qtbot):
    session.run()
    assert session.state is State.RUNNING
    wait(qtbot, lambda: session.shown.step > 50)
    session.pause()
    assert session.state is State.PAUSED
    trainer = trainer_of(session)

    def is_whole() -> bool:
        while trainer.step < session.shown.step:
            trainer.advance()
        return np.array_equal(session.shown.rows, trainer.table.weight.detach().numpy())

    assert is_whole()
    assert len(session.losses) == session.shown.step


def test_an_edit_appends_rows_and_keeps_the_trained_ones(session, qtbot):
    step_to(qtbot, session, 5)
    before = session.shown.rows.copy()
    session.add_to_sentences("run")
    assert session.text == "you need to know how to code\nyou need to run"
    wait(qtbot, lambda: len(session.vocabulary) == 9)
    assert len(session.shown.rows) == 9
    assert np.array_equal(session.shown.rows[:8], before)
    assert session.line_tokens[-1].id == 8
    assert session.shown.step == 5
    session.undo_stack.undo()
    wait(qtbot, lambda: len(session.vocabulary) == 8)
    assert session.text == ARTICLE.text
    assert np.array_equal(session.shown.rows, before)
    assert not session.line_tokens[-1].known


def test_a_word_that_vanishes_stays_until_the_vocabulary_is_rebuilt(session, qtbot):
    step_to(qtbot, session, 2)
    know = session.vocabulary.id("know")
    row = session.shown.rows[session.vocabulary.id("you")].copy()
    session.set_text("you need to code")
    wait(qtbot, lambda: session.vocabulary.is_vanished(know))
    assert len(session.shown.rows) == 8
    session.rebuild_vocabulary()
    wait(qtbot, lambda: len(session.vocabulary) == 6 and len(session.shown.rows) == 6)
    assert session.vocabulary.id("you") == 2
    assert np.array_equal(session.shown.rows[2], row)
    session.undo_stack.undo()
    wait(qtbot, lambda: len(session.vocabulary) == 8 and session.shown.step == 2)
    assert session.vocabulary.id("know") == know


def test_what_is_picked_stays_picked_by_token(session, qtbot):
    session.select([session.vocabulary.id("you"), session.vocabulary.id("know")])
    session.set_text("you need to code")
    session.rebuild_vocabulary()
    wait(qtbot, lambda: len(session.vocabulary) == 6)
    assert [session.vocabulary.token(id_) for id_ in session.selection] == ["you"]


def test_a_cell_is_edited_in_torch_and_taken_back(session, qtbot):
    session.set_cell(3, 0, 5.5)
    wait(qtbot, lambda: session.shown.rows[3, 0] == 5.5)
    assert session.shown.moved_ids.tolist() == [3]
    assert len(session.shown.touched_ids) == 0
    session.undo_stack.undo()
    wait(qtbot, lambda: session.shown.rows[3, 0] == np.float32(0.1))


def test_a_rate_changes_while_it_runs_and_is_one_step_of_undo(session, qtbot):
    session.run()
    for rate in (0.2, 0.3, 0.4):
        session.set_optimizer(replace(session.config.optimizer, rate=rate))
    wait(qtbot, lambda: session.config.optimizer.rate == 0.4)
    session.undo_stack.undo()
    wait(qtbot, lambda: session.config.optimizer.rate == 0.1)
    assert session.state is State.RUNNING


def test_settings_changed_one_upon_the_other_all_hold(session, qtbot):
    session.set_optimizer(OptimizerConfig("adam", 0.02))
    session.set_batch_size(5)
    assert session.config.optimizer == OptimizerConfig("adam", 0.02)  # asked for, not yet done
    session.set_objective(ObjectiveConfig("skip-gram"))
    step_to(qtbot, session, 1)
    assert session.config.optimizer == OptimizerConfig("adam", 0.02)
    assert session.config.batch_size == len(session.shown.trained.targets.numpy()) == 5


def test_a_change_made_while_it_runs_is_never_unsaid(session, qtbot):
    told = []
    session.configChanged.connect(lambda: told.append(session.config.batch_size))
    session.run()
    for size in range(20, 30):
        told.clear()
        session.set_batch_size(size)
        # Once made, the engine is ahead of the screen: at the next step shown nothing is told anew.
        wait(qtbot, lambda: bool(told))
        with qtbot.waitSignal(session.frameShown):
            pass
        assert set(told) == {size}


def test_what_torch_refuses_is_refused_beforehand(session, qtbot):
    with qtbot.waitSignal(session.problemRaised) as raised:
        session.set_optimizer(OptimizerConfig("sparse-adam"))
    assert raised.args[0] == CombinationRefused("sparse-adam", "needs-sparse-gradients")
    assert session.config.optimizer.name == "sgd"
    assert session.undo_stack.count() == 0


def test_a_batch_beyond_memory_is_refused_and_leaves_no_undo(session, qtbot):
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        session.set_batch_size(10**9)
    assert isinstance(raised.args[0], TooMuchMemory)
    assert session.undo_stack.count() == 0
    assert session.config.batch_size == 16
    step_to(qtbot, session, 1)


def test_reset_goes_back_to_step_0_and_undo_to_where_it_was(session, qtbot):
    step_to(qtbot, session, 7)
    rows = session.shown.rows.copy()
    session.reset()
    wait(qtbot, lambda: session.shown.step == 0)
    assert np.array_equal(session.shown.rows, ARTICLE.values)
    assert len(session.losses) == 0
    session.undo_stack.undo()
    wait(qtbot, lambda: session.shown.step == 7)
    assert np.array_equal(session.shown.rows, rows)
    assert len(session.losses) == 7


def test_sentences_without_labels_are_shown_and_said_so_at_the_first_step(session, qtbot):
    session.set_objective(ObjectiveConfig("sentence-label"))
    wait(qtbot, lambda: session.config.objective.name == "sentence-label")
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        session.run()
        session.step()
    assert raised.args[0] == NoLabels()
    wait(qtbot, lambda: session.state is State.PAUSED)
    session.set_text("ask\tyou need to know\nhow to code")
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        session.step()
    assert raised.args[0] == NoLabels(2)
    session.set_text("ask\tyou need to know\ntell\thow to code")
    step_to(qtbot, session, 1)


def test_another_dimension_draws_rows_and_given_rows_come_back(session, qtbot):
    session.set_table(replace(session.config.table, embedding_dim=5))
    wait(qtbot, lambda: session.shown.rows.shape == (8, 5))
    assert session.config.table.initialisation.name == "normal"
    assert not session.shown.rows[1].any()  # padding_idx
    given = Initialisation("given")
    session.set_table(replace(session.config.table, embedding_dim=3, initialisation=given))
    wait(qtbot, lambda: session.shown.rows.shape == (8, 3))
    assert np.array_equal(session.shown.rows, ARTICLE.values)


def test_given_rows_where_none_are_given_is_refused(session, qtbot):
    session.open_example("labelled")
    wait(qtbot, lambda: session.text == load_preset("labelled").text)
    with qtbot.waitSignal(session.problemRaised) as raised:
        table = replace(session.config.table, initialisation=Initialisation("given"))
        session.set_table(table)
    assert isinstance(raised.args[0], OutOfBounds)


def test_opening_changes_everything_at_once_and_can_be_undone(session, qtbot):
    step_to(qtbot, session, 4)
    rows = session.shown.rows.copy()
    session.open_example("small-world")
    assert len(session.vocabulary) == 8  # until the new table is there
    with qtbot.waitSignal(session.runStarted, timeout=PATIENCE_MS):
        pass
    assert len(session.vocabulary) == len(session.shown.rows) > 30
    assert session.line == load_preset("small-world").line
    assert all(token.id < len(session.shown.rows) for token in session.line_tokens)
    session.undo_stack.undo()
    wait(qtbot, lambda: len(session.shown.rows) == 8)
    assert session.shown.step == 4
    assert np.array_equal(session.shown.rows, rows)


def test_a_document_opens_with_what_suits_its_size_and_labels(session, qtbot):
    text = "good\tI like it\nbad\tI hate it"
    vocabulary = session.vocabulary.build(["I like it", "I hate it"])
    session.show_document(Document.of(text, vocabulary))
    wait(qtbot, lambda: session.text == text and len(session.shown.rows) == 6)
    assert session.config.objective.name == "sentence-label"
    assert session.line == "I like it"
    step_to(qtbot, session, 2)


def test_an_empty_text_is_shown_and_can_be_typed_into(session, qtbot):
    session.set_text("")
    session.set_text("run fast")
    wait(qtbot, lambda: len(session.vocabulary) == 10)
    step_to(qtbot, session, 1)


def test_three_dimensions_and_held_axes(session, qtbot):
    session.set_dimensions(3)
    wait(qtbot, lambda: session.shown.projected.points.shape == (8, 3))
    assert session.shown.projected.policy == "plain"
    session.set_dimensions(2)
    session.set_axes("held")
    wait(qtbot, lambda: session.shown.projected.policy == "held")
    assert session.shown.step == 0


def test_the_speed_limits_the_steps(session, qtbot):
    session.set_speed(5.0)
    session.run()
    wait(qtbot, lambda: session.shown.step >= 3)
    session.pause()
    assert session.speed == 5.0
    assert session.shown.step < 20
