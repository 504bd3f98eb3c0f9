"""What a change makes of a run's settings. Needs no torch."""

from collections.abc import Iterable

from msgspec.structs import replace

from core.config import RunConfig
from core.messages import Change, EncodedCorpus, Event, SetBatchSize, SetCorpus, SetOptimizer


def config_after(config: RunConfig, change: Change) -> RunConfig:
    """`config` once `change` has been made."""
    match change:
        case SetOptimizer(optimizer):
            return replace(config, optimizer=optimizer)
        case SetBatchSize(batch_size):
            return replace(config, batch_size=batch_size)
        case SetCorpus(num_embeddings=rows):
            table = config.table
            padding = table.padding_idx
            if padding is not None and padding < 0:
                # Counted from the end, it would be another row of a table of another size.
                padding += table.num_embeddings
            return replace(config, table=replace(table, num_embeddings=rows, padding_idx=padding))
        case _:
            return config


def settings_after(
    config: RunConfig, corpus: EncodedCorpus, events: Iterable[Event]
) -> tuple[RunConfig, EncodedCorpus]:
    """The configuration and corpus after `events` of a run that began with these."""
    for event in events:
        config = config_after(config, event.change)
        if isinstance(event.change, SetCorpus):
            corpus = event.change.corpus
    return config, corpus
