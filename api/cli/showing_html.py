"""One paper as one page of HTML that loads nothing."""

from __future__ import annotations

import unicodedata
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from spacy.displacy.render import EntityRenderer

from ..templating import web_folder
from .showing import FIGURE, ROLE_SIGNS, Mark, Shown, result_cells, size_cells

# Filled by spaCy's renderer, which escapes ``text``; what else goes in is escaped here.
_MARK = (
    '<mark class="{label} {role}" title="{title}">{text}<small>{label}{sign} {confidence}</small>'
    "</mark>"
)


def page(view: Shown) -> str:
    """Write the page: the text with its marks, then entities, results and sizes."""
    environment = Environment(
        loader=FileSystemLoader(web_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("shown-paper.html").render(
        view=view,
        direction=direction(view.text),
        title=marked(view, 0, len(view.title)),
        abstract=marked(view, len(view.title) + 1, len(view.text)),
        signs=ROLE_SIGNS,
        figure=FIGURE,
        results=[tuple(result_cells(result)) for result in view.results],
        sizes=[tuple(size_cells(size)) for size in view.sizes],
    )


def marked(view: Shown, start: int, end: int) -> Markup:
    """Set the marks between two offsets into that part of the text."""
    spans = [
        {
            "start": mark.start - start,
            "end": mark.end - start,
            "label": mark.kind,
            "params": _parameters(mark),
        }
        for mark in view.marks
        if start <= mark.start and mark.end <= end
    ]
    renderer = EntityRenderer({"template": _MARK})
    settings = {"direction": direction(view.text)}
    part: dict[str, Any] = {"text": view.text[start:end], "ents": spans, "settings": settings}
    return Markup(renderer.render([part]))  # noqa: S704 - escaped by the renderer and `_parameters`


def _parameters(mark: Mark) -> dict[str, str]:
    about = f"{mark.name}: {mark.kind}{f', {mark.role}' if mark.role else ''}"
    return {
        "role": mark.role or "",
        "sign": f" {ROLE_SIGNS[mark.role]}" if mark.role else "",
        "title": str(escape(f"{about}, confidence {mark.confidence:.2f}")),
        "confidence": f"{mark.confidence:.2f}",
    }


def direction(text: str) -> str:
    """Tell the direction of a text by its first letter that has one: ``ltr`` or ``rtl``.

    >>> direction("2 מודלים"), direction("2 models")
    ('rtl', 'ltr')
    """
    kinds = map(unicodedata.bidirectional, text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"
