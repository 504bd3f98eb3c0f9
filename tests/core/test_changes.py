"""What a change makes of a run's settings."""

from core.changes import config_after, settings_after
from core.config import OptimizerConfig, TableConfig
from core.messages import Event, SetBatchSize, SetCell, SetCorpus, SetOptimizer
from tests.core.corpora import ROWS, encoded, run_config
from tests.core.edits import set_row


def test_each_change_sets_its_own_part_and_no_other() -> None:
    config = run_config()
    optimizer = OptimizerConfig("adam", 0.01)
    assert config_after(config, SetOptimizer(optimizer)) == run_config(optimizer=optimizer)
    assert config_after(config, SetBatchSize(3)) == run_config(batch_size=3)
    assert config_after(config, SetCorpus(encoded([[0]]), 20)) == run_config(rows=20)
    assert config_after(config, SetCell(0, 0, 1.0)) == config
    assert config_after(config, set_row(0, *4 * [0.0])) == config


def test_the_last_corpus_is_the_one_that_counts() -> None:
    first, second, third = encoded([[0]]), encoded([[0, 2]]), encoded([[3]])
    events = (
        Event(1, SetCorpus(second, 14)),
        Event(1, SetBatchSize(2)),
        Event(5, SetCorpus(third, 13)),
    )
    assert settings_after(run_config(), first, ()) == (run_config(), first)
    assert settings_after(run_config(), first, events[:2])[1] == second
    assert settings_after(run_config(), first, events) == (run_config(rows=13, batch_size=2), third)


def test_a_padding_idx_counted_from_the_end_stays_the_row_it_was() -> None:
    config = run_config(padding_idx=-1)
    grown = config_after(config, SetCorpus(encoded([[0]]), 20))
    assert grown.table == TableConfig(20, 4, padding_idx=ROWS - 1)
    assert config_after(grown, SetCorpus(encoded([[0]]), 30)).table.padding_idx == ROWS - 1
