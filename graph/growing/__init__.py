"""Growing a published graph by the papers that change, instead of building it again."""

from .difference import Change, Sorted
from .grow import GrowReport, grow

__all__ = ["Change", "GrowReport", "Sorted", "grow"]
