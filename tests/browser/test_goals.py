"""Page Goals as a politician meets it: the committee's questions in three clicks, and the chain's own branches."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Server, Visit
from tests.browser.test_pages import address, choose


def test_question_5_which_indicators_lack_a_value_and_who_should_deliver(page: Page, visit: Visit) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Måluppfyllelse", exact=True).click()
    page.get_by_role("tab", name="Styrkedja").click()
    expect(page.get_by_text("3 indikatorer saknar värde")).to_be_visible()
    rows = page.get_by_role("table", name="Brutna länkar 2026").get_by_role("row")
    without_value = rows.filter(has_text=re.compile(r"!\sVärde"))
    expect(without_value).to_have_count(3)
    expect(without_value.first).to_contain_text("Kolada")
    expect(rows.filter(has_text=re.compile(r"!\sIndikator")).first).to_contain_text("Ekonomichef")


def test_question_7_which_goals_were_not_met_and_what_is_planned(page: Page, visit: Visit) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Måluppfyllelse", exact=True).click()
    heading = page.get_by_role("heading", name="Vad är planerat för mål som inte är uppnådda?")
    expect(heading).to_be_visible()
    rows = page.get_by_role("table", name="Planerat för mål som inte är uppnådda 2026").get_by_role("row")
    of_goal = rows.filter(has_text="Medarbetare mår bra på jobbet")
    expect(of_goal).to_have_count(2)
    expect(of_goal.first).to_contain_text("○ Ej uppnått")
    expect(of_goal.first).to_contain_text("! Införa gemensam rutin för rehabilitering")


def test_a_box_opens_its_branch_and_the_box_at_the_left_goes_back(page: Page, visit: Visit) -> None:
    visit(page, address("/maluppfyllelse", flik="Styrkedja"))
    figure = page.get_by_role("figure").first
    open_box(page, "Behörig personal")
    expect(figure.locator("text.slicetext").filter(has_text="Leg. förskola")).to_be_visible()
    expect(figure.locator("text.slicetext").filter(has_text="En trygg uppväxt")).to_have_count(0)
    open_box(page, "Behörig personal")
    expect(figure.locator("text.slicetext").filter(has_text="En trygg uppväxt")).to_have_count(0)
    open_box(page, "Hållbar ekonomi")
    expect(figure.locator("text.slicetext").filter(has_text="En trygg uppväxt")).to_be_visible()


def open_box(page: Page, name: str) -> None:
    """Click within the box of the chain whose words begin so. Its surface lies over the words."""
    found = page.get_by_role("figure").first.locator("text.slicetext").filter(has_text=name).first
    expect(found).to_be_visible()
    found.scroll_into_view_if_needed()
    # A box that still moves after the last click has no place to click on.
    page.wait_for_timeout(1200)
    box = found.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 10, box["y"] + 6)


def test_a_goal_s_branch_is_a_link_that_lasts(
    page: Page, visit: Visit, server: Server, open_page: OpenPage
) -> None:
    visit(page, address("/maluppfyllelse", flik="Styrkedja"))
    choose(page, "Visa grenen under", "Varje lektion präglas av studiero")
    expect(page).to_have_url(re.compile("gren=Varje"))
    expect(page.get_by_text("Kedjan är hel: inget led saknas.")).to_be_visible()
    later = open_page(server)
    later.goto(page.url)
    expect(later.get_by_label("Visa grenen under", exact=True)).to_have_value(
        "Varje lektion präglas av studiero"
    )
    expect(later.get_by_text("Kedjan är hel: inget led saknas.")).to_be_visible()
