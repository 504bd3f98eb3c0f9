"""The scenarios: what is said of each, in plain torch and in what is opened."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.corpus import encode_corpus, parse_sentences
from core.movement.recorded import record_step
from core.padding.gathering import gather
from core.padding.jobs import ComparisonJob, StudyJob
from core.padding.messages import Comparison, SetUp, Study
from core.problems import ProblemError, UnknownName
from core.scenarios import READ_TEXT, SCENARIOS, UNREAD, Scenario, load_scenario
from core.trainer import Trainer
from tests.core.padding.plain import Plain, padded_ids
from tests.core.padding.studies import ended

pytestmark = pytest.mark.usefixtures("one_thread")

LONGEST, PAD = 8, 1
LABELS = torch.tensor([0, 1, 0, 1])
LOVELY_VIEW = 2  # the sentence, of 2 words


def sentences(scenario: Scenario) -> list[list[int]]:
    vocabulary = scenario.preset.vocabulary()
    corpus = parse_sentences(scenario.preset.text)
    return [vocabulary.encode_ids(each) for each in corpus.sentences]


def rows(scenario: Scenario) -> torch.Tensor:
    """The table that it opens with, as a plain script makes it."""
    preset = scenario.preset
    if preset.values is not None:
        return torch.tensor(preset.values)
    config = preset.config.table
    torch.manual_seed(preset.config.seed)
    layer = nn.Embedding(config.num_embeddings, config.embedding_dim, config.padding_idx)
    if config.initialisation.scale != 1:
        nn.init.normal_(layer.weight, std=config.initialisation.scale)
        layer.weight.detach()[config.padding_idx] = 0
    return layer.weight.detach()


def plain(scenario: Scenario, head: str, extra: int, side: str = "right", padding_idx: int = PAD):
    """(gradient at the layer's output, its mask, what is looked at, weight.grad)."""
    model = Plain(head, rows(scenario), padding_idx, scenario.preset.config.seed)
    ids, mask = padded_ids(sentences(scenario), LONGEST + extra, side=side)
    vectors, output, loss = model.read(ids, mask, LABELS)
    loss.backward()
    return vectors.grad, mask, output.detach(), model.layer.weight.grad


def shift(scenario: Scenario, head: str, extra: int = 8, side: str = "right") -> torch.Tensor:
    before, after = (plain(scenario, head, pads, side)[2] for pads in (0, extra))
    return (after - before).norm(dim=1) / before.norm(dim=1)


def set_up(scenario: Scenario) -> SetUp:
    assert scenario.wishes is not None
    config = scenario.preset.config
    return SetUp(
        scenario.wishes.head,
        config.table.padding_idx,
        scenario.wishes.side,
        seed=config.seed,
        optimizer=config.optimizer,
    )


def studied(scenario: Scenario):
    """What the laboratory finds when it opens."""
    wishes = scenario.wishes
    table = rows(scenario).numpy()
    found = gather(table, sentences(scenario), PAD, [wishes.head], LABELS.tolist())
    return ended(StudyJob(Study(1, found, set_up(scenario), wishes.steps, wishes.extra), None))


def compared(scenario: Scenario):
    """The last report of its comparison, and the ids of the rows."""
    first = set_up(scenario)
    second = scenario.difference.applied_to(first, PAD)
    table = rows(scenario).numpy()
    found = gather(table, sentences(scenario), PAD, [first.head, second.head], LABELS.tolist())
    ids = range(len(table)) if found.row_ids is None else found.row_ids.numpy().tolist()
    job = ComparisonJob(Comparison(1, found, first, second, scenario.steps, scenario.wishes.extra))
    return ended(job), list(ids)


def trainer(scenario: Scenario) -> Trainer:
    preset = scenario.preset
    corpus = encode_corpus(parse_sentences(preset.text), preset.vocabulary())
    values = None if preset.values is None else torch.tensor(preset.values)
    return Trainer(preset.config, corpus, values)


# ── all of them ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_fits_together_and_trains(name):
    scenario = load_scenario(name)
    preset = scenario.preset
    vocabulary = preset.vocabulary()
    assert scenario.name == preset.name == name
    assert preset.config.table.num_embeddings == len(vocabulary)
    assert vocabulary.pad_id == PAD
    assert all(vocabulary.id(token) is not None for token in scenario.picked)
    assert all(token.known for token in vocabulary.encode(preset.line))
    run = trainer(scenario)
    # It begins with the very rows of a plain script.
    torch.testing.assert_close(run.table.weight.detach(), rows(scenario), rtol=0, atol=0)
    first = run.advance()
    assert np.isfinite([first, *(run.advance() for _ in range(100))]).all()


def test_a_name_that_does_not_exist_is_told_those_that_do():
    with pytest.raises(ProblemError) as raised:
        load_scenario("article")
    assert raised.value.problem == UnknownName("scenario", "article", list(SCENARIOS))


# ── heads ─────────────────────────────────────────────────────────────────────────────────────


def test_a_mean_over_twice_the_columns_is_half_as_long():
    scenario = load_scenario("mean-over-pads")
    # 1 - 8 / 16
    assert shift(scenario, "mean").tolist() == pytest.approx([0.5] * 4, rel=1e-6)
    gradient, mask, _, at_rows = plain(scenario, "mean", 8)
    assert gradient[~mask].norm() > 0
    assert at_rows[PAD].norm() == 0
    assert shift(scenario, "masked-mean").max() < 1e-6
    probed = studied(scenario).probed
    assert probed.further.relative.numpy() == pytest.approx([0.5] * 4, rel=1e-6)
    assert probed.gradient_at_pads == pytest.approx(gradient[~mask].norm().item(), rel=1e-5)
    assert probed.weight_gradient_pad == 0


def test_pads_get_most_of_the_attention_of_two_words():
    scenario = load_scenario("attention-to-pads")
    model = Plain("attention", rows(scenario), PAD, 0)
    ids, mask = padded_ids(sentences(scenario), LONGEST + 8)
    h = model.layer(ids)
    shares = model.attention(h, h, h)[1][LOVELY_VIEW, :2].mean(0)  # of its two words
    assert shares[2:].sum().item() == pytest.approx(0.84, abs=0.005)
    hidden = model.attention(h, h, h, key_padding_mask=~mask)[1]
    assert hidden[LOVELY_VIEW, :2, 2:].sum() == 0
    found = studied(scenario)
    attention = found.probed.attention.numpy()[LOVELY_VIEW]
    np.testing.assert_allclose(attention, shares.detach(), rtol=1e-5)
    assert found.cells.lengths.numpy()[LOVELY_VIEW] == 2  # so 14 of 16 are pads


def test_an_lstm_forgets_less_over_pads_that_it_reads_first():
    scenario = load_scenario("lstm-over-pads")
    right, left = (shift(scenario, "lstm", side=side).max() for side in ("right", "left"))
    assert 0 < left < right / 10
    packed = [plain(scenario, "packed-lstm", extra)[2] for extra in (0, 8)]
    torch.testing.assert_close(*packed)
    found = studied(scenario).probed.further.largest
    assert found == pytest.approx(right.item(), rel=1e-4)


def test_zeros_halve_the_variance_that_batch_norm_divides_by():
    scenario = load_scenario("batch-norm-over-pads")
    variances = []
    for extra in (0, 8):
        norm = nn.BatchNorm1d(8, momentum=None)
        ids, _ = padded_ids(sentences(scenario), LONGEST + extra)
        norm(rows(scenario)[ids].mT)
        variances.append(norm.running_var)
    # 20 words in 32 cells, then in 64: half, but for the mean.
    assert (variances[1] / variances[0]).mean().item() == pytest.approx(0.5, abs=0.05)
    assert (shift(scenario, "batchnorm") > 0.1).all()
    assert (studied(scenario).probed.further.relative.numpy() > 0.1).all()


# ── the row ───────────────────────────────────────────────────────────────────────────────────


def test_a_pad_row_that_was_drawn_anew_stays_as_it_is():
    layer = nn.Embedding(17, 8, padding_idx=PAD)
    assert not layer.weight[PAD].any()
    nn.init.normal_(layer.weight, std=0.1)
    assert layer.weight[PAD].norm() > 0
    scenario = load_scenario("pad-row-drawn-anew")
    run = trainer(scenario)
    before = run.table.weight.detach().clone()
    for _ in range(50):
        run.advance()
    assert before[PAD].norm() > 0.1
    assert torch.equal(run.table.weight[PAD], before[PAD])
    assert not torch.equal(run.table.weight[2], before[2])
    assert studied(scenario).probed.further.largest > 1
    assert shift(scenario, "sum").max() > 1
    zeroed = rows(scenario)
    zeroed[PAD] = 0
    ids, _ = padded_ids(sentences(scenario), LONGEST + 8)
    torch.testing.assert_close(zeroed[ids].sum(1), zeroed[ids[:, :LONGEST]].sum(1))


def test_a_wrong_padding_idx_freezes_a_word_and_trains_the_pads():
    scenario = load_scenario("wrong-padding-idx")
    the = scenario.preset.vocabulary().id("the")
    assert scenario.preset.config.table.padding_idx == the == 9
    at_rows = plain(scenario, "mean", 0, padding_idx=the)[3]
    assert at_rows[PAD].norm() > 0
    assert at_rows[the].norm() == 0
    assert studied(scenario).probed.weight_gradient_pad == pytest.approx(at_rows[PAD].norm().item())
    run = trainer(scenario)
    before = run.table.weight.detach().clone()
    for _ in range(20):
        run.advance()
    assert not run.table.weight[the].any()
    assert not torch.equal(run.table.weight[PAD], before[PAD])


def trained(scenario: Scenario, padding_idx: int | None) -> tuple[nn.Embedding, float]:
    """The layer after 100 steps of a plain loop over the mean, and its last loss."""
    model = Plain("mean", rows(scenario), padding_idx, 0)
    ids, mask = padded_ids(sentences(scenario), LONGEST)
    parameters = [model.layer.weight, *model.classifier.parameters()]
    optimizer = torch.optim.SGD(parameters, 0.1)
    for _ in range(100):
        optimizer.zero_grad()
        loss = model.read(ids, mask, LABELS)[2]
        loss.backward()
        optimizer.step()
    return model.layer, loss.item()


def test_only_with_padding_idx_the_pad_row_stays_zero():
    scenario = load_scenario("no-padding-idx")
    (on, loss_on), (off, loss_off) = trained(scenario, PAD), trained(scenario, None)
    assert on.weight[PAD].norm() == 0
    assert off.weight[PAD].norm() > 0.1
    assert loss_on == pytest.approx(loss_off, abs=0.02)
    report, ids = compared(scenario)
    pad = ids.index(PAD)
    first, second = (course.rows.numpy()[pad] for course in (report.first, report.second))
    assert not first.any()
    np.testing.assert_allclose(second, off.weight[PAD].detach(), rtol=1e-4, atol=1e-7)


def test_tied_weights_move_the_pad_row_in_spite_of_padding_idx():
    scenario = load_scenario("tied-weights")
    layer = nn.Embedding.from_pretrained(rows(scenario), freeze=False, padding_idx=PAD)
    ids, _ = padded_ids(sentences(scenario), LONGEST)
    logits = functional.linear(layer(ids[:, :-1]), layer.weight)
    functional.cross_entropy(
        logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=PAD
    ).backward()
    at_pad = layer.weight.grad[PAD].norm().item()
    assert at_pad > 0
    assert studied(scenario).probed.weight_gradient_pad == pytest.approx(at_pad, rel=1e-4)
    report, ids = compared(scenario)
    pad = ids.index(PAD)
    assert np.linalg.norm(report.first.rows.numpy()[pad]) > 0.05
    assert not report.second.rows.numpy()[pad].any()
    run = trainer(scenario)
    for step in range(1, 6):
        _, recorded = record_step(run, [PAD])
        assert recorded.parts["tied"].any(), step
        assert not recorded.parts["gradient"].any(), step
    assert run.table.weight[PAD].any()


# ── training ──────────────────────────────────────────────────────────────────────────────────


def test_decay_leaves_a_third_of_what_nothing_reads():
    scenario = load_scenario("weight-decay")
    vocabulary = scenario.preset.vocabulary()
    weight = nn.Parameter(rows(scenario))
    optimizer = torch.optim.SGD([weight], 0.1, weight_decay=0.1)
    for _ in range(100):
        weight.grad = torch.zeros_like(weight)
        optimizer.step()
    run = trainer(scenario)
    before = run.table.weight.detach().clone()
    touched = set()
    for _ in range(100):
        touched.update(run.step_and_report().touched.tolist())
    for id in (PAD, *map(vocabulary.id, UNREAD)):
        assert id not in touched
        torch.testing.assert_close(run.table.weight[id], weight[id])
        # (1 - 0.1 · 0.1) ** 100 = 0.366
        share = (run.table.weight[id].norm() / before[id].norm()).item()
        assert share == pytest.approx(0.366, abs=0.001)
    assert not set(UNREAD) & set(READ_TEXT.split())


def test_momentum_moves_a_row_on_until_it_is_read_again():
    scenario = load_scenario("momentum")
    one = scenario.preset.vocabulary().id("one")
    run = trainer(scenario)
    moves, read = [], []
    for step in range(1, 8):
        before = run.table.weight.detach()[one].clone()
        report = run.step_and_report()
        moves.append(run.table.weight.detach()[one] - before)
        if one in report.touched.tolist():
            read.append(step)
        assert len(report.touched) == 1  # one word a step
    assert read == [1, 7]
    weight = nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.SGD([weight], 0.1, momentum=0.9)
    weight.grad = -moves[0] / 0.1
    optimizer.step()
    weight.grad = torch.zeros(2)
    for number, move in enumerate(moves[1:6], 1):
        before = weight.detach().clone()
        optimizer.step()
        torch.testing.assert_close(move, weight.detach() - before, rtol=1e-3, atol=1e-6)
        torch.testing.assert_close(move, 0.9**number * moves[0], rtol=1e-3, atol=1e-6)


# ── ids ───────────────────────────────────────────────────────────────────────────────────────


def test_columns_shift_on_the_left_and_counted_positions_do_not():
    scenario = load_scenario("position-ids")
    cells = studied(scenario).cells
    assert scenario.cells == "columns"
    lovely = scenario.preset.vocabulary().id("lovely")
    found = cells.ids.numpy()[LOVELY_VIEW].tolist().index(lovely)
    assert found == cells.columns.numpy()[LOVELY_VIEW, found] == 16 - 2
    assert cells.base_width - 2 == 6
    assert cells.counted.numpy()[LOVELY_VIEW, found] == 0
    # As Hugging Face's generate counts them.
    mask = padded_ids(sentences(scenario), 16, side="left")[1].long()
    assert (mask.cumsum(-1) - 1).masked_fill(mask == 0, 1)[LOVELY_VIEW, found] == 0


def test_torch_raises_for_both_ids_that_no_row_has():
    scenario = load_scenario("ids-out-of-range")
    layer = nn.Embedding(17, 8, padding_idx=PAD)
    for wrong in (17, -100):
        with pytest.raises(IndexError, match="index out of range in self"):
            layer(torch.tensor([wrong]))
    ids = [list(map(int, line.split())) for line in scenario.wishes.ids.splitlines()]
    found = gather(rows(scenario).numpy(), ids, PAD, ["mean"])
    faults = ended(StudyJob(Study(1, found, set_up(scenario)), None)).faults
    assert [(each.id, each.wrong) for each in faults] == [(17, "too-large"), (-100, "negative")]
