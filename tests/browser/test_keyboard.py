"""Questions of the committee with a keyboard alone: each step is seen where it stands, and the answer is reached.

And the pages at 200 %: half as wide in CSS pixels, as browsers do it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Server, Visit
from tests.browser.test_pages import address

# What a keyboard user sees of where they are: the look of what has focus, or of what surrounds it, with and without it.
SEEN = """async () => {
    const one = document.activeElement
    if (!one || one === document.body) return 'nothing has focus'
    const near = []
    for (let at = one, up = 0; at && up < 5; at = at.parentElement, up++) near.push(at, ...(up < 2 ? at.children : []))
    near.push(...[one.previousElementSibling, one.nextElementSibling].filter(Boolean))
    const look = () => near.map(each => {
        const style = getComputedStyle(each)
        const line = style.outlineStyle === 'none' ? '' : style.outlineWidth + style.outlineColor
        return [line, style.boxShadow, style.borderTopColor, style.backgroundColor, style.textDecoration].join()
    }).join('|')
    const box = one.getBoundingClientRect()
    if (box.bottom < 0 || box.top > innerHeight) return 'outside the screen: ' + one.outerHTML.slice(0, 200)
    const focused = look()
    one.blur()
    // Some marks are drawn by the page's program, at its next turn.
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    const plain = look()
    one.focus({preventScroll: true})
    return focused === plain ? 'no mark: ' + one.outerHTML.slice(0, 200) : ''
}"""
CLIPPED = """() => [...document.querySelectorAll('[data-testid=stMain] :is(h1, h2, h3, p, button, label, li)')].filter(one => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one)
    // What only screen readers are told is one pixel wide on purpose.
    const isHidden = box.width < 2 || box.height < 2 || style.visibility === 'hidden' || one.closest('[inert]')
    const isCut = style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1
    return !isHidden && (isCut || (box.right > innerWidth + 1 && !one.closest('table, [role=tablist]')))
}).map(one => one.outerHTML.slice(0, 160))"""
MAIN_PAGES = (
    "/", "/maluppfyllelse", "/jamforelse", "/atgarder", "/skola?skola=Gläntviksbackens skola", "/manad", "/dialogmote",
    "/data?data=Läs in",
)  # fmt: skip


@pytest.fixture
def still(page: Page, visit: Visit) -> Page:
    """The first page, on which nothing fades in or out: the look of a moment is then the look that stays."""
    page.emulate_media(reduced_motion="reduce")
    visit(page, "/")
    page.add_style_tag(content="* { transition: none !important }")
    return page


def tab_to(page: Page, wanted: Locator, most: int = 70) -> None:
    """Press Tab until something has focus; at each step it is seen what has."""
    expect(wanted).to_be_visible()
    goal = wanted.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        seen = page.evaluate(SEEN)
        assert not seen, seen
        if page.evaluate("goal => document.activeElement === goal", goal):
            return
    raise AssertionError(f"{wanted} is not reached by {most} steps")


def test_question_7_which_goals_were_not_met_and_what_is_planned(still: Page) -> None:
    tab_to(still, still.get_by_role("link", name="Måluppfyllelse", exact=True))
    still.keyboard.press("Enter")
    expect(still.get_by_role("heading", level=1)).to_have_text("Måluppfyllelse")
    table = still.get_by_role("table", name="Planerat för mål som inte är uppnådda 2026")
    # The answer stands on the page without another step; what follows is reached past it.
    expect(table.get_by_role("row").filter(has_text="○ Ej uppnått").first).to_contain_text("Införa")
    tab_to(still, still.get_by_role("tab").first)
    still.keyboard.press("ArrowRight")
    still.keyboard.press("Enter")
    expect(still.get_by_role("tab").nth(1)).to_have_attribute("aria-selected", "true")


def test_question_9_what_is_due_late_and_postponed(still: Page) -> None:
    tab_to(still, still.get_by_role("link", name="Åtgärder", exact=True))
    still.keyboard.press("Enter")
    expect(still.get_by_role("heading", level=1)).to_have_text("Åtgärder")
    tab_to(still, still.get_by_role("tab").first)
    wanted = still.get_by_role("tab", name="Inför mötet")
    for _ in range(8):
        if wanted.get_attribute("aria-selected") == "true":
            break
        still.keyboard.press("ArrowRight")
        still.keyboard.press("Enter")
        still.wait_for_timeout(300)
    expect(still.get_by_text(re.compile("9 är försenade, 7 har fått ny tidpunkt"))).to_be_visible()
    first = still.get_by_role("radiogroup").filter(has_text="Flyttade").get_by_role("radio")
    tab_to(still, first.first)
    for _ in range(6):
        if still.get_by_role("radio", name="Flyttade", exact=True).get_attribute("aria-checked") == "true":
            break
        still.keyboard.press("ArrowRight")
        still.keyboard.press("Space")
        still.wait_for_timeout(300)
    expect(still).to_have_url(re.compile("skal=Flyttade"))
    told = still.get_by_role("table", name="Inför mötet").get_by_role("row")
    expect(told.filter(has_text="flyttad 2")).to_contain_text("Utbilda lärare i läsinlärning")


def test_question_12_one_school(still: Page) -> None:
    tab_to(still, still.get_by_role("link", name="Skola", exact=True))
    still.keyboard.press("Enter")
    expect(still.get_by_role("heading", level=1)).to_have_text("Skola")
    tab_to(still, still.get_by_label("Skola eller förskola", exact=True))
    still.keyboard.type("Gläntviksbacken")
    expect(still.get_by_role("option").first).to_contain_text("Gläntviksbackens skola")
    still.keyboard.press("Enter")
    expect(still.get_by_text("Grundskola i området Mellersta.")).to_be_visible()
    tab_to(still, still.get_by_text("Visa som tabell: alla mått").locator("xpath=ancestor-or-self::summary"))
    still.keyboard.press("Enter")
    expect(still.get_by_role("table").get_by_role("row").nth(5)).to_be_visible()


def test_pages_at_200_percent_scroll_one_way_and_cut_nothing(
    server: Server, open_page: OpenPage, visit: Visit
) -> None:
    page = open_page(server, viewport={"width": 640, "height": 450}, device_scale_factor=2)
    for link in MAIN_PAGES:
        visit(page, address(link))
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, link
        assert page.evaluate(CLIPPED) == [], link
