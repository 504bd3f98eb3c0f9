"""What a text is offered can be trained, and only a large table gets sparse gradients."""

import pytest

from core import combinations
from core.offers import offered_for


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize("rows", [8, 1_000, 100_000])
def test_what_is_offered_can_be_trained(rows, labelled):
    offered = offered_for(rows, 128, labelled=labelled)
    combinations.check(offered)
    assert offered.table.sparse == (rows == 100_000)
    assert (offered.objective.name == "sentence-label") == labelled
