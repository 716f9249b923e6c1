"""Profiles: pages of panels, each an answer of the query library about one thing or the graph."""
