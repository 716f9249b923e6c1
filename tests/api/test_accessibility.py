"""Every kind of page under axe-core, in a real browser, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PATHS = (
    "/",
    "/queries",
    "/queries/C01",
    "/queries/F02",
    "/editor",
    "/learn",
    "/learn/1",
    "/statistics",
    "/id/paper/doi:10.5555:sample.2023.1",
    "/id/model/bert",
    "/id/model/bert?view=graph",
    "/ontology",
    "/vocab/",
    "/shapes",
    "/fair",
    "/search?q=bert",
    "/explain",
    "/problems/",
    "/docs",
    "/nothing-here",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_breaks_no_rule_of_axe(
    browser: Browser, site: Any, axe: Callable[..., None], path: str
) -> None:
    for scheme, width in (("light", 1280), ("dark", 360)):
        context = browser.new_context(
            base_url=site.url,
            color_scheme="light" if scheme == "light" else "dark",
            viewport={"width": width, "height": 800},
        )
        page = context.new_page()
        page.goto(path)
        axe(page)
        context.close()
