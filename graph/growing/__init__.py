"""Growing a published graph by the papers that change, instead of building it again."""

from .grow import GrowReport, grow

__all__ = ["GrowReport", "grow"]
