"""The graph as tables: Parquet and CSV with one schema, CSVW, Croissant and a data dictionary."""

from __future__ import annotations

from .part import Tables
from .schema import TABLES

__all__ = ["TABLES", "Tables"]
