"""Where in an opened table a special token is: by its name, in a row that one names, or added."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from gui.read_table import Special

LARGEST = 2**31 - 1
BY_NAME, ROW, ADDED = range(3)


class SpecialRow(QWidget):
    """Chooses the row of `token`, which other libraries call by other `names` too."""

    def __init__(self, name: str, token: str, names: Sequence[str]) -> None:
        super().__init__()
        self._token, self._names = token, names
        self._how = QComboBox()
        self._how.setObjectName(name)
        self._how.addItem("")
        self._how.addItem(self.tr("The row with this number"))
        self._how.addItem(self.tr("A row {token} that is added at the end").format(token=token))
        self._how.setToolTip(
            self.tr("Names that are known: {names}").format(names="  ".join(names))
        )
        self._row = QSpinBox()
        self._row.setObjectName(f"{name}Row")
        self._row.setRange(0, LARGEST)
        self._row.setVisible(False)
        self._how.currentIndexChanged.connect(self._show_row)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._how, 1)
        line.addWidget(self._row)
        self.setFocusProxy(self._how)
        self.show_tokens(None, None)

    def setAccessibleName(self, name: str) -> None:
        """Name the fields, for it is they that get the focus."""
        super().setAccessibleName(name)
        self._how.setAccessibleName(name)
        self._row.setAccessibleName(self.tr("{name}: row").format(name=name))

    def show_tokens(
        self, tokens: Sequence[str] | None, most: int | None, known: int | None = None
    ) -> None:
        """Say which row is recognised among the first `tokens`, or by the file, as `known`.

        `most` is the last row, None where only reading all would tell.
        """
        self._row.setMaximum(LARGEST if most is None else most)
        found = known
        for name in self._names if found is None and tokens is not None else ():
            if tokens is not None and name in tokens:
                found = tokens.index(name)
                break
        if found is not None:
            called = tokens[found] if tokens is not None and found < len(tokens) else self._token
            text = self.tr("Row {row}, {token}: recognised").format(row=found, token=called)
        elif tokens is None:
            text = self.tr("No names to go by: a row is added")
        else:
            text = self.tr("The row of that name; if there is none, one is added")
        self._how.setItemText(BY_NAME, text)

    @property
    def place(self) -> Special:
        """What is chosen."""
        if self._how.currentIndex() == ROW:
            return self._row.value()
        return "added" if self._how.currentIndex() == ADDED else "by name"

    @Slot(int)
    def _show_row(self, how: int) -> None:
        self._row.setVisible(how == ROW)
