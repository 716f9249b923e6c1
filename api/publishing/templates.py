"""Templates of the site: its own, and those of the server's pages inside its own frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..templating import Site, web_folder


def publishing_folder() -> Path:
    """Folder of what only the static site has: templates and scripts."""
    return web_folder() / "publishing"


class SitePages:
    """Renders pages; a template of the site comes before one of the server with its name.

    Args:
        site: what every page shows.
    """

    def __init__(self, site: Site) -> None:
        folders = [publishing_folder() / "templates", web_folder() / "templates"]
        self._environment = Environment(
            loader=FileSystemLoader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["site"] = site

    def render(self, template: str, **values: Any) -> str:
        """Fill a template."""
        return self._environment.get_template(template).render(
            {"heading": "", "section": "", **values}
        )
