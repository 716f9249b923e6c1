"""Matrix products through numpy, for the time of a training run; the pipeline has them too."""

from __future__ import annotations

from ..pipeline.products import NumpyProducts, numpy_products

__all__ = ["NumpyProducts", "numpy_products"]
