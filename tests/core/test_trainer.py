"""One whole step: what it reports, and that it can be done again to the bit."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.config import (
    OPTIMIZERS,
    Initialisation,
    ObjectiveConfig,
    OptimizerConfig,
    OptimizerName,
    RunConfig,
    TableConfig,
)
from core.messages import Change, SetBatchSize, SetCell, SetCorpus, SetOptimizer
from core.problems import AnyProblem, IdOutOfRange, NoExamples, OutOfBounds, ProblemError
from core.trainer import StepReport, Trainer
from tests.core.corpora import LABELS, ROWS, SENTENCES, corpus, encoded, run_config
from tests.core.edits import set_row
from tests.fresh_process import loaded_by

pytestmark = pytest.mark.usefixtures("one_thread")

LARGEST = torch.finfo(torch.float32).max
OBJECTIVES = [ObjectiveConfig("next-word"), ObjectiveConfig("cbow"), ObjectiveConfig("skip-gram")]
OBJECTIVES += [ObjectiveConfig("sentence-label")]


def advanced(trainer: Trainer, steps: int) -> Trainer:
    for _ in range(steps):
        trainer.advance()
    return trainer


def weight(trainer: Trainer) -> Tensor:
    return trainer.table.weight.detach()


# ── by hand, on a table of three rows and two columns ─────────────────────────────────────────


def by_hand(optimizer: OptimizerConfig, padding_idx: int | None = None) -> Trainer:
    """Row 0 alone is looked up; its loss is −log(e^score₁ / Σ e^score) with the head below."""
    table = TableConfig(3, 2, padding_idx=padding_idx, initialisation=Initialisation("given"))
    config = RunConfig(table, ObjectiveConfig("next-word"), optimizer, batch_size=1)
    values = torch.tensor([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]])
    trainer = Trainer(config, encoded([[0, 1]], pad_id=0), values)
    with torch.no_grad():
        head = trainer._objective.head
        head.weight.copy_(torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 6.0]]))
        head.bias.zero_()
    return trainer


def test_one_step_of_sgd_by_hand() -> None:
    report = by_hand(OptimizerConfig("sgd", 0.5)).step_and_report()
    # Row 0 is zero, so all three scores are 0 and each probability is 1/3: loss log 3.
    # Gradient of the scores: (1/3, 1/3 − 1, 1/3); of the row, that times the head:
    # (3 · −2/3, 6 · 1/3) = (−2, 2), of norm √8. Rate 0.5: the row moves by (1, −1), norm √2.
    assert report.step == 1
    assert report.loss == pytest.approx(math.log(3))
    assert report.touched.tolist() == [0]
    assert report.gradient_norms.tolist() == pytest.approx([math.sqrt(8)])
    assert report.moved.tolist() == [0]
    assert report.moved_by.tolist() == pytest.approx([math.sqrt(2)])
    assert report.batch.inputs.tolist() == [0]
    assert report.batch.targets.tolist() == [1]


def test_the_row_after_one_step_by_hand() -> None:
    trainer = by_hand(OptimizerConfig("sgd", 0.5))
    trainer.step_and_report()
    expected = torch.tensor([[1.0, -1.0], [3.0, 4.0], [1.0, 1.0]])
    torch.testing.assert_close(weight(trainer), expected)


def test_weight_decay_moves_what_was_not_touched() -> None:
    report = by_hand(OptimizerConfig("sgd", 0.5, weight_decay=0.1)).step_and_report()
    assert report.touched.tolist() == [0]
    assert report.moved.tolist() == [0, 1, 2]
    # Row 1 shrinks by 0.5 · 0.1 of its norm 5, row 2 by as much of √2.
    assert report.moved_by[1:].tolist() == pytest.approx([0.25, 0.05 * math.sqrt(2)])


def test_the_row_at_padding_idx_is_looked_up_but_never_touched() -> None:
    trainer = by_hand(OptimizerConfig("sgd", 0.5), padding_idx=0)
    trainer.advance()
    looked_up, touched = trainer.table.lookups.take()
    assert (looked_up.tolist(), touched.tolist()) == ([0], [])
    report = trainer.step_and_report()
    assert report.touched.tolist() == report.moved.tolist() == []
    assert report.gradient_norms.tolist() == report.moved_by.tolist() == []


def test_a_touched_row_with_rate_zero_does_not_move() -> None:
    report = by_hand(OptimizerConfig("sgd", 0.0)).step_and_report()
    assert report.touched.tolist() == [0]
    assert report.gradient_norms.tolist() == pytest.approx([math.sqrt(8)])
    assert report.moved.tolist() == []


# ── touched is not moved ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("optimizer", "goes_on"),
    [
        (OptimizerConfig("sgd", 0.1), False),
        (OptimizerConfig("sgd", 0.1, momentum=0.9), True),
        (OptimizerConfig("adam", 0.1), True),
        (OptimizerConfig("adamw", 0.1), True),
        (OptimizerConfig("adagrad", 0.1), False),
    ],
)
def test_what_goes_on_moving_without_a_gradient(optimizer: OptimizerConfig, goes_on: bool) -> None:
    trainer = Trainer(run_config(optimizer=optimizer), encoded([[2, 3]]))
    trainer.advance()
    trainer.apply(SetCorpus(encoded([[4, 5]]), ROWS))
    report = trainer.step_and_report()
    assert report.touched.tolist() == [4]
    assert report.moved.tolist() == ([2, 4] if goes_on else [4])


def test_sparse_adam_moves_only_what_was_touched() -> None:
    config = run_config(optimizer=OptimizerConfig("sparse-adam", 0.1), sparse=True)
    trainer = Trainer(config, encoded([[2, 3]]))
    trainer.advance()
    trainer.apply(SetCorpus(encoded([[4, 5]]), ROWS))
    report = trainer.step_and_report()
    assert report.touched.tolist() == report.moved.tolist() == [4]


def test_max_norm_moves_what_was_looked_up() -> None:
    trainer = by_hand(OptimizerConfig("sgd", 0.0))
    trainer.table.layer.max_norm = 0.5
    trainer.apply(SetCorpus(encoded([[1, 2]], pad_id=0), 3))
    report = trainer.step_and_report()
    # [3, 4] of norm 5 becomes about [0.3, 0.4], though the rate is 0.
    assert report.moved.tolist() == [1]
    assert report.moved_by.tolist() == pytest.approx([4.5], rel=1e-4)


def test_moved_is_told_by_bits() -> None:
    trainer = by_hand(OptimizerConfig("sgd", 0.5))
    for column, value in enumerate((math.nan, -0.0)):
        trainer.apply(SetCell(2, column, value))
    report = trainer.step_and_report()
    assert report.moved.tolist() == [0]  # row 2 is NaN, as it was


@pytest.mark.parametrize("sparse", [False, True])
def test_a_batch_of_nothing_but_padding(sparse: bool) -> None:
    report = Trainer(run_config(sparse=sparse), encoded([[1, 1]])).step_and_report()
    assert report.touched.tolist() == report.moved.tolist() == []


# ── the same bits ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda each: each.name)
def test_the_same_bits_however_the_steps_are_grouped(objective: ObjectiveConfig) -> None:
    config = run_config(objective, OptimizerConfig("adam", 0.01))
    plain = advanced(Trainer(config, corpus()), 30)
    reported = Trainer(config, corpus())
    reports = [reported.step_and_report() for _ in range(30)]
    assert torch.equal(weight(plain), weight(reported))
    assert [each.step for each in reports] == list(range(1, 31))


def test_another_seed_is_another_run() -> None:
    first, second = (advanced(Trainer(run_config(seed=s), corpus()), 3) for s in (0, 1))
    assert not torch.equal(weight(first), weight(second))


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda each: each.name)
def test_the_state_is_all_that_training_changes(
    objective: ObjectiveConfig, name: OptimizerName
) -> None:
    config = run_config(objective, OptimizerConfig(name, 0.01), sparse=name == "sparse-adam")
    trainer = advanced(Trainer(config, corpus()), 10)
    state = {key: value.clone() for key, value in trainer.state().items()}
    again = Trainer(config, corpus())
    again.load_state(10, state)
    assert torch.equal(weight(again), weight(trainer))
    assert [again.advance() for _ in range(10)] == [trainer.advance() for _ in range(10)]
    assert torch.equal(weight(again), weight(trainer))


CHANGES = st.one_of(
    st.builds(set_row, st.integers(0, 9), *4 * [st.floats(-1, 1)]),
    st.builds(SetBatchSize, st.integers(1, 9)),
    st.builds(SetCell, st.integers(0, 9), st.integers(0, 3), st.floats(-1, 1)),
    st.sampled_from([0.1, 0.01]).map(lambda rate: SetOptimizer(OptimizerConfig("sgd", rate))),
    st.just(SetOptimizer(OptimizerConfig("sgd", 0.1, momentum=0.9))),
    st.just(SetOptimizer(OptimizerConfig("adam", 0.01))),
    st.integers(ROWS, 20).map(lambda rows: SetCorpus(encoded([*SENTENCES, [rows - 1, 2]]), rows)),
)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), CHANGES), max_size=5))
def test_a_history_can_be_repeated_from_any_state(history: list[tuple[int, Change]]) -> None:
    trainer = Trainer(run_config(), encoded(SENTENCES))
    for steps, change in history:
        advanced(trainer, steps).apply(change)
    advanced(trainer, 2)
    repeated = Trainer(run_config(), encoded(SENTENCES))
    for steps, change in history:
        advanced(repeated, steps)
        state = {key: value.clone() for key, value in repeated.state().items()}
        repeated.load_state(repeated.step, state)
        repeated.apply(change)
    assert torch.equal(weight(advanced(repeated, 2)), weight(trainer))


# ── changes on the way ────────────────────────────────────────────────────────────────────────


def test_another_rate_keeps_the_optimizer_state() -> None:
    trainer = advanced(Trainer(run_config(optimizer=OptimizerConfig("adam", 0.01)), corpus()), 3)
    before = trainer.state()["optimizer.0.0.exp_avg"].clone()
    trainer.apply(SetOptimizer(OptimizerConfig("adam", 0.0)))
    assert torch.equal(trainer.state()["optimizer.0.0.exp_avg"], before)
    assert trainer.step_and_report().moved.tolist() == []
    assert trainer.config.optimizer.rate == 0.0


def test_another_algorithm_starts_afresh() -> None:
    trainer = advanced(Trainer(run_config(optimizer=OptimizerConfig("adam", 0.01)), corpus()), 3)
    trainer.apply(SetOptimizer(OptimizerConfig("sgd", 0.1)))
    assert not any(name.startswith("optimizer.") for name in trainer.state())


def test_the_batch_size_is_that_of_the_next_step() -> None:
    trainer = Trainer(run_config(batch_size=4), corpus())
    assert len(trainer.step_and_report().batch.inputs) == 4
    trainer.apply(SetBatchSize(7))
    assert len(trainer.step_and_report().batch.inputs) == 7


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (SetBatchSize(0), OutOfBounds("batch_size", 0, low=1)),
        (SetCell(ROWS, 0, 1.0), OutOfBounds("row", ROWS, 0, ROWS - 1)),
        (SetCell(-1, 0, 1.0), OutOfBounds("row", -1, 0, ROWS - 1)),
        (SetCell(0, 4, 1.0), OutOfBounds("column", 4, 0, 3)),
        (SetCell(0, 0, 1e39), OutOfBounds("value", 1e39, -LARGEST, LARGEST)),
        (SetCorpus(encoded([[2, 12]]), ROWS), IdOutOfRange(12, 1, ROWS)),
        (SetCorpus(encoded([[0]]), 1), OutOfBounds("padding_idx", 1, -1, 0)),
        (SetCorpus(encoded([]), 0), OutOfBounds("num_embeddings", 0, low=1)),
        (SetCorpus(encoded([[0]], pad_id=30), 20), IdOutOfRange(30, 0, 20)),
        (SetOptimizer(OptimizerConfig("sgd", -1.0)), OutOfBounds("rate", -1.0, low=0)),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(change: Change, problem: AnyProblem) -> None:
    trainer = advanced(Trainer(run_config(), corpus()), 2)
    untouched = advanced(Trainer(run_config(), corpus()), 4)
    with pytest.raises(ProblemError) as raised:
        trainer.apply(change)
    assert raised.value.problem == problem
    assert trainer.config == run_config()
    assert torch.equal(weight(advanced(trainer, 2)), weight(untouched))


def test_without_examples_a_step_is_refused_and_not_counted() -> None:
    trainer = Trainer(run_config(), encoded([[2]]))
    with pytest.raises(ProblemError) as raised:
        trainer.advance()
    assert raised.value.problem == NoExamples("next-word")
    assert trainer.step == 0


# ── growth ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda each: each.name)
def test_what_stays_keeps_its_bits_and_its_optimizer_state(
    objective: ObjectiveConfig, name: OptimizerName
) -> None:
    config = run_config(objective, OptimizerConfig(name, 0.01), sparse=name == "sparse-adam")
    trainer = advanced(Trainer(config, corpus()), 5)
    before = {key: value.clone() for key, value in trainer.state().items()}
    trainer.apply(SetCorpus(encoded([*SENTENCES, [15, 14]], [*LABELS, 0]), 16))
    grown = trainer.state()
    assert grown.keys() == before.keys()
    for key, value in before.items():
        kept = grown[key][: len(value)] if value.dim() else grown[key]
        assert torch.equal(kept, value), key
        if key.startswith("optimizer."):
            fresh = grown[key][len(value) :] if value.dim() else torch.empty(0)
            assert not fresh.any(), key
    assert len(weight(trainer)) == 16
    assert weight(trainer)[ROWS:].any(1).all()
    trainer.apply(SetCorpus(corpus(), ROWS))
    assert all(torch.equal(trainer.state()[key], value) for key, value in before.items())


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw", "adagrad", "sparse-adam"])
def test_growth_leaves_training_that_does_not_see_it_as_it_was(name: OptimizerName) -> None:
    # The head of sentence-label does not depend on the number of rows, so nothing else changes.
    optimizer = OptimizerConfig(name, 0.01)
    config = run_config(ObjectiveConfig("sentence-label"), optimizer, sparse=name == "sparse-adam")
    never = advanced(Trainer(config, corpus()), 20)
    grown = advanced(Trainer(config, corpus()), 10)
    grown.apply(SetCorpus(corpus(), 30))
    advanced(grown, 10)
    assert torch.equal(weight(grown)[:ROWS], weight(never))


def test_appended_rows_train() -> None:
    trainer = advanced(Trainer(run_config(optimizer=OptimizerConfig("adam", 0.01)), corpus()), 5)
    trainer.apply(SetCorpus(encoded([[14, 13]]), 15))
    report: StepReport = trainer.step_and_report()
    assert report.touched.tolist() == [14]
    assert 14 in report.moved.tolist()
    assert trainer.table.lookup([14]).shape == (1, 4)


def test_growing_again_after_an_undo_draws_the_same_rows() -> None:
    trainer = advanced(Trainer(run_config(), corpus()), 5)
    drawn = []
    for _ in range(2):
        trainer.apply(SetCorpus(corpus(), 15))
        drawn.append(weight(trainer)[ROWS:].clone())
        trainer.apply(SetCorpus(corpus(), ROWS))
    assert torch.equal(*drawn)


def test_what_it_trained_on_as_a_message() -> None:
    trainer = Trainer(run_config(ObjectiveConfig("skip-gram", negatives=3)), corpus())
    assert trainer.trained() is None
    report = trainer.step_and_report()
    trained = trainer.trained()
    assert trained is not None
    assert trained.inputs.numpy().tolist() == [[each] for each in report.batch.inputs.tolist()]
    assert trained.targets.numpy().tolist() == report.batch.targets.tolist()
    assert trained.negatives is not None
    assert trained.negatives.shape == (8, 3)
    assert trained.mask is None


# ── what the first step would make, and what can be made before it ───────────────────────────


def test_a_table_is_there_before_the_compiler_is_loaded() -> None:
    """It takes as long to load as torch itself, and only an optimizer has torch load it."""
    begun = (
        "from core.trainer import Trainer\n"
        "from tests.core.corpora import corpus, run_config\n"
        "trainer = Trainer(run_config(), corpus())\n"
        "assert trainer.table.weight.shape[0] > 0 and not trainer.is_prepared\n"
    )
    assert loaded_by(begun, "torch._dynamo") == set()
    assert loaded_by(f"{begun}trainer.prepare()", "torch._dynamo") == {"torch._dynamo"}


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "sparse-adam"])
@pytest.mark.parametrize("other", ["sgd", "adagrad"])
def test_it_is_all_one_when_the_optimizers_are_made(
    name: OptimizerName, other: OptimizerName
) -> None:
    """What changes before the first step gives the same bits, whether or not they were there."""
    larger = encoded([*SENTENCES, [ROWS, 2, ROWS + 1]], [*LABELS, 0])
    changes = [
        SetOptimizer(OptimizerConfig(other, 0.3)),
        SetOptimizer(OptimizerConfig(name, 0.2, weight_decay=0.01)),
        SetCorpus(larger, ROWS + 2),
    ]
    early, late = (Trainer(run_config(), corpus()) for _ in range(2))
    early.prepare()
    for change in changes:
        early.apply(change)
        late.apply(change)
    assert early.is_prepared
    assert not late.is_prepared
    assert torch.equal(weight(advanced(early, 20)), weight(advanced(late, 20)))
