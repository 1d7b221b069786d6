"""Page Skola: every unit, its charts in order, several schools together, and choices that make no sense."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pages.parts import school_charts, school_pieces
from pages.parts.filters import Filters
from pages.parts.links import current_query
from pages.parts.pieces import Piece, Section
from queries import places, schools
from queries.connection import Exports
from queries.intake.example import places as places_of_example
from tests.conftest import Publish
from tests.pages.conftest import Visit, tables, texts

EXAMPLE = "9901"
SMALL, WEAK, RENAMED = "Utskärsviksskolan", "Ljungtjärnshöjdens skola", "Gläntviksbackens skola"
CLOSED, SUCCESSOR = "Kvarnlyckestigens skola", "Klockängslidens skola"
UNITS = [unit.name for unit in places_of_example.UNITS]
CHARTS = {"forskola": 11, "grundskola": 19, "gymnasieskola": 16}


def chosen(exports: Exports, name: str | None, year: int | None = None) -> Filters:
    """What the frame's filters say when a unit of the invented municipality is chosen."""
    units = places.units(exports, municipality_id=EXAMPLE)
    known = tuple(zip(units["unit_id"], units["name"], strict=True))
    unit_id = next((code for code, each in known if each == name), None)
    return Filters(EXAMPLE, "Exempelkommunen", None, True, unit_id, name, year, known)


def pieces(sections: list[Section]) -> list[Piece]:
    """The pieces of all sections in order."""
    return [piece for section in sections for piece in section.pieces]


def said(app: Any) -> str:
    """All running text of a page without Markdown's escapes."""
    return texts(app).replace("\\", "")


def figures(app: Any) -> list[dict[str, Any]]:
    """The figures of a page as Plotly draws them."""
    return [json.loads(figure.proto.spec) for figure in app.get("plotly_chart")]


def test_all_thirty_units_are_tried() -> None:
    assert len(UNITS) == 30


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_shows_the_whole_set_of_its_form(visit: Visit, exports: Exports, name: str) -> None:
    app = visit("school.py", skola=name)
    assert [error.message for error in app.exception] == []
    form = places.units(exports, municipality_id=EXAMPLE).set_index("name").loc[name, "school_form"]
    assert len(figures(app)) == CHARTS[form]
    numbers = [
        word.strip("*").split(" ")[0]
        for word in (element.value for element in app.markdown)
        if word.startswith("**") and word[2].isdigit()
    ]
    assert numbers == [str(number) for number in range(1, CHARTS[form] + 1)]


@pytest.mark.parametrize("form", [(WEAK, SMALL), ("Förskolan Kottlyckan", "Förskolan Utskärsvikens småfrö")])
def test_two_schools_have_the_same_charts_sections_and_axes(visit: Visit, form: tuple[str, str]) -> None:
    one, other = (visit("school.py", skola=name) for name in form)
    assert [each.value for each in one.subheader] == [each.value for each in other.subheader]
    axes = [
        [(each["layout"]["yaxis"]["range"], each["layout"]["xaxis"]["range"]) for each in figures(app)]
        for app in (one, other)
    ]
    assert axes[0] == axes[1]


def test_the_axes_are_those_of_the_question_whatever_year_is_chosen(visit: Visit, exports: Exports) -> None:
    rows = schools.school_indicators(exports, municipality_id=EXAMPLE, unit_ids=["19901103"])
    ends = rows.drop_duplicates("position")[["axis_low", "axis_high"]].to_numpy().tolist()
    for year in ("Senaste", "2023"):
        shown = [
            each["layout"]["yaxis"]["range"] for each in figures(visit("school.py", skola=WEAK, ar=year))
        ]
        assert shown == ends


@pytest.mark.parametrize(
    "link",
    [
        {"skola": "<script>", "skoldel": "Finns inte"},
        {"skola": SMALL, "ar": "1999"},
        {"skola": SMALL, "skoldel": "Mina skolor", "minaskolor": ["Lönnskolan", "![x](http://x.test)"]},
        {"skola": SMALL, "skoldel": "Mina skolor", "minaskolor": [SMALL, WEAK, RENAMED, CLOSED, SUCCESSOR]},
        {"kommun": "Piteå"},
        {"kommun": "Ekerö", "skola": "Munsö skola"},
        {"kommun": "Ekerö", "skola": "Munsö skola", "skoldel": "Mina skolor"},
    ],
)
def test_nonsense_and_schools_without_figures_are_said_in_words(visit: Visit, link: dict[str, Any]) -> None:
    app = visit("school.py", **link)
    assert [error.message for error in app.exception] == []
    assert len(texts(app)) > 100


def test_without_a_school_the_page_lists_all_of_them_by_form_and_area(visit: Visit) -> None:
    app = visit("school.py")
    assert "Exempelkommunen har 18 förskolor, 11 grundskolor och 1 gymnasieskola. Välj en." in said(app)
    assert [button.label for button in app.button if button.key.startswith("valj-")].count(SMALL) == 1
    assert "Stängd 2024" in said(app)


def test_a_click_on_a_school_shows_it(visit: Visit) -> None:
    app = visit("school.py")
    next(button for button in app.button if button.label == WEAK).click().run()
    assert f"Exempelkommunen · {WEAK} · 2026 (senaste)" in said(app)
    assert len(figures(app)) == CHARTS["grundskola"]


def test_a_municipality_without_schools_says_what_would_fill_the_page(visit: Visit) -> None:
    assert "Exporten *utfall per skola" in said(visit("school.py", kommun="Piteå"))


def test_a_hidden_value_is_a_gap_with_its_reason(exports: Exports) -> None:
    shown = pieces(school_pieces.school_pieces(exports, chosen(exports, RENAMED)))
    results = next(piece for piece in shown if piece.key == "skola-N15419")
    own = dict(zip(results.chart.categories, results.chart.series[0].values, strict=True))
    assert [own["2021"], own["2024"], own["2025"]] == [None, None, None]
    assert "2021, 2024 och 2025: visas inte: för litet underlag." in results.remarks


def test_a_cancelled_test_is_told_where_its_value_would_have_stood(exports: Exports) -> None:
    shown = pieces(school_pieces.school_pieces(exports, chosen(exports, WEAK)))
    test = next(piece for piece in shown if piece.key == "skola-L08")
    assert test.chart.series[0].values[test.chart.categories.index("2021")] is None
    assert any("nationella prov genomfördes inte 2021" in remark for remark in test.remarks)


def test_a_number_of_pupils_has_no_line_for_the_municipality(exports: Exports) -> None:
    shown = {
        piece.key: piece for piece in pieces(school_pieces.school_pieces(exports, chosen(exports, WEAK)))
    }
    assert [one.name for one in shown["skola-L19"].chart.series] == [WEAK]
    assert [one.name for one in shown["skola-L16"].chart.series] == [WEAK, "Kommunen", "Mål"]


def test_the_result_is_held_against_the_requirement(exports: Exports) -> None:
    shown = {
        piece.key: piece for piece in pieces(school_pieces.school_pieces(exports, chosen(exports, WEAK)))
    }
    target = shown["skola-L21"].chart.series[-1]
    assert (target.name, target.values) == ("Mål", (1.0, 2.0, 3.0, 3.0, 3.0, 3.0))


def test_every_small_chart_says_its_newest_value_and_its_source(exports: Exports) -> None:
    for name in UNITS[:12]:
        for piece in pieces(school_pieces.school_pieces(exports, chosen(exports, name))):
            assert piece.source.startswith("Källa: "), piece.key
            assert any(character.isdigit() for character in piece.sentence), piece
            assert len(piece.rows) == len(piece.chart.categories)


def test_the_summary_has_a_row_a_measure_and_the_numbers_of_the_charts(exports: Exports) -> None:
    of_school = chosen(exports, WEAK)
    summary = school_pieces.school_summary_piece(exports, of_school)
    shown = pieces(school_pieces.school_pieces(exports, of_school))
    assert summary.rows["Mått"].tolist() == [piece.question for piece in shown]
    assert list(summary.rows) == ["Mått", "Skola", "Kommun", "Förra året", "Mål"]
    for piece, cell in zip(shown, summary.rows["Skola"], strict=True):
        assert piece.rows["Skolan"].iloc[-1] == cell or "(" in cell, piece.key


def test_the_summary_of_a_school_without_figures_says_which_export_fills_it(exports: Exports) -> None:
    ekero = replace(
        chosen(exports, None),
        municipality_id="0125",
        municipality="Ekerö",
        unit_id="33159363",
        unit="Munsö skola",
    )
    summary = school_pieces.school_summary_piece(exports, ekero)
    assert summary.is_empty
    assert "utfall per skola" in summary.sentence
    assert "Inget av nyckeltalen som visas här" in summary.sentence
    assert "på sidan Jämförelse, under Ett nyckeltal" in summary.sentence


def test_names_and_closings_are_told(visit: Visit) -> None:
    assert "Hette Gamla Gläntvägens skola till och med 2023." in said(visit("school.py", skola=RENAMED))
    assert f"Stängde 2024. Eleverna gick till {SUCCESSOR}." in said(visit("school.py", skola=CLOSED))
    assert f"Tog över elever från {CLOSED}, som stängde 2024." in said(visit("school.py", skola=SUCCESSOR))


def test_breaks_are_told_once_with_the_numbers_of_their_charts(visit: Visit) -> None:
    assert "Bild 8, 9 och 10, 2023: Frånvaro registreras per lektion i nytt system." in said(
        visit("school.py", skola=WEAK)
    )


def test_goals_actions_and_remarks_are_counted_first(visit: Visit) -> None:
    shown = said(visit("school.py", skola=WEAK))
    assert "mål bedöms för enheten:" in shown
    assert "åtgärder, " in shown
    assert "påpekande 2026." in shown


def test_my_schools_have_a_line_each_with_dash_and_letter(visit: Visit) -> None:
    link = {"skola": WEAK, "skoldel": "Mina skolor", "minaskolor": [SMALL, RENAMED]}
    app = visit("school.py", **link)
    assert "A Ljungtjärnshöjdens skola (hel linje), B Utskärsviksskolan (streckad) och" in said(app)
    lines = [trace for trace in figures(app)[2]["data"] if trace.get("mode") == "lines+markers"]
    assert [line["name"] for line in lines] == [WEAK, SMALL, RENAMED]
    assert len({line["line"]["dash"] for line in lines}) == 3
    letters = next(trace for trace in figures(app)[2]["data"] if trace["name"] == "Namn på linjerna")
    assert sorted(text.strip() for text in letters["text"]) == ["A", "B", "C"]
    assert list(tables(app)[0]) == ["Mått", WEAK, SMALL, RENAMED, "Kommunen"]


def test_a_school_of_another_form_is_left_out_and_it_is_said_why(visit: Visit) -> None:
    link = {"skola": WEAK, "skoldel": "Mina skolor", "minaskolor": ["Förskolan Kottlyckan", SMALL]}
    app = visit("school.py", **link)
    assert "”Förskolan Kottlyckan” är inte en grundskola, och har därför andra mått." in said(app)
    assert list(tables(app)[0]) == ["Mått", WEAK, SMALL, "Kommunen"]


def test_a_link_with_codes_and_former_names_finds_my_schools(exports: Exports) -> None:
    asked = "skola=19901103&minaskolor=09901108&minaskolor=Gamla+Gl%C3%A4ntv%C3%A4gens+skola"
    assert current_query(exports, asked) == (
        "skola=Ljungtj%C3%A4rnsh%C3%B6jdens+skola&minaskolor=Utsk%C3%A4rsviksskolan"
        "&minaskolor=Gl%C3%A4ntviksbackens+skola"
    )


def test_sections_fill_rows_of_four_in_order() -> None:
    made = [
        Section(str(size), tuple(Piece(f"{size}-{number}", "", "", None, "") for number in range(size)))
        for size in (2, 2, 3, 5, 2, 1)
    ]
    rows = school_charts.in_rows(made)
    assert [[len(section.pieces) for section in row] for row in rows] == [[2, 2], [3], [4], [1, 2, 1]]
    assert [piece.key for row in rows for section in row for piece in section.pieces] == [
        piece.key for section in made for piece in section.pieces
    ]


def test_adult_education_is_shown_with_its_own_set(publish: Publish) -> None:
    shape = {"municipality_id": EXAMPLE, "source_id": "k"}
    exports = publish(
        municipalities=[
            {"municipality_id": EXAMPLE, "name": "Exempelkommunen", "kind": "municipality",
             "register": "exempel", "has_own_data": True}
        ],
        sources=[{"source_id": "k", "title": "Kolada", "publisher": "RKA", "is_official": True}],
        units=[
            {**shape, "unit_id": "vux", "name": "Vuxnas lärcentrum", "school_form": "vuxenutbildning",
             "operator": "kommunal"}
        ],
        outcomes=[
            {**shape, "indicator_id": "N18946", "unit_id": unit_id, "year": 2026, "gender": "T",
             "operator": "kommunal", "value": value, "marker": "", "n": 80}
            for unit_id, value in (("vux", 61.5), (None, 58.0))
        ],
    )  # fmt: skip
    shown = pieces(school_pieces.school_pieces(exports, chosen(exports, "Vuxnas lärcentrum")))
    assert len(shown) == 12
    sfi = next(piece for piece in shown if piece.key == "skola-N18946")
    assert sfi.sentence.replace("\xa0", " ") == "2026: 61,5 % (n = 80), kommunen 58,0 %."
    assert sfi.source == "Källa: Kolada."
    without = next(piece for piece in shown if piece.key == "skola-N18945")
    assert without.sentence == "Inga värden."
