"""What was changed at a step, in a line."""

from PySide6.QtCore import QObject

from core.changes import config_after
from core.config import RunConfig
from core.messages import Event, SetBatchSize, SetCell, SetCorpus, SetOptimizer, SetRow
from core.vocabulary import Vocabulary
from gui.numbers import shortest
from gui.setting_names import OPTIMIZER_NAMES


class ChangeWords(QObject):
    """The words in the language of the application."""

    def signs(
        self, config: RunConfig, events: list[Event], vocabulary: Vocabulary
    ) -> list[tuple[int, str]]:
        """(step, words) of each of `events` of a run that began with `config`."""
        told = []
        for event in events:
            words = self._words(config, event, vocabulary)
            step = self.tr("Step {step}: {words}").format(step=f"{event.step:,}", words=words)
            told.append((event.step, step))
            config = config_after(config, event.change)
        return told

    def _words(self, config: RunConfig, event: Event, vocabulary: Vocabulary) -> str:
        match event.change:
            case SetOptimizer(optimizer):
                if optimizer.name != config.optimizer.name:
                    name = OPTIMIZER_NAMES[optimizer.name]
                    return self.tr("optimizer {name}").format(name=name)
                if optimizer.rate != config.optimizer.rate:
                    rate = shortest(optimizer.rate)
                    return self.tr("learning rate {rate}").format(rate=rate)
                return self.tr("settings of the optimizer")
            case SetBatchSize(batch_size):
                return self.tr("batch size {size}").format(size=f"{batch_size:,}")
            case SetCell(row, column, value):
                return self.tr("{token}, column {column} set to {value}").format(
                    token=_token(vocabulary, row), column=column, value=shortest(value)
                )
            case SetRow(row, values):
                words = self.tr("row of {token} set")
                if not values.numpy().any():
                    words = self.tr("row of {token} set to 0")
                return words.format(token=_token(vocabulary, row))
            case SetCorpus(num_embeddings=rows):
                if rows != config.table.num_embeddings:
                    return self.tr("other sentences, {rows} rows").format(rows=f"{rows:,}")
                return self.tr("other sentences")
        raise AssertionError(event)


def _token(vocabulary: Vocabulary, row: int) -> str:
    return vocabulary.token(row) if row < len(vocabulary) else str(row)
