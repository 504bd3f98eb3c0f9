"""Projects whose texts are cut by a tokenizer of the user's: it is a part of the file."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from core.config import ObjectiveConfig, RunConfig, TableConfig
from core.corpus import encode_corpus, parse_sentences
from core.problems import BadProject
from core.project import opening
from core.project.contents import Project, SavedRun, Text
from core.project.opening import read_project
from core.project.saving import write_project
from core.tokenizer_file import tokenizer_of
from core.vocabulary import Vocabulary
from tests.core.project.projects import project
from tests.core.project.test_hostile import described, parts_of, refusal, with_run, zipped

PART = "texts/0.tokenizer.json"
IDS = {"[PAD]": 0, "[UNK]": 1, "play": 2, "##ing": 3, "고양이": 5}


def tokenizer() -> str:
    made = Tokenizer(models.WordPiece(IDS, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.enable_truncation(8)  # which the file keeps, and nobody does
    made.enable_padding(pad_id=0, pad_token="[PAD]")
    return made.to_str()


def of_text(text: str, vocabulary: Vocabulary) -> Text:
    corpus = parse_sentences(text)
    counted = vocabulary.with_sentences(corpus.sentences)
    return Text(text, counted, encode_corpus(corpus, counted))


def cut(folder: Path) -> Project:
    """One run that began on a text and went over to another; both have one tokenizer."""
    file = tokenizer_of(tokenizer(), "tokenizer.json")
    # The model has a row more than the tokenizer has tokens.
    vocabulary = Vocabulary.of_tokenizer(file, (*file.tokens, "<unused 7>"))
    first = of_text("playing 고양이\nplay dog\n", vocabulary)
    second = of_text("playing\n", first.vocabulary)
    run = SavedRun(
        RunConfig(TableConfig(7, 3), ObjectiveConfig("skip-gram")), 0, None, (), 0, np.empty(0)
    )
    return replace(project(folder / "run"), texts=(first, second), runs=(run,))


@pytest.fixture
def saved(tmp_path: Path) -> bytes:
    write_project(tmp_path / "p", cut(tmp_path))
    content = (tmp_path / "p").read_bytes()
    (tmp_path / "p").unlink()
    for path in (tmp_path / "run").iterdir():
        path.unlink()
    (tmp_path / "run").rmdir()
    return content


def with_tokenizer(saved: bytes, text: bytes | str) -> bytes:
    content = text.encode() if isinstance(text, str) else text
    return zipped(parts_of(saved) | {PART: content})


def test_it_cuts_as_before(tmp_path):
    made = cut(tmp_path)
    write_project(tmp_path / "p", made)
    read = read_project(tmp_path / "p", tmp_path / "opened")
    for before, after in zip(made.texts, read.texts, strict=True):
        assert after.vocabulary.tokens == before.vocabulary.tokens
        assert after.vocabulary.encode("playing 고양이 cat") == before.vocabulary.encode(
            "playing 고양이 cat"
        )
        assert after.vocabulary.counts.tolist() == before.vocabulary.counts.tolist()
        assert after.vocabulary.vanished.tolist() == before.vocabulary.vanished.tolist()
        assert (after.vocabulary.unk_id, after.vocabulary.pad_id) == (1, 0)
        assert after.encoded == before.encoded
    assert read.texts[1].vocabulary.vanished.tolist() == [5]
    assert read.texts[0].vocabulary.tokenizer is read.texts[1].vocabulary.tokenizer
    write_project(tmp_path / "again", read)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "p").read_bytes()


def test_it_is_in_the_file_once_and_as_it_was(tmp_path):
    write_project(tmp_path / "p", cut(tmp_path))
    with zipfile.ZipFile(tmp_path / "p") as archive:
        assert [name for name in archive.namelist() if "tokenizer" in name] == [PART]
        assert archive.read(PART) == tokenizer().encode()


def test_only_a_file_with_one_is_closed_to_older_programs(tmp_path):
    for made, version in ((cut(tmp_path), 2), (project(tmp_path / "words"), 1)):
        write_project(tmp_path / "p", made)
        parts = parts_of((tmp_path / "p").read_bytes())
        assert json.loads(parts["project.json"])["version"] == version


def test_words_and_tokenizers_in_one_file(tmp_path):
    made, words = cut(tmp_path), project(tmp_path / "words")
    both = replace(made, texts=(*words.texts, *made.texts), runs=words.runs)
    write_project(tmp_path / "p", both)
    read = read_project(tmp_path / "p", tmp_path / "opened")
    assert [text.vocabulary.tokenizer is None for text in read.texts] == [True, True, False, False]


def told(saved: bytes, **changes: object) -> bytes:
    """The project with other fields in what is said of its first text."""
    texts = json.loads(parts_of(saved)["project.json"])["texts"]
    return described(saved, texts=[texts[0] | changes, texts[1]])


def growing() -> str:
    step = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}
    normalizer = {"type": "Sequence", "normalizers": [step] * 4}
    return json.dumps(json.loads(tokenizer()) | {"normalizer": normalizer})


def other(**model: object) -> str:
    document = json.loads(tokenizer())
    document["model"].update(model)
    return json.dumps(document)


def giving_up(saved: bytes) -> bytes:
    """A pattern that looks for ever, and a line in which it would."""
    step = {"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated"}
    splitter = json.loads(tokenizer()) | {"pre_tokenizer": step | {"invert": False}}
    return with_run(with_tokenizer(saved, json.dumps(splitter)), line="a" * 28 + "b")


LIES = {
    "one that gives up on a line": giving_up,
    "no JSON": lambda saved: with_tokenizer(saved, "{"),
    "another JSON": lambda saved: with_tokenizer(saved, "[]"),
    "deep": lambda saved: with_tokenizer(saved, "[" * 100_000),
    "a pickle": lambda saved: with_tokenizer(saved, b"\x80\x04K\x01."),
    "no unknown token": lambda saved: with_tokenizer(saved, other(unk_token="none")),
    "other tokens": lambda saved: with_tokenizer(saved, other(vocab={**IDS, "stay": 2})),
    "more tokens": lambda saved: with_tokenizer(saved, other(vocab={**IDS, "stay": 7})),
    "a great id": lambda saved: with_tokenizer(saved, other(vocab={**IDS, "stay": 9_999_999})),
    "one that grows": lambda saved: with_tokenizer(saved, growing()),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found(tmp_path, saved, lie):
    problem = refusal(tmp_path, LIES[lie](saved))
    assert isinstance(problem, BadProject)
    assert (problem.reason, problem.part) == ("damaged", PART)
    assert problem.detail


@pytest.mark.parametrize("changes", [{"tokenizer": 2}, {"tokenizer": -1}, {"tokenizer": None}])
def test_a_text_without_its_tokenizer(tmp_path, saved, changes):
    problem = refusal(tmp_path, told(saved, **changes))
    assert (problem.reason, problem.part) == ("damaged", "project.json")


def test_a_part_that_is_missing_or_too_large(tmp_path, saved, monkeypatch):
    parts = parts_of(saved)
    del parts[PART]
    problem = refusal(tmp_path, zipped(parts))
    assert (problem.reason, problem.part) == ("missing", PART)
    monkeypatch.setattr(opening, "TOKENIZER_LIMIT", 5_000)
    bomb = zipped(parts | {PART: b" " * 100_000}, packed=PART)
    problem = refusal(tmp_path, bomb)
    assert (problem.reason, problem.part) == ("too-large", PART)


def test_what_is_no_tokenizer_of_the_text_stays_unread(tmp_path, saved):
    # Nobody asked for it: it is neither parsed nor believed.
    (tmp_path / "p").write_bytes(zipped(parts_of(saved) | {"texts/1.tokenizer.json": b"{"}))
    read = read_project(tmp_path / "p", tmp_path / "opened")
    assert read.texts[1].vocabulary.tokenizer is read.texts[0].vocabulary.tokenizer
