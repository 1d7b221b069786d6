"""The pages as a politician meets them: cold links, the committee's questions, phone and keyboard, equal numbers."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Download, Locator, Page, TimeoutError, expect

from tests.browser.conftest import ROOT, OpenPage, Server, Visit

LINKS = {
    "/": "Översikt",
    "/sok": "Sök",
    "/sok?q=frånvaro": "Sök",
    "/maluppfyllelse": "Måluppfyllelse",
    "/maluppfyllelse?flik=Underlag per mål": "Måluppfyllelse",
    "/maluppfyllelse?flik=Styrkedja": "Måluppfyllelse",
    "/maluppfyllelse?flik=Styrkedja&gren=Varje lektion präglas av studiero": "Måluppfyllelse",
    "/maluppfyllelse?flik=Per skola": "Måluppfyllelse",
    "/maluppfyllelse?flik=Över åren": "Måluppfyllelse",
    "/jamforelse": "Jämförelse",
    "/jamforelse?vy=Lista": "Jämförelse",
    "/jamforelse?vy=Tabell": "Jämförelse",
    "/jamforelse?del=Ett nyckeltal&nyckeltal=N15419": "Jämförelse",
    "/jamforelse?del=Mål och läge": "Jämförelse",
    "/jamforelse?del=Skola mot skola": "Jämförelse",
    "/atgarder": "Åtgärder",
    "/atgarder?uppfoljning=Inför mötet": "Åtgärder",
    "/atgarder?uppfoljning=Kommande": "Åtgärder",
    "/atgarder?uppfoljning=Flyttade datum": "Åtgärder",
    "/atgarder?uppfoljning=Frågor att ställa": "Åtgärder",
    "/atgarder?uppfoljning=Effekt": "Åtgärder",
    "/atgarder?uppfoljning=Försvunna": "Åtgärder",
    "/aterkommande": "Samma påpekande",
    "/aterkommande?minne=Vad som saknas": "Samma påpekande",
    "/aterkommande?minne=Styrkor och svagheter": "Samma påpekande",
    "/aterkommande?minne=Rapporter": "Samma påpekande",
    "/aterkommande?minne=Frågor och löften": "Samma påpekande",
    "/aterkommande?minne=Uppdrag": "Samma påpekande",
    "/aterkommande?minne=Dialogmöten": "Samma påpekande",
    "/skola": "Skola",
    "/skola?skola=Gläntviksbackens skola": "Skola",
    "/skola?skola=Förskolan Kottlyckan": "Skola",
    "/skola?skola=Gläntviksbackens skola&skoldel=Mina skolor&minaskolor=Utskärsviksskolan": "Skola",
    "/skola?skoldel=Närvaro": "Skola",
    "/skola?skoldel=Enkät": "Skola",
    "/skola?skoldel=Klagomål": "Skola",
    "/manad": "Månad",
    "/manad?manad=Utfall och prognos": "Månad",
    "/manad?manad=Resultatkrav och kapital": "Månad",
    "/manad?manad=Barn per årsarbetare": "Månad",
    "/manad?manad=Stora avvikelser": "Månad",
    "/dialogmote?lage=mote&punkt=2": "Vilken effekt har närvarotrappan haft?",
    "/dialogmote?dialog=Frågebank": "Dialogmöte",
    "/dialogmote?dialog=Överenskommelser": "Dialogmöte",
    "/dialogmote?dialog=Underlag": "Dialogmöte",
    "/dialogmote": "Dialogmöte",
    "/data": "Data",
    "/data?data=Läs in": "Data",
    "/data?data=Historik": "Data",
    "/data?data=Mallar": "Data",
    "/data?data=Ord": "Data",
    "/data?data=Grupper": "Data",
    "/data?data=Kolada": "Data",
    "/om": "Om Nämndkollen",
    "/om?om=Ordlista": "Om Nämndkollen",
    "/tillganglighet": "Tillgänglighetsredogörelse",
    "/personuppgifter": "Behandling av personuppgifter",
}


def address(link: str, **more: str) -> str:
    """A link with its Swedish letters as browsers send them."""
    path, _, query = link.partition("?")
    pairs = [pair.split("=") for pair in query.split("&") if pair] + [
        [key, value] for key, value in more.items()
    ]
    return path + ("?" + "&".join(f"{key}={quote(value)}" for key, value in pairs) if pairs else "")


def choose(page: Page, label: str, option: str) -> None:
    """Pick from a list as a reader does: an open list closes when the page scrolls beneath it."""
    field = page.get_by_label(label, exact=True)
    # After a change of tab the old one's field of the same name stays until the new tab is whole.
    expect(field).to_have_count(1)
    field.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    field.click()
    page.get_by_role("option", name=option, exact=True).click()
    # A click while the list is still drawn anew is lost, as for a reader: once more then.
    if page.get_by_role("listbox").first.is_visible():
        page.wait_for_timeout(500)
        if page.get_by_role("listbox").first.is_visible():
            page.get_by_role("option", name=option, exact=True).click()


def fetched(page: Page, button: Locator) -> Download:
    """The file behind a button. A click while the page is still drawn anew is lost, as for a reader: once more then."""
    for last in (False, False, True):
        try:
            with page.expect_download(timeout=20_000) as download:
                button.click()
        except TimeoutError:
            if last:
                raise
        else:
            break
    return download.value


# The last link of each page is deep inside it; a server of its own for each of all would take minutes. The public texts
# have no choices to lose.
PUBLIC_TEXTS = ("/tillganglighet", "/personuppgifter")


@pytest.mark.parametrize(
    "link", {link.partition("?")[0]: link for link in LINKS if link not in PUBLIC_TEXTS}.values()
)
def test_a_link_into_the_middle_works_right_after_a_start(
    fresh_server: Server, open_page: OpenPage, visit: Visit, link: str
) -> None:
    page = open_page(fresh_server, is_first_visit=True)
    visit(page, address(link, kommun="Linköping", ar="2020"))
    expect(page.get_by_role("heading", level=1)).to_have_text(LINKS[link])
    for label, value in {"Kommun": "Linköping", "År": "2020"}.items():
        expect(page.get_by_test_id("stSidebar").get_by_label(label, exact=True)).to_have_value(value)
    if not link.startswith(("/om", "/data", "/dialogmote", "/sok")):
        expect(page.get_by_text("Linköping · alla skolor · 2020", exact=True)).to_be_visible()


def test_question_1_which_remarks_stand_in_both_years(page: Page, visit: Visit) -> None:
    visit(page, "/")
    choose(page, "Kommun", "Österåker")
    expect(page.get_by_text("Österåker · alla skolor")).to_be_visible()
    table = page.get_by_role("table", name="Påpekanden över åren", exact=True)
    # While the page is drawn anew, the municipality before still stands there, for a moment beside the new one.
    expect(table.filter(has_text="2026")).to_have_count(0)
    for theme in (
        "Lokaler",
        "Utemiljö",
        "Studiero",
        "Frånvaro",
        "Andel förskollärare",
        "Kompetensutveckling",
    ):
        row = table.get_by_role("row").filter(has_text=theme)
        expect(row).to_contain_text("2019 och 2020 (andra året i rad)")
        expect(row).to_contain_text("Effekt ej redovisad")


def test_question_7_which_goals_were_not_met(page: Page, visit: Visit) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Måluppfyllelse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Måluppfyllelse")
    rows = (
        page.get_by_role("table", name="Målen 2026", exact=True)
        .get_by_role("row")
        .filter(has_text="○ Ej uppnått")
    )
    expect(rows).to_have_count(2)


def test_question_9_what_was_due_and_what_is_late(page: Page, visit: Visit) -> None:
    visit(page, "/")
    choose(page, "Kommun", "Linköping")
    page.get_by_role("link", name="Åtgärder", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åtgärder")
    page.get_by_role("radio", name="Rapporttillfälle").click()
    expect(page).to_have_url(re.compile("dela=Rapporttillf"))
    figure = page.get_by_role("figure").first
    expect(figure).to_contain_text("Delrapport 2")
    listed = page.get_by_role("table", name="Åtgärder", exact=True)
    expect(listed.get_by_role("row").filter(has_text="Delrapport 2")).to_have_count(9)
    expect(listed.get_by_role("row").nth(1)).to_contain_text("! Försenad")


def test_an_unknown_school_in_a_link_is_announced_in_the_browser(page: Page, visit: Visit) -> None:
    visit(page, address("/maluppfyllelse", kommun="Ekerö", skola="Nonsens"))
    expect(page.get_by_text("”Nonsens” är inte en skola i Ekerö")).to_be_visible()


def test_a_link_with_a_code_shows_the_municipality_and_keeps_it_in_the_link(page: Page, visit: Visit) -> None:
    visit(page, "/maluppfyllelse?kommun=0125&ar=2020")
    expect(page.get_by_text("Ekerö · alla skolor · 2020", exact=True)).to_be_visible()
    assert "kommun=Eker%C3%B6" in page.url


def test_the_choice_follows_from_page_to_page(page: Page, visit: Visit) -> None:
    visit(page, "/")
    choose(page, "År", "2024")
    for name in ("Måluppfyllelse", "Åtgärder", "Jämförelse"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.get_by_text("Exempelkommunen · alla skolor · 2024", exact=True)).to_be_visible()
        assert "ar=2024" in page.url


def test_numbers_are_equal_on_screen_in_the_download_and_on_the_command_line(
    page: Page, visit: Visit, tmp_path: Path
) -> None:
    visit(page, address("/maluppfyllelse", kommun="Ekerö", ar="2020"))
    page.get_by_text("Visa som tabell: mål efter bedömning 2020").click()
    table = page.get_by_role("table", name="Mål efter bedömning 2020")
    on_screen = [
        int(cell) for cell in table.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()[1:]
    ]
    file = tmp_path / "mal.csv"
    fetched(page, page.get_by_role("button", name="Hämta CSV").first).save_as(file)
    downloaded = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")), delimiter=";"))
    command = [
        sys.executable,
        "-m",
        "queries",
        "goal_tally",
        "--kommun",
        "0125",
        "--ar",
        "2020",
        "--format",
        "json",
    ]
    answered = json.loads(
        subprocess.check_output(command, cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    )
    row = answered["rows"][0]
    on_command_line = [row[name] for name in ("met", "partly", "not_met", "not_assessed", "total")]
    assert on_screen == [int(cell) for cell in downloaded[1][1:]] == on_command_line == [7, 6, 4, 0, 17]


def test_the_pages_can_be_walked_with_the_keyboard(page: Page, visit: Visit) -> None:
    visit(page, "/maluppfyllelse")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim().slice(0, 40)"
            )
        )
    assert {"Översikt", "Jämförelse", "Läget"} <= reached
    assert any("Hämta CSV" in label for label in reached)
