"""Two set-ups side by side: what differs, their losses, their rows, and the probes at the end."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.padding.messages import HEADS, SetUp, Studied
from gui.canvas.calm_plot import CalmPlot
from gui.canvas.row_pairs import RowPairs, RowPairsView
from gui.field_line import field_line
from gui.head_names import HeadNames
from gui.lines_label import LinesLabel
from gui.number_box import NumberBox
from gui.numbers import as_computed, rounded, shortest
from gui.padding_comparison import Comparison, PaddingComparison
from gui.panels.settings_group import CalmBox
from gui.session import Session
from gui.theme import SPACING, theme_of

MOST_STEPS = 100_000
PLOT_HEIGHT = 100


class PaddingCompare(QWidget):
    """The first set-up is that of the settings above; the second differs in what is chosen here."""

    started = Signal()  # by a person

    def __init__(
        self, session: Session, comparison: PaddingComparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("paddingCompare")
        self._session, self._comparison = session, comparison
        self._names = HeadNames(self)
        self._make_choices()
        self._make_results()
        self._lay_out()
        self._connect()
        self._tint()
        self._show()

    # ── making it ─────────────────────────────────────────────────────────────────────────────

    def _make_choices(self) -> None:
        same = (self.tr("the same"), None)
        heads = [(self._names.head(name).name, name) for name in HEADS]
        self._head = self._box("compareHead", self.tr("Head of the second"), [same, *heads])
        self._index = self._box(
            "compareIndex",
            self.tr("padding_idx of the second"),
            [same, (self.tr("on"), True), (self.tr("off"), False)],
        )
        self._side = self._box(
            "compareSide",
            self.tr("Side of the second"),
            [same, (self.tr("right"), "right"), (self.tr("left"), "left")],
        )
        self._pad_row = self._box(
            "comparePadRow",
            self.tr("Pad row of the second"),
            [
                same,
                (self.tr("as it is"), "as-is"),
                (self.tr("zeros"), "zero"),
                (self.tr("random"), "random"),
            ],
        )
        self._decay = self._box(
            "compareDecay",
            self.tr("Weight decay of the second"),
            [same, *((shortest(value), value) for value in (0.0, 0.001, 0.01, 0.1))],
        )
        self._steps = NumberBox(1, MOST_STEPS, logarithmic=True, figures=6)
        self._steps.setDecimals(0)
        self._steps.setObjectName("compareSteps")
        self._steps.setAccessibleName(self.tr("Steps"))
        self._steps.setValue(self._comparison.steps)
        self._start = QPushButton(self.tr("Train both"))
        self._start.setObjectName("compareStart")
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setObjectName("compareStop")

    def _box(self, name: str, title: str, items: Sequence[tuple[str, object]]) -> CalmBox:
        box = CalmBox(name)
        for text, data in items:
            box.addItem(text, data)
        box.setAccessibleName(title)
        box.let_shrink()
        box.activated.connect(self._differ)
        return box

    def _make_results(self) -> None:
        self._words = LinesLabel(3)
        self._words.setObjectName("compareWords")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._plot = CalmPlot(
            "compareLosses", self.tr("The losses of both set-ups"), self.tr("loss")
        )
        self._plot.setMinimumHeight(PLOT_HEIGHT)
        self._curves = (self._plot.plot(), self._plot.plot())
        self._rows = RowPairsView()
        self._rows.setObjectName("compareRows")
        self._rows.setAccessibleName(self.tr("The rows of both tables"))
        self._rows.setMinimumHeight(PLOT_HEIGHT)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        differing = QHBoxLayout()
        differing.setSpacing(SPACING)
        differing.addWidget(QLabel(self.tr("Second set-up:")))
        differing.addLayout(
            field_line(
                (self.tr("Head"), [self._head], 1),
                (self.tr("Weight decay"), [self._decay], 0),
            ),
            1,
        )
        column.addLayout(differing)
        column.addLayout(
            field_line(
                (self.tr("Side"), [self._side], 1),
                ("padding_idx", [self._index], 1),
                (self.tr("Pad row"), [self._pad_row], 1),
            )
        )
        training = QHBoxLayout()
        steps = field_line((self.tr("Steps"), [self._steps, self._start, self._stop], 0))
        training.addLayout(steps)
        training.addStretch(1)
        column.addLayout(training)
        column.addWidget(self._words)
        results = QSplitter(Qt.Orientation.Horizontal)
        results.setObjectName("compareSplitter")
        results.setChildrenCollapsible(False)
        results.addWidget(self._plot)
        results.addWidget(self._rows)
        results.setSizes([2000, 3000])
        column.addWidget(results, 1)

    def _connect(self) -> None:
        self._steps.valueChanged.connect(self._set_steps)
        self._start.clicked.connect(self._comparison.start)
        self._start.clicked.connect(self.started)
        self._stop.clicked.connect(self._comparison.stop)
        self._comparison.changed.connect(self._show)

    # ── following ─────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _differ(self) -> None:
        self._comparison.differ(
            head=self._head.currentData(),
            side=self._side.currentData(),
            masks_gradient=self._index.currentData(),
            pad_row=self._pad_row.currentData(),
            weight_decay=self._decay.currentData(),
        )

    @Slot()
    def _set_steps(self) -> None:
        self._comparison.set_steps(int(self._steps.value()))

    @Slot()
    def _show(self) -> None:
        shown = self._comparison.shown
        self._show_choices()
        self._stop.setEnabled(self._comparison.running)
        courses = None if shown is None else shown.courses
        for number, curve in enumerate(self._curves):
            losses = [] if courses is None else courses[number].losses
            finite = np.array(losses, np.float64)
            steps = np.arange(1, len(finite) + 1)
            seen = np.isfinite(finite)
            curve.setData(steps[seen], finite[seen])
        self._plot.number_axes(courses is not None)
        if shown is None or courses is None:
            self._rows.show_pairs(None)
            self._words.setText(
                self.tr("Both begin with the table on screen and are trained on the same batch.")
            )
            return
        self._rows.show_pairs(
            RowPairs(
                tuple(map(self._name_of, shown.ids.tolist())),
                courses[0].rows,
                courses[1].rows,
                self._pad_line(shown),
            )
        )
        self._words.setText(self._in_words(shown))

    def _show_choices(self) -> None:
        difference = self._comparison.difference
        for box, chosen in (
            (self._head, difference.head),
            (self._index, difference.masks_gradient),
            (self._side, difference.side),
            (self._pad_row, difference.pad_row),
            (self._decay, difference.weight_decay),
        ):
            box.show_data(chosen)
        if self._steps.value() != self._comparison.steps:
            self._steps.setValue(self._comparison.steps)

    def _pad_line(self, shown: Comparison) -> int | None:
        found = np.flatnonzero(shown.ids == shown.pad_id)
        return int(found[0]) if len(found) else None

    def _in_words(self, shown: Comparison) -> str:
        assert shown.courses is not None
        step = self.tr("Step {done} of {total}.").format(done=shown.done, total=shown.total)
        last = shown.last
        probed = (None, None) if last is None else (last.first_probed, last.second_probed)
        lines = [f"{step} {self._differences(*shown.set_ups)}"]
        ordinals = (self.tr("First (solid)"), self.tr("Second (dashed)"))
        for name, course, studied in zip(ordinals, shown.courses, probed, strict=True):
            loss = as_computed(course.losses[-1]) if course.losses else "–"
            line = self.tr("{name}: loss {loss}").format(name=name, loss=loss)
            lines.append(line + self._of_probes(studied))
        return "\n".join(lines)

    def _of_probes(self, studied: Studied | None) -> str:
        if studied is None or studied.probed is None:
            return ""
        probed = studied.probed
        return self.tr(", moved by padding {further}, norm of the pad row {norm}").format(
            further=rounded(probed.further.largest), norm=rounded(probed.pad_row_norm)
        )

    def _differences(self, first: SetUp, second: SetUp) -> str:
        """What is not the same in both, first / second."""
        pairs = [
            f"{name}: {before} / {after}"
            for (name, before), (_, after) in zip(
                self._settings(first), self._settings(second), strict=True
            )
            if before != after
        ]
        return "; ".join(pairs) if pairs else self.tr("Nothing differs: choose what should.")

    def _settings(self, set_up: SetUp) -> list[tuple[str, str]]:
        pad_rows = {"as-is": self.tr("as it is"), "zero": "0", "random": self.tr("random")}
        return [
            (self.tr("head"), self._names.head(set_up.head).name),
            (self.tr("side"), self.tr("left") if set_up.side == "left" else self.tr("right")),
            ("padding_idx", str(set_up.padding_idx)),
            (self.tr("pad row"), pad_rows[set_up.pad_row]),
            (self.tr("weight decay"), shortest(set_up.optimizer.weight_decay)),
        ]

    def _name_of(self, id_: int) -> str:
        vocabulary = self._session.vocabulary
        return vocabulary.token(id_) if 0 <= id_ < len(vocabulary) else str(id_)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        theme = theme_of(self)
        self._plot.tint()
        self._curves[0].setPen(pg.mkPen(theme.series[0], width=2))
        dashed = pg.mkPen(theme.series[1], width=2, style=Qt.PenStyle.DashLine)
        self._curves[1].setPen(dashed)
