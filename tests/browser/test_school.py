"""One school in sixty seconds, on a laptop and on a phone, and several side by side from a link."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Server, Visit
from tests.browser.test_pages import address, choose

SCHOOL = "Gläntviksbackens skola"
COUNT_CHARTS = 19


def to_school(page: Page, visit: Visit, name: str = SCHOOL) -> None:
    """The first page, page Skola, the school: two clicks."""
    visit(page, "/")
    page.get_by_role("link", name="Skola", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skola")
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(f"Exempelkommunen · {name}")).to_be_visible()


def test_question_12_one_school_in_sixty_seconds(page: Page, visit: Visit) -> None:
    to_school(page, visit)
    expect(page.get_by_text("Grundskola i området Mellersta.")).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(COUNT_CHARTS)
    sections = page.get_by_role("heading", level=3)
    expect(sections).to_have_text(
        ["Bakgrund", "Elever", "Personal", "Närvaro", "Resultat", "Enkät", "Ekonomi", "Mål", "Åtgärder",
         "Påpekanden"]
    )  # fmt: skip
    expect(page.get_by_text("Hette Gamla Gläntvägens skola till och med 2023.")).to_be_visible()
    expect(page.get_by_role("strong").filter(has_text="15 Alla ämnen åk 9 (%)")).to_be_visible()
    expect(page.get_by_text("visas inte: för litet underlag").first).to_be_visible()
    expect(page.get_by_text("Källa: ").first).to_be_visible()
    page.get_by_text("Visa som tabell: alla mått").click()
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(COUNT_CHARTS + 1)
    assert "skola=Gl" in page.url


def test_the_charts_of_a_school_stand_on_two_screens(page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    to_school(page, visit)
    expect(page.get_by_role("figure")).to_have_count(COUNT_CHARTS)
    last = page.get_by_role("strong").filter(has_text="19 Resultat mot krav (%)")
    last.wait_for()
    top = page.evaluate(
        "() => document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect().top"
    )
    assert last.bounding_box()["y"] - top < 2000


def test_four_charts_stand_beside_each_other_and_one_on_a_phone(
    server: Server, open_page: OpenPage, visit: Visit
) -> None:
    for width, beside in ((1280, 4), (390, 1)):
        page = open_page(server, viewport={"width": width, "height": 900})
        visit(page, address("/skola", skola=SCHOOL))
        figures = page.get_by_role("figure")
        expect(figures).to_have_count(COUNT_CHARTS)
        expect(figures.last.locator(".main-svg").first).to_be_attached()
        tops = [round(figures.nth(place).bounding_box()["y"]) for place in range(COUNT_CHARTS)]
        assert max(tops.count(top) for top in tops) == beside
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_my_schools_stand_side_by_side_from_a_cold_link(page: Page, visit: Visit) -> None:
    visit(page, "/skola?skola=09901110&skoldel=Mina%20skolor&minaskolor=09901108&minaskolor=19901103")
    expect(page.get_by_text("A Gläntviksbackens skola (hel linje), B Utskärsviksskolan")).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(COUNT_CHARTS)
    head = page.get_by_role("table").get_by_role("columnheader")
    expect(head).to_have_text(
        ["Mått", "Gläntviksbackens skola", "Utskärsviksskolan", "Ljungtjärnshöjdens skola", "Kommunen"]
    )


def test_another_school_keeps_the_tab_and_the_axes(page: Page, visit: Visit) -> None:
    to_school(page, visit)
    expect(page.get_by_role("figure")).to_have_count(COUNT_CHARTS)
    for figure in page.get_by_role("figure").all():
        expect(figure.locator(".xaxislayer-above").first).to_be_attached()
    ticks = page.locator("[class*='st-key-smabilder'] .ytick text")
    before = ticks.all_text_contents()
    assert len(before) > COUNT_CHARTS
    choose(page, "Skola eller förskola", "Utskärsviksskolan")
    expect(page.get_by_text("Exempelkommunen · Utskärsviksskolan")).to_be_visible()
    expect(page.get_by_text(re.compile(r"2025/26: 72\."))).to_be_visible()
    expect(ticks).to_have_text(before)
