"""What each objective draws and how it scores it, by hand on small corpora."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, Tensor

from core.config import POOLINGS, Initialisation, ObjectiveConfig, Pooling, TableConfig
from core.messages import EncodedCorpus
from core.objectives import Batch, FlatCorpus, Objective, make_objective, masked_mean, pool
from core.problems import AnyProblem, NoExamples, NoLabels, OutOfBounds, ProblemError, TooMuchMemory
from core.table import EmbeddingTable
from tests.core.corpora import encoded

SENTENCES = st.lists(st.lists(st.integers(2, 9), max_size=6), min_size=1, max_size=6)


def objective(config: ObjectiveConfig, corpus: EncodedCorpus, **settings: object) -> Objective:
    torch.manual_seed(0)
    table = EmbeddingTable(TableConfig(10, 2, **settings))  # type: ignore[arg-type] - any
    return make_objective(config, table, FlatCorpus(corpus))


def drawn(trained: Objective, size: int = 64) -> Batch:
    return trained.batch(size, Generator().manual_seed(0))


def with_rows(config: ObjectiveConfig, corpus: EncodedCorpus, rows: dict[int, list[float]]):
    """An objective over a table of zeros but for `rows`, every other parameter zero too."""
    trained = objective(config, corpus, initialisation=Initialisation("zeros"))
    with torch.no_grad():
        for parameter in trained.parameters():
            parameter.zero_()
        for id, row in rows.items():
            trained.table.weight[id] = torch.tensor(row)
    return trained


# ── what is drawn ─────────────────────────────────────────────────────────────────────────────


@given(SENTENCES)
def test_next_word_draws_pairs_within_a_sentence(sentences: list[list[int]]) -> None:
    trained = objective(ObjectiveConfig("next-word"), encoded(sentences))
    pairs = {pair for each in sentences for pair in zip(each, each[1:], strict=False)}  # noqa: RUF007 - as plain as it gets
    if not pairs:
        assert trained.missing == NoExamples("next-word")
        return
    batch = drawn(trained, 300)
    assert set(zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True)) <= pairs


def test_next_word_draws_every_pair() -> None:
    batch = drawn(objective(ObjectiveConfig("next-word"), encoded([[2, 3, 4], [], [5, 2]])), 200)
    found = set(zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True))
    assert found == {(2, 3), (3, 4), (5, 2)}


def test_cbow_draws_what_stands_around() -> None:
    batch = drawn(objective(ObjectiveConfig("cbow", window=2), encoded([[2, 3, 4], [7], [5, 6]])))
    assert batch.mask is not None
    contexts = {
        (target, *(id if real else None for id, real in zip(row, mask, strict=True)))
        for target, row, mask in zip(
            batch.targets.tolist(), batch.inputs.tolist(), batch.mask.tolist(), strict=True
        )
    }
    assert contexts == {
        (2, None, None, 3, 4),
        (3, None, 2, 4, None),
        (4, 2, 3, None, None),
        (5, None, None, 6, None),
        (6, None, 5, None, None),
    }
    assert (batch.inputs[~batch.mask] == 1).all()


@given(SENTENCES, st.integers(1, 4))
def test_skip_gram_draws_neighbours(sentences: list[list[int]], window: int) -> None:
    trained = objective(ObjectiveConfig("skip-gram", window=window), encoded(sentences))
    pairs = {
        (each[at], each[other])
        for each in sentences
        for at in range(len(each))
        for other in range(len(each))
        if 0 < abs(at - other) <= window
    }
    if not pairs:
        assert trained.missing == NoExamples("skip-gram")
        return
    batch = drawn(trained, 300)
    assert set(zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True)) <= pairs
    assert batch.negatives is not None
    assert set(batch.negatives.flatten().tolist()) <= {id for each in sentences for id in each}


def test_skip_gram_draws_neighbours_evenly_and_negatives_by_frequency() -> None:
    trained = objective(ObjectiveConfig("skip-gram", window=1), encoded([[2] * 16 + [3]]))
    batch = drawn(trained, 40_000)
    assert batch.negatives is not None
    # 16 ** 0.75 = 8, so id 3 is drawn once in 9 times; √(1/9 · 8/9 / 200,000) = 0.0007.
    share = (batch.negatives == 3).double().mean().item()
    assert share == pytest.approx(1 / 9, abs=0.004)
    # The last of 17 centres has id 3; of the one before it, id 3 is one of two neighbours.
    assert (batch.inputs == 3).double().mean().item() == pytest.approx(1 / 17, abs=0.006)
    assert (batch.targets == 3).double().mean().item() == pytest.approx(1 / 34, abs=0.005)


def test_sentence_label_draws_whole_sentences() -> None:
    corpus = encoded([[2, 3, 4], [], [5]], [0, 1, 2])
    batch = drawn(objective(ObjectiveConfig("sentence-label"), corpus))
    assert batch.mask is not None
    found = {
        (tuple(ids), tuple(mask), label)
        for ids, mask, label in zip(
            batch.inputs.tolist(), batch.mask.tolist(), batch.targets.tolist(), strict=True
        )
    }
    real = (True, True, True), (True, False, False)
    assert found == {((2, 3, 4), real[0], 0), ((5, 1, 1), real[1], 2)}


@pytest.mark.parametrize("name", ["next-word", "cbow", "skip-gram", "sentence-label"])
def test_the_same_generator_draws_the_same_batch(name: str) -> None:
    trained = objective(ObjectiveConfig(name), encoded([[2, 3, 4, 5]] * 9, [0, 1, 2] * 3))  # type: ignore[arg-type] - a name
    first, second = drawn(trained), drawn(trained)
    assert torch.equal(first.inputs, second.inputs)
    assert torch.equal(first.targets, second.targets)


@pytest.mark.parametrize(
    ("name", "corpus", "missing"),
    [
        ("next-word", encoded([[2], []]), NoExamples("next-word")),
        ("cbow", encoded([[2], [3]]), NoExamples("cbow")),
        ("skip-gram", encoded([]), NoExamples("skip-gram")),
        ("sentence-label", encoded([[2, 3]]), NoLabels()),
        ("sentence-label", encoded([[], []], [0, 1]), NoExamples("sentence-label")),
    ],
)
def test_a_corpus_without_examples(name: str, corpus: EncodedCorpus, missing: AnyProblem) -> None:
    assert objective(ObjectiveConfig(name), corpus).missing == missing  # type: ignore[arg-type] - a name


# ── what it costs ─────────────────────────────────────────────────────────────────────────────


def test_next_word_loss_by_hand() -> None:
    trained = with_rows(ObjectiveConfig("next-word"), encoded([[2, 3]]), {2: [1.0, 2.0]})
    with torch.no_grad():
        trained.head.weight[3] = torch.tensor([1.0, 0.5])
    # Scores: 1·1 + 2·0.5 = 2 for id 3, 0 for the nine others: −log(e² / (e² + 9))
    batch = Batch(torch.tensor([2]), torch.tensor([3]))
    assert trained.loss(batch).item() == pytest.approx(math.log(math.e**2 + 9) - 2)


def test_cbow_loss_leaves_the_pads_out() -> None:
    rows = {1: [math.nan, 100.0], 2: [1.0, 2.0], 4: [3.0, 0.0]}
    trained = with_rows(ObjectiveConfig("cbow", window=2), encoded([[2, 3, 4]]), rows)
    with torch.no_grad():
        trained.head.weight[3] = torch.tensor([1.0, 0.5])
    # Mean of [1, 2] and [3, 0] is [2, 1]; the score of id 3 is 2.5, and 0 for the nine others.
    inputs = torch.tensor([[1, 2, 4, 1]])
    batch = Batch(inputs, torch.tensor([3]), inputs != 1)
    assert trained.loss(batch).item() == pytest.approx(math.log(math.e**2.5 + 9) - 2.5)


def test_skip_gram_loss_by_hand() -> None:
    trained = with_rows(ObjectiveConfig("skip-gram"), encoded([[2, 3]]), {2: [1.0, 2.0]})
    with torch.no_grad():
        trained.neighbours.weight[3] = torch.tensor([1.0, 0.0])
        trained.neighbours.weight[5] = torch.tensor([0.0, 1.0])
    # Scores: 1 with the neighbour, 2 and 0 with the negatives; σ is 1 / (1 + e^−x):
    # −log σ(1) − log σ(−2) − log σ(0) = log(1 + e^−1) + log(1 + e²) + log 2
    batch = Batch(torch.tensor([2]), torch.tensor([3]), negatives=torch.tensor([[5, 6]]))
    expected = math.log(1 + math.exp(-1)) + math.log(1 + math.exp(2)) + math.log(2)
    assert trained.loss(batch).item() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        # Rows [1, −4] and [3, 0], and a pad row of [5, 5] that only masked-mean leaves out.
        ("mean", [3.0, 1 / 3]),
        ("masked-mean", [2.0, -2.0]),
        ("sum", [9.0, 1.0]),
        ("max", [5.0, 5.0]),
    ],
)
def test_pooling_by_hand(pooling: Pooling, expected: list[float]) -> None:
    vectors = torch.tensor([[[1.0, -4.0], [3.0, 0.0], [5.0, 5.0]]])
    mask = torch.tensor([[True, True, False]])
    pooled = pool(vectors, mask, ObjectiveConfig("sentence-label", pooling=pooling))
    assert pooled[0].tolist() == pytest.approx(expected)


def test_a_pad_that_is_nan_stays_out_of_the_masked_mean() -> None:
    vectors = torch.tensor([[[2.0], [math.nan]]])
    assert masked_mean(vectors, torch.tensor([[True, False]])).tolist() == [[2.0]]


@pytest.mark.parametrize("pooling", POOLINGS)
def test_sentence_label_scores_the_pooled_rows(pooling: Pooling) -> None:
    corpus = encoded([[2, 3]], [1])
    config = ObjectiveConfig("sentence-label", pooling=pooling)
    trained = with_rows(config, corpus, {2: [1.0, 0.0], 3: [3.0, 0.0]})
    with torch.no_grad():
        trained.head.weight[1, 0] = 1.0
    score = {"mean": 2.0, "masked-mean": 2.0, "sum": 4.0, "max": 3.0}[pooling]
    batch = Batch(torch.tensor([[2, 3]]), torch.tensor([1]), torch.ones(1, 2, dtype=torch.bool))
    # Three labels: the others score 0.
    assert trained.loss(batch).item() == pytest.approx(
        math.log(math.exp(score) + 2) - score, rel=1e-5
    )


# ── bounds and growth ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["window", "negatives"])
def test_a_window_or_negatives_below_one(name: str) -> None:
    with pytest.raises(ProblemError) as raised:
        objective(ObjectiveConfig("skip-gram", **{name: 0}), encoded([[2, 3]]))
    assert raised.value.problem == OutOfBounds(name, 0, low=1)


@pytest.mark.parametrize("name", ["next-word", "cbow", "skip-gram", "sentence-label"])
def test_a_batch_beyond_memory_is_refused_before_it_is_drawn(name: str) -> None:
    trained = objective(ObjectiveConfig(name), encoded([[2, 3]], [0]))  # type: ignore[arg-type] - a name
    trained.check_batch(1)
    with pytest.raises(ProblemError) as raised:
        trained.check_batch(2**31)
    assert isinstance(raised.value.problem, TooMuchMemory)


@pytest.mark.parametrize("name", ["next-word", "cbow", "skip-gram", "sentence-label"])
def test_a_head_follows_its_table_and_keeps_what_it_learned(name: str) -> None:
    trained = objective(ObjectiveConfig(name), encoded([[2, 3]], [0]))  # type: ignore[arg-type] - a name
    before = {key: value.clone() for key, value in trained.state_dict().items()}
    trained.table.resize(13)
    more_labels = encoded([[12, 3]], [4], label_names=("a", "b", "c", "d", "e"))
    replaced = trained.resize(FlatCorpus(more_labels))
    grown: dict[str, Tensor] = trained.state_dict()
    for key, value in before.items():
        assert len(grown[key]) == {10: 13, 3: 5}[len(value)]
        assert torch.equal(grown[key][: len(value)], value)
        assert grown[key][len(value) :].any()
    assert {id(new) for _, new in replaced} == {id(each) for each in trained.parameters()}
    trained.use(FlatCorpus(more_labels))
    assert torch.isfinite(trained.loss(drawn(trained)))
