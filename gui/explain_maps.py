"""Makes sentences of why a map cannot be made."""

from PySide6.QtCore import QObject

from core.looking_problems import MapRefused
from core.maps.settings import FEWEST_ROWS, INSTALL_UMAP


class MapSentences(QObject):
    """A QObject because Qt's translation tools look for `self.tr`."""

    def of(self, problem: MapRefused) -> str:
        """What a person reads about `problem`."""
        sentences = {
            "one-column": self.tr(
                "The rows have one column: there are no near and far directions to map. Give the "
                "table more columns."
            ),
            "few-rows": self.tr(
                "{method} needs {fewest} rows or more with finite values, and there are {rows}. "
                "Add words to the sentences."
            ),
            "equal-rows": self.tr(
                "All rows are equal: a map would put them anywhere. Train a step, or choose "
                "another initialisation."
            ),
            "not-installed": self.tr("{method} is not installed; “{command}” installs it."),
            "ended": self.tr(
                "The process that makes maps ended by itself ({detail}). The map is kept as it "
                "was; Continue goes on with it."
            ),
            "failed": self.tr(
                "{method} could not map these rows: {detail}. Other settings may do."
            ),
        }
        return sentences[problem.reason].format(
            method=self.tr("t-SNE") if problem.method == "tsne" else self.tr("UMAP"),
            fewest=FEWEST_ROWS,
            rows=problem.rows,
            command=INSTALL_UMAP,
            detail=problem.detail.rstrip("."),
        )
