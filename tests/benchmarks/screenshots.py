"""Pictures of the pages of a graph, for the README: ``screenshots.py GRAPH -o FOLDER``.

Serves the graph on this machine, opens each page in Chromium and writes one PNG a page. Needs
Chromium, and the built editor for the picture of it (``make web``).
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

PAGES: Final = {
    "start": "/",
    "library": "/queries",
    "query": "/queries/C01",
    "editor": "/editor?id=C01",
    "statistics": "/statistics",
    "course": "/learn",
}
MAX_BYTES: Final = 100_000


def main() -> int:
    """Write the pictures; 1 where one is larger than a repository should hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("api/web/screenshots"))
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        parser.error("needs Chromium on the PATH")
    given.output.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("fairpapers")
    server = subprocess.Popen([program, "serve", given.graph, "--port", str(port)])
    try:
        _wait(f"http://127.0.0.1:{port}/health")
        too_large = _shoot(chromium, f"http://127.0.0.1:{port}", given.output)
    finally:
        server.terminate()
        server.wait()
    for name in too_large:
        sys.stderr.write(f"{name} is larger than {MAX_BYTES} bytes\n")
    return 1 if too_large else 0


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start within 30 seconds")


def _shoot(chromium: str, address: str, folder: Path) -> list[str]:
    """Names of the pictures that came out too large."""
    too_large = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 860, "height": 540}, base_url=address)
        for name, path in PAGES.items():
            page.goto(path)
            if name == "editor":
                page.get_by_role("button", name="Run").click()
                page.locator("#answer tbody tr").first.wait_for()
                page.locator(".tabs").evaluate("tabs => tabs.scrollIntoView()")
            picture = folder / f"{name}.png"
            page.screenshot(path=picture)
            sys.stdout.write(f"{picture} {picture.stat().st_size}\n")
            if picture.stat().st_size > MAX_BYTES:
                too_large.append(picture.name)
        browser.close()
    return too_large


if __name__ == "__main__":
    raise SystemExit(main())
