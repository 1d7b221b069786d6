"""Every page and tab against WCAG in light and dark, and without sideways scroll."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Axe, OpenPage, Server, Visit
from tests.browser.test_pages import LINKS, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("link", LINKS)
def test_no_page_breaks_wcag(
    server: Server, open_page: OpenPage, visit: Visit, axe: Axe, link: str, scheme: str
) -> None:
    page = open_page(server, color_scheme=scheme)
    visit(page, address(link))
    page.wait_for_timeout(500)
    assert [(breach["rule"], breach["elements"][:2]) for breach in axe(page)] == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_page_never_scrolls_sideways(server: Server, open_page: OpenPage, visit: Visit, width: int) -> None:
    page = open_page(server, viewport={"width": width, "height": 844})
    for link in LINKS:
        visit(page, address(link))
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, link
