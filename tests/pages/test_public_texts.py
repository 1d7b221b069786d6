"""The foot of every page and the two public texts: what the law lists is there, and only what the settings say is claimed."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pages.parts import foot, here, news_shown, source
from pages.parts.access import ANONYMOUS
from pages.parts.words import md
from queries import connection
from queries.connection import Exports
from queries.versions import BrokenVersion
from tests.pages.conftest import Become, Visit, texts
from tests.pages.test_pages import PAGES

SETTINGS = connection.settings()
STATIC = Path(__file__).resolve().parents[2] / "pages" / "static"


@pytest.fixture
def filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A municipality has filled in who it is."""
    told = connection.SETTINGS.read_text(encoding="utf-8")
    for name, value in {
        "organisation": "Ekerö *kommun*",
        "email": "fel@ekero.example",
        "officer": "dso@ekero.example",
    }.items():
        told = told.replace(f'{name} = ""', f'{name} = "{value}"')
    path = tmp_path / "settings.toml"
    path.write_text(told, encoding="utf-8")
    monkeypatch.setattr(connection, "SETTINGS", path)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_ends_with_the_ways_to_the_public_texts(visit: Visit, page: str):
    app = visit(page)
    assert [link.proto.page for link in app.get("page_link")][-2:] == ["tillganglighet", "personuppgifter"]
    assert "Fel på sidan? Hör av dig till den som sköter Nämndkollen hos er." in texts(app)


@pytest.mark.usefixtures("filled_in")
def test_a_fault_is_mailed_with_page_and_version_and_nothing_of_the_visitor():
    line = foot.report_line("https://exempel.test/atgarder?kommun=Ekerö&ar=2020", "3")
    link = urlsplit(re.fullmatch(r"\[Rapportera fel\]\((.*)\)", line)[1])
    assert (link.scheme, link.path) == ("mailto", "fel@ekero.example")
    told = parse_qs(link.query)
    assert told["subject"] == ["Fel i Nämndkollen"]
    assert (
        "Sida: https://exempel.test/atgarder?kommun=Ekerö&ar=2020\nVersion av uppgifterna: 3"
        in told["body"][0]
    )
    assert ")" not in link.query and " " not in link.query


def test_what_somebody_searched_for_is_not_sent_on(monkeypatch):
    class Asked(dict):
        def get_all(self, key):
            return [self[key]]

    monkeypatch.setattr(here.st, "query_params", Asked(q="hemligt", kommun="Ekerö"))
    assert here.page_address("sok").endswith("/sok?kommun=Eker%C3%B6")


def test_the_statement_has_what_the_law_lists(visit: Visit):
    shown, told = texts(visit("accessibility.py")), SETTINGS["accessibility"]
    assert "**delvis förenlig** med lagen" in shown
    assert "(2018:1937)" in shown
    for sentence in (*told["faults"], *told["tested"]):
        assert re.sub(r"\W", "", sentence) in re.sub(r"\W", "", shown)
    assert "oskäligt betungande att åtgärda (12 § i lagen)" in shown
    assert "utanför lagen (9 §)" in shown
    assert "Bedömd 22 november 2026. Redogörelsen uppdaterades senast 22 november 2026." in shown
    assert "https://www.digg.se/tdosanmalan" in shown


@pytest.mark.usefixtures("filled_in")
def test_who_answers_is_named_as_plain_text(visit: Visit):
    for page in ("accessibility.py", "privacy.py"):
        shown = texts(visit(page))
        assert r"**Ekerö \*kommun\***" in shown
        assert "mailto:fel@ekero.example" in shown
    assert f"Dataskyddsombud: {md('dso@ekero.example')}." in texts(visit("privacy.py"))


def test_without_settings_the_texts_say_what_is_not_filled_in(visit: Visit):
    shown = texts(visit("privacy.py"))
    assert "namnet är inte ifyllt i inställningarna" in shown
    assert "Hör av dig till den som sköter Nämndkollen hos er" in shown


def test_every_cookie_that_is_set_is_told_of(visit: Visit):
    shown = texts(visit("privacy.py"))
    script = (STATIC / "sv.js").read_text(encoding="utf-8")
    assert set(re.findall(r"document\.cookie = `(\w+)=", script)) == {news_shown.COOKIE}
    for cookie in ("_streamlit_xsrf", "_streamlit_user", news_shown.COOKIE):
        assert f"`{cookie}`" in shown


def test_the_limits_told_are_those_of_the_privacy_gate(visit: Visit):
    limits = SETTINGS["disclosure"]
    assert (
        f"färre än {limits['pupils_per_school']} elever på en skola, {limits['pupils_per_municipality']} i kommunen eller "
        f"{limits['survey_answers']} svar döljs"
    ) in texts(visit("privacy.py"))
    assert f"för färre än {limits['employees']} årsarbetare" in texts(visit("privacy.py"))
    assert f"för färre än {limits['employees']} årsarbetare" in texts(visit("about.py", om="Små grupper"))


@pytest.mark.parametrize("page", ["accessibility.py", "privacy.py"])
def test_the_public_texts_are_open_to_everybody(visit: Visit, become: Become, page: str):
    become(ANONYMOUS)
    app = visit(page)
    assert len(app.header) > 3
    assert [link.proto.page for link in app.get("page_link")] == ["tillganglighet", "personuppgifter"]


@pytest.mark.parametrize("page", ["accessibility.py", "privacy.py"])
def test_the_public_texts_are_there_also_when_no_data_can_be_read(visit: Visit, monkeypatch, page: str):
    def broken(version: int | None = None) -> Exports:
        raise BrokenVersion("Ingen version är publicerad.")

    monkeypatch.setattr(source.library(), "open", broken)
    app = visit(page)
    assert not app.exception
    assert len(app.header) > 3


def test_a_page_that_is_closed_to_somebody_leads_to_the_public_texts_too(visit: Visit, become: Become):
    become(ANONYMOUS)
    assert [link.proto.page for link in visit("goals.py").get("page_link")] == [
        "om",
        "tillganglighet",
        "personuppgifter",
    ]
