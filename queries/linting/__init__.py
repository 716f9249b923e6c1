"""Checks of query files: what keeps a query from being used, and what a reader stumbles on.

``fairpapers lint`` runs them over a folder of anyone's, the tests over our own.
"""

from __future__ import annotations

from .catalog import CHECKS, Check
from .running import Linted, lint

__all__ = ["CHECKS", "Check", "Linted", "lint"]
