"""A graph as a static site: pages, data and an editor for any web host or a USB stick."""

from __future__ import annotations

from .building import Options
from .site import Published, publish_site

__all__ = ["Options", "Published", "publish_site"]
