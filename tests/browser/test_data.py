"""The analyst's sitting in a real browser: hand in, look, publish, see the number, undo; and who is let in.

The server has a folder of published versions of its own, so that nothing of this computer's is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from queries.connection import Library
from queries.intake.templates import filled_csv
from queries.published import published_rows
from queries.versions import EMBEDDED, Store
from tests.browser.conftest import ROOT, Axe, OpenPage, Server, StartServer, Visit

SITE = """
import importlib.util
import os
from functools import cache
from pathlib import Path
from queries import connection
from queries.versions import EMBEDDED, Store
published = Store((EMBEDDED, Path(os.environ["PUBLISHED"])))
connection.library = cache(lambda: connection.Library(published))
spec = importlib.util.spec_from_file_location("project_app", Path(os.environ["PROJECT"]) / "app.py")
project = importlib.util.module_from_spec(spec)
spec.loader.exec_module(project)
app = project.app
"""
HAND_IN = "/data?data=L%C3%A4s+in"


@pytest.fixture(scope="module")
def own_server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The project over version 0 and an empty folder."""
    folder, published = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("exports")
    (folder / "app.py").write_text(SITE, encoding="utf-8")
    return start_server(folder, PYTHONPATH=str(ROOT), PROJECT=str(ROOT), PUBLISHED=str(published))


@pytest.fixture
def own_page(open_page: OpenPage, own_server: Server) -> Page:
    """A page of that server."""
    return open_page(own_server)


@pytest.fixture(scope="module")
def rows_of() -> Callable[[str], pd.DataFrame]:
    """The embedded rows of a table."""
    opened = Library(Store((EMBEDDED,))).open()
    return lambda table: published_rows(opened, table).copy()


@pytest.fixture
def two_goals_met(rows_of: Callable[[str], pd.DataFrame], tmp_path: Path) -> Path:
    """A template in which two goals of the invented municipality go from partly met to met."""
    rows = rows_of("goal_verdicts")
    of_2026 = (rows["municipality_id"] == "9901") & (rows["year"] == 2026) & rows["unit_id"].isna()
    partly = rows.index[of_2026 & rows["verdict_raw"].str.startswith("Delvis")]
    rows.loc[partly[:2], "verdict_raw"] = "Uppnått"
    return written(tmp_path / "bedömningar 2026.csv", filled_csv(rows, "goal_verdicts"))


@pytest.fixture
def plan_with_a_new_name(rows_of: Callable[[str], pd.DataFrame], tmp_path: Path) -> Path:
    """Next year's plan of Linköping, in which a goal has another name and the first action is left out."""
    actions, goals = (rows_of(table) for table in ("actions", "goals"))
    of_plan = actions[(actions["municipality_id"] == "0580") & (actions["kind"] == "activity")]
    named = of_plan.merge(goals[goals["municipality_id"] == "0580"][["goal_id", "name"]], on="goal_id")
    lines = [
        f"{row.perspective};{row.name.replace('Goda', 'Bra')};{row.title.replace(';', ',')};Delrapport 2;Pågår"
        for row in named.iloc[1:].itertuples(index=False)
    ]
    text = "\r\n".join(["Perspektiv;Nämndmål;Aktivitet;Slutdatum 2021;Status", *lines])
    return written(tmp_path / "Linköping verksamhetsplan 2021.csv", text.encode("utf-8-sig"))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def hand_in(page: Page, path: Path) -> None:
    """Choose a file and wait until it has been checked."""
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(f"Fil: {path.name}")).to_be_visible(timeout=60_000)


def said(page: Page) -> Any:
    """The sentence about the file."""
    return page.locator(".st-key-svar-granskning-fil")


def test_question_21_what_a_file_changes_is_seen_before_it_is_published_and_undone_after(
    own_page: Page, visit: Visit, two_goals_met: Path
) -> None:
    page = own_page
    visit(page, "/")
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("tab", name="Läs in").click()
    hand_in(page, two_goals_met)
    expect(said(page)).to_have_text("✓ Filen kan publiceras.")
    expect(page.get_by_text("2 mål går från delvis uppnått till uppnått.")).to_be_visible()
    page.get_by_label("Anteckning till historiken").fill("Rättat")
    page.get_by_role("button", name="Publicera", exact=True).dblclick()
    expect(page.get_by_text("Version 1 är publicerad.")).to_be_visible()
    page.get_by_role("link", name="Till målen").click()
    expect(page.get_by_text("7 av 12 mål är uppnådda")).to_be_visible()
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("tab", name="Läs in").click()
    page.get_by_role("button", name="Ångra", exact=True).click()
    expect(page.get_by_text("Version 1 är ångrad. Version 2 visas nu.")).to_be_visible()
    page.get_by_role("link", name="Till målen").click()
    expect(page.get_by_text("5 av 12 mål är uppnådda")).to_be_visible()


def test_question_22_rejected_rows_stand_with_row_number_and_reason(
    own_page: Page, visit: Visit, two_goals_met: Path
) -> None:
    headings, first = two_goals_met.read_text(encoding="utf-8-sig").splitlines()[:2]
    cells = first.split(";")
    cells[headings.split(";").index("År")] = "tjugo"
    two_goals_met.write_text(f"{headings}\r\n{';'.join(cells)}\r\n", encoding="utf-8")
    visit(own_page, HAND_IN)
    hand_in(own_page, two_goals_met)
    expect(said(own_page)).to_contain_text("✕ Filen kan inte publiceras")
    row = own_page.get_by_role("table", name="Fel och varningar i filen").get_by_role("row").nth(1)
    for cell in ("✕ Fel", "2", "År", "Ett årtal"):
        expect(row).to_contain_text(cell)


def test_questions_23_and_24_a_goal_is_renamed_without_losing_its_history_and_a_lost_action_is_told(
    own_page: Page, visit: Visit, plan_with_a_new_name: Path
) -> None:
    page = own_page
    visit(page, HAND_IN)
    hand_in(page, plan_with_a_new_name)
    expect(said(page)).to_have_text("? Svara på 5 frågor så kan filen läsas.")
    page.get_by_test_id("stDateInput").click()
    page.keyboard.type("20211231")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Kontrollera igen").click()
    expect(said(page)).to_contain_text("Filen kan publiceras", timeout=60_000)
    expect(page.get_by_text(re.compile("åtgärd(er)? har försvunnit"))).to_be_visible()
    expect(page.get_by_text("1 nytt mål: ”Bra arbetsplatser”.")).to_be_visible()
    expect(page.get_by_label("Är ”Bra arbetsplatser” ett nytt namn")).to_have_value(
        re.compile("Goda arbetsplatser")
    )
    page.get_by_role("button", name="Kontrollera igen").first.click()
    expect(page.get_by_text("nytt mål: ”Bra arbetsplatser”")).to_have_count(0, timeout=60_000)
    expect(page.get_by_text(re.compile("mål har försvunnit"))).to_have_count(0)
    expect(said(page)).to_have_text("✓ Filen kan publiceras.")
    page.get_by_role("button", name="Avbryt och ta bort filen").click()
    expect(said(page)).to_have_count(0)


def test_question_25_a_word_is_explained_once_for_all_files(own_page: Page, visit: Visit) -> None:
    page = own_page
    visit(page, "/data?data=Ord")
    page.get_by_label("”Parkerad”").click()
    page.get_by_role("option", name="✓ Klar").click()
    page.get_by_role("button", name="Kontrollera och publicera").click()
    expect(page.get_by_text("1 åtgärd går från öppen till klar.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Publicera", exact=True).click()
    expect(page.get_by_text("Alla ord i de publicerade uppgifterna är förklarade.")).to_be_visible()
    page.get_by_role("button", name="Ångra", exact=True).click()
    expect(page.get_by_label("”Parkerad”")).to_be_visible()


def test_an_old_version_stays_in_the_link_from_page_to_page_until_it_is_left(
    own_page: Page, visit: Visit, own_server: Server, open_page: OpenPage
) -> None:
    page = own_page
    visit(page, "/data?data=Historik")
    page.get_by_role("button", name="Visa version 0").click()
    expect(page.get_by_text("Du ser version 0,")).to_be_visible()
    expect(page).to_have_url(re.compile("version=0"))
    page.get_by_role("link", name="Åtgärder", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åtgärder")
    expect(page.get_by_text("Du ser version 0,")).to_be_visible()
    expect(page.get_by_label("Version", exact=True)).to_be_visible()
    later = open_page(own_server)
    visit(later, page.url.removeprefix(own_server.url))
    expect(later.get_by_text("Du ser version 0,")).to_be_visible()
    page.get_by_role("button", name="Visa den senaste").click()
    expect(page.get_by_text("Du ser version 0,")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("version"))
    expect(page.get_by_label("Version", exact=True)).to_be_hidden()


def test_a_file_that_is_looked_at_breaks_no_rule_of_wcag_and_never_scrolls_the_page_sideways(
    own_server: Server, open_page: OpenPage, visit: Visit, axe: Axe, two_goals_met: Path
) -> None:
    page = open_page(own_server)
    visit(page, HAND_IN)
    hand_in(page, two_goals_met)
    page.get_by_text("Visa 2 ändrade").click()
    page.get_by_text("Ändra hur filen läses").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        assert [(breach["rule"], breach["elements"][:2]) for breach in axe(page)] == [], scheme
    for width in (768, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    page.get_by_role("button", name="Avbryt och ta bort filen").click()
    expect(said(page)).to_have_count(0)


def test_through_a_proxy_nobody_is_answered_before_sign_in_is_configured(
    own_server: Server, open_page: OpenPage
) -> None:
    page = open_page(own_server, expected_error="403", extra_http_headers={"X-Forwarded-For": "10.1.2.3"})
    answer = page.goto(HAND_IN)
    assert answer is not None and answer.status == 403
    expect(page.get_by_text("svarar bara den som sitter vid datorn som kör den")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "Servern tar inte emot filer härifrån."),
        (413, "Filen är för stor."),
        (500, "Filen kom inte fram. Försök igen."),
    ],
)
def test_a_refused_upload_is_explained_in_swedish(
    own_server: Server, open_page: OpenPage, visit: Visit, two_goals_met: Path, status: int, sentence: str
) -> None:
    page = open_page(own_server, expected_error=str(status))
    page.route("**/_stcore/upload_file/**", lambda route: route.fulfill(status=status, body="Nej"))
    visit(page, HAND_IN)
    page.locator("input[type=file]").set_input_files(two_goals_met)
    expect(page.get_by_text(sentence)).to_be_visible()
