"""Asks how a table shall be opened: which one, its tokens, its special rows, and what for."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.formats.opened_table import Choice
from core.tokenizer_file import PAD_NAMES, UNK_NAMES
from gui.canvas.first_rows import FirstRows
from gui.explain import explain
from gui.format_names import FormatNames
from gui.read_table import Wanted
from gui.special_row import SpecialRow
from gui.table_preview import COLUMNS, Preview
from gui.theme import SPACING


class ImportDialog(QDialog):
    """Shows a preview; `previewWanted` asks for another, by the choice that is in the dialog."""

    previewWanted = Signal(object)  # Choice

    def __init__(self, preview: Preview, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importDialog")
        self.setWindowTitle(self.tr("Open table"))
        self._preview, self._text = preview, text
        self._tokens: Path | None = preview.choice.tokens
        self._names = FormatNames(self)
        self._form = QFormLayout()
        self._form.setSpacing(SPACING)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._about = QLabel()
        self._about.setObjectName("importAbout")
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._rows = FirstRows()
        self._problem = QLabel()
        self._problem.setObjectName("importProblem")
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._add_table()
        self._add_tokens()
        self._add_special()
        self._add_training()
        self._compose()
        self.show_preview(preview)

    # ── fields ────────────────────────────────────────────────────────────────────────────────

    def _add_table(self) -> None:
        self._tensor = QComboBox()
        self._tensor.setObjectName("importTensor")
        for each in self._preview.tables:
            rows, columns = each.shape
            size = f"{rows:,} × {columns:,}" if rows >= 0 else f"{columns:,}"
            self._tensor.addItem(f"{each.name}   {size}   {each.dtype}", each.name)
        self._tensor.setCurrentIndex(max(0, self._tensor.findData(self._preview.choice.tensor)))
        self._tensor.activated.connect(self._ask_again)
        self._add(self.tr("Table"), self._tensor)
        self._form.setRowVisible(self._tensor, len(self._preview.tables) > 1)

    def _add_tokens(self) -> None:
        self._tokens_from = QLabel()
        self._tokens_from.setObjectName("importTokensFrom")
        self._choose = QPushButton(self.tr("Choose a file…"))
        self._choose.setObjectName("importChooseTokens")
        self._choose.setAccessibleName(self.tr("Choose a file with the tokens"))
        self._choose.setToolTip(
            self.tr("tokenizer.json, vocab.txt, or any list with one token a line")
        )
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._choose_tokens)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._tokens_from, 1)
        line.addWidget(self._choose)
        both = QWidget()
        both.setLayout(line)
        self._add(self.tr("Tokens"), both)
        self._column = QLineEdit(self._preview.choice.token_column or "")
        self._column.setObjectName("importColumn")
        self._column.setPlaceholderText(self.tr("the first that is not numbers"))
        self._column.editingFinished.connect(self._ask_again)
        self._add(self.tr("Token column"), self._column)
        self._form.setRowVisible(self._column, self._preview.format in COLUMNS)
        self._first_only = QCheckBox(self.tr("Keep only the first of rows with the same token"))
        self._first_only.setObjectName("importFirstOnly")
        self._form.addRow("", self._first_only)

    def _add_special(self) -> None:
        self.unk = SpecialRow("importUnk", "<unk>", UNK_NAMES)
        self.pad = SpecialRow("importPad", "<pad>", PAD_NAMES)
        self._add(self.tr("Unknown words"), self.unk)
        self._add(self.tr("Padding"), self.pad)

    def _add_training(self) -> None:
        self._frozen = QComboBox()
        self._frozen.setObjectName("importFrozen")
        self._frozen.addItem(self.tr("Training changes the rows (fine-tuned)"), False)
        self._frozen.addItem(self.tr("The rows stay as they are (frozen)"), True)
        self._frozen.setToolTip(self.tr("The file itself is never changed"))
        self._add(self.tr("Training"), self._frozen)
        self._sentences = QComboBox()
        self._sentences.setObjectName("importSentences")
        self._sentences.addItem(self.tr("Those that are open"), True)
        self._sentences.addItem(self.tr("None: begin without sentences"), False)
        self._add(self.tr("Sentences"), self._sentences)
        self._form.setRowVisible(self._sentences, bool(self._text.strip()))

    def _add(self, name: str, field: QWidget) -> None:
        if not field.accessibleName():
            field.setAccessibleName(name)
        self._form.addRow(name, field)

    def _compose(self) -> None:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Open | kinds.Cancel)
        buttons.setObjectName("importButtons")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._open = buttons.button(kinds.Open)
        self._open.setDefault(True)
        column = QVBoxLayout(self)
        column.setSpacing(SPACING)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.addWidget(self._about)
        column.addWidget(self._rows, 1)
        column.addWidget(self._problem)
        column.addLayout(self._form)
        column.addWidget(buttons)
        self.resize(620, 520)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    def show_preview(self, preview: Preview) -> None:
        """Show the first rows, read by the choice that was asked for."""
        self._preview = preview
        chosen, table = preview.chosen, preview.table
        rows, columns = chosen.shape
        about = self.tr("{file}: {format}, {rows:,} rows of {columns:,} numbers, {dtype}")
        if rows < 0:
            about = self.tr("{file}: {format}, rows of {columns:,} numbers, {dtype}")
        self._about.setText(
            about.format(
                file=preview.path.name,
                format=self._names.of(preview.format),
                rows=rows,
                columns=columns,
                dtype=chosen.dtype,
            )
        )
        self._rows.show_table(table)
        self._tokens_from.setText(self._told_tokens(preview))
        tokens = None if table is None else table.tokens
        self._form.setRowVisible(self._first_only, tokens is not None)
        most = rows - 1 if rows > 0 else None
        padding_idx = None if table is None else table.padding_idx
        self.unk.show_tokens(tokens, most)
        self.pad.show_tokens(tokens, most, padding_idx)
        self.show_problem("" if preview.problem is None else explain(preview.problem))
        self._open.setEnabled(table is not None)

    def _told_tokens(self, preview: Preview) -> str:
        if preview.choice.tokens is not None:
            return self.tr("from {file}").format(file=preview.choice.tokens.name)
        if preview.table is not None and preview.table.tokens is None:
            return self.tr("none in the file: rows are called by their numbers")
        return self.tr("from the file")

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the choice; nothing is if `sentence` is empty."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    # ── what is chosen ────────────────────────────────────────────────────────────────────────

    @property
    def choice(self) -> Choice:
        """What is to be read of the file."""
        several = len(self._preview.tables) > 1
        return Choice(
            tensor=self._tensor.currentData() if several else None,
            tokens=self._tokens,
            token_column=self._column.text().strip() or None,
            duplicates="first" if self._first_only.isChecked() else "refuse",
        )

    @property
    def wanted(self) -> Wanted:
        """All that was chosen."""
        return Wanted(
            self.choice,
            self.unk.place,
            self.pad.place,
            frozen=bool(self._frozen.currentData()),
            text=self._text if self._sentences.currentData() else "",
        )

    def take_tokens(self, path: Path | None) -> None:
        """Take the tokens from `path`, or from the table's own file."""
        self._tokens = path
        self._ask_again()

    @Slot()
    def _choose_tokens(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Tokens"),
            str(self._preview.path.parent),
            self.tr("Tokens (*.json *.txt *.tsv *.vocab);;All files (*)"),
        )
        if name:
            self.take_tokens(Path(name))

    @Slot()
    def _ask_again(self) -> None:
        choice = replace(self.choice, duplicates="refuse")
        if choice != self._preview.choice:
            self.previewWanted.emit(choice)
