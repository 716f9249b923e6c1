"""A release of a graph: its files, each written by a part, and what describes them."""

from __future__ import annotations

from .release import Part, Release, ReleaseFile, build_day, calendar_version
from .writing import export_release

__all__ = ["Part", "Release", "ReleaseFile", "build_day", "calendar_version", "export_release"]
