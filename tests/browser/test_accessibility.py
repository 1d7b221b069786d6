"""Every page and tab against WCAG in light and dark, and without sideways scroll."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Axe, OpenPage, Server, Visit
from tests.browser.test_pages import LINKS, address


@pytest.mark.parametrize("link", LINKS)
def test_no_page_breaks_wcag_in_light_on_a_wide_screen(
    server: Server, open_page: OpenPage, visit: Visit, axe: Axe, link: str
) -> None:
    page = open_page(server, color_scheme="light")
    visit(page, address(link))
    page.wait_for_timeout(500)
    assert breaches(axe(page)) == []


@pytest.mark.parametrize("link", LINKS)
def test_no_page_breaks_wcag_in_dark_on_a_phone_nor_scrolls_sideways_however_narrow(
    server: Server, open_page: OpenPage, visit: Visit, axe: Axe, link: str
) -> None:
    page = open_page(server, color_scheme="dark", viewport={"width": 390, "height": 844})
    visit(page, address(link))
    page.wait_for_timeout(500)
    assert breaches(axe(page)) == []
    for width in (390, 320, 768):
        if width != 390:
            page.set_viewport_size({"width": width, "height": 844})
            # Figures are drawn anew for the new width.
            page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def breaches(found: list[dict]) -> list[tuple[str, list[str]]]:
    """Each broken rule with the first elements that break it."""
    return [(breach["rule"], breach["elements"][:2]) for breach in found]
