"""Närvaro, enkät och klagomål on page Skola: one unit, an area, the municipality, and places without figures."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.parts.absence_pieces import absence_piece, registration_piece
from pages.parts.absence_words import moments_of, short, spoken
from pages.parts.attendance import attendance_pieces
from pages.parts.complaints import complaint_pieces, complaints_piece
from pages.parts.coverage_pieces import coverage_piece
from pages.parts.filters import Filters
from pages.parts.pieces import Piece
from pages.parts.stage_pieces import ONLY_WHOLE, STAGES_KEY, stages_piece, valid_absence_piece
from pages.parts.surveys import survey_pieces
from pages.parts.words import STAGES
from queries import attendance
from queries.connection import Exports
from queries.intake.example.places import (
    CLOSED_SCHOOL,
    PRESCHOOLS,
    SMALL_SCHOOL,
    UPPER_SECONDARY,
    WEAK_SCHOOL,
)
from tests.pages.conftest import Visit, tables, texts

WEAK = "Ljungtjärnshöjdens skola"
NORTH = (WEAK_SCHOOL, "09901105", SMALL_SCHOOL)
BUILDERS = (attendance_pieces, survey_pieces, complaint_pieces)


def chosen(
    unit_id: str | None = None, unit: str | None = None, year: int | None = None, *, area: bool = False
) -> Filters:
    """What the frame's filters say of the invented municipality."""
    north = ("Norra", NORTH) if area else (None, ())
    return Filters("9901", "Exempelkommunen", None, True, unit_id, unit, year, (), *north)


EVERYBODY = {
    "the municipality": chosen(),
    "a year": chosen(year=2022),
    "a year without figures": chosen(year=2019),
    "a school": chosen(WEAK_SCHOOL, WEAK),
    "a small school": chosen(SMALL_SCHOOL, "Utskärsviksskolan", 2022),
    "a closed school": chosen(CLOSED_SCHOOL, "Kvarnlyckestigens skola"),
    "a preschool": chosen(PRESCHOOLS[0].unit_id, PRESCHOOLS[0].name),
    "upper secondary": chosen(UPPER_SECONDARY, "Strandängslidens gymnasium"),
    "an area": chosen(area=True),
    "Ekerö": Filters("0125", "Ekerö", None, False, None, None, None, ()),
    "Munsö": Filters("0125", "Ekerö", None, False, "33159363", "Munsö skola", None, ()),
    "Piteå": Filters("2581", "Piteå", None, False, None, None, None, ()),
}


def cells(piece: Piece) -> str:
    """Everything that a reader of a piece sees or fetches."""
    frames = [piece.rows] if piece.download is None else [piece.rows, piece.download]
    return " ".join([piece.sentence, *piece.remarks, *(frame.to_csv() for frame in frames)])


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_piece_is_whole_for_every_choice(exports: Exports, who: str) -> None:
    for build in BUILDERS:
        found = build(exports, EVERYBODY[who])
        assert found and len({piece.key for piece in found}) == len(found)
        for piece in found:
            assert piece.question.endswith("?") and piece.sentence.endswith(".")
            assert not any(word in cells(piece) for word in ("nan", "None", "NaT", "<NA>"))
            assert piece.is_empty or (len(piece.rows.columns) <= 5 and piece.source.startswith("Källa: "))
            if piece.chart:
                length = len(piece.chart.categories)
                assert {len(line.values) for line in piece.chart.series} == {length}
                assert {where for where, _ in piece.chart.marks} <= set(piece.chart.categories)


def test_what_is_missing_is_said_with_the_export_that_fills_it(exports: Exports) -> None:
    for build in BUILDERS:
        piece = build(exports, EVERYBODY["Piteå"])[0]
        assert piece.is_empty and "Exporten ”" in piece.sentence


def test_coverage_is_a_number_for_every_school_with_the_pupils_it_rests_on(exports: Exports) -> None:
    piece = coverage_piece(exports, chosen())
    rows = piece.rows.set_index("Skola")
    assert len(rows) == 11
    assert rows.loc["Harstensbackens skola"].tolist()[:2] == ["26,1\xa0%", 23]
    assert rows.loc["Strandängslidens gymnasium", "Påbörjad utredning"] == "Uppgift saknas"
    assert "Lägst är Harstensbackens skola med 26,1\xa0% av 23\xa0elever" in piece.sentence
    hidden = rows[~rows["Påbörjad utredning"].str.contains(r"\d,\d")]
    assert hidden["Elever över gränsen"].isna().all()


def test_coverage_of_a_hidden_school_says_so_and_tells_no_number(exports: Exports) -> None:
    piece = coverage_piece(exports, EVERYBODY["a small school"])
    assert piece.sentence.startswith("Läsåret 2021/22 visas inte andelen för Utskärsviksskolan.")
    assert "(låg)" in piece.rows["Registrerad närvaro"].iloc[0]


def test_ekeros_own_words_stand_in_for_the_figures_it_does_not_give(exports: Exports) -> None:
    assert "högst 2–3 av 10 elever" in coverage_piece(exports, EVERYBODY["Ekerö"]).sentence
    said = complaints_piece(exports, EVERYBODY["Ekerö"]).sentence
    assert "Klagomål om flytten från Munsö skola räknas för sig: 1 januari 2020–31 december 2020." in said
    assert "Räknas ärendena om Munsö skola bort blev klagomålen hälften så många" in said


def test_terms_stand_in_order_under_the_names_people_use() -> None:
    rows = [{"year": 2025, "term": "vt"}, {"year": 2026, "term": "ht"}, {"year": 2026, "term": "vt"}]
    assert [short(each) for each in moments_of(rows)] == ["vt 2025", "ht 2025", "vt 2026"]
    assert (spoken((2026, "ht")), spoken((2026, ""))) == ("höstterminen 2025", "läsåret 2025/26")


def test_a_term_between_that_nobody_told_stays_as_a_gap() -> None:
    rows = [{"year": 2025, "term": "ht"}, {"year": 2026, "term": "ht"}, {"year": 2026, "term": "vt"}]
    assert (2025, "vt") in moments_of(rows)


def test_the_new_way_of_registering_is_marked_where_it_began(exports: Exports) -> None:
    piece = absence_piece(exports, chosen(WEAK_SCHOOL, WEAK))
    assert ("vt 2023", "Frånvaro registreras per lektion i nytt system") in piece.chart.marks
    new = next(remark for remark in piece.remarks if "vt 2023" in remark)
    assert new.endswith("Jämför inte med tiden före.")
    assert any("17 mars 2020" in remark for remark in piece.remarks)
    assert piece.chart.series[-1].name == "Kommunen, mer än 20 %"


def test_a_hidden_term_is_a_gap_in_the_line_and_no_zero(exports: Exports) -> None:
    piece = absence_piece(exports, EVERYBODY["a small school"])
    assert piece.chart.series[0].values[-1] is None
    assert "visas inte" in piece.sentence and any("Visas inte" in remark for remark in piece.remarks)


def test_absence_that_was_badly_registered_is_called_uncertain(exports: Exports) -> None:
    piece = absence_piece(exports, chosen())
    assert any(remark.startswith("Osäkra tal ht 2020") for remark in piece.remarks)
    low = registration_piece(exports, chosen(year=2022))
    assert low.sentence.endswith("Under 90\xa0% räknas frånvarotalen som osäkra.")


@pytest.mark.parametrize("who", ["the municipality", "a school", "an area"])
def test_stages_are_those_of_the_municipality_whoever_is_chosen(exports: Exports, who: str) -> None:
    piece = stages_piece(exports, EVERYBODY[who])
    assert list(piece.rows["Stadium"]) == list(STAGES.values())
    assert ONLY_WHOLE in piece.remarks and "Exempelkommunen" in piece.question
    told = attendance.absence(exports, municipality_id="9901", year=2026)
    whole = told[
        told["stage"].eq("7-9") & told["kind"].eq("over_20") & told["term"].eq("vt") & told["year"].eq(2026)
    ]
    shown = piece.rows.set_index("Stadium").loc["åk 7–9", "Mer än 20 %, vt"]
    assert shown == f"{whole['value'].iloc[0]:.1f}\xa0%".replace(".", ",")


def test_a_preschool_is_not_answered_with_the_schools_stages(exports: Exports) -> None:
    assert STAGES_KEY not in {piece.key for piece in attendance_pieces(exports, EVERYBODY["a preschool"])}


def test_an_area_has_a_row_for_each_school_and_no_total(exports: Exports) -> None:
    keys = [piece.key for piece in attendance_pieces(exports, EVERYBODY["an area"])]
    assert keys == ["utredningar", "franvaro-skolor", STAGES_KEY, "giltig-franvaro"]
    assert len(valid_absence_piece(exports, EVERYBODY["an area"]).rows) == 3


def test_results_of_a_survey_stand_beside_their_answers_and_response_rate(exports: Exports) -> None:
    own = next(
        piece for piece in survey_pieces(exports, chosen(WEAK_SCHOOL, WEAK)) if piece.key == "enkat-pupils"
    )
    assert list(own.rows.columns) == ["Fråga", "Resultat", "Kommunen", "Antal svar", "Svarsfrekvens"]
    assert own.rows.iloc[0].tolist()[-2:] == ["226", "81,0\xa0%"]


def test_a_low_response_rate_is_said_in_words(exports: Exports) -> None:
    low = next(unit for unit in PRESCHOOLS if unit.name == "Förskolan Humlebrynet")
    piece = survey_pieces(exports, chosen(low.unit_id, low.name))[0]
    assert piece.sentence.endswith("Det är under 60\xa0%, så resultatet säger mindre.")
    assert "(låg)" in piece.rows["Svarsfrekvens"].iloc[0]
    assert ("2024", "Enkäten till vårdnadshavare har nya frågor") in piece.chart.marks


def test_years_without_a_survey_are_gaps_with_their_reason(exports: Exports) -> None:
    piece = next(piece for piece in survey_pieces(exports, chosen()) if piece.key == "enkat-upper_secondary")
    assert piece.remarks[:2] == (
        "2021: Gymnasiet deltog inte i enkäten 2021.",
        "2022, 2024 och 2026: Enkäten görs vartannat år.",
    )
    assert [value is None for value in piece.chart.series[0].values] == [True, True, False, True, False, True]


def test_complaints_are_never_shown_with_one_count_alone(exports: Exports) -> None:
    for who in EVERYBODY.values():
        for piece in complaint_pieces(exports, who):
            if not piece.is_empty:
                both = piece.rows[["Alla", "Utan händelsen"]]
                assert both.notna().all().all()
                assert piece.chart is None or len(piece.chart.series) == 2
                for cell in both.to_numpy().ravel():
                    assert cell == "Uppgift saknas" or cell.replace("\xa0", "").isdigit()


def test_the_closed_schools_complaints_name_the_move_and_its_time(exports: Exports) -> None:
    piece = complaints_piece(exports, EVERYBODY["a closed school"])
    assert "Utan händelsen ”Ärenden om flytten räknas bort” är antalet 0." in piece.sentence
    assert piece.remarks == ("Ärenden om flytten räknas bort: 3 oktober 2022–13 juni 2025.",)


@pytest.mark.parametrize("tab", ["Närvaro", "Enkät", "Klagomål"])
@pytest.mark.parametrize(
    "link", [{}, {"skola": WEAK}, {"skola": "Utskärsviksskolan", "ar": "2022"}, {"kommun": "Ekerö"}]
)
def test_each_tab_shows_its_pieces(visit: Visit, tab: str, link: dict[str, str]) -> None:
    app = visit("school.py", skoldel=tab, **link)
    assert not app.exception
    assert app.header or "finns inte" in texts(app)


def test_the_page_shows_the_numbers_of_the_piece(visit: Visit, exports: Exports) -> None:
    app = visit("school.py", skoldel="Närvaro")
    piece = coverage_piece(exports, chosen())
    shown = next(table for table in tables(app) if "Påbörjad utredning" in table)
    assert shown["Skola"].tolist() == piece.rows["Skola"].tolist()
    expected = [cell.replace("\xa0", " ") for cell in piece.rows["Påbörjad utredning"]]
    assert [cell.replace("\\", "") for cell in shown["Påbörjad utredning"]] == expected


def test_no_stage_of_a_school_is_in_any_piece_of_a_school(exports: Exports) -> None:
    for unit_id in NORTH:
        for piece in attendance_pieces(exports, chosen(unit_id, "Skolan")):
            frames = [frame for frame in (piece.rows, piece.download) if isinstance(frame, pd.DataFrame)]
            with_stages = [frame for frame in frames if "Stadium" in frame]
            assert not with_stages or piece.key == STAGES_KEY
