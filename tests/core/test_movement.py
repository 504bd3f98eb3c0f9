"""Why a row moved: the parts add up to what torch did, and each is what its name says."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch.nn import functional

from core.config import Dtype, ObjectiveConfig, OptimizerConfig, RunConfig
from core.messages import Edit, SetBatchSize, SetCell, SetOptimizer
from core.movement.parts import Movement, Part
from core.movement.recorded import record_nothing, record_step
from core.trainer import Trainer
from tests.core.corpora import ROWS, corpus, run_config
from tests.core.edits import set_row

pytestmark = pytest.mark.usefixtures("one_thread")

UNSEEN = 11  # never in the sentences
OPTIMIZERS = {
    "sgd": OptimizerConfig("sgd", 0.1),
    "sgd-decay": OptimizerConfig("sgd", 0.1, weight_decay=0.05),
    "sgd-momentum": OptimizerConfig("sgd", 0.1, 0.9),
    "sgd-momentum-decay": OptimizerConfig("sgd", 0.1, 0.9, weight_decay=0.05),
    "sgd-nesterov": OptimizerConfig("sgd", 0.1, 0.9, nesterov=True),
    "sgd-nesterov-decay": OptimizerConfig("sgd", 0.1, 0.9, nesterov=True, weight_decay=0.05),
    "adam": OptimizerConfig("adam", 0.01),
    "adam-decay": OptimizerConfig("adam", 0.01, weight_decay=0.05),
    "adamw": OptimizerConfig("adamw", 0.01, weight_decay=0.05),
    "adagrad": OptimizerConfig("adagrad", 0.1),
    "adagrad-decay": OptimizerConfig("adagrad", 0.1, weight_decay=0.05),
}
SPARSE = {
    "sparse-sgd": OptimizerConfig("sgd", 0.1),
    "sparse-adam": OptimizerConfig("sparse-adam", 0.01),
    "sparse-adagrad": OptimizerConfig("adagrad", 0.1),
}


def with_dtype(config: RunConfig, dtype: Dtype) -> RunConfig:
    return replace(config, table=replace(config.table, dtype=dtype))


def now(trainer: Trainer, ids: Sequence[int]) -> np.ndarray:
    return trainer.table.weight.detach()[list(ids)].numpy()


def step(trainer: Trainer, ids: Sequence[int] = range(ROWS), *edits: Edit) -> dict[int, Movement]:
    """The movements of `ids` in one step, and in `edits` after it."""
    _, recorded = record_step(trainer, ids)
    for edit in edits:
        trainer.apply(edit)
    return {each.id: each for each in recorded.movements(now(trainer, ids), edits)}


@pytest.mark.parametrize("objective", ["next-word", "cbow", "skip-gram", "sentence-label"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [*OPTIMIZERS, *SPARSE])
def test_the_parts_add_up_to_the_change(name: str, dtype: Dtype, objective: str) -> None:
    optimizer = {**OPTIMIZERS, **SPARSE}[name]
    head = ObjectiveConfig(objective)  # type: ignore[arg-type] - a name
    config = with_dtype(run_config(head, optimizer, batch_size=3, sparse=name in SPARSE), dtype)
    trainer, plain = Trainer(config, corpus()), Trainer(config, corpus())
    moved = set()
    for _ in range(12):
        before = now(trainer, range(ROWS))
        movements = step(trainer)
        plain.advance()
        assert torch.equal(trainer.table.weight, plain.table.weight)  # it only looks
        for id_, movement in movements.items():
            assert np.array_equal(movement.before, before[id_])
            assert np.array_equal(movement.after, now(trainer, [id_])[0])
            assert movement.is_explained, (id_, movement.residual, movement.rounding)
            # Some 20 ulps of a row whose norm is about 2.
            assert np.abs(movement.residual).max() < 20 * 2 * np.finfo(dtype).eps
            total = sum(movement.along(part) for part in movement.parts.values())
            assert total == pytest.approx(np.linalg.norm(movement.change), abs=1e-5)
            if movement.change.any():
                moved.add(id_)
    assert {3, 4, 5} <= moved


@pytest.mark.parametrize("name", ["sgd", "sparse-sgd"])
def test_plain_sgd_moves_by_the_gradient_alone(name: str) -> None:
    config = run_config(optimizer=OptimizerConfig("sgd", 0.1), sparse=name in SPARSE)
    trainer = Trainer(config, corpus())
    movements = step(trainer)
    assert all(list(each.parts) == ["gradient"] for each in movements.values())
    rows = trainer.table.gradient_rows(torch.arange(ROWS)).double().numpy()
    for id_, movement in movements.items():
        assert movement.parts["gradient"] == pytest.approx(-0.1 * rows[id_])
    assert not movements[UNSEEN].parts["gradient"].any()


def row_of(value: float) -> torch.Tensor:
    return torch.full((ROWS, 4), value)


def given(optimizer: OptimizerConfig, **settings: object) -> Trainer:
    """A trainer whose rows are all ones."""
    initialisation = replace(run_config().table.initialisation, name="given")
    config = run_config(optimizer=optimizer, initialisation=initialisation, **settings)
    return Trainer(config, corpus(), row_of(1.0))


@pytest.mark.parametrize(
    ("optimizer", "decay"),
    [
        # lr · λ · θ = 0.1 · 0.05 · 1; Nesterov takes 1.9 times as much.
        (OPTIMIZERS["sgd-decay"], -0.005),
        (OPTIMIZERS["sgd-momentum-decay"], -0.005),
        (OPTIMIZERS["sgd-nesterov-decay"], -0.0095),
        # Adam divides the decay, which is all of the gradient here, by its own size: −lr.
        (OPTIMIZERS["adam-decay"], -0.01),
        (OPTIMIZERS["adamw"], -0.0005),  # lr · λ · θ = 0.01 · 0.05
        (OPTIMIZERS["adagrad-decay"], -0.1),  # as Adam
    ],
)
def test_decay_moves_a_row_that_is_not_in_the_batch(
    optimizer: OptimizerConfig, decay: float
) -> None:
    movement = step(given(optimizer))[UNSEEN]
    assert movement.parts["decay"] == pytest.approx([decay] * 4, rel=1e-6)
    assert not movement.parts["gradient"].any()
    assert not movement.parts.get("momentum", np.zeros(4)).any()
    assert movement.change == pytest.approx([decay] * 4, rel=1e-4)


@pytest.mark.parametrize("name", ["sgd-momentum", "sgd-nesterov", "adam", "adamw"])
def test_after_its_gradients_stop_momentum_moves_a_row(name: str) -> None:
    trainer = Trainer(run_config(optimizer=OPTIMIZERS[name], batch_size=40), corpus())
    for _ in range(3):
        assert step(trainer)[4].parts["gradient"].any()
    trainer.apply(SetBatchSize(1))
    unseen = [each for _ in range(5) for each in step(trainer).values()]
    inert = [each for each in unseen if not each.parts["gradient"].any() and each.id != 1]
    # id 11 is never seen; the pad has no gradient; all others of 12 were, and 1 is in the batch.
    moved = [each for each in inert if each.parts["momentum"].any()]
    assert len(moved) >= 5 * 8
    for movement in moved:
        decay = movement.parts.get("decay", np.zeros(4))
        assert movement.change == pytest.approx(movement.parts["momentum"] + decay, abs=1e-6)


def test_momentum_is_that_of_the_step_before() -> None:
    """Two steps of plain arithmetic: b₁ = g₁, b₂ = μb₁ + g₂, and only μb₁ is momentum."""
    trainer = Trainer(run_config(optimizer=OPTIMIZERS["sgd-momentum"]), corpus())
    trainer.advance()
    first = trainer.table.gradient_rows(torch.arange(ROWS)).double().numpy()
    for id_, movement in step(trainer).items():
        assert movement.parts["momentum"] == pytest.approx(-0.1 * 0.9 * first[id_])


def test_momentum_that_is_turned_off_is_no_part() -> None:
    trainer = Trainer(run_config(optimizer=OPTIMIZERS["sgd-momentum"]), corpus())
    trainer.advance()
    trainer.apply(SetOptimizer(OPTIMIZERS["sgd-decay"]))
    for movement in step(trainer).values():
        assert list(movement.parts) == ["decay", "gradient"]
        assert movement.is_explained
    trainer.apply(SetOptimizer(OPTIMIZERS["sgd-momentum"]))  # it goes on with the old buffer
    assert any(each.parts["momentum"].any() for each in step(trainer).values())


def test_adamw_leaves_a_zero_row_exactly_zero() -> None:
    trainer = Trainer(run_config(optimizer=OPTIMIZERS["adamw"]), corpus())
    for _ in range(5):
        pad = step(trainer)[1]
        assert not pad.after.any()
        assert not any(part.any() for part in pad.parts.values())
        assert not pad.residual.any()


def test_a_row_that_sparse_adam_does_not_see_stands_still() -> None:
    config = run_config(optimizer=SPARSE["sparse-adam"], sparse=True, batch_size=1)
    trainer = Trainer(config, corpus())
    for _ in range(5):
        movements = step(trainer)
        still = [each for each in movements.values() if not each.change.any()]
        assert len(still) == ROWS - 1
        assert not any(part.any() for each in still for part in each.parts.values())


@pytest.mark.parametrize("sparse", [False, True])
def test_max_norm_is_a_part_of_rows_that_were_looked_up(sparse: bool) -> None:
    config = run_config(optimizer=OptimizerConfig("sgd", 0.1), max_norm=0.5, sparse=sparse)
    trainer = Trainer(config, corpus())
    before = now(trainer, range(ROWS)).astype(np.float64)
    movements = step(trainer)
    assert trainer.batch is not None
    looked_up = set(trainer.batch.inputs.tolist())
    assert 0 < len(looked_up) < ROWS
    for id_, movement in movements.items():
        snapped = before[id_] + movement.parts["max-norm"]
        norm = np.linalg.norm(before[id_])
        if id_ in looked_up and norm > 0.5:
            assert np.linalg.norm(snapped) == pytest.approx(0.5, rel=1e-5)
            assert snapped / 0.5 == pytest.approx(before[id_] / norm, rel=1e-5)
        else:
            assert not movement.parts["max-norm"].any()
        assert movement.is_explained


def test_max_norm_shortens_a_pad_that_is_looked_up() -> None:
    """Ragged windows are filled with pads; a row of four ones has the norm 2."""
    config = ObjectiveConfig("cbow")
    movement = step(given(OptimizerConfig("sgd", 0.1), objective=config, max_norm=0.5))[1]
    assert movement.parts["max-norm"] == pytest.approx([-0.75] * 4, rel=1e-6)  # to 0.5 / 2
    assert not movement.parts["gradient"].any()
    assert movement.is_explained


def test_an_edit_after_the_step_is_a_part_of_its_own() -> None:
    trainer = Trainer(run_config(), corpus())
    cells = (SetCell(4, 2, 3.0), SetCell(4, 2, 5.0), SetCell(5, 0, 0.0))
    rows = (set_row(7, 1, 1, 1, 1), set_row(7, 0, 0, 0, 0), SetCell(7, 3, 2.0))
    movements = step(trainer, range(ROWS), *cells, *rows)
    after_step = movements[4].after - movements[4].parts["edit"]
    assert movements[4].after[2] == 5
    assert np.flatnonzero(movements[4].parts["edit"]).tolist() == [2]
    assert after_step == pytest.approx(movements[4].before + movements[4].parts["gradient"])
    assert movements[5].after[0] == 0
    assert movements[7].after.tolist() == [0, 0, 0, 2]
    assert movements[7].parts["edit"].all()
    assert not movements[6].parts["edit"].any()
    assert all(each.is_explained for each in movements.values())


def test_an_edit_before_any_step_is_all_there_is() -> None:
    trainer = Trainer(run_config(), corpus())
    recorded = record_nothing(trainer, [4, 99])
    edit = SetCell(4, 1, 2.5)
    trainer.apply(edit)
    (movement,) = recorded.movements(now(trainer, [4]), [edit])
    assert list(movement.parts) == ["edit"]
    assert movement.change[1] == 2.5 - float(movement.before[1])
    assert movement.is_explained


@pytest.mark.parametrize("write", [1e-5, 1.0, float("nan")])
def test_an_outside_write_is_left_over(write: float) -> None:
    trainer = Trainer(run_config(optimizer=OPTIMIZERS["adam"]), corpus())
    _, recorded = record_step(trainer, [4, 5])
    with torch.no_grad():
        trainer.table.weight[4, 3] += write
    written, untouched = recorded.movements(now(trainer, [4, 5]), [])
    assert not written.is_explained
    assert written.residual[3] == pytest.approx(write, rel=0.05, nan_ok=True)
    assert np.abs(written.residual[:3]).max() < 1e-6
    assert untouched.is_explained
    assert written.is_finite == np.isfinite(write)


def test_half_precision_is_explained_too() -> None:
    optimizer = OptimizerConfig("sgd", 0.1, 0.9, weight_decay=0.05)
    trainer = Trainer(with_dtype(run_config(optimizer=optimizer), "float16"), corpus())
    for _ in range(5):
        assert all(each.is_explained for each in step(trainer).values())


def test_rows_that_are_not_there_are_left_out() -> None:
    trainer = Trainer(run_config(), corpus())
    _, recorded = record_step(trainer, [99, 4, -1])
    assert recorded.ids == (4,)


@pytest.mark.parametrize("by_frequency", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_tied_output_weights_are_a_part(name: str, dtype: Dtype, by_frequency: bool) -> None:
    objective = ObjectiveConfig("next-word", tied=True)
    config = with_dtype(run_config(objective, OPTIMIZERS[name], batch_size=6), dtype)
    config = replace(config, table=replace(config.table, scale_grad_by_freq=by_frequency))
    trainer, plain = Trainer(config, corpus()), Trainer(config, corpus())
    for _ in range(12):
        weight = trainer.table.weight.detach().clone().requires_grad_()
        bias = trainer.state()["objective.head.bias"].clone()
        movements = step(trainer)
        plain.advance()
        assert torch.equal(trainer.table.weight, plain.table.weight)  # it only looks
        # The gradient of the output weights alone, by cutting the way through the lookup off.
        assert trainer.batch is not None
        vectors = weight.detach()[trainer.batch.inputs]
        logits = functional.linear(vectors, weight, bias)
        functional.cross_entropy(logits, trainer.batch.targets).backward()
        assert weight.grad is not None
        for id_, movement in movements.items():
            assert movement.is_explained, (id_, movement.residual, movement.rounding)
            assert np.abs(movement.residual).max() < 20 * 2 * np.finfo(dtype).eps
            if name == "sgd":
                expected = -0.1 * weight.grad[id_].double().numpy()
                assert movement.parts["tied"] == pytest.approx(expected, abs=1e-7)
        # The softmax pushes the pad and the unseen word, which no lookup brings a gradient.
        for id_ in (1, UNSEEN):
            parts: dict[Part, np.ndarray] = dict(movements[id_].parts)
            assert parts["tied"].any()
            assert not parts["gradient"].any()
        looked_up = sorted(set(trainer.batch.inputs.tolist()))
        assert all(movements[id_].parts["gradient"].any() for id_ in looked_up)
