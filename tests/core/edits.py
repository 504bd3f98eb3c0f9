"""What a person writes into a table."""

import numpy as np

from core.messages import Array, SetRow


def set_row(row: int, *values: float, dtype: str = "float32") -> SetRow:
    return SetRow(row, Array.of(np.array(values, dtype)))
