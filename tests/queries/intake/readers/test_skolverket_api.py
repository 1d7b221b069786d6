"""Skolverket's API: school years, kinds of values, whose schools are taken, and the answer about one school."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from queries.intake import checking
from queries.intake.readers import skolverket_api
from queries.intake.reading import Options, Refused
from queries.intake.sheets import Book
from tests.queries.intake.conftest import own_table

OPTIONS = Options(date(2026, 11, 22))
HEADINGS = (
    "value,valueType,timePeriod,variable,Skolenhetskod,Kommunkod,PeOrgNr,Skolenhetsnamn,type,Kommunnamn"
)
MERIT = "averageGradesMeritRating9thGrade"
REAL_ANSWER = "planned-educations-80509560-statistics_gr.json"


def line(
    value: str = "243.4",
    kind: str = "EXISTS",
    period: str = "2023",
    variable: str = MERIT,
    unit: str = "51305351",
    municipality: str = "0117",
    organisation: str = "2120002890",
    name: str = "Tråsättraskolan",
    form: str = "gr",
) -> str:
    place = "Österåker" if municipality == "0117" else "Täby"
    return ",".join([value, kind, period, variable, unit, municipality, organisation, name, form, place])


def answer(document: Any) -> Book:
    return Book("svar.json", "json", (), document)


def told(reading: Any, rule: str) -> str:
    return next(each.expected for each in reading.findings if each.rule == rule)


@pytest.fixture
def read(base):
    def read_book(book: Book):
        return skolverket_api.read(book, base, OPTIONS)

    return read_book


@pytest.fixture
def outcomes(opened, read, staged_rows):
    """The rows staged for outcomes of these lines."""

    def rows(*lines: str) -> list[dict[str, Any]]:
        return staged_rows(read(opened("\n".join([HEADINGS, *lines, ""]))), "outcomes")

    return rows


@pytest.fixture
def with_school(base):
    """Make a school known in the published version: with_school('80509560')."""

    own_table(base, "base.units")

    def add(unit_id: str) -> None:
        base.connection.execute(
            "insert into base.units by name select '0117' as municipality_id, $unit_id as unit_id, 'Skolan' as name, "
            "'grundskola' as school_form, 'enskild' as operator, 'test' as source_id",
            {"unit_id": unit_id},
        )

    return add


class TestTables:
    def test_are_recognised_by_their_columns(self, opened):
        assert skolverket_api.recognise(opened(f"{HEADINGS}\n{line()}\n"))

    def test_are_not_any_table_of_values(self, opened):
        assert skolverket_api.recognise(opened("value,year,variable\n1,2,3\n")) is None

    def test_without_a_column_are_refused_with_what_is_there(self, opened, read):
        with pytest.raises(Refused) as refused:
            read(opened(f"{HEADINGS.replace('PeOrgNr', 'Huvudman')}\n{line()}\n"))
        assert "PeOrgNr saknas" in refused.value.findings[0].expected
        assert "Huvudman" in refused.value.findings[0].found

    @pytest.mark.parametrize(("period", "year"), [("2023", "2024"), ("2023/24", "2023/24"), ("VT23", "VT23")])
    def test_name_a_school_year_by_its_first_year(self, outcomes, period, year):
        assert [r["year"] for r in outcomes(line(period=period))] == [year]

    @pytest.mark.parametrize(
        ("kind", "marker"),
        [
            ("OMITTED_DUE_TO_BASED_ON_FEW_PUPILS", ".."),
            ("MISSING", "."),
            ("ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE", "~100"),
            ("TEACHERS_EXCLUDED_DUE_TO_NO_REQUIRED_LEGITIMATION", "."),
        ],
    )
    def test_have_a_marker_and_a_reason_where_there_is_no_value(self, outcomes, kind, marker):
        # Rounded values stand there as 100.0: that number must not be taken for one.
        (row,) = outcomes(line("100.0", kind))
        assert (row["value"], row["marker"]) == (None, marker)
        assert row["note"]

    def test_leave_a_kind_of_value_that_nobody_knows_to_the_checks(self, base, opened, read):
        reading = read(opened(f"{HEADINGS}\n{line(kind='GUESSED')}\n"))
        checking.check(base.connection, reading, OPTIONS.today, has_typed_numbers=False)
        found = [(each.column, each.found, each.line) for each in checking.first_findings(base.connection, 9)]
        assert ("valueType", "GUESSED", 2) in found

    def test_tell_schools_apart_by_who_runs_them(self, opened, read, staged_rows):
        lines = [line(), line(unit="10715898", organisation="5565895777", name="Akers Friskola"),
                 line(unit="59457803", organisation="2021005745", name="Specialskolan"), line(form="gy", unit="20752831")]  # fmt: skip
        reading = read(opened("\n".join([HEADINGS, *lines])))
        assert {r["unit_id"]: (r["operator"], r["school_form"]) for r in staged_rows(reading, "units")} == {
            "51305351": ("kommunal", "grundskola"),
            "10715898": ("enskild", "grundskola"),
            "20752831": ("kommunal", "gymnasieskola"),
        }
        assert "1 skola" in told(reading, "other_operators")
        assert {r["unit_id"] for r in staged_rows(reading, "outcomes")} == {"51305351", "10715898"}

    def test_name_what_is_left_out(self, opened, read):
        lines = [
            line(),
            line(municipality="0160"),
            line(variable="totalNumberOfPupils"),
            line("", "MISSING", period=""),
        ]
        reading = read(opened("\n".join([HEADINGS, *lines])))
        assert "Täby" in told(reading, "not_followed")
        assert "totalNumberOfPupils (gr)" in told(reading, "unknown_variable")
        assert "1 rad" in told(reading, "no_year")

    def test_about_nobody_who_is_followed_are_refused(self, opened, read):
        with pytest.raises(Refused, match="en kommun som följs här"):
            read(opened(f"{HEADINGS}\n{line(municipality='0160')}\n"))

    def test_with_nothing_that_is_used_are_refused(self, opened, read):
        with pytest.raises(Refused, match="minst en uppgift"):
            read(opened(f"{HEADINGS}\n{line(variable='totalNumberOfPupils')}\n{line(municipality='0160')}\n"))


class TestAnswers:
    BODY = {
        "schoolUnit": "33159363",
        "docLinks": None,
        MERIT: [
            {"value": "245,9", "valueType": "EXISTS", "timePeriod": "2024/25"},
            {"value": "..", "valueType": "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS", "timePeriod": "2023/24"},
        ],
        "_links": {
            "self": {
                "href": "https://api.skolverket.se/planned-educations/v4/school-units/33159363/statistics/gr"
            }
        },
    }

    @pytest.mark.parametrize(
        "wrap", [lambda body: body, lambda body: {"status": "OK", "body": body}, lambda body: [body]]
    )
    def test_are_read_however_they_were_saved(self, read, staged_rows, wrap):
        book = answer(wrap(self.BODY))
        assert skolverket_api.recognise(book) == "Svar från Skolverkets API"
        rows = staged_rows(read(book), "outcomes")
        assert {r["year"]: (r["value"], r["marker"]) for r in rows} == {
            "2024/25": ("245,9", None),
            "2023/24": (None, ".."),
        }
        assert {(r["municipality_id"], r["unit_id"], r["operator"]) for r in rows} == {
            ("0125", "33159363", "kommunal")
        }

    def test_that_do_not_say_which_school_they_are_about_are_refused(self, read):
        with pytest.raises(Refused, match="vilken skola"):
            read(answer({MERIT: self.BODY[MERIT]}))

    def test_are_not_any_json(self):
        for document in (
            {},
            [],
            None,
            {"body": {}},
            {"schoolUnit": "33159363"},
            {"values": [{"kpi": "N15505"}]},
        ):
            assert skolverket_api.recognise(answer(document)) is None, document

    def test_about_a_school_that_is_not_here_are_refused_with_its_code(self, shared_input, opened, read):
        with pytest.raises(Refused) as refused:
            read(opened(shared_input / "skolverket" / REAL_ANSWER))
        assert refused.value.findings[0].found == "80509560"

    def test_about_a_school_that_is_here_give_its_five_years(
        self, shared_input, opened, read, staged_rows, with_school
    ):
        with_school("80509560")
        reading = read(opened(shared_input / "skolverket" / REAL_ANSWER))
        rows = {
            (r["indicator_id"], r["year"]): (r["value"], r["marker"])
            for r in staged_rows(reading, "outcomes")
        }
        assert rows["N15505", "2024/25"] == ("245,9", None)
        assert rows["N15436", "2024/25"] == (None, "~100")
        assert rows["N15436", "2021/22"] == ("100,0", None)
        assert rows["A08", "2022/23"] == (None, "..")
        assert reading.source.source_id == "skolverket-api-2026-04-21"
        assert "totalNumberOfPupils (gr)" in told(reading, "unknown_variable")
        assert staged_rows(reading, "units") == []


class TestRealTable:
    @pytest.fixture
    def reading(self, shared_input, opened, read):
        return read(opened(shared_input / "skolverket" / "skolenheter_sthlm_uppsala_2024-12-12.parquet"))

    def test_gives_the_schools_of_the_two_municipalities_that_are_followed(self, reading, staged_rows):
        units = staged_rows(reading, "units")
        assert {r["municipality_id"] for r in units} == {"0117", "0125"}
        assert len(units) == 33
        assert sum(r["operator"] == "enskild" for r in units) == 8
        assert next(r["name"] for r in units if r["unit_id"] == "33159363") == "Munsö skola"

    def test_has_known_values_in_the_year_the_school_year_ends(self, reading, staged_rows, shared_input):
        merit = {
            r["unit_id"]: float(r["value"])
            for r in staged_rows(reading, "outcomes")
            if r["indicator_id"] == "N15505" and r["year"] == "2024" and r["value"]
        }
        salsa = json.loads((shared_input / "kolada" / "salsa_2024_enheter.json").read_text(encoding="utf-8"))
        both = merit.keys() & salsa.keys()
        assert len(both) == 11
        assert (
            max(abs(merit[code] - salsa[code]["expected"] - salsa[code]["deviation"]) for code in both) <= 1.5
        )

    def test_passes_the_checks(self, base, reading):
        checking.check(base.connection, reading, OPTIONS.today, has_typed_numbers=True)
        errors = [each for each in checking.first_findings(base.connection, 9) if each.severity == "error"]
        # The source is staged by whoever called the reader.
        assert {each.rule for each in errors} <= {"unknown"}
        assert {each.found for each in errors} <= {reading.source.source_id}
