"""Small tables in files, for tests of opening them."""

import numpy as np

from core.formats import registry
from core.formats.opened_table import OpenedTable

TOKENS = ("<unk>", "<pad>", "you", "need", "to", "know")
ROWS = np.arange(24, dtype=np.float32).reshape(6, 4) / 8


def table_file(folder, ending, rows=ROWS, tokens=TOKENS):
    """A file with `rows`, in the format of `ending`."""
    path = folder / f"table{ending}"
    registry.write(path, OpenedTable(rows, tokens))
    return path
