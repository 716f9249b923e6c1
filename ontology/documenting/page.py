"""The page itself, from a template of the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .content import ONTOLOGY, Place, Places, Sources, read_document


@dataclass(frozen=True, slots=True)
class Format:
    """Where the same can be had in another format."""

    label: str
    href: str
    media_type: str


def ontology_html(
    of: Place = ONTOLOGY,
    places: Places | None = None,
    formats: Sequence[Format] = (),
    sources: Sources | None = None,
) -> str:
    """Write the documentation as one HTML page that loads nothing.

    Args:
        of: ``ontology`` for everything, or ``vocabularies`` or ``shapes``.
        places: addresses of the three pages, for links between them; the server's by default.
        formats: links to the same in other formats.
        sources: the files; those of the package by default.

    Returns:
        the text of a document in HTML; the same for the same files and arguments.

    Raises:
        SyntaxError: a file is no Turtle.
        OSError: a file cannot be read.
    """
    return _render("page.html", of, places, formats, sources)


def ontology_fragment(
    of: Place = ONTOLOGY,
    places: Places | None = None,
    formats: Sequence[Format] = (),
    sources: Sources | None = None,
) -> Markup:
    """Write what stands in the body of `ontology_html`, from its ``h1`` on; see there.

    It looks as it should with `stylesheet`.
    """
    return Markup(_render("fragment.html", of, places, formats, sources))  # noqa: S704


def stylesheet() -> str:
    """The style of the page, in CSS; its colours follow the custom properties of a site."""
    return (_folder() / "page.css").read_text("utf-8")


def _render(
    template: str,
    of: Place,
    places: Places | None,
    formats: Sequence[Format],
    sources: Sources | None,
) -> str:
    document = read_document(of, places, sources)
    return (
        _environment()
        .get_template(template)
        .render(
            document=document,
            formats=formats,
            style=Markup(stylesheet()),  # noqa: S704
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _folder() -> Path:
    return Path(str(files(__package__)))
