"""Närvaro, enkät och klagomål in a browser: each question from a cold start and within three clicks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_pages import address, choose


def to_tab(page: Page, visit: Visit, tab: str) -> None:
    """The first page, page Skola, the tab: two clicks."""
    visit(page, "/")
    page.get_by_role("link", name="Skola", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skola")
    page.get_by_role("tab", name=tab, exact=True).click()


def test_question_19_coverage_of_absence_investigations_per_school(page: Page, visit: Visit) -> None:
    to_tab(page, visit, "Närvaro")
    expect(page.get_by_role("heading", name="Utreds frånvaron i Exempelkommunen?")).to_be_visible()
    expect(page.get_by_text("Lägst är Harstensbackens skola med 26,1 % av 23 elever.")).to_be_visible()
    expect(page.get_by_text("Uppgift om utredningar saknas för Strandängslidens gymnasium.")).to_be_visible()
    page.get_by_text("Visa som tabell: utreds frånvaron i Exempelkommunen?").click()
    table = page.get_by_role("table", name="Utreds frånvaron i Exempelkommunen?", exact=True)
    # Eleven schools and the headings.
    expect(table.get_by_role("row")).to_have_count(12)
    expect(table.get_by_role("row").filter(has_text="Ljungtjärnshöjdens skola")).to_contain_text("89")
    assert "skoldel=N" in page.url


def test_a_link_to_the_absence_of_one_school_opens_it(page: Page, visit: Visit) -> None:
    visit(page, address("/skola", skoldel="Närvaro", skola="Ljungtjärnshöjdens skola", ar="2026"))
    expect(page.get_by_text("39,3 % av de 89 eleverna över frånvarogränsen")).to_be_visible()
    expect(
        page.get_by_text("(2) vt 2023: Frånvaro registreras per lektion i nytt system").first
    ).to_be_visible()
    expect(page.get_by_text("Stadier visas bara för hela kommunen")).to_be_visible()


def test_a_survey_tells_how_many_answered(page: Page, visit: Visit) -> None:
    to_tab(page, visit, "Enkät")
    expect(page.get_by_text("personer svarade på en fråga").first).to_be_visible()
    expect(page.get_by_text("Enkäten görs vartannat år.").first).to_be_visible()


def test_complaints_are_told_with_and_without_the_move_from_munso(page: Page, visit: Visit) -> None:
    to_tab(page, visit, "Klagomål")
    expect(page.get_by_text("Ärenden om flytten räknas bort: 3 oktober 2022–13 juni 2025.")).to_be_visible()
    choose(page, "Kommun", "Ekerö")
    expect(page.get_by_text("Klagomål om flytten från Munsö skola räknas för sig")).to_be_visible()
