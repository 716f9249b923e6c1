"""Profiles: pages of panels, each an answer of the query library about one thing or the graph."""

from typing import Final

# Value of ``?view=`` at the page of a paper or resource that gives the picture around it.
GRAPH_VIEW: Final = "graph"
