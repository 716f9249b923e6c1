"""Pictures of answers: where bars, lines and nodes go, as numbers that a template writes as SVG.

Nothing here knows of HTTP or of HTML. Horizontal places are percent of the width, so that a picture
fits a phone and a desk without a script and without small print; vertical ones are pixels.
"""
