"""Skolenkäten: indexes and response rates found by their headings, per school and municipality; indexes by gender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from queries.intake.readers import skolenkaten
from queries.intake.reading import Base, Finding, Options, Reading, Refused
from queries.intake.sheets import Book
from tests.queries.intake.books import Rows, book_of, book_of_file
from tests.queries.intake.conftest import TODAY
from tests.queries.intake.readers.test_skolverket import bad_cells, cells, errors, notices, staged

OPTIONS = Options(TODAY)
FIELDS = [
    "Orgnummer",
    "Huvudman",
    "Kommun",
    "Skolenhetskod",
    "Skolenhet",
    "Antal i gruppen",
    "Antal",
    "Svarsfrekvens",
]
TITLE = "Skolenkäten 2022 -  Elever årskurs 8"
COUNTRY = ["", "Samtliga deltagande skolor", "", "", "", "57710", "45843", "0.794"]
LINKOPING = ["2120000449", "Linköpings kommun", "", "", "", "1429", "1109", "0.776"]
OWNER = ["5565697082", "Theducation AB", "", "", "", "85", "77", "0.906"]
SCHOOL = ["2120000449", "Linköpings kommun", "Linköping", "11111111", "Norra skolan", "186", "164", "0.882"]
SMALL = ["5565697082", "Theducation AB", "Linköping", "22222222", "Södra skolan", "6", "4", "0.667"]
ELSEWHERE = ["2120000167", "Nacka kommun", "Nacka", "33333333", "Västra skolan", "119", "98", "0.824"]
RESULTS = "Resultat elever åk 8 2022"
BY_GENDER = "Könsuppdelat resultat"


def results(*rows: Sequence[str], title: str = TITLE, fields: Sequence[str] = FIELDS) -> Rows:
    """A sheet with two areas: Studiero with a question, and Trygghet."""
    return [
        [title, *[""] * 7, "8. Studiero", "Hur ofta är det arbetsro på lektionerna?", "", "9. Trygghet"],
        [*fields, "", "", "Alltid", ""],
        [*[""] * 8, "Index", "Medelvärde", "Antal", "Index"],
        *rows,
    ]


def by_gender(*rows: Sequence[str]) -> Rows:
    return [
        [TITLE, *[""] * 7, "9. Trygghet", "", ""],
        [*FIELDS, "Totalt", "Flicka", "Pojke"],
        [*[""] * 8, "Index", "Index", "Index"],
        *rows,
    ]


WHOLE = {
    RESULTS: results(
        [*COUNTRY, "5.8", "6.1", "20", "7.1"],
        [*LINKOPING, "5.9", "6.2", "9", "7.2"],
        [*OWNER, "6.1", "6", "9", "7"],
        [*SCHOOL, "5.6", "6", "***", "7"],
        [*SMALL, "-", "-", "*", ""],
        [*ELSEWHERE, "6.2", "6", "9", "7.3"],
    ),
    BY_GENDER: by_gender([*SCHOOL, "7", "6.8", "7.1"], [*SMALL, "", "-", ""]),
    "Förklaring": [["Tolkningsstöd för Skolenkäten, Skolinspektionen"]],
}


@pytest.fixture
def read(base: Base) -> Callable[[Book | dict[str, Rows]], Reading]:
    def run(file: Book | dict[str, Rows]) -> Reading:
        book = file if isinstance(file, Book) else book_of(file, "enkat.xlsx")
        assert skolenkaten.recognise(book)
        return skolenkaten.read(book, base, OPTIONS)

    return run


def refused(read: Callable[[dict[str, Rows]], Reading], file: dict[str, Rows]) -> Finding:
    with pytest.raises(Refused) as caught:
        read(file)
    return caught.value.findings[0]


def test_indexes_are_read_for_schools_and_municipality_with_the_number_of_answers(base, read):
    rows = staged(base, read(WHOLE), "outcomes")
    assert cells(rows, "unit_id", "value", "n", "operator", indicator_id="E20") == [
        (None, "5.9", "1109", "kommunal"),
        ("11111111", "5.6", "164", "kommunal"),
        ("22222222", None, "4", "enskild"),
    ]
    assert {(row["municipality_id"], row["year"]) for row in rows} == {("0580", "2022")}


def test_girls_and_boys_come_from_the_second_sheet_without_a_number(base, read):
    rows = staged(base, read(WHOLE), "outcomes")
    assert cells(
        rows, "gender", "value", "marker", "n", "_sheet", indicator_id="E21", unit_id="11111111"
    ) == [
        ("T", "7", None, "164", RESULTS),
        ("K", "6.8", None, None, BY_GENDER),
        ("M", "7.1", None, None, BY_GENDER),
    ]


@pytest.mark.parametrize("mask", ["-", "*", "**", "***"])
def test_a_masked_index_is_a_marker_and_an_empty_one_no_row(base, read, mask):
    sheet = results([*SCHOOL, mask, "6", "9", ""])
    reading = read({RESULTS: sheet})
    assert cells(staged(base, reading, "outcomes"), "indicator_id", "value", "marker", "note") == [
        ("E20", None, "..", "Visas inte av Skolinspektionen: för få svar"),
        ("E38", "88.2", None, None),
    ]
    assert "1 tom cell" in notices(reading)["empty_cells"]


def test_response_rates_are_read_in_percent_once_with_the_number_of_answers(base, read):
    rows = staged(base, read(WHOLE), "outcomes")
    assert cells(rows, "unit_id", "gender", "value", "marker", "n", "_sheet", indicator_id="E38") == [
        (None, "T", "77.6", None, "1109", RESULTS),
        ("11111111", "T", "88.2", None, "164", RESULTS),
        ("22222222", "T", "66.7", None, "4", RESULTS),
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0.794", "79.4"),
        ("0,794", "79.4"),
        ("0.57", "57"),
        ("0.2875", "28.75"),
        ("0.07", "7"),
        ("0", "0"),
        ("1", "100"),
        ("1.0", "100"),
    ],
)
def test_a_response_rate_is_as_exact_in_percent_as_it_is_as_a_share(base, read, cell, value):
    reading = read({RESULTS: results([*SCHOOL[:7], cell, "5.6", "6", "9", "7"])})
    assert cells(staged(base, reading, "outcomes"), "value", indicator_id="E38") == [(value,)]
    assert bad_cells(base, reading, typed=True) == []


@pytest.mark.parametrize("mask", ["-", "*", "**", "***"])
def test_a_masked_response_rate_is_a_marker_and_an_empty_one_no_row(base, read, mask):
    reading = read(
        {RESULTS: results([*SCHOOL[:7], mask, "5.6", "6", "9", "7"], [*SMALL[:7], "", "5.6", "6", "9", "7"])}
    )
    assert cells(staged(base, reading, "outcomes"), "unit_id", "value", "marker", indicator_id="E38") == [
        ("11111111", None, "..")
    ]


def test_a_file_without_response_rates_is_still_read(base, read):
    whole = results([*SCHOOL, "5.6", "6", "9", "7"])
    place = FIELDS.index("Svarsfrekvens")
    reading = read({RESULTS: [[*row[:place], *row[place + 1 :]] for row in whole]})
    assert cells(staged(base, reading, "outcomes"), "indicator_id") == [("E20",), ("E21",)]
    assert reading.findings == []


def test_columns_are_found_by_name_wherever_they_stand(base, read):
    turned = {name: [list(row)[::-1] for row in rows] for name, rows in WHOLE.items() if name == RESULTS}
    turned[RESULTS][0] = ["9. Trygghet", "Hur ofta?", "", "8. Studiero", *[""] * 7, TITLE]
    names = ("unit_id", "indicator_id", "value", "marker", "n")
    straight = cells(staged(base, read({RESULTS: WHOLE[RESULTS]}), "outcomes"), *names)
    assert sorted(cells(staged(base, read(turned), "outcomes"), *names), key=str) == sorted(straight, key=str)


def test_the_column_of_the_municipality_may_be_called_lagesskommun(base, read):
    fields = ["Lägeskommun" if name == "Kommun" else name for name in FIELDS]
    reading = read({RESULTS: results([*SCHOOL, "5.6", "6", "9", "7"], fields=fields)})
    assert len(staged(base, reading, "outcomes")) == 3


@pytest.mark.parametrize(
    ("title", "indicator_ids", "school_form"),
    [
        ("Skolenkäten 2024 - Elever årskurs 5", {"E08", "E09", "E37"}, "grundskola"),
        ("Skolenkäten 2024 - Elever årskurs 8", {"E20", "E21", "E38"}, "grundskola"),
        ("Skolenkäten 2024 - Elever gymnasieskola år 2", {"E32", "E33", "E39"}, "gymnasieskola"),
        ("Skolenkäten 2024 - Elever gy år 2", {"E32", "E33", "E39"}, "gymnasieskola"),
    ],
)
def test_year_and_group_are_those_of_the_title(base, read, title, indicator_ids, school_form):
    reading = read({"Resultat": results([*SCHOOL, "5.6", "6", "9", "7"], title=title)})
    rows = staged(base, reading, "outcomes")
    assert {(row["indicator_id"], row["year"]) for row in rows} == {(each, "2024") for each in indicator_ids}
    assert cells(staged(base, reading, "units"), "school_form") == [(school_form,)]


def test_a_heading_that_forms_no_index_is_left_out(base, read):
    sheet = [list(row) for row in results([*SCHOOL, "5.6", "6", "9", "-"])]
    sheet[0][11] = "12. Övergripande nöjdhet (bildar ej index)"
    assert cells(staged(base, read({RESULTS: sheet}), "outcomes"), "indicator_id") == [("E20",), ("E38",)]


def test_who_runs_a_school_is_what_the_register_says(base, read):
    known = [*SMALL[:2], "Ekerö", "33159363", "Munsö skola", "6", "6", "1"]
    reading = read({RESULTS: results([*known, "5.6", "6", "9", "7"])})
    assert cells(staged(base, reading, "outcomes"), "operator") == [("kommunal",)] * 3


def test_what_is_left_out_is_told(read):
    told = notices(read(WHOLE))
    assert told["country"] == "1 rad för alla deltagande skolor i landet läses inte."
    assert told["not_followed"] == "2 rader gäller Theducation AB och Nacka, som inte följs här."


def test_the_source_is_official(read):
    source = read(WHOLE).source
    assert (source.source_id, source.publisher) == ("skolenkaten-elever-arskurs-8-2022", "Skolinspektionen")
    assert source.is_official


class TestFaults:
    def test_an_unknown_area_is_shown_with_the_nearest_known_ones(self, read):
        sheet = [list(row) for row in results([*SCHOOL, "5.6", "6", "9", "7"])]
        sheet[0][11] = "9. Trygg"
        found = refused(read, {RESULTS: sheet})
        assert (found.rule, found.found) == ("unknown_heading", "Trygg")
        assert "”Trygghet”" in found.expected

    @pytest.mark.parametrize(
        "title", ["Skolenkäten - Elever årskurs 8", "Skolenkäten 2023 - Elever årskurs 8"]
    )
    def test_a_year_that_is_missing_or_told_twice_differently_is_an_error(self, read, title):
        name = RESULTS if "2023" in title else "Resultat"
        assert refused(read, {name: results([*SCHOOL, "5.6", "6", "9", "7"], title=title)}).rule == "year"

    def test_other_groups_are_refused(self, read):
        title = "Skolenkäten 2022 - Vårdnadshavare"
        assert (
            refused(read, {"Resultat": results([*SCHOOL, "5.6", "6", "9", "7"], title=title)}).rule == "group"
        )

    def test_a_file_about_others_is_refused(self, read):
        assert refused(read, {RESULTS: results([*ELSEWHERE, "6.2", "6", "9", "7"])}).rule == "no_followed"

    def test_sheets_that_contradict_each_other_are_an_error(self, read):
        sheets = {**WHOLE, BY_GENDER: by_gender([*SCHOOL, "7.4", "6.8", "7.1"])}
        assert errors(read(sheets)) == [("contradiction", 4, "7.4")]

    def test_sheets_that_contradict_each_other_on_the_response_rate_are_an_error(self, read):
        school = [*SCHOOL[:7], "0.881", "7", "6.8", "7.1"]
        assert errors(read({**WHOLE, BY_GENDER: by_gender(school)})) == [("contradiction", 4, "0.881")]

    @pytest.mark.parametrize("cell", ["79.4", "1.001", "-0.1", "79,4 %", "nan", "många"])
    def test_a_response_rate_that_is_no_share_is_an_error_with_what_was_expected(self, read, cell):
        # The second sheet tells the same: one fault is told once.
        sheets = {
            RESULTS: results([*SCHOOL[:7], cell, "5.6", "6", "9", "7"]),
            BY_GENDER: by_gender([*SCHOOL[:7], cell, "7", "6.8", "7.1"]),
        }
        expected = "en andel från 0 till 1, där 0,794 betyder 79,4 procent"
        assert [each for each in read(sheets).findings if each.severity == "error"] == [
            Finding("error", "share", expected, RESULTS, 4, "Svarsfrekvens", cell)
        ]

    def test_a_file_with_nothing_but_response_rates_is_refused(self, read):
        sheet = [list(row) for row in results([*SCHOOL, "5.6", "6", "9", "7"])]
        sheet[2] = ["Medelvärde" if kind == "Index" else kind for kind in sheet[2]]
        assert refused(read, {RESULTS: sheet}).rule == "no_index"

    def test_a_school_told_twice_on_a_sheet_is_left_to_the_check(self, base, read):
        twice = {RESULTS: results([*SCHOOL, "5.6", "6", "9", "7"], [*SCHOOL, "5.7", "6", "9", "7"])}
        assert {each.rule for each in bad_cells(base, read(twice), typed=True)} == {"duplicate"}

    @pytest.mark.parametrize(
        ("place", "cell", "rule"),
        [(3, "1111", "unit_code"), (3, "1,1E+07", "unit_code"), (2, "", "municipality")],
    )
    def test_a_school_that_cannot_be_placed_is_an_error(self, read, place, cell, rule):
        school = [*SCHOOL[:place], cell, *SCHOOL[place + 1 :]]
        assert [each[:2] for each in errors(read({RESULTS: results([*school, "5.6", "6", "9", "7"])}))] == [
            (rule, 4)
        ]


class TestRealFile:
    NAME = "skolenkaten-elever-ak8-2022-utdrag.xlsx"

    @pytest.fixture
    def reading(self, read, shared_input: Path) -> Reading:
        return read(book_of_file(shared_input / "skolverket" / self.NAME))

    def test_gives_eleven_areas_for_each_school_and_gender_and_a_response_rate(self, base, reading):
        rows = staged(base, reading, "outcomes")
        schools = {row["unit_id"] for row in rows} - {None}
        assert len(schools) == 24
        # Two municipalities and their schools, three genders; response rates of all pupils only.
        assert len(rows) == (11 * 3 + 1) * (24 + 2)
        assert len({row["indicator_id"] for row in rows}) == 11 + 1
        assert bad_cells(base, reading, typed=True) == []

    def test_holds_the_figures_of_the_file(self, base, reading):
        rows = staged(base, reading, "outcomes")
        information = {"indicator_id": "E13", "municipality_id": "0580"}
        assert cells(rows, "gender", "value", "n", **information, unit_id=None) == [
            ("T", "5.9", "1109"),
            ("K", "5.5", None),
            ("M", "6.4", None),
        ]
        assert cells(rows, "value", "marker", "n", **information, unit_id="25519969", gender="T") == [
            (None, "..", "4")
        ]
        rates = {"indicator_id": "E38", "gender": "T"}
        assert cells(rows, "municipality_id", "value", "n", **rates, unit_id=None) == [
            ("0580", "77.6", "1109"),
            ("2581", "80.8", "346"),
        ]
        # Dar Al Uloum skola is not the municipality's, though it lies in Linköping.
        assert cells(rows, "value", "operator", **information, unit_id="80769468", gender="T") == [
            ("9.9", "enskild")
        ]

    def test_tells_what_was_left_out(self, reading):
        assert notices(reading)["country"].startswith("5 rader")
        assert "Nacka" in notices(reading)["not_followed"]
