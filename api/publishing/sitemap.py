"""Addresses of all pages for search engines (sitemaps.org)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TextIO
from xml.sax.saxutils import escape

# The protocol's limit; our addresses are short, so its 50 MB are never reached before.
MOST: Final = 50_000
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class Sitemap:
    """Writes ``sitemap.xml``, or an index of that name where one file cannot hold all.

    Args:
        folder: where the files go.
        url: address of the site without a slash at its end; empty writes nothing, because
            addresses in a sitemap must be absolute.
        most: addresses a file.
    """

    def __init__(self, folder: Path, url: str, most: int = MOST) -> None:
        self._folder, self._url, self._most = folder, url, most
        self._parts = 0
        self._held = 0
        self._out: TextIO | None = None

    def add(self, path: str) -> None:
        """Take one page."""
        if not self._url:
            return
        if self._out is None or self._held == self._most:
            self._open()
        assert self._out is not None
        self._out.write(f"<url><loc>{escape(f'{self._url}/{path}')}</loc></url>\n")
        self._held += 1

    def close(self) -> None:
        """Finish the files; call it once, at the end."""
        if self._out is None:
            return
        self._finish()
        if self._parts == 1:
            (self._folder / _part(1)).rename(self._folder / "sitemap.xml")
            return
        entries = "".join(
            f"<sitemap><loc>{escape(f'{self._url}/{_part(number)}')}</loc></sitemap>\n"
            for number in range(1, self._parts + 1)
        )
        text = f"{_HEAD}<sitemapindex {_SPACE}>\n{entries}</sitemapindex>\n"
        (self._folder / "sitemap.xml").write_text(text, encoding="utf-8")

    def _open(self) -> None:
        self._finish()
        self._parts += 1
        self._held = 0
        self._out = (self._folder / _part(self._parts)).open("w", encoding="utf-8", newline="\n")
        self._out.write(f"{_HEAD}<urlset {_SPACE}>\n")

    def _finish(self) -> None:
        if self._out is not None:
            self._out.write("</urlset>\n")
            self._out.close()
            self._out = None


def _part(number: int) -> str:
    return f"sitemap-{number}.xml"
