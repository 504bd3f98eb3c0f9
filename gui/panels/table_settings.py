"""The arguments of nn.Embedding, under torch's own names; a change starts a new run."""

from typing import get_args

from msgspec.structs import replace
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from core.config import INITIALISATIONS, Dtype, Initialisation, TableConfig
from gui.panels.settings_group import (
    CalmBox,
    SettingsGroup,
    check_field,
    number_field,
    show_checked,
)
from gui.session import Session

MOST_COLUMNS = 4096
LARGEST_SEED = 2**32 - 1


class TableSettings(SettingsGroup):
    """Size, padding, norms, gradients, precision, and how the table begins."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Table"),
            "new run",
            self.tr("The arguments of nn.Embedding under their own names, and how it begins."),
            parent,
        )
        self._session = session
        self._add_size()
        self._add_norms()
        self._add_gradients()
        self._add_beginning()

    # ── fields ────────────────────────────────────────────────────────────────────────────────

    def _add_size(self) -> None:
        self._rows = QLabel()
        self.add("num_embeddings", self._rows, self.tr("Rows: one for each token."))
        self._columns = number_field("dimensionBox", 1, MOST_COLUMNS)
        self._columns.setDecimals(0)
        self._columns.valueChanged.connect(self._set)
        self.add(
            "embedding_dim",
            self._columns,
            self.tr("Columns: how many numbers stand for a token, up to {most:,}.").format(
                most=MOST_COLUMNS
            ),
        )
        self._padding = check_field("paddingBox", self.tr("on"))
        self._padding.toggled.connect(self._set)
        self.add(
            "padding_idx",
            self._padding,
            self.tr("The row of the pad token gets no gradient by lookup, and begins at 0."),
        )

    def _add_norms(self) -> None:
        self._max_norm = number_field("maxNormBox", 0, 1_000_000, step=0.5)
        # The lowest value stands for None.
        self._max_norm.setSpecialValueText(self.tr("none"))
        self._max_norm.valueChanged.connect(self._set)
        self.add(
            "max_norm",
            self._max_norm,
            self.tr("Rows longer than this are shortened to it when they are looked up."),
        )
        self._norm_type = number_field("normTypeBox", 0, 100)
        self._norm_type.valueChanged.connect(self._set)
        self.add(
            "norm_type",
            self._norm_type,
            self.tr("The p of the p-norm that max_norm measures with; 2 is the usual length."),
        )

    def _add_gradients(self) -> None:
        self._by_frequency = check_field("scaleGradByFreqBox", self.tr("on"))
        self._by_frequency.toggled.connect(self._set)
        self.add(
            "scale_grad_by_freq",
            self._by_frequency,
            self.tr("Divides a row’s gradient by how often the row is in the batch."),
        )
        self._sparse = check_field("sparseBox", self.tr("on"))
        self._sparse.toggled.connect(self._set)
        self.add(
            "sparse",
            self._sparse,
            self.tr("Gradients hold only the rows of the batch: fast for large tables."),
        )
        self._trainable = check_field("requiresGradBox", self.tr("on"))
        self._trainable.toggled.connect(self._set)
        self.add(
            "requires_grad",
            self._trainable,
            self.tr("Off, the table is frozen: only what stands over it is trained."),
        )
        self._dtype = CalmBox("dtypeBox")
        for dtype in get_args(Dtype):
            self._dtype.addItem(dtype, dtype)
        self._dtype.activated.connect(self._set)
        self.add("dtype", self._dtype, self.tr("How exactly each number is kept."))

    def _add_beginning(self) -> None:
        self._initialisation = CalmBox("initialisationBox")
        for name in INITIALISATIONS:
            self._initialisation.addItem(self._names.initialisation(name).name, name)
        self._initialisation.activated.connect(self._set)
        self.add(
            self.tr("initialisation"),
            self._initialisation,
            self.tr("Where the numbers of a fresh row come from."),
        )
        self._scale = number_field("scaleBox", 0, 1000, logarithmic=True)
        self._scale.valueChanged.connect(self._set)
        self.add(
            self.tr("scale"),
            self._scale,
            self.tr("normal: standard deviation; uniform: largest value; Xavier: gain."),
        )
        self._seed = number_field("seedBox", 0, LARGEST_SEED)
        self._seed.setDecimals(0)
        self._seed.valueChanged.connect(self._set_seed)
        self.add(
            self.tr("seed"),
            self._seed,
            self.tr("The same seed gives the same table and the same batches."),
        )

    # ── what the session has ──────────────────────────────────────────────────────────────────

    def show_config(self) -> None:
        table = self._session.config.table
        self._rows.setText(f"{table.num_embeddings:,}")
        self._columns.show_value(table.embedding_dim)
        self._show_padding(table)
        self._max_norm.show_value(table.max_norm or 0.0)
        self._norm_type.show_value(table.norm_type)
        self._norm_type.setEnabled(table.max_norm is not None)
        show_checked(self._by_frequency, table.scale_grad_by_freq)
        show_checked(self._sparse, table.sparse)
        show_checked(self._trainable, not table.frozen)
        self._dtype.show_data(table.dtype)
        self._show_beginning(table.initialisation)
        self._seed.show_value(self._session.config.seed)

    def _show_padding(self, table: TableConfig) -> None:
        row = self._session.vocabulary.pad_id
        if table.padding_idx is not None:
            row = table.padding_idx % table.num_embeddings  # torch takes −1 for the last row
        self._padding.setEnabled(row is not None)
        show_checked(self._padding, table.padding_idx is not None)
        if row is None:
            self._padding.setText(self.tr("there is no pad token"))
        else:
            token = self._session.vocabulary.token(row)
            self._padding.setText(
                self.tr("row {row}, {token}").format(row=row, token=token).replace("&", "&&")
            )

    def _show_beginning(self, initialisation: Initialisation) -> None:
        given = self._initialisation.findData("given")
        is_given = initialisation.name == "given"
        if is_given and given < 0:
            self._initialisation.addItem(self._names.initialisation("given").name, "given")
        elif not is_given and given >= 0:
            # Values can only be given by an example or a file, not by this box.
            self._initialisation.removeItem(given)
        self._initialisation.show_data(initialisation.name)
        self._scale.show_value(initialisation.scale)
        self._scale.setEnabled(initialisation.name not in ("zeros", "given"))

    # ── what a person chooses ─────────────────────────────────────────────────────────────────

    @Slot()
    def _set(self) -> None:
        now = self._session.config.table
        columns = int(self._columns.value())
        name = self._initialisation.currentData()
        if name == "given" and columns != now.embedding_dim:
            name = "normal"  # the given values have another number of columns
        wanted = replace(
            now,
            embedding_dim=columns,
            padding_idx=self._wanted_padding(now),
            max_norm=self._max_norm.value() or None,
            norm_type=self._norm_type.value(),
            scale_grad_by_freq=self._by_frequency.isChecked(),
            sparse=self._sparse.isChecked(),
            dtype=self._dtype.currentData(),
            initialisation=Initialisation(name, self._scale.value()),
            frozen=not self._trainable.isChecked(),
        )
        if wanted != now:
            self._session.set_table(wanted)

    def _wanted_padding(self, now: TableConfig) -> int | None:
        if not self._padding.isChecked():
            return None
        return self._session.vocabulary.pad_id if now.padding_idx is None else now.padding_idx

    @Slot()
    def _set_seed(self) -> None:
        seed = int(self._seed.value())
        if seed != self._session.config.seed:
            self._session.set_seed(seed)
