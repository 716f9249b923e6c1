"""HTML from templates, with escaping on and undefined names an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse


def web_folder() -> Path:
    """Folder of the templates and of the files that browsers load."""
    return Path(str(files(__package__) / "web"))


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows.

    Attributes:
        title: name of this server's graph, the start page's title.
        version: version of fairpapers.
        snapshot: id of the published graph.
        base: what instance IRIs start with.
    """

    title: str
    version: str
    snapshot: str
    base: str


class Pages:
    """Renders the templates of one site."""

    def __init__(self, site: Site) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(web_folder() / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.show(site)

    def show(self, site: Site) -> None:
        """Show another state of the site from now on."""
        self._environment.globals["site"] = site

    def render(
        self,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """Fill a template; ``heading`` and ``section`` (a path of the menu) default to nothing."""
        page = self._environment.get_template(template)
        body = page.render({"heading": "", "section": "", **values})
        return HTMLResponse(body, status, dict(headers or {}))
