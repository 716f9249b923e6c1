"""Matrix products through numpy, for models that are built within a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from thinc.api import NumpyOps, Ops, get_current_ops, set_current_ops


class NumpyProducts(NumpyOps):  # type: ignore[misc]
    """thinc's operations on numpy arrays, with numpy's own matrix product.

    thinc multiplies by the BLIS that it ships; numpy's OpenBLAS uses the wide registers of recent
    processors and took a third of the time per product where it was tried. The last bits of a
    product may differ.
    """

    name = "numpy"

    def gemm(
        self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False
    ) -> Any:
        """Multiply two matrices, each transposed if asked for."""
        return Ops.gemm(self, x, y, out=out, trans1=trans1, trans2=trans2)


@contextmanager
def numpy_products() -> Iterator[None]:
    """Let models that are built within the block multiply by numpy where they would by BLIS.

    A choice that was made before, such as a GPU, stays.
    """
    before = get_current_ops()
    if type(before) is NumpyOps:
        set_current_ops(NumpyProducts())
    try:
        yield
    finally:
        set_current_ops(before)
