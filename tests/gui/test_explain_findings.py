"""Every finding becomes three sentences that a person can act on."""

import re

import pytest

from core.audit.finding import LEVELS, BeginAgain
from gui.explain_findings import counted, explain_finding, level_name
from tests.core.audit.subjects import TOKENS, alone, found, pooled, sound, text
from tests.core.audit.test_pairs import PAIRS


def name_of(id_: int) -> str:
    return f"“token{id_}”"


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair[0]}.{pair[1]}" for pair in PAIRS])
def test_each_finding_is_told_in_whole_sentences(pair):
    told = explain_finding(found(pair[2])[pair[0]], name_of)
    for sentence in (told.what, told.why, told.mend):
        assert "{" not in sentence
        assert not sentence or sentence.endswith((".", ")."))
        assert ".." not in sentence
        assert "nan" not in re.findall(r"[A-Za-z]+", sentence)
    assert told.what
    assert told.why


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair[0]}.{pair[1]}" for pair in PAIRS])
def test_a_button_is_named_where_there_is_a_remedy(pair):
    finding = found(pair[2])[pair[0]]
    assert (explain_finding(finding, name_of).button is None) == (finding.remedy is None)


def test_no_two_kinds_are_told_alike():
    told = {pair[0]: explain_finding(found(pair[2])[pair[0]], name_of).what for pair in PAIRS}
    assert len(set(told.values())) == len(told)


def test_numbers_are_said_for_people():
    subject = sound(text=text([2] * 9, [2, 3, 4]), config=pooled("mean"))
    told = explain_finding(found(subject)["pads-in-pooling"], name_of)
    # 1 − 3/9 = 66.7%
    assert "sentence of 9 tokens, sentence 2 with its 3 gets 66.7%" in told.why
    assert told.button == "Use the masked mean"


def test_a_number_is_not_taken_for_the_names_of_tokens():
    told = explain_finding(found(alone(tokens=TOKENS[:-1]))["rows-unnamed"], name_of)
    assert told.what == "There are 40 rows, and only 39 tokens."


def test_the_place_of_the_first_cell_is_told_as_people_count():
    finding = found(sound(text=text([2, 3], [4, 1, 5])))["pads-among-words"]
    assert explain_finding(finding, name_of).what.endswith(
        "(1×). The first is token 2 of sentence 2."
    )


def test_a_remedy_that_begins_again_names_the_setting():
    subject = sound(config=pooled("mean", padding_idx=None))
    finding = found(subject)["no-padding-idx"]
    assert isinstance(finding.remedy, BeginAgain)
    assert explain_finding(finding, name_of).button == "Set padding_idx to 1"


def test_findings_are_counted_by_level_the_gravest_first():
    findings = tuple(found(sound(config=pooled("mean", padding_idx=5))).values())
    assert counted(findings) == "1 error, 1 warning"
    assert counted(()) == "No findings"
    assert [level_name(level) for level in LEVELS] == ["Note", "Warning", "Error"]
