"""How a table that was read becomes something to train on."""

import json

import numpy as np
import pytest
import torch

from core.config import OptimizerConfig
from core.formats.opened_table import Choice
from core.given_rows import LARGEST_SENT
from core.problems import BadSpecialTokens, ProblemError, RepeatedToken, TokensDoNotFit
from core.progress import Cancelled
from core.trainer import Trainer
from gui.read_table import Wanted, load_table
from tests.gui.table_files import ROWS, TOKENS, table_file


def load(path, tmp_path, **wanted):
    return load_table(path, Wanted(**wanted), tmp_path / "kept", lambda _done, _total: True)


@pytest.mark.parametrize("ending", [".vec", ".bin", ".npy", ".safetensors", ".csv"])
def test_rows_tokens_and_special_rows_are_those_of_the_file(tmp_path, ending):
    path = table_file(tmp_path, ending)
    before = path.read_bytes()
    read = load(path, tmp_path)
    assert np.array_equal(read.rows, ROWS)
    assert tuple(read.document.vocabulary.tokens) == TOKENS
    assert read.document.vocabulary.unk_id == 0
    assert read.config.table.padding_idx == read.document.vocabulary.pad_id == 1
    assert read.config.table.num_embeddings == 6
    assert read.config.table.initialisation.name == "given"
    assert read.line == "you need to know"
    assert read.added == ()
    assert path.read_bytes() == before


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_numbers_keep_their_precision(tmp_path, dtype):
    read = load(table_file(tmp_path, ".npy", ROWS.astype(dtype)), tmp_path)
    assert read.rows.dtype == read.config.table.dtype == dtype


def test_special_rows_that_are_missing_are_added_at_the_end(tmp_path):
    tokens = ("a", "b", "c", "d", "e", "f")
    read = load(table_file(tmp_path, ".vec", tokens=tokens), tmp_path)
    vocabulary = read.document.vocabulary
    assert read.added == ("<unk>", "<pad>") == tuple(vocabulary.tokens[6:])
    assert (vocabulary.unk_id, vocabulary.pad_id) == (6, 7)
    assert len(read.rows) == 6


def test_special_rows_can_be_named_and_added(tmp_path):
    read = load(table_file(tmp_path, ".vec"), tmp_path, unk=3, pad="added")
    vocabulary = read.document.vocabulary
    assert vocabulary.token(vocabulary.unk_id) == "need"
    assert [token.id for token in vocabulary.encode("nothing you")] == [3, 2]
    # The file has a <pad> already, which is a word like any other now.
    assert read.added == ("<unused-0>",)
    assert vocabulary.pad_id == 6


def test_one_row_cannot_be_both(tmp_path):
    with pytest.raises(ProblemError) as raised:
        load(table_file(tmp_path, ".vec"), tmp_path, unk=2, pad=2)
    assert isinstance(raised.value.problem, BadSpecialTokens)


def test_rows_without_tokens_are_called_by_their_numbers(tmp_path):
    read = load(table_file(tmp_path, ".npy", tokens=None), tmp_path)
    assert list(read.document.vocabulary.tokens) == [*"012345", "<unk>", "<pad>"]


def test_tokens_come_from_a_list(tmp_path):
    path = table_file(tmp_path, ".npy", tokens=None)
    vocab = tmp_path / "vocab.txt"
    vocab.write_text("\n".join(TOKENS) + "\n", "utf-8")
    read = load(path, tmp_path, choice=Choice(tokens=vocab))
    assert tuple(read.document.vocabulary.tokens) == TOKENS
    vocab.write_text("far\ntoo\nmany\ntokens\nfor\nsix\nrows\nof\nnumbers\n", "utf-8")
    with pytest.raises(ProblemError) as raised:
        load(path, tmp_path, choice=Choice(tokens=vocab))
    assert isinstance(raised.value.problem, TokensDoNotFit)


def test_a_tokenizer_splits_words_in_its_own_way(tmp_path):
    tokenizer = tmp_path / "tokenizer.json"
    ids = {"[UNK]": 0, "[PAD]": 1, "play": 2, "##ing": 3, "to": 4}
    model = {"type": "WordPiece", "vocab": ids, "unk_token": "[UNK]"}
    model |= {"continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
    tokenizer.write_text(
        json.dumps({"version": "1.0", "model": model, "pre_tokenizer": {"type": "Whitespace"}})
    )
    path = table_file(tmp_path, ".npy", tokens=None)
    read = load(path, tmp_path, choice=Choice(tokens=tokenizer), text="playing")
    vocabulary = read.document.vocabulary
    assert [token.id for token in vocabulary.encode("playing")] == [2, 3]
    assert len(vocabulary) == 6  # the model has a row more than its tokenizer has tokens
    assert read.config.table.padding_idx == 1
    assert read.document.encoded.ids.numpy().tolist() == [2, 3]


def test_of_rows_with_one_token_the_first_is_kept_if_so_chosen(tmp_path):
    path = tmp_path / "twice.vec"
    path.write_text("3 2\na 1 2\nb 3 4\na 5 6\n", "utf-8")
    with pytest.raises(ProblemError) as raised:
        load(path, tmp_path)
    assert isinstance(raised.value.problem, RepeatedToken)
    read = load(path, tmp_path, choice=Choice(duplicates="first"))
    assert read.rows.tolist() == [[1, 2], [3, 4]]


def test_sentences_are_encoded_with_the_tables_tokens(tmp_path):
    path = table_file(tmp_path, ".vec")
    read = load(path, tmp_path, text="good\tyou know\nbad\tto code", frozen=True)
    assert read.document.corpus.labels == ("good", "bad")
    assert read.document.encoded.ids.numpy().tolist() == [2, 5, 4, 0]
    assert read.document.vocabulary.count(0) == 1
    assert read.config.objective.name == "sentence-label"
    assert read.config.table.frozen
    assert read.added == ()  # of words that the table does not know none gets a row
    assert read.line == "you know"


def test_large_rows_are_mapped_where_they_are_or_kept_beside_the_run(tmp_path):
    rows = np.ones((LARGEST_SENT // 8 + 1, 2), np.float32)
    mapped = load(table_file(tmp_path, ".npy", rows, None), tmp_path)
    assert mapped.values_file.path == str(tmp_path / "table.npy")
    assert not (tmp_path / "kept").exists()
    copied = load(table_file(tmp_path, ".bin", rows, [f"t{n}" for n in range(len(rows))]), tmp_path)
    assert copied.values_file.path.startswith(str(tmp_path / "kept"))
    assert np.array_equal(copied.values_file.rows(), rows)
    assert np.array_equal(copied.rows, rows)


@pytest.mark.parametrize("news", [0, 1, 2])
def test_it_stops_when_it_is_asked_to(tmp_path, news):
    told = []

    def progress(done, total):
        told.append(done / total)
        return len(told) <= news

    with pytest.raises(Cancelled):
        load_table(table_file(tmp_path, ".vec"), Wanted(), tmp_path, progress)
    assert told == sorted(told)


def test_fresh_rows_will_be_as_large_as_the_others(tmp_path):
    rows = np.array([[1, -1], [-1, 1], [np.nan, np.inf]], np.float32)
    read = load(table_file(tmp_path, ".npy", rows, None), tmp_path)
    assert read.config.table.initialisation.scale == 1.0
    zeros = load(table_file(tmp_path, ".npy", np.zeros((3, 2)), None), tmp_path)
    assert zeros.config.table.initialisation.scale == 0.1


@pytest.mark.parametrize(
    ("spread", "text", "rate"),
    [
        (1.0, "1 2 3 4 5 6\n7 8 9 10", 0.4),  # 2 / (1/10 · 50 · 1²)
        (1.0, "a b c", 0.04),  # all unknown: 2 / (1 · 50)
        (1.0, "", 0.04),
        (0.05, "1 2 3 4 5 6\n7 8 9 10", 5.0),  # 50 · 0.05² = 0.125, less than 4: 2 / (1/10 · 4)
        (0.05, " ".join(map(str, range(100))), 10.0),
    ],
)
def test_a_large_table_is_offered_a_rate_that_suits_its_rows(tmp_path, spread, text, rate):
    rows = np.random.default_rng(0).choice([-spread, spread], (40_001, 50)).astype(np.float32)
    read = load(table_file(tmp_path, ".npy", rows, tokens=None), tmp_path, text=text)
    assert read.config.optimizer == OptimizerConfig("sgd", rate)
    if text:
        values = torch.from_numpy(np.array(read.rows))
        trainer = Trainer(read.config, read.document.encoded, values)
        losses = [trainer.advance() for _ in range(200)]
        assert np.isfinite(losses).all()
        assert np.mean(losses[-20:]) < losses[0]


def test_a_small_table_finds_its_own_rate(tmp_path):
    assert load(table_file(tmp_path, ".vec"), tmp_path).config.optimizer.name == "adagrad"
