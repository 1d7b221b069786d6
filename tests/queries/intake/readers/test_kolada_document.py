"""A fetch of Kolada as one document: what is taken of each list, what is refused, and real values through it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from queries.intake import checking
from queries.intake.readers import kolada, kolada_document, kolada_register
from queries.intake.reading import Base, Options, Reading, Refused
from queries.intake.sheets import Book
from tests.queries.intake.conftest import own_table
from tests.queries.intake.readers.test_kolada import measured, row, rules, told

OPTIONS = Options(date(2026, 11, 25))
KPI = {
    "id": "N15428",
    "title": "Elever i åk 9 som är behöriga till yrkesprogram,  hemkommun, andel (%)",
    "description": "Antal elever.",
    "is_divided_by_gender": True,
    "publication_date": "2026-12-01",
    "prel_publication_date": None,
    "publ_period": "2026",
    "has_ou_data": False,
}
UNUSED = {**KPI, "id": "N00945", "title": "Tillfälliga föräldrapenningdagar, andel (%)"}


def document(*data: dict[str, Any], **lists: Any) -> Book:
    fetched = {"kolada_fetch": 1, "fetched": "2026-11-22", "kpi": [KPI], "data": list(data)}
    return Book("kolada-2026-11-22.json.gz", "json", (), {**fetched, **lists})


@pytest.fixture
def read(base: Base):
    def read_book(book: Book) -> Reading:
        return kolada_document.read(book, base, OPTIONS)

    return read_book


def test_a_fetch_is_known_by_what_it_says_itself_and_by_no_other_reader():
    book = document(row(measured("T", 1)))
    assert kolada_document.recognise(book) == "Hämtning från Kolada"
    assert kolada.recognise(book) is None and kolada_register.recognise(book) is None
    assert kolada_document.recognise(Book("x", "json", (), [row(measured("T", 1))])) is None


def test_the_source_is_the_day_of_the_fetch_and_not_of_the_upload(read, staged_rows):
    reading = read(document(row(measured("T", 1))))
    assert (reading.source.source_id, reading.source.retrieved_date) == ("kolada-2026-11-22", "2026-11-22")
    for table in ("comparison_values", "indicator_register"):
        assert {r["source_id"] for r in staged_rows(reading, table)} == {"kolada-2026-11-22"}


def test_values_are_taken_for_each_gender_in_any_order_and_without_those_that_were_withdrawn(
    read, staged_rows
):
    reading = read(
        document(
            row(measured("M", 71.5), measured("T", 74.1), measured("K", None, "Privacy")),
            row(measured("T", 60.0, isdeleted=True), period="2022"),
        )
    )
    values = {
        (r["year"], r["gender"]): (r["value"], r["status"]) for r in staged_rows(reading, "comparison_values")
    }
    assert values == {
        ("2023", "M"): ("71.5", None),
        ("2023", "T"): ("74.1", None),
        ("2023", "K"): (None, "Privacy"),
        ("2022", "T"): (None, "Missing"),
    }
    assert "1 i filen" in told(reading, "deleted")


def test_the_list_of_indicators_is_stored_and_makes_an_id_known(base, read, staged_rows):
    reading = read(
        document(row(measured("T", 85.0)), row(measured("T", 2.0), kpi="N00945"), kpi=[KPI, UNUSED])
    )
    register = {r["indicator_id"]: r["title"] for r in staged_rows(reading, "indicator_register")}
    assert register == {
        "N15428": "Elever i åk 9 som är behöriga till yrkesprogram, hemkommun, andel (%)",
        "N00945": "Tillfälliga föräldrapenningdagar, andel (%)",
    }
    assert {r["indicator_id"] for r in staged_rows(reading, "comparison_values")} == {"N15428", "N00945"}
    assert checked(base, reading) == []


def test_an_id_that_neither_list_knows_is_refused_with_the_row_where_it_stands_first(base, read):
    reading = read(document(row(measured("T", 85.0)), row(measured("T", 2.0), kpi="N00945")))
    assert [(each.rule, each.found, each.sheet, each.line) for each in checked(base, reading)] == [
        ("unknown", "N00945", "data", 2)
    ]


def test_a_series_that_has_ended_is_told_also_without_a_row_of_its_own_here(read):
    ended = {**UNUSED, "title": "Tillfälliga föräldrapenningdagar, andel (%) (-2024)"}
    reading = read(document(row(measured("T", 85.0), kpi="N00945"), kpi=[KPI, ended]))
    said = [each.expected for each in reading.findings if each.rule == "ended"]
    assert said == [
        "N00945 är avslutat i Kolada efter 2024: Tillfälliga föräldrapenningdagar, andel (%) (-2024)."
    ]


def test_an_indicator_of_a_profile_that_koladas_list_lacks_is_told_as_gone(read):
    gone = {each.expected.split()[0] for each in read(document()).findings if each.rule == "gone"}
    assert "N15505" in gone
    assert "N15428" not in gone


def test_municipalities_and_groups_of_those_that_are_followed_come_with_it(base, read, staged_rows):
    members = [{"member_id": "0136", "member_title": "Haninge"}]
    reading = read(
        document(
            row(measured("T", 85.0), municipality="0138"),
            municipality=[
                {"id": "0138", "title": "Tyresö", "type": "K"},
                {"id": "0001", "title": "Region Stockholm", "type": "L"},
            ],
            municipality_groups=[
                {"id": "G36150", "title": "Liknande kommuner grundskola, Ekerö, 2025", "members": members},
                {"id": "G1", "title": "Liknande kommuner grundskola, Ale, 2025", "members": members},
                {"id": "G2328", "title": "Alla kommuner (ovägt medel)"},
            ],
        )
    )
    assert {r["municipality_id"] for r in staged_rows(reading, "municipalities")} == {"0138", "0136"}
    groups = {(r["group_id"], r["for_municipality_id"]) for r in staged_rows(reading, "municipality_groups")}
    assert groups == {("G36150", "0125")}
    assert rules(reading) >= {("notice", "region"), ("notice", "not_followed")}
    assert checked(base, reading) == []


def test_schools_that_are_here_get_outcomes_by_their_code_or_by_their_name_in_koladas_list(read, staged_rows):
    schools = [
        {"id": "V15E012500101", "title": "Munsö skola", "municipality": "0125"},
        {"id": "V15E012500102", "title": "Okänd skola", "municipality": "0125"},
    ]
    reading = read(
        document(
            oudata=[
                row(measured("T", 250.0), kpi="U15415", ou="V15E012500101"),
                row(measured("T", 240.0), kpi="U15415", ou="V15E012500102"),
            ],
            ou=schools,
        )
    )
    assert [(r["unit_id"], r["municipality_id"], r["value"]) for r in staged_rows(reading, "outcomes")] == [
        ("33159363", "0125", "250.0")
    ]
    assert "1 enhet " in told(reading, "unknown_unit")


def test_a_school_told_by_code_and_under_its_old_number_gets_its_values_once(read, staged_rows):
    reading = read(
        document(
            oudata=[
                row(measured("T", 250.0), kpi="U15415", ou="V15E33159363"),
                row(measured("T", 240.0), kpi="U15415", ou="V15E012500101"),
            ],
            ou=[{"id": "V15E012500101", "title": "Munsö skola", "municipality": "0125"}],
        )
    )
    assert [r["value"] for r in staged_rows(reading, "outcomes")] == ["250.0"]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"kolada_fetch": 2}, "kolada_fetch 2"),
        ({"fetched": "22 november"}, "fetched"),
        ({"fetched": None}, "fetched"),
        ({"data": {"values": []}}, "data"),
        ({"ou": 3}, "ou"),
    ],
    ids=str,
)
def test_a_document_of_another_shape_is_refused(read, changed, fault):
    with pytest.raises(Refused) as refused:
        read(document(**changed))
    assert [(each.rule, each.found) for each in refused.value.findings] == [("shape", fault)]


@pytest.mark.parametrize(
    ("lists", "place"),
    [
        ({"kpi": [KPI, {"id": "N1"}]}, ("kpi", 2)),
        ({"municipality": [{"id": "0125", "title": "Ekerö"}]}, ("municipality", 1)),
        ({"municipality_groups": [{"id": "G1", "title": "X", "members": [{"id": "0125"}]}]}, ("municipality_groups", 1)),
        ({"ou": [7]}, ("ou", 1)),
        ({"data": [row(measured("T", 1)), {"kpi": "N15428", "values": [4]}]}, ("data", 2)),
        ({"oudata": ["V15E"]}, ("oudata", 1)),
    ],
    ids=str,
)  # fmt: skip
def test_a_row_of_another_shape_is_refused_with_its_list_and_place(read, lists, place):
    with pytest.raises(Refused) as refused:
        read(document(**lists))
    assert [(each.rule, each.sheet, each.line) for each in refused.value.findings] == [("shape", *place)]


def test_real_values_say_the_same_as_a_fetch_and_as_a_table(base, shared_input, opened, read, staged_rows):
    path = shared_input / "kolada" / "kolada_skola_municipality_values.parquet"
    table = pd.read_parquet(path)
    table = table[table["kpi"].isin(["N15428", "N15814", "N17625"]) & (table["year"] >= 2018)]
    groups = table.groupby(["kpi", "municipality_id", "year"], sort=False)
    data = [
        row(*(measured(*each) for each in values_of(rows)), kpi=kpi, municipality=place, period=int(year))
        for (kpi, place, year), rows in groups
    ]
    as_fetch = values(staged_rows(read(document(*data)), "comparison_values"))
    as_table = values(staged_rows(kolada.read(opened(path), base, OPTIONS), "comparison_values"))
    assert len(as_fetch) == len(table) > 7_000
    assert as_fetch == {key: as_table[key] for key in as_fetch}


def values_of(rows: pd.DataFrame) -> list[tuple[str, float | None, str]]:
    """The genders of one row of an answer, the last first."""
    told = zip(rows["gender"], rows["value"], rows["status"].fillna(""), strict=True)
    return [(gender, None if pd.isna(value) else value, status) for gender, value, status in told][::-1]


def values(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, ...], tuple[float | None, str | None]]:
    return {
        (r["indicator_id"], r["municipality_id"], r["year"], r["gender"]): (
            None if r["value"] is None else float(r["value"]),
            r["status"],
        )
        for r in rows
    }


def checked(base: Base, reading: Reading) -> list[Any]:
    """The errors that the checks find, with the source of the reading in its place."""
    source = reading.source
    own_table(base, "base.sources")
    base.connection.execute(
        "insert into base.sources (source_id, title, publisher, is_official) values (?, ?, ?, true)",
        [source.source_id, source.title, source.publisher],
    )
    checking.check(base.connection, reading, OPTIONS.today, has_typed_numbers=True)
    return [each for each in checking.first_findings(base.connection, 20) if each.severity == "error"]
