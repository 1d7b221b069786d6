"""Page Comparison as a politician meets it: from the picture to one indicator, and the committee's questions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Server, Visit
from tests.browser.test_pages import address, choose

SEVEN_SPOKES = 7


def points_of(page: Page) -> Locator:
    """The places of all lines in the page's first figure, the own line's last."""
    found = page.get_by_role("figure").first.locator("g.scatterlayer path.point")
    expect(found.first).to_be_visible()
    return found


def middle_of(point: Locator) -> tuple[float, float]:
    box = point.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_question_5_which_indicators_lack_a_value_and_who_should_deliver_it(page: Page, visit: Visit) -> None:
    visit(page, address("/", kommun="Ekerö"))
    page.get_by_role("link", name="Jämförelse", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jämförelse")
    gap = page.get_by_role("listitem").filter(has_text="NP matte åk 3")
    expect(gap).to_contain_text("inga värden finns här, Kolada ska leverera dem")


def test_question_8_where_a_goal_is_met_though_others_are_ahead_and_the_reverse(
    page: Page, visit: Visit
) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Jämförelse", exact=True).click()
    page.get_by_role("tab", name="Mål och läge").click()
    expect(page.get_by_text("ligger sämre än liknande kommuner")).to_be_visible()
    page.get_by_role("radio", name="Uppnått men sämre").click()
    rows = page.get_by_role("table", name="Bedömning och läge").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("● Uppnått")
    expect(rows.filter(has_text="▼ Sämre")).to_have_count(2)
    expect(rows.filter(has_text="▲ Bättre")).to_have_count(0)
    page.get_by_role("radio", name="Ej helt uppnått men bättre").click()
    expect(rows.filter(has_text="▲ Bättre").first).to_be_visible()
    expect(rows.filter(has_text="● Uppnått")).to_have_count(0)


def test_question_10_whether_5_2_is_held_with_and_without_state_grants(page: Page, visit: Visit) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Måluppfyllelse", exact=True).click()
    page.get_by_role("tab", name="Underlag per mål").click()
    choose(page, "Mål", "Behörig personal i tillräckligt antal")
    for title in (
        "Barn per årsarbetare i förskolan, antal",
        "Barn per årsarbetare i förskolan utan statsbidrag, antal",
    ):
        heading = page.get_by_role("heading", name=title, exact=True)
        expect(heading).to_be_visible()
    answers = page.get_by_text(re.compile("målvärde högst 5,2"))
    expect(answers).to_have_count(2)


def test_question_14_source_date_n_and_definition_of_a_number_and_a_lasting_link(
    page: Page, visit: Visit, server: Server, open_page: OpenPage
) -> None:
    visit(page, address("/jamforelse", kommun="Ekerö"))
    choose(page, "År", "2018")
    expect(page.get_by_text("Ekerö · alla skolor · 2018", exact=True)).to_be_visible()
    expect(
        page.get_by_text("Egen bearbetning av data från Kolada, nyckeltal hämtade i maj 2020.")
    ).to_be_visible()
    page.get_by_text("Visa som tabell: jämförelse med andra kommuner").click()
    row = page.get_by_role("table", name="Jämförelse med andra kommuner").get_by_role("row").nth(1)
    expect(row).to_contain_text("47 av 289")
    expect(row).to_contain_text("81,9")
    assert "ar=2018" in page.url
    later = open_page(server)
    later.goto(page.url)
    expect(later.get_by_text("Ekerö · alla skolor · 2018", exact=True)).to_be_visible()


def test_question_14_one_indicator_tells_its_definition_publisher_and_next_publication(
    page: Page, visit: Visit
) -> None:
    visit(page, address("/jamforelse", kommun="Ekerö", ar="2018"))
    page.get_by_role("tab", name="Ett nyckeltal").click()
    expect(page.get_by_role("heading", name="Vad betyder nyckeltalet?")).to_be_visible()
    for fact in ("Avser:", "Riktning:", "Källa: Kolada, nyckeltal", "Nästa publicering enligt Kolada:"):
        expect(page.get_by_role("listitem").filter(has_text=fact)).to_be_visible()


def test_a_spoke_tells_its_value_and_place_on_hover(page: Page, visit: Visit) -> None:
    visit(page, address("/jamforelse", kommun="Ekerö", ar="2018"))
    points = page.get_by_role("figure").first.locator("g.scatterlayer path.point")
    expect(points.first).to_be_visible()
    box = points.first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("g.hoverlayer")).to_contain_text("Plats 47 av 289 kommuner")


def test_a_click_on_a_spoke_opens_its_indicator_in_a_link_that_lasts(
    page: Page, visit: Visit, server: Server, open_page: OpenPage
) -> None:
    visit(page, address("/jamforelse", kommun="Ekerö", ar="2018"))
    points = points_of(page)
    x, y = middle_of(points.nth(1))
    page.mouse.move(x, y)
    # Plotly takes a click for the point that it has just pointed out.
    title = page.locator("g.hoverlayer text").first
    expect(title).to_be_visible()
    page.mouse.click(x, y)
    expect(page.get_by_role("tab", name="Ett nyckeltal")).to_have_attribute("aria-selected", "true")
    heading = page.get_by_role("heading", level=2).first
    expect(heading).to_contain_text("behöriga till yrkesprogram")
    expect(page).to_have_url(re.compile("N15436"))
    later = open_page(server)
    later.goto(page.url)
    expect(later.get_by_role("heading", level=2).first).to_contain_text("behöriga till yrkesprogram")


def test_a_link_with_an_id_alone_opens_the_indicator(page: Page, visit: Visit) -> None:
    visit(page, address("/jamforelse?del=Ett nyckeltal&nyckeltal=N15505", kommun="Ekerö"))
    expect(page.get_by_role("heading", level=2).first).to_contain_text("meritvärde")
    expect(page).to_have_url(re.compile("nyckeltal=Elever"))


def test_the_list_and_the_table_show_the_spider_s_values_one_key_away(page: Page, visit: Visit) -> None:
    visit(page, address("/jamforelse", kommun="Ekerö", ar="2018"))
    expect(points_of(page).first).to_be_visible()
    page.get_by_role("radio", name="Spindel").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("vy=Lista"))
    figure = page.get_by_role("figure").first
    expect(figure).to_contain_text("Meritvärde åk 9")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("vy=Tabell"))
    expect(page.get_by_role("table", name="Jämförelse med andra kommuner")).to_contain_text("47 av 289")


@pytest.mark.parametrize("link", ["/jamforelse", "/jamforelse?vy=Lista", "/jamforelse?del=Ett nyckeltal"])
def test_no_label_of_a_figure_is_cut_at_the_edge_of_a_phone(
    server: Server, open_page: OpenPage, link: str
) -> None:
    phone = open_page(server)
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(server.url + address(link))
    expect(phone.locator("svg.main-svg text").first).to_be_visible()
    cut = phone.evaluate(
        """() => [...document.querySelectorAll('svg.main-svg text')]
            .map(text => [text.textContent, text.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.left < 0 || box.right > window.innerWidth))
            .map(([words]) => words)"""
    )
    assert cut == []
