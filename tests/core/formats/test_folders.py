"""Tables that are several files: TensorBoard's projector, a Hugging Face model, tokens beside."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.formats import registry
from core.formats.opened_table import Choice, OpenedTable
from core.formats.tokens_file import read_tokens
from core.problems import BadTokenizer, ProblemError, WhichTensor
from tests.core.formats.made import ROWS, TOKENS, model_folder

MISCHIEF = [b'"', b"../", b"/", b"{", b"}", b"9" * 20, b"-1", b"\0", b"null", b"[", b"1e999"]


def test_a_projector_s_folder_is_written_as_tensorboard_reads_it(tmp_path):
    config = tmp_path / "projector_config.pbtxt"
    registry.write(config, OpenedTable(ROWS, TOKENS))
    assert (tmp_path / "metadata.tsv").read_text() == "the\n,\n물\n"
    assert (tmp_path / "tensors.tsv").read_text().splitlines()[0] == "0.5\t-0.25\t3"
    opened = registry.read(tmp_path)
    assert opened.rows.tolist() == ROWS.tolist()
    assert tuple(opened.tokens) == TOKENS


def test_a_projector_s_raw_bytes_and_titled_metadata(tmp_path):
    (tmp_path / "t.bytes").write_bytes(ROWS.tobytes())
    (tmp_path / "m.tsv").write_text("count\tword\n3\tthe\n2\t,\n1\t물\n")
    (tmp_path / "projector_config.pbtxt").write_text(
        "# a comment with { in it\n"
        'model_checkpoint_path: "x.ckpt"\n'
        'embeddings {\n tensor_name: "w:0"\n tensor_path: "t.bytes"\n tensor_shape: 3\n'
        ' tensor_shape: 3\n sprite { image_path: "s.png" }\n metadata_path: "m.tsv"\n}\n'
    )
    (info,) = registry.describe(tmp_path)
    assert (info.name, info.shape, info.dtype) == ("w:0", (3, 3), "float32")
    opened = registry.read(tmp_path)
    assert opened.rows.tobytes() == ROWS.tobytes()
    assert tuple(opened.tokens) == TOKENS


def test_of_several_projector_tensors_one_is_named(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.tsv").write_text("1\t2\n3\t4\n")
    (tmp_path / "projector_config.pbtxt").write_text(
        "".join(
            f'embeddings {{ tensor_name: "{n}" tensor_path: "{n}.tsv" tensor_shape: [2, 2] }}\n'
            for n in "ab"
        )
    )
    with pytest.raises(ProblemError) as raised:
        registry.read(tmp_path)
    assert isinstance(raised.value.problem, WhichTensor)
    assert registry.read(tmp_path, Choice(tensor="b")).rows.tolist() == [[1, 2], [3, 4]]


def test_a_model_s_folder_gives_its_input_embedding_with_its_tokens(tmp_path):
    opened = registry.read(model_folder(tmp_path))
    assert opened.rows.tolist() == ROWS.tolist()
    # Its table has a row more than its tokenizer has tokens.
    assert tuple(opened.tokens) == ("the", ",", "<unused 0>")
    assert opened.padding_idx == 1


def test_a_model_s_tables_are_listed_the_one_of_tokens_first(tmp_path):
    names = [info.name for info in registry.describe(model_folder(tmp_path))]
    assert names == ["wte.ab", "head.w"]


def test_a_model_in_a_cache_of_links_is_read(tmp_path):
    model = model_folder(tmp_path)
    blob = (model / "a.safetensors").rename(tmp_path / "blob")
    (model / "a.safetensors").symlink_to(blob)
    assert registry.read(model).rows.shape == (3, 3)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vocab.txt", "the\n,\n물\n"),
        ("vocab.txt", "the\r\n,\r\n물\r\n"),
        ("labels.tsv", "token\tn\nthe\t1\n,\t2\n물\t3\n"),
        ("words.json", '["the", ",", "물"]'),
        ("vocab.json", '{"물": 2, "the": 0, ",": 1}'),
    ],
)
def test_tokens_are_read_from_every_kind_of_list(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content.encode())
    assert read_tokens(path).tokens == TOKENS
    table = tmp_path / "table.npy"
    registry.write(table, OpenedTable(ROWS))
    assert tuple(registry.read(table, Choice(tokens=path)).tokens) == TOKENS


def test_the_tokens_of_an_earlier_file_are_not_taken_for_a_later_one_s(tmp_path):
    path = tmp_path / "table.npy"
    registry.write(path, OpenedTable(ROWS, TOKENS))
    registry.write(path, OpenedTable(ROWS))
    assert registry.read(path).tokens is None
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", ["{", '{"a": -1}', '{"a": 99999999999}', "[1]", "[" * 10**5])
def test_json_that_is_no_list_of_tokens_is_refused(tmp_path, content):
    path = tmp_path / "vocab.json"
    path.write_text(content)
    with pytest.raises(ProblemError) as raised:
        read_tokens(path)
    assert isinstance(raised.value.problem, BadTokenizer)


def test_an_archive_of_arrays_has_its_tokens_in_one(tmp_path):
    path = tmp_path / "table.npz"
    np.savez(path, vectors=ROWS.astype(np.float16), words=np.array(TOKENS), counts=np.arange(3))
    opened = registry.read(path)
    assert opened.rows.dtype == np.float16
    assert tuple(opened.tokens) == TOKENS
    names = {info.name: info.is_table for info in registry.describe(path)}
    assert names == {"vectors": True, "words": False, "counts": False}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("token,0,1\n,0.5,1\nb,2,3\n", ["", "b"]),
        ("0.5,1\n2,3\n", None),
        ("5.0e-01 1.0e+00\n2.0e+00 3.0e+00\n", None),  # numpy.savetxt
        ('id;word;x\n0.5;"a;b";1\n2;c;3\n', ["a;b", "c"]),
        ('x\ty\tname\n0.5\t1\t"\n2\t3\tb\n', ['"', "b"]),
    ],
)
def test_columns_are_told_apart(tmp_path, text, tokens):
    path = tmp_path / "table.csv"
    path.write_text(text)
    opened = registry.read(path)
    assert opened.rows.tolist() == [[0.5, 1], [2, 3]]
    assert (None if opened.tokens is None else list(opened.tokens)) == tokens


def test_a_model_s_config_that_is_no_json_is_refused(tmp_path):
    model = model_folder(tmp_path)
    (model / "config.json").write_text(json.dumps([1]))
    with pytest.raises(ProblemError) as raised:
        registry.read(model)
    assert raised.value.problem.path == str(model / "config.json")


def projector_folder(folder):
    registry.write(folder / "projector_config.pbtxt", OpenedTable(ROWS, TOKENS))
    return folder


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (projector_folder, "projector_config.pbtxt"),
        (projector_folder, "metadata.tsv"),
        (model_folder, "config.json"),
        (model_folder, "model.safetensors.index.json"),
        (model_folder, "vocab.txt"),
    ],
)
@settings(
    max_examples=100, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_damage_to_a_folder_gives_anything_but_a_table_or_a_problem(
    tmp_path_factory, make, name, data
):
    folder = make(tmp_path_factory.mktemp("folder"))
    whole = (folder / name).read_bytes()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, min(len(whole), start + 5)))
        piece = data.draw(st.one_of(st.binary(max_size=4), st.sampled_from(MISCHIEF)))
        whole = whole[:start] + piece + whole[end:]
    (folder / name).write_bytes(whole)
    for call in (registry.describe, registry.read):
        with suppress(ProblemError):
            call(folder)
