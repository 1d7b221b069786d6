"""Search, the browser's own memory and the foot, as a reader meets them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from pages.parts.news_shown import COOKIE
from tests.browser.conftest import Visit
from tests.browser.test_pages import address


def test_a_hit_leads_to_where_it_is_shown_in_the_year_that_it_is_of(page: Page, visit: Visit) -> None:
    visit(page, "/sok")
    field = page.get_by_label("Sök efter")
    field.fill("mobilfri")
    field.press("Enter")
    expect(page).to_have_url(re.compile("/sok\\?q=mobilfri$"))
    page.get_by_role("link").filter(has_text="Pröva mobilfri skoldag i årskurs 7–9").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åtgärder")
    expect(page.get_by_text("Exempelkommunen · alla skolor · 2024", exact=True)).to_be_visible()
    expect(page.get_by_label("Åtgärd", exact=True)).to_have_value(
        "Pröva mobilfri skoldag i årskurs 7–9 (2024-28)"
    )


def test_the_browser_remembers_what_was_read_only_after_a_click(page: Page, visit: Visit) -> None:
    visit(page, "/")
    button = page.get_by_role("button", name="Kom ihåg att jag har läst det här")
    expect(button).to_be_visible()
    assert COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
    button.click()
    expect(page.get_by_text("Sparat i den här webbläsaren.")).to_be_visible()
    (kept,) = (cookie for cookie in page.context.cookies() if cookie["name"] == COOKIE)
    assert (kept["value"], kept["sameSite"]) == ("0", "Strict")
    visit(page, "/")
    expect(page.get_by_text("Den här webbläsaren minns att du har läst version 0.")).to_be_visible()
    page.get_by_role("button", name="Glöm vad jag har läst").click()
    expect(page.get_by_text("Borttaget ur den här webbläsaren.")).to_be_visible()
    assert COOKIE not in {cookie["name"] for cookie in page.context.cookies()}


def test_the_keyboard_reaches_every_hit_and_the_foot(page: Page, visit: Visit) -> None:
    visit(page, address("/sok", q="mobilfri"))
    expect(page.get_by_role("link").filter(has_text="Pröva mobilfri skoldag i årskurs 7–9")).to_be_visible()
    page.get_by_label("Sök efter").focus()
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("(document.activeElement.innerText || '').trim()"))
        if reached[-1] == "Personuppgifter":
            break
    focus = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(focus) == "solid"
    assert "Pröva mobilfri skoldag i årskurs 7–9" in reached
    assert reached[-2:] == ["Tillgänglighetsredogörelse", "Personuppgifter"]
