"""Decisions of people on statements, and how they change what a graph says.

A decision names what it judges by its content: the paper, and the statement in names, values and
places. So it holds when the graph is built again, from other papers or by another model.
"""

from .decisions import (
    Counted,
    Decision,
    Figure,
    Place,
    Related,
    decisions_file,
    merge,
    read_decisions,
    write_decisions,
)

__all__ = [
    "Counted",
    "Decision",
    "Figure",
    "Place",
    "Related",
    "decisions_file",
    "merge",
    "read_decisions",
    "write_decisions",
]
