"""Questions about months and money, each from a cold start and within three clicks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_pages import address, choose


def to_month(page: Page, visit: Visit, tab: str | None = None) -> None:
    """The first page, then the page about months, then a tab: one or two clicks."""
    visit(page, "/")
    page.get_by_role("link", name="Månad", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Månad")
    if tab:
        page.get_by_role("tab", name=tab).click()


def test_question_10_is_5_2_held_with_and_without_state_grants(page: Page, visit: Visit) -> None:
    to_month(page, visit, "Barn per årsarbetare")
    expect(page.get_by_text("Målet, högst 5,2, hålls med men inte utan statsbidrag.")).to_be_visible()
    choose(page, "Kommun", "Österåker")
    expect(page.get_by_text("Källan skiljer inte på med och utan statsbidrag")).to_be_visible()


def test_question_11_which_unit_breaks_the_requirement_and_is_capital_intact(
    page: Page, visit: Visit
) -> None:
    to_month(page, visit, "Resultatkrav och kapital")
    expect(page.get_by_text("bryter 16 av 29 enheter resultatkravet")).to_be_visible()
    expect(page.get_by_text("Längst under ligger Ljungtjärnshöjdens skola")).to_be_visible()
    expect(page.get_by_text("Det är förbrukat på Ljungtjärnshöjdens skola")).to_be_visible()


def test_question_17_which_units_lack_one_of_the_four_parts_this_month(page: Page, visit: Visit) -> None:
    to_month(page, visit)
    expect(page.get_by_text("I oktober 2026 saknar 4 av 29 enheter")).to_be_visible()
    listed = page.get_by_role("table", name="Vilka enheter saknar någon av de fyra delarna?", exact=True)
    expect(listed.get_by_role("row")).to_have_count(5)
    expect(listed.get_by_role("row").filter(has_text="Utskärsviksskolan")).to_contain_text("hela månaden")


def test_question_18_which_large_deviations_have_no_plan(page: Page, visit: Visit) -> None:
    to_month(page, visit, "Stora avvikelser")
    expect(page.get_by_text("4 av dem saknar plan: Ljungtjärnshöjdens skola")).to_be_visible()
    rows = page.get_by_role("table", name="Vilka stora avvikelser saknar plan?", exact=True).get_by_role(
        "row"
    )
    expect(rows.nth(1)).to_contain_text("! Utan plan")
    expect(rows.last).to_contain_text("Har plan")


def test_a_link_to_one_measure_of_one_school_works_from_a_cold_start(page: Page, visit: Visit) -> None:
    link = address("/manad?manad=Utfall och prognos", skola="Utskärsviksskolan", matt="Närvaro")
    visit(page, link)
    expect(page.get_by_text("Exempelkommunen · Utskärsviksskolan · oktober 2026")).to_be_visible()
    expect(page.get_by_text("I september 2026 var utfallet för närvaro")).to_be_visible()
