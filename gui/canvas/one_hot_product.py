"""one-hot(id) × table, really multiplied: in parts, so that a large table stalls nothing."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Cells of the table that are multiplied in a millisecond or two, whatever else the machine does.
CELLS_AT_ONCE = 2**19
HALF_PRECISION_AT_ONCE = 2**16  # no processor multiplies these natively


@dataclass(frozen=True, eq=False)
class Product:
    """Both ways to the row of `id`, (D,) in the table's dtype.

    `first_broken` is the first row of the table that holds NaN or Inf, if one spoils `product`.
    """

    id: int
    product: NDArray[np.floating]
    lookup: NDArray[np.floating]
    first_broken: int | None = None

    @property
    def difference(self) -> NDArray[np.floating]:
        """`product` − `lookup` (D,): zero, unless something in the table is not finite."""
        with np.errstate(invalid="ignore"):
            return self.product - self.lookup

    @property
    def largest_difference(self) -> np.floating:
        """The largest |difference|; NaN if one of them is."""
        largest: np.floating = np.max(np.abs(self.difference))
        return largest


def cells_at_once(rows: NDArray[np.floating]) -> int:
    """How many cells of a table like `rows` one part of `multiply` reads."""
    return HALF_PRECISION_AT_ONCE if rows.dtype == np.float16 else CELLS_AT_ONCE


def multiply(rows: NDArray[np.floating], id: int) -> Generator[None, None, Product]:
    """Multiply the one-hot vector (V,) of `id` by `rows` (V, D), a part at each `next`.

    Everything happens in the dtype of `rows`, which must not change meanwhile. The `Product` is
    what the generator returns.
    """
    count, dimension = rows.shape
    length = max(1, cells_at_once(rows) // max(1, dimension))
    product = np.zeros(dimension, rows.dtype)
    first_broken = None
    for start in range(0, count, length):
        part = rows[start : start + length]
        one_hot = np.zeros(len(part), rows.dtype)
        if start <= id < start + len(part):
            one_hot[id - start] = 1
        with np.errstate(invalid="ignore"):  # 0 × Inf is the very thing that is shown
            # Not `@`: BLAS would wake threads for it, which wait long where training has the cores.
            summand = np.einsum("v,vd->d", one_hot, part)
            product += summand
        if first_broken is None and not np.isfinite(summand).all():
            first_broken = start + int(np.argmin(np.isfinite(part).all(axis=1)))
        yield
    return Product(id, product, rows[id].copy(), first_broken)


def multiply_at_once(rows: NDArray[np.floating], id: int) -> Product:
    """All parts of `multiply` in one call."""
    parts = multiply(rows, id)
    while True:
        try:
            next(parts)
        except StopIteration as end:
            product: Product = end.value
            return product
