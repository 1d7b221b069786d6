"""Page Sök: the sentence counts what is listed, the words met are bold, and every hit leads to where it is shown."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import pandas as pd
import pytest

from pages.parts import found
from pages.parts.filters import Filters
from pages.parts.words import md
from queries import places, search
from queries.connection import Exports
from tests.pages.conftest import Visit, texts

EXAMPLE = Filters(
    "9901", "Exempelkommunen", None, True, None, None, None, (("19901103", "Ljungtjärnshöjdens skola"),)
)


def links(app) -> list[dict[str, str]]:
    """The links to hits: label, page, and the choices that the link carries."""
    protos = [each.proto for each in app.get("page_link")]
    return [
        {"label": proto.label, "page": proto.page}
        | {key: values[0] for key, values in parse_qs(proto.query_string).items()}
        for proto in protos
        if proto.query_string
    ]


def place(exports: Exports, asked: str, kind: str, chosen: Filters = EXAMPLE) -> found.Place:
    """Where the first hit of a kind leads."""
    hits = search.search_hits(exports, municipality_id=chosen.municipality_id, asked=asked, year=chosen.year)
    years = places.years(exports, municipality_id=chosen.municipality_id)
    return found.place_of(hits[hits["kind"] == kind].iloc[0].to_dict(), chosen, years)


def test_the_sentence_counts_the_hits_of_each_kind(visit: Visit, exports: Exports):
    hits = search.search_hits(exports, municipality_id="9901", asked="frånvaro")
    shown = texts(visit("search.py", q="frånvaro"))
    assert f"{len(hits)} träffar på ”frånvaro” i Exempelkommunen" in shown
    assert f"{(hits['kind'] == 'action').sum()} åtgärder" in shown


def test_a_misspelt_word_is_said_to_be_one(visit: Visit):
    shown = texts(visit("search.py", q="frånvarro"))
    assert "Inga träffar på just ”frånvarro” i Exempelkommunen." in shown
    assert "liknande ord, som ”frånvaro”" in shown


def test_without_hits_the_page_says_what_can_be_searched(visit: Visit):
    shown = texts(visit("search.py", q="zzzzzz", kommun="Ekerö", ar="2020"))
    assert "Inga träffar på ”zzzzzz” i Ekerö 2020." in shown
    assert "Här söker du bland mål" in shown


def test_one_kind_shows_more_of_its_hits(visit: Visit, exports: Exports):
    hits = search.search_hits(exports, municipality_id="9901", asked="frånvaro")
    assert (
        len(links(visit("search.py", q="frånvaro", traffar="Åtgärder"))) == (hits["kind"] == "action").sum()
    )
    assert "Visar 5 av 9 åtgärder." in texts(visit("search.py", q="frånvaro"))


def test_the_choices_of_a_link_are_among_those_of_the_page_that_it_leads_to(visit: Visit):
    pages = {
        "maluppfyllelse": "goals.py",
        "atgarder": "actions.py",
        "aterkommande": "recurring.py",
        "jamforelse": "comparison.py",
        "skola": "school.py",
        "om": "about.py",
    }
    for words in ("studiero", "likvärdig", "höjdens"):
        for kind in dict.fromkeys(link["page"] for link in links(visit("search.py", q=words))):
            link = next(each for each in links(visit("search.py", q=words)) if each["page"] == kind)
            choices = {key: value for key, value in link.items() if key not in ("label", "page")}
            shown = texts(visit(pages[kind], **choices))
            assert "finns inte att välja" not in shown and "känns inte igen" not in shown, link


@pytest.mark.parametrize(
    ("asked", "kind", "page", "choices"),
    [
        ("präglas av studiero", "goal", "goals.py", {"flik": "Underlag per mål"}),
        ("mobilfri", "action", "actions.py", {"visa": "Alla", "ar": "2024"}),
        ("studiero", "finding", "recurring.py", {"tema": "Studiero"}),
        ("Delrapport 2 2024", "report", "recurring.py", {"minne": "Rapporter"}),
        ("studiero", "item", "recurring.py", {"minne": "Frågor och löften"}),
        ("studiero", "agreement", "recurring.py", {"minne": "Dialogmöten"}),
        ("N15419", "indicator", "comparison.py", {"del": "Ett nyckeltal"}),
        ("ljungtjärnshöjdens", "unit", "school.py", {"skola": "Ljungtjärnshöjdens skola"}),
        ("styrkedja", "word", "about.py", {"om": "Ordlista"}),
    ],
)
def test_each_kind_leads_to_where_it_is_shown(exports: Exports, asked, kind, page, choices):
    leads_to, told = place(exports, asked, kind)
    assert leads_to == page
    assert told.items() >= {"kommun": "Exempelkommunen", **choices}.items()


def test_words_that_were_met_are_bold_and_the_rest_is_plain_text():
    told = "Hög frånvaro [x](http://x) *i* skolan"
    assert found.marked(told, ["frånvaro"]) == md(told).replace("frånvaro", "**frånvaro**")
    assert found.marked("FRÅNVARO, franvaro", ["franvaro"]) == "**FRÅNVARO**, **franvaro**"


def test_a_long_text_is_cut_around_the_word_that_was_met():
    told = "inledning " * 40 + "frånvaro " + "avslutning " * 40
    shown = found.shortened(told, ["frånvaro"])
    assert re.fullmatch(r"… .*\bfrånvaro\b.* …", shown)
    assert len(shown) <= found.SHOWN + 10


def test_hostile_words_are_shown_as_they_are_written(visit: Visit):
    app = visit("search.py", q="![x](http://x.test)")
    assert not [element for element in app.markdown if "![x](http" in element.value]


def test_every_kind_has_its_words(exports: Exports):
    hits = search.search_hits(exports, municipality_id="9901", asked="s")
    assert set(pd.unique(hits["kind"])) <= set(found.HITS) == set(found.PLACES)
