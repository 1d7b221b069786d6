"""The committee's questions to its own memory, each from a cold start and within three clicks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_pages import address, choose

SIX = ("Lokaler", "Utemiljö", "Studiero", "Frånvaro", "Andel förskollärare", "Kompetensutveckling")


def to_memory(page: Page, visit: Visit, kommun: str | None = None) -> None:
    """The first page, then the page about the memory, and if need be another municipality: one or two clicks."""
    visit(page, "/")
    page.get_by_role("link", name="Samma påpekande", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samma påpekande")
    if kommun:
        choose(page, "Kommun", kommun)
        expect(page.get_by_text(f"{kommun} · alla skolor")).to_be_visible()


def overview_of(page: Page) -> Locator:
    """The table of all themes, when only the chosen municipality's is left on the page."""
    table = page.get_by_role("table", name="Påpekanden, insatser och effekter", exact=True)
    expect(table.filter(has_text="2026")).to_have_count(0)
    return table


@pytest.mark.parametrize("theme", SIX)
def test_question_1_and_3_which_themes_stand_with_units_effort_effect_cause_and_next_step(
    page: Page, visit: Visit, theme: str
) -> None:
    to_memory(page, visit, "Österåker")
    row = overview_of(page).get_by_role("row").filter(has_text=f"{theme} (hela kommunen)")
    for words in ("2019 och 2020 (andra året i rad)", "Effekt ej redovisad", "Orsak saknas i källorna"):
        expect(row).to_contain_text(words)


def test_question_2_what_effect_the_efforts_against_absence_had(page: Page, visit: Visit) -> None:
    to_memory(page, visit, "Österåker")
    overview_of(page)
    choose(page, "Tema", "Frånvaro")
    links = page.get_by_role("listitem")
    expect(links.filter(has_text="Effekt:")).to_contain_text(
        "Effekt ej redovisad. Uppgift utan siffror: Trenden sägs vara positiv"
    )
    expect(links.filter(has_text="Åtgärd:")).to_contain_text("Ingen åtgärd kopplad")
    expect(links.filter(has_text="Orsak:")).to_contain_text("Orsak saknas i källorna")
    assert "tema=Fr" in page.url


def test_question_4_which_themes_have_no_action_owner_or_date(page: Page, visit: Visit) -> None:
    to_memory(page, visit, "Österåker")
    page.get_by_role("tab", name="Vad som saknas").click()
    expect(page.get_by_text("6 saknar kopplad åtgärd, 5 saknar ansvarig och 6 saknar datum")).to_be_visible()
    listed = page.get_by_role("table", name="Påpekanden utan åtgärd 2020", exact=True)
    expect(listed.get_by_role("row")).to_have_count(7)


def test_question_6_which_reports_were_never_treated(page: Page, visit: Visit) -> None:
    to_memory(page, visit, "Österåker")
    page.get_by_role("tab", name="Rapporter").click()
    never = (
        page.get_by_role("table", name="Rapporter till nämnden", exact=True)
        .get_by_role("row")
        .filter(has_text="! Aldrig behandlad")
    )
    expect(never).to_have_count(1)
    expect(never).to_contain_text("2018/19")


def test_question_13_what_is_new_since_the_last_meeting(page: Page, visit: Visit) -> None:
    to_memory(page, visit)
    expect(
        page.get_by_text("Samma teman 2026 som 2025: inga nya och inga som har försvunnit.")
    ).to_be_visible()
    page.get_by_role("tab", name="Frågor och löften").click()
    expect(page.get_by_text("Nytt vid det senaste tillfället i källorna, 18 november 2026")).to_be_visible()
    page.get_by_role("tab", name="Rapporter").click()
    expect(page.get_by_text("Den senaste behandlades 12 november 2026.")).to_be_visible()


def test_question_20_which_themes_several_units_share(page: Page, visit: Visit) -> None:
    to_memory(page, visit)
    page.get_by_role("tab", name="Styrkor och svagheter").click()
    expect(
        page.get_by_text("2 teman påpekas på minst två enheter 2026: frånvaro och lokaler.")
    ).to_be_visible()
    shared = page.get_by_role("table", name="Gemensamma teman", exact=True)
    expect(shared.get_by_role("row").nth(1)).to_contain_text("Ljungtjärnshöjdens skola, Utskärsviksskolan")


def test_the_first_page_leads_to_the_memory(page: Page, visit: Visit) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Till påpekanden, rapporter och löften").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samma påpekande")


def test_a_link_to_one_theme_of_one_school_shows_it_from_a_cold_start(page: Page, visit: Visit) -> None:
    link = address("/aterkommande", skola="Gläntviksbackens skola", tema="Utemiljö", ar="2025")
    visit(page, link)
    expect(page.get_by_text("Exempelkommunen · Gläntviksbackens skola · 2025", exact=True)).to_be_visible()
    expect(page.get_by_label("Tema", exact=True)).to_have_value("Utemiljö")
    expect(page.get_by_role("listitem").filter(has_text="Skolgården saknar skugga")).to_be_visible()


def test_question_16_what_was_agreed_last_autumn_and_what_came_of_it(page: Page, visit: Visit) -> None:
    to_memory(page, visit, None)
    page.get_by_role("tab", name="Dialogmöten").click()
    answer = page.get_by_text("Höstens dialogmöten, 27 oktober 2025: 13\u00a0överenskommelser.")
    expect(answer).to_contain_text("Utfallet är redovisat för 11 och inte för 2.")
    rows = page.get_by_role("table", name="Överenskommelser", exact=True).get_by_role("row")
    expect(rows.filter(has_text="Utfall ej redovisat").first).to_be_visible()
