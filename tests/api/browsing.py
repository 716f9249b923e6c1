"""A real browser that may reach this machine only, for every test that drives one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

_ARGUMENTS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Pages share two cores with the rest of the suite; five seconds are too few then.
expect.set_options(timeout=20_000)
_NAMES: Final = ("chromium", "google-chrome", "chromium-browser")


# A module at a time: while it is open no test of this thread can run a loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; skips where there is none."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield opened
        opened.close()


class Watched:
    """Pages of a browser whose requests, script errors and refusals by the policy are kept."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._hosts: set[str] = set()
        self._faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    def context(self, **options: Any) -> BrowserContext:
        """A context of its own, which is closed at the end."""
        made = self._browser.new_context(**options)
        self._contexts.append(made)
        return made

    def page(self, context: BrowserContext, *, strict: bool = False) -> Page:
        """An empty page; ``strict`` makes every error and warning of the console a fault."""

        def heard(message: Any) -> None:
            if "Content Security Policy" in message.text or (
                strict and message.type in ("error", "warning")
            ):
                self._faults.append(message.text)

        page = context.new_page()
        page.on("request", lambda asked: self._hosts.add(urlsplit(asked.url).hostname or ""))
        page.on("pageerror", lambda error: self._faults.append(str(error)))
        page.on("console", heard)
        return page

    def check(self) -> None:
        """No request left this machine, and nothing failed."""
        for context in self._contexts:
            context.close()
        assert self._hosts <= {"127.0.0.1", ""}
        assert self._faults == []


@contextmanager
def watching(browser: Browser) -> Iterator[Watched]:
    """Pages that are checked at the end."""
    watched = Watched(browser)
    yield watched
    watched.check()
