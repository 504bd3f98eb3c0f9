"""A user's tokenizer.json: its ids, its special tokens, and files that are none."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from core import tokenizer_file
from core.problems import (
    BadTokenizer,
    FileTooLarge,
    NoSuchFile,
    ProblemError,
    TokenizerGaveUp,
)
from core.vocabulary import Token, Vocabulary


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokenizer.json"


def word_level(ids: dict[str, int], unk_token: str = "[UNK]") -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=unk_token))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def saved(tokenizer: Tokenizer, path: Path) -> Vocabulary:
    tokenizer.save(str(path))
    return Vocabulary.from_tokenizer_file(path)


def reason_of(path: Path) -> str:
    with pytest.raises(ProblemError) as raised:
        Vocabulary.from_tokenizer_file(path)
    assert isinstance(raised.value.problem, BadTokenizer)
    assert raised.value.problem.path == str(path)
    return raised.value.problem.reason


def test_ids_are_the_files_own_and_skipped_ones_get_a_name(path: Path) -> None:
    vocabulary = saved(word_level({"you": 0, "[UNK]": 2, "[PAD]": 3, "need": 5}), path)

    assert vocabulary.tokens == ("you", "<unused 0>", "[UNK]", "[PAD]", "<unused 1>", "need")
    assert (vocabulary.unk_id, vocabulary.pad_id) == (2, 3)
    assert vocabulary.encode("you need 한!") == (
        Token("you", 0, True, 0, 3),
        Token("need", 5, True, 4, 8),
        Token("한", 2, False, 9, 10),
        Token("!", 2, False, 10, 11),
    )
    assert vocabulary.find("ne") == [5]
    assert vocabulary.id("need") == 5


def test_subwords_have_offsets_in_characters(path: Path) -> None:
    pieces = ["<unk>", "run", "##ning", "한", "##국"]
    tokenizer = Tokenizer(
        models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokens = saved(tokenizer, path).encode("running 한국 zoo")

    assert [(token.text, token.id) for token in tokens] == [
        ("run", 1),
        ("ning", 2),
        ("한", 3),
        ("국", 4),
        ("zoo", 0),
    ]
    assert [token.known for token in tokens] == [True, True, True, True, False]


def test_a_byte_tokenizer_needs_no_unknown_token(path: Path) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        ["you need"], trainers.BpeTrainer(initial_alphabet=alphabet, show_progress=False)
    )
    vocabulary = saved(tokenizer, path)

    assert (vocabulary.unk_id, vocabulary.pad_id) == (None, None)
    tokens = vocabulary.encode("né👍")
    assert all(token.known for token in tokens)
    # One byte, two bytes, four bytes; each piece has the offsets of the character it is part of.
    assert [token.text for token in tokens] == ["n", "é", "é", "👍", "👍", "👍", "👍"]
    assert vocabulary.encode_ids("né👍") == [token.id for token in tokens]


def test_truncation_padding_and_templates_of_the_file_are_left_off(path: Path) -> None:
    tokenizer = word_level({"[UNK]": 0, "[P]": 1, "a": 2})
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(pad_id=1, pad_token="[P]", length=8)
    vocabulary = saved(tokenizer, path)

    assert vocabulary.encode_ids("a a a") == [2, 2, 2]
    assert vocabulary.pad_id == 1


def test_it_counts_and_never_grows(path: Path) -> None:
    before = saved(word_level({"[UNK]": 0, "a": 1, "b": 2}), path)
    after = before.with_sentences(["a c", "a"])

    assert after.tokens == before.tokens
    assert after.counts.tolist() == [1, 2, 0]
    assert after.with_sentences(["b"]).is_vanished(1)
    assert after.rebuilt(["a c", "a"]) is after


def test_what_is_not_a_tokenizer(path: Path) -> None:
    for text in ("hello", "{}", "[" * 100_000, '{"model": {"type": "None"}}'):
        path.write_text(text)
        assert reason_of(path)


def edited(path: Path, **model: Any) -> None:
    document = json.loads(path.read_text())
    document["model"].update(model)
    path.write_text(json.dumps(document))


def test_one_that_would_fail_at_its_first_unknown_word_is_refused(path: Path) -> None:
    word_level({"a": 0}).save(str(path))
    assert reason_of(path) == "it has no unknown token"

    Tokenizer(models.Unigram([("a", 0.0)], unk_id=None)).save(str(path))
    assert reason_of(path) == "it has no unknown token"


def test_no_tokens_or_absurd_ids_are_refused(path: Path) -> None:
    word_level({}).save(str(path))
    assert reason_of(path) == "it has no tokens"

    word_level({"[UNK]": 0}).save(str(path))
    edited(path, vocab={"[UNK]": 0, "a": 4_000_000_000})
    assert reason_of(path) == "its id 4000000000 is above 9999999"


def test_two_tokens_with_one_id_are_refused(path: Path) -> None:
    """The library would give now the one for it, now the other."""
    word_level({"[UNK]": 0, "a": 1}).save(str(path))
    edited(path, vocab={"[UNK]": 0, "b": 1, "a": 1})
    assert reason_of(path) == "id 1 is that of two tokens, “a” and “b”"


def normalised(path: Path, normalizer: dict[str, Any]) -> None:
    word_level({"[UNK]": 0, "a": 1}).save(str(path))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"normalizer": normalizer}))


def test_one_that_makes_a_word_fill_the_memory_is_refused_before_it_does(path: Path) -> None:
    longer = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}
    for step in (longer, longer | {"pattern": {"Regex": "a"}}, {"prepend": "a" * 1000}):
        normalised(path, {"type": "Sequence", "normalizers": [{"normalizers": [step]}, step]})
        assert "grow" in reason_of(path)
    # As those of Llama and CLIP have.
    usual = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    spaces = {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}
    prepend = {"type": "Prepend", "prepend": "▁"}
    normalised(path, {"type": "Sequence", "normalizers": [prepend, spaces, usual]})
    assert len(Vocabulary.from_tokenizer_file(path)) == 2


def test_a_panic_of_the_library_is_a_problem(path: Path) -> None:
    lie = base64.b64encode(b"\x08\0\0\0" + b"\xff" * 8).decode()  # a table that leads nowhere
    normalised(path, {"type": "Precompiled", "precompiled_charsmap": lie})
    assert "out of bounds" in reason_of(path)


def test_a_text_that_the_library_gives_up_on_is_a_problem(path: Path) -> None:
    tokenizer = word_level({"[UNK]": 0, "a": 1})
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("(a+)+$"), "isolated")
    vocabulary = saved(tokenizer, path)
    for read in (vocabulary.encode, lambda text: list(vocabulary.encode_many([text]))):
        with pytest.raises(ProblemError) as raised:
            read("a" * 28 + "b")
        assert isinstance(raised.value.problem, TokenizerGaveUp)


def test_files_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    with pytest.raises(ProblemError) as raised:
        Vocabulary.from_tokenizer_file(path)
    assert raised.value.problem == NoSuchFile(str(path))

    path.write_text("12345")
    monkeypatch.setattr(tokenizer_file, "LIMIT", 4)
    with pytest.raises(ProblemError) as raised:
        Vocabulary.from_tokenizer_file(path)
    assert raised.value.problem == FileTooLarge(str(path), 5, 4)
