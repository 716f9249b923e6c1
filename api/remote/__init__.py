"""Serving a graph that lies on a SPARQL server of the operator's: asked by our front, never shown."""
