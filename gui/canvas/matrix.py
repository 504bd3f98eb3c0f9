"""Where the parts of one-hot × table = row stand: the row under the columns it comes from."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics

from gui.canvas.heat_cells import EDGE
from gui.theme import number_font

GAP = 8
FEWEST_ROWS = 1
LINES = 5  # besides the rows: columns, titles, product, lookup, difference
FEWEST_FIGURES = 7  # that a cell shows of a number, "…" included
SHARE_OF_ONE_HOT = 0.45  # of the width, at most
LONGEST_LABEL = 12  # digits' widths, for a token beside its row


@dataclass(frozen=True)
class MatrixSizes:
    """What one line and one cell measure, in pixels."""

    line: int
    figure: int
    one_hot_cell: int
    number_cell: int
    sign: int
    more: int

    @classmethod
    def of(cls, font: QFont, widest_number: str, sign: str, more: str) -> "MatrixSizes":
        """The sizes for cells that have room for `widest_number`."""
        figures, words = QFontMetrics(number_font(font)), QFontMetrics(font)
        figure = figures.horizontalAdvance("0")
        return cls(
            line=max(figures.height(), words.height()) + 4,
            figure=figure,
            one_hot_cell=figure + 4,
            # One figure to spare: cells cut their numbers by counting figures.
            number_cell=max(figures.horizontalAdvance(widest_number), len(widest_number) * figure)
            + 3 * EDGE,
            sign=words.horizontalAdvance(sign) + 2 * GAP,
            more=words.horizontalAdvance(more) + GAP,
        )


@dataclass(frozen=True)
class MatrixPlaces:
    """Which rows and columns are drawn, and where each part goes."""

    rows: range
    columns: range
    title: QRect
    header: QRect
    table: QRect
    labels: QRect
    one_hot_title: QRect
    one_hot: QRect
    sign: QRect
    product_title: QRect
    product: QRect
    lookup: QRect
    difference: QRect
    more: QRect


def least_height(sizes: MatrixSizes) -> int:
    """The height with the fewest rows of the table."""
    return (LINES + FEWEST_ROWS) * sizes.line + 2 * GAP


def place(
    width: int, height: int, shape: tuple[int, int], id: int, sizes: MatrixSizes
) -> MatrixPlaces:
    """The places in a view of `width` × `height` for a table of `shape` (V, D), around row `id`."""
    line = sizes.line
    rows = _rows_around(id, shape[0], _row_count(width, height, sizes))
    one_hot_width = len(rows) * sizes.one_hot_cell
    left = max(one_hot_width, LONGEST_LABEL * sizes.figure) + sizes.sign
    cell, count = _columns(width - left - EDGE, shape[1], sizes)
    columns = range(count)
    across = count * cell
    table = QRect(left, line, across, len(rows) * line)
    title = table.bottom() + 1 + GAP
    product = QRect(left, title + line, across, line)
    lookup = product.translated(0, line + GAP // 2)
    one_hot = QRect(left - sizes.sign - one_hot_width, product.y(), one_hot_width, line)
    return MatrixPlaces(
        rows=rows,
        columns=columns,
        title=QRect(0, 0, left - GAP, line),
        header=QRect(left, 0, across, line),
        table=table,
        labels=QRect(0, table.y(), left - GAP, table.height()),
        one_hot_title=QRect(0, title, left - GAP, line),
        one_hot=one_hot,
        sign=QRect(one_hot.right() + 1, product.y(), sizes.sign, line),
        product_title=QRect(left, title, width - left, line),
        product=product,
        lookup=lookup,
        difference=lookup.translated(0, line),
        more=QRect(table.right() + 1 + GAP, 0, sizes.more, line),
    )


def _row_count(width: int, height: int, sizes: MatrixSizes) -> int:
    high = (height - 2 * GAP) // sizes.line - LINES
    wide = int(SHARE_OF_ONE_HOT * width - sizes.sign) // sizes.one_hot_cell
    return max(FEWEST_ROWS, min(high, wide))


def _columns(width: int, dimension: int, sizes: MatrixSizes) -> tuple[int, int]:
    """How wide a cell is, and how many columns are drawn.

    A few decimals are given up for the sake of a column, but only where all columns then fit.
    """
    cell = min(sizes.number_cell, width // dimension)
    if cell >= min(sizes.number_cell, FEWEST_FIGURES * sizes.figure + 2 * EDGE):
        return cell, dimension
    return sizes.number_cell, max(1, (width - sizes.more) // sizes.number_cell)


def _rows_around(id: int, count: int, drawn: int) -> range:
    first = max(0, min(id - drawn // 2, count - drawn))
    return range(first, min(count, first + drawn))
