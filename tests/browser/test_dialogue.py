"""The leadership's dialogue meeting in a real browser: prepared, held in the meeting mode, written down and followed up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Server, StartServer, Visit
from tests.browser.test_pages import address, choose

WEAK = "Ljungtjärnshöjdens skola"


def to_meeting(page: Page, visit: Visit) -> None:
    """The first page, then the dialogue meeting: one click."""
    visit(page, "/")
    page.get_by_role("link", name="Dialogmöte", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dialogmöte")


def publish(page: Page, number: int) -> None:
    """Publish what is shown, as the version with a number."""
    expect(page.get_by_text("Filen kan publiceras.")).to_be_visible()
    page.get_by_role("button", name="Publicera", exact=True).click()
    expect(page.get_by_text(f"Version {number} är publicerad.")).to_be_visible()


def at_point(page: Page, number: int) -> Locator:
    """The line that says which point of the meeting is shown."""
    return page.get_by_text(re.compile(rf"^{number} av \d+ ·"))


def test_question_16_what_was_agreed_last_autumn_and_what_came_of_it(page: Page, visit: Visit) -> None:
    to_meeting(page, visit)
    page.get_by_role("tab", name="Överenskommelser").click()
    answer = page.get_by_text("Höstens dialogmöten, 27 oktober 2025: 13\u00a0överenskommelser.")
    expect(answer).to_contain_text("Utfallet är redovisat för 11 och inte för 2.")
    rows = page.get_by_role("table", name="Överenskommelser", exact=True).get_by_role("row")
    expect(rows).to_have_count(14)


def test_question_20_which_themes_the_units_share(page: Page, visit: Visit) -> None:
    to_meeting(page, visit)
    expect(page.get_by_text("frånvaro (2 enheter) och lokaler (2 enheter)")).to_be_visible()
    page.get_by_text("Visa figurer och tabeller till punkt 3").click()
    shared = page.get_by_role(
        "table", name="Vilka förbättringsteman är gemensamma för enheterna?", exact=True
    )
    expect(shared.get_by_role("row").nth(1)).to_contain_text("Ljungtjärnshöjdens skola och Utskärsviksskolan")


def test_a_question_is_picked_asked_answered_and_undone(
    start_server: StartServer, open_page: OpenPage, visit: Visit
) -> None:
    page = open_page(start_server(), is_first_visit=True)
    visit(page, "/dialogmote")
    choose(page, "Möte", "våren 2027")
    choose(page, "Skola eller förskola", WEAK)
    expect(page.get_by_text(f"Exempelkommunen · {WEAK} · våren 2027")).to_be_visible()
    page.get_by_role("tab", name="Frågebank").click()
    asked = "När är frånvaron utredd för alla elever över gränsen?"
    page.get_by_text(asked).click()
    page.get_by_role("button", name="Lägg till på dagordningen våren 2027").click()
    publish(page, 1)

    visit(page, address("/dialogmote", mote="våren 2027", skola=WEAK))
    row = page.get_by_role("row").filter(has_text=asked)
    expect(row).to_contain_text("○ Obesvarad")
    page.get_by_role("textbox", name=f"{WEAK}: {asked}").fill("Före sommaren.")
    page.get_by_role("button", name="Kontrollera och publicera svaren").click()
    publish(page, 2)
    visit(page, address("/dialogmote", mote="våren 2027", skola=WEAK))
    expect(row).to_contain_text("Före sommaren.")

    page.get_by_role("textbox", name=re.compile("När är planen för att nå resultatkravet klar")).fill(
        "I maj."
    )
    page.get_by_role("button", name="Kontrollera och publicera svaren").click()
    publish(page, 3)
    page.get_by_role("button", name="Ångra", exact=True).click()
    expect(page.get_by_text("Version 3 är ångrad. Version 4 visas nu.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="resultatkravet klar")).to_contain_text("○ Obesvarad")


def test_the_link_of_a_question_shows_what_it_rests_on(page: Page, visit: Visit) -> None:
    visit(page, address("/dialogmote", dialog="Frågebank", skola=WEAK, amne="Ekonomi"))
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Visa underlaget").first.click()
    shown = opened.value
    expect(shown.get_by_role("heading", level=1)).to_have_text("Månad")
    expect(shown.get_by_test_id("stSidebar").get_by_label("Skola eller förskola")).to_have_value(WEAK)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_the_meeting_mode_fills_the_screen_with_one_point_at_a_time(
    server: Server, open_page: OpenPage, visit: Visit, width: int, height: int
) -> None:
    page = open_page(server, viewport={"width": width, "height": height})
    visit(page, address("/dialogmote", skola=WEAK))
    page.get_by_role("button", name="Visa i mötesläge").click()
    expect(at_point(page, 1)).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_label("Möte", exact=True)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(at_point(page, 2)).to_be_visible()
    assert "punkt=2" in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("När är planen för att nå resultatkravet klar?")
    page.get_by_role("button", name="Nästa").click()
    expect(at_point(page, 3)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(at_point(page, 2)).to_be_visible()
    size = page.get_by_role("heading", level=1).evaluate(
        "each => parseFloat(getComputedStyle(each).fontSize)"
    )
    assert size >= (40 if width >= 1280 else 24)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Dialogmöte", exact=True)).to_be_visible()
    expect(at_point(page, 2)).to_have_count(0)
    assert "lage" not in page.url


def test_a_figure_stands_once_in_the_meeting_mode_and_fits_the_wall(
    server: Server, open_page: OpenPage, visit: Visit
) -> None:
    page = open_page(server, viewport={"width": 1280, "height": 720})
    visit(page, address("/dialogmote", lage="mote"))
    figures = page.locator(".st-key-motet .js-plotly-plot:visible")
    for number in range(1, 20):
        expect(at_point(page, number)).to_be_visible()
        page.wait_for_timeout(1_000)
        if figures.count():
            break
        page.keyboard.press("ArrowRight")
    expect(figures).to_have_count(1)
    box = figures.bounding_box()
    assert box and box["width"] > 1000 and box["y"] + box["height"] <= 780
