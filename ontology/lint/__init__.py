"""Checks of the ontology itself."""
