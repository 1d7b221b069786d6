"""The committee's questions about actions over time, in a real browser and within three clicks from a cold start."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Server, Visit
from tests.browser.test_pages import address, choose

TABS = ("Läget", "Inför mötet", "Flyttade datum", "Frågor att ställa", "Effekt", "Försvunna")


def open_tab(page: Page, name: str) -> None:
    """Two clicks from the start: the page, then the tab."""
    page.get_by_role("link", name="Åtgärder", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åtgärder")
    page.get_by_role("tab", name=name, exact=True).click()
    expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")


def rows_of(page: Page, table: str) -> Locator:
    """The rows of a table, without its headings."""
    return page.get_by_role("table", name=table, exact=True).locator("tbody").get_by_role("row")


def test_question_9_what_was_due_to_the_meeting_what_is_late_and_how_often_postponed(
    page: Page, visit: Visit
) -> None:
    visit(page, "/")
    open_tab(page, "Inför mötet")
    expect(
        page.get_by_text("Till Delrapport 2, 30 september 2026 skulle 28 åtgärder vara klara")
    ).to_be_visible()
    expect(page.get_by_text(re.compile("9 är försenade, 7 har fått ny tidpunkt"))).to_be_visible()
    page.get_by_role("radio", name="Flyttade", exact=True).click()
    expect(rows_of(page, "Inför mötet")).to_have_count(7)
    twice = rows_of(page, "Inför mötet").filter(has_text="Utbilda lärare i läsinlärning, steg 2")
    expect(twice).to_contain_text(re.compile(r"flyttad 2\sgånger"))
    expect(page).to_have_url(re.compile("skal=Flyttade"))


def test_question_9_in_linkoping_nine_of_twelve_due_at_delrapport_2_are_not_done(
    page: Page, visit: Visit
) -> None:
    visit(page, address("/atgarder", kommun="Linköping", ar="2020"))
    page.get_by_role("tab", name="Inför mötet").click()
    choose(page, "Inför", "Delrapport 2 (dag anges inte)")
    expect(page.get_by_text("skulle 12 åtgärder vara klara: 3 är klara och 9 är öppna.")).to_be_visible()


def test_question_13_what_is_new_since_the_last_meeting(page: Page, visit: Visit) -> None:
    visit(page, "/")
    open_tab(page, "Inför mötet")
    expect(page.get_by_role("heading", name="Vad är nytt sedan förra rapporten?")).to_be_visible()
    expect(
        page.get_by_text(re.compile(r"I Delrapport 2 2026: 0\såtgärder är nya, 30 har nytt läge"))
    ).to_be_visible()
    changed = rows_of(page, "Ändrat sedan förra rapporten").filter(
        has_text="Upphandla stöd för frånvaroanalys"
    )
    expect(changed).to_contain_text("15 juni 2026 → 15 december 2026")
    choose(page, "Jämför med", "Verksamhetsberättelse 2025, 31 december 2025")
    expect(page.get_by_text(re.compile(r"I Delrapport 2 2026: 40\såtgärder är nya"))).to_be_visible()


def test_question_2_what_effect_the_absence_effort_had_or_that_none_is_told(page: Page, visit: Visit) -> None:
    visit(page, "/")
    open_tab(page, "Effekt")
    rows = rows_of(page, "Effekt")
    told = rows.filter(has_text="Följa upp frånvaron varje månad på")
    expect(told).to_contain_text("från 15,1 % (2022/23) till 9,3 % (2025/26), bättre")
    untold = rows.filter(has_text="Införa närvarotrappa på alla grundskolor")
    expect(untold).to_contain_text("Effekt ej redovisad")
    expect(untold).to_contain_text("Går inte att jämföra: serien bröts 2022/23")
    expect(page.get_by_text("Det säger inte varför.")).to_be_visible()


def test_questions_to_ask_stand_with_the_words_that_they_are_about(page: Page, visit: Visit) -> None:
    visit(page, "/")
    open_tab(page, "Frågor att ställa")
    asked = rows_of(page, "Frågor att ställa").filter(has_text="Upphandla stöd för frånvaroanalys")
    expect(asked).to_contain_text("Vilken tidsplan är det som hålls?")
    expect(asked).to_contain_text("”Pågår enligt tidsplan”. Avtalet har dragit ut på tiden.")
    choose(page, "Visa", "Öppen utan ny tidpunkt (2)")
    expect(rows_of(page, "Frågor att ställa")).to_have_count(2)


def test_linkoping_is_told_what_its_report_says_and_does_not_say(page: Page, visit: Visit) -> None:
    visit(page, address("/atgarder?uppfoljning=Frågor att ställa", kommun="Linköping", ar="2020"))
    for told in (
        "Av 17 försenade aktiviteter nämner 7 en ny tidpunkt och 10 ingen.",
        "Av 17 klara aktiviteter saknar 7 kommentar, och 3 säger att något återstår.",
    ):
        expect(page.get_by_text(told)).to_be_visible()
    expect(rows_of(page, "Skäl 2020").filter(has_text="Pandemin")).to_contain_text(re.compile("12.*9.*3"))


@pytest.mark.parametrize("tab", TABS)
def test_a_link_to_a_tab_opens_it_anew(
    page: Page, visit: Visit, server: Server, open_page: OpenPage, tab: str
) -> None:
    visit(page, "/atgarder")
    page.get_by_role("tab", name=tab, exact=True).click()
    expect(page.get_by_role("tab", name=tab, exact=True)).to_have_attribute("aria-selected", "true")
    later = open_page(server)
    visit(later, page.url.removeprefix(server.url))
    expect(later.get_by_role("tab", name=tab, exact=True)).to_have_attribute("aria-selected", "true")


def test_old_links_to_one_action_still_open_it(page: Page, visit: Visit) -> None:
    visit(
        page, address("/atgarder?dela=Skola&visa=Alla", atgard="Upphandla stöd för frånvaroanalys (2026-71)")
    )
    expect(page.get_by_role("tab", name="Läget", exact=True)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("radio", name="Skola", exact=True)).to_be_checked()
    expect(rows_of(page, "Rapporter om åtgärden")).to_have_count(2)
