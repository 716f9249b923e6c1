"""Checks of the ontology itself, each named as in the tool or list that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rdflib import Graph

from .base import Check, Finding
from .foops import FOOPS
from .oops import OOPS
from .own import OWN
from .robot import ROBOT

__all__ = ["CHECKS", "Check", "Finding", "lint"]

CHECKS: Final[Mapping[str, Check]] = MappingProxyType({**FOOPS, **OOPS, **ROBOT, **OWN})


def lint(graph: Graph) -> list[Finding]:
    """Run every check over the graph of the ontology; sorted, empty where all is well."""
    return sorted(
        Finding(name, str(subject), fault)
        for name, check in CHECKS.items()
        for subject, fault in check(graph)
    )
