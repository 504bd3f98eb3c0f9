"""Every problem becomes a sentence that carries its data and says what to do."""

from typing import get_args

import pytest

from core import looking_problems, problems
from core.looking_problems import AxisRefusal, AxisRefused
from core.problems import AnyProblem, CombinationRefused, RefusalReason, SpecialTokenReason
from gui.explain import explain

EXAMPLES: list[tuple[AnyProblem, tuple[str, ...]]] = [
    (problems.NoSuchFile("/a/b.txt"), ("/a/b.txt",)),
    (problems.IsFolder("/a/b"), ("/a/b is a folder",)),
    (problems.FileUnreadable("/a/b.txt", "Permission denied"), ("/a/b.txt", "Permission denied")),
    (problems.FileTooLarge("/a/b.txt", 123_456_789, 100_000_000), ("123.5 MB", "100 MB")),
    (problems.EmptyFile("/a/b.txt"), ("/a/b.txt", "no words")),
    (problems.NotUtf8("/a/b.txt", 12_345), ("/a/b.txt", "byte 12,345")),
    (problems.BadTokenizer("/a/t.json", "no vocabulary."), ("/a/t.json", "no vocabulary.")),
    (problems.TokenizerGaveUp("retry limit reached."), ("retry limit reached.", "change it")),
    (problems.BadTable("/a/t.safetensors", "not-safetensors", "cut off"), ("/a/t", "cut off")),
    (problems.BadTable("/a/t.safetensors", "no-table"), ("/a/t.safetensors", "floating")),
    (problems.BadTable("/a/t.safetensors", "not-a-table", "bias"), ("bias", "rows and columns")),
    (problems.WhichTensor("/a/t", ["wte (9 × 4)", "wpe (2 × 4)"]), ("/a/t", "wte", "--tensor")),
    (problems.UnknownFormat("/a/t.xyz"), ("/a/t.xyz", "Save it as")),
    (problems.UnknownEnding("/a/t.xyz", [".vec", ".npy"]), ("/a/t.xyz", ".vec, .npy")),
    (problems.BrokenTable("/a/t", "ragged", 1_200, 3, 4), ("/a/t", "1,200", "4 numbers", "has 3")),
    (problems.RepeatedToken("/a/t", "you", 3, 7), ("/a/t", "“you”", "3 and 7", "Rename")),
    (problems.TokensDoNotFit("/a/t.txt", 9, 1_200), ("/a/t.txt", "9 tokens", "1,200 rows")),
    (problems.RowsChanged("/a/t.npy"), ("/a/t.npy", "changed")),
    (problems.CannotHold("/a/t", "token-with-space", "a b", 5), ("/a/t", "“a b”", "row 5")),
    (problems.UnknownName("preset", "artikle", ["article", "labelled"]), ("artikle", "labelled")),
    (problems.OutOfBounds("rate", -0.5, low=0), ("learning rate", "-0.5", "0 or more")),
    (problems.OutOfBounds("seed", -1, 0, 7), ("seed", "-1", "0 to 7")),
    (problems.OutOfBounds("padding_idx", 9, high=7), ("padding_idx", "9", "7 or less")),
    (problems.OutOfBounds("padding_idx", 9), ("padding_idx", "9")),
    (problems.IdOutOfRange(9, 3, 8), ("9", "position 3", "0 to 7")),
    (problems.IdOutOfRange(9, 3, 8, "run"), ("“run”", "position 3", "9", "0 to 7")),
    (CombinationRefused("adam", "sparse-gradients-unsupported"), ("adam", "sparse")),
    (CombinationRefused("sparse-adam", "tied-gradients-are-dense"), ("every row", "adam")),
    (CombinationRefused("sgd", "sparse-tied"), ("every row", "“sparse” off")),
    (problems.CannotTie("cbow"), ("next-word", "cbow")),
    (problems.NoExamples("skip-gram"), ("skip-gram", "two words")),
    (problems.NoLabels(), ("No sentence", "tab")),
    (problems.NoLabels(4), ("Line 4", "tab")),
    (problems.TooMuchMemory("table", 5 * 10**9, 2_500_000), ("the table", "5 GB", "2.5 MB")),
    (problems.BadSpecialTokens("<pad>", "same-id"), ("<pad>", "its own id")),
    (problems.DuplicateToken("you", 3, 7), ("“you”", "3 and 7")),
    (problems.SequenceTooLong(4, 12, 8), ("Sentence 5", "12 tokens", "8")),
    (problems.Diverged(1_200, float("inf")), ("step 1,200", "Inf", "step 0")),
    (looking_problems.NotFinite(), ("NaN or Inf", "1e18")),
    (looking_problems.NoDirection(), ("all zeros", "Euclidean")),
    (looking_problems.UnknownTokens(["kin"]), ("“kin” is not",)),
    (looking_problems.UnknownTokens(["kin", "womn"]), ("“kin”, “womn”",)),
    (looking_problems.NothingToFind(), ("no token",)),
    (looking_problems.MissingWord(5), ("character 6",)),
    (looking_problems.BadPattern("(a", "missing )", 0), ("“(a”", "missing )", "character 1")),
    (looking_problems.BadPattern("a**", "too large"), ("“a**”", "too large")),
    (looking_problems.PatternTooSlow("(a+)+b", 5.0), ("“(a+)+b”", "after 5 seconds")),
    (looking_problems.AxisRefused("he she", "no-arrow"), ("“he she”", "one arrow")),
    (looking_problems.AxisRefused("he → sh", "unknown-token", ["sh"]), ("“he → sh”", "lacks “sh”")),
    (looking_problems.ClusteringFailed("exit status 1"), ("clusters", "exit status 1", "again")),
    (looking_problems.MapRefused("one-column", "tsne", 8), ("one column",)),
    (looking_problems.MapRefused("few-rows", "umap", 1), ("UMAP needs 4 rows", "there are 1.")),
    (looking_problems.MapRefused("equal-rows", "tsne", 8), ("All rows are equal",)),
    (looking_problems.MapRefused("not-installed", "umap"), ("pip install umap-learn",)),
    (looking_problems.MapRefused("ended", "tsne", 0, "signal 9"), ("(signal 9)", "Continue")),
    (
        looking_problems.MapRefused("failed", "tsne", 8, "ValueError: x."),
        ("t-SNE", "ValueError: x."),
    ),
    (looking_problems.BranchUnseen("first"), ("“first”", "losses alone", "none")),
    (looking_problems.BranchUnseen("a", 20_000_000, 2**24), ("20,000,000", "16,777,216")),
    (problems.BadProject("/a/p", "not-a-project"), ("/a/p", "not a project")),
    (
        problems.BadProject("/a/p", "damaged", "project.json", "cut off."),
        ("project.json: cut off",),
    ),
    (problems.BadProject("/a/p", "damaged"), ("/a/p", "a part of it is missing")),
    (problems.BadProject("/a/p", "missing", "project.json"), ("/a/p", "project.json")),
    (problems.BadProject("/a/p", "stranger", "../x"), ("/a/p", "“../x”", "nothing in it")),
    (problems.BadProject("/a/p", "too-large"), ("/a/p", "unpack")),
    (problems.ViewUnreadable("/a/p", "no turn"), ("/a/p", "no turn", "training")),
    (problems.NewerProject("/a/p", 3, 1), ("/a/p", "version 3", "up to 1")),
    (problems.StateUnfit("optimizer.0.0.sum"), ("optimizer.0.0.sum", "another copy")),
    (problems.TrainedElsewhere("torch 2.4", "torch 2.13"), ("torch 2.4", "torch 2.13")),
    (problems.StepsParted(1_410), ("step 1,410", "as they were stored", "this machine")),
    (problems.EngineRestarted(1_200, "killed"), ("killed", "step 1,200")),
    (problems.EngineFailed("ValueError: x"), ("ValueError: x",)),
]


@pytest.mark.parametrize(("problem", "parts"), EXAMPLES)
def test_a_sentence_carries_the_data_of_its_problem(
    problem: AnyProblem, parts: tuple[str, ...]
) -> None:
    sentence = explain(problem)
    assert all(part in sentence for part in parts), sentence
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert "{" not in sentence


def test_every_kind_of_problem_has_an_example_here() -> None:
    assert {type(problem) for problem, _ in EXAMPLES} == set(get_args(AnyProblem))


@pytest.mark.parametrize("fault", get_args(problems.TableFault))
def test_every_broken_table_names_its_file_and_what_to_do(fault: problems.TableFault) -> None:
    sentence = explain(problems.BrokenTable("/a/t.vec", fault, 7, 3, 4, "something."))
    assert sentence.startswith(("/a/t.vec ", "Line 7 of /a/t.vec", "In line 7 of /a/t.vec"))
    assert sentence.count(". ") == 1 or ": " in sentence
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("reason", get_args(problems.CannotHoldReason))
def test_every_token_that_cannot_be_held_has_a_remedy(reason: problems.CannotHoldReason) -> None:
    sentence = explain(problems.CannotHold("/a/t.bin", reason, "a\nb", 7))
    assert "“a\\nb” (row 7)" in sentence
    assert "Save as" in sentence or "Rename" in sentence


@pytest.mark.parametrize("reason", get_args(RefusalReason))
def test_every_refused_combination_says_what_to_change(reason: RefusalReason) -> None:
    sentence = explain(CombinationRefused("adagrad", reason))
    assert "turn" in sentence.lower() or "Set" in sentence
    assert "{" not in sentence


def test_every_refused_combination_has_a_sentence_of_its_own() -> None:
    reasons = get_args(RefusalReason)
    assert len({explain(CombinationRefused("sgd", reason)) for reason in reasons}) == len(reasons)


def test_every_refused_axis_has_a_sentence_of_its_own() -> None:
    reasons = get_args(AxisRefusal)
    sentences = {explain(AxisRefused("a → b", reason, ["a"])) for reason in reasons}
    assert len(sentences) == len(reasons)


def test_every_bad_special_token_has_a_sentence_of_its_own() -> None:
    reasons = get_args(SpecialTokenReason)
    sentences = {explain(problems.BadSpecialTokens("<pad>", reason)) for reason in reasons}
    assert len(sentences) == len(reasons)


@pytest.mark.parametrize(
    ("size", "text"), [(999, "999 B"), (1_000, "1 kB"), (1_550_000, "1.6 MB"), (10**9, "1 GB")]
)
def test_sizes_are_told_in_the_unit_of_their_order(size: int, text: str) -> None:
    # 1,550,000 / 1,000,000 = 1.55; a tie in decimal, 1.6 as Python formats the binary number
    assert text in explain(problems.FileTooLarge("f", size, 1))
