"""Kolada's values: API answers and long tables, what is taken in, what is told of, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from queries.intake import checking
from queries.intake.readers import kolada
from queries.intake.reading import Options, Refused
from queries.intake.sheets import Book
from tests.queries.intake.conftest import own_table

OPTIONS = Options(date(2026, 11, 22))
HEADINGS = "kpi;municipality_id;municipality;year;gender;value;status;count;source;retrieved"


def measured(gender: str, value: float | None, status: str = "", **more: Any) -> dict[str, Any]:
    return {"gender": gender, "count": 1, "status": status, "value": value, "isdeleted": False, **more}


def row(
    *values: dict[str, Any], kpi: str = "N15428", period: int | str = 2023, **place: str
) -> dict[str, Any]:
    return {"kpi": kpi, "period": period, **(place or {"municipality": "0125"}), "values": list(values)}


def page(
    *rows: dict[str, Any], next_url: str | None = None, previous_url: str | None = None
) -> dict[str, Any]:
    return {"values": list(rows), "count": len(rows), "next_url": next_url, "previous_url": previous_url}


def answer(document: Any) -> Book:
    return Book("svar.json", "json", (), document)


def rules(reading_or_refusal: Any) -> set[tuple[str, str]]:
    return {(each.severity, each.rule) for each in reading_or_refusal.findings}


def told(reading: Any, rule: str) -> str:
    return next(each.expected for each in reading.findings if each.rule == rule)


@pytest.fixture
def read(base):
    def read_book(book: Book):
        return kolada.read(book, base, OPTIONS)

    return read_book


@pytest.fixture
def values_of(read, staged_rows):
    """(municipality, year, gender) → (value, status) of the rows staged for comparison_values."""

    def values(book: Book) -> dict[tuple[str, str, str], tuple[str | None, str | None]]:
        rows = staged_rows(read(book), "comparison_values")
        return {(r["municipality_id"], r["year"], r["gender"]): (r["value"], r["status"]) for r in rows}

    return values


class TestAnswers:
    def test_are_recognised_by_their_shape(self):
        assert kolada.recognise(answer(page(row(measured("T", 1)))))
        assert kolada.recognise(answer([row(measured("T", 1))]))
        assert kolada.recognise(answer({"error": "This endpoint is deprecated. Please use /v3 instead."}))
        for document in (
            {},
            [],
            3,
            "text",
            None,
            {"values": [1]},
            {"values": [{"id": "N15428", "title": "…"}]},
        ):
            assert kolada.recognise(answer(document)) is None, document

    def test_give_each_gender_its_own_value_in_whatever_order_they_come(self, values_of):
        mixed = row(measured("K", 77.0), measured("M", 71.5), measured("T", 74.1))
        assert values_of(answer(page(mixed))) == {
            ("0125", "2023", "K"): ("77.0", None),
            ("0125", "2023", "M"): ("71.5", None),
            ("0125", "2023", "T"): ("74.1", None),
        }

    def test_keep_a_status_and_lose_the_value_that_was_left_behind(self, values_of):
        told = row(measured("T", 40.0, "Missing"), measured("K", None), measured("M", None, "Privacy"))
        assert values_of(answer(page(told))) == {
            ("0125", "2023", "T"): (None, "Missing"),
            ("0125", "2023", "K"): (None, "Missing"),
            ("0125", "2023", "M"): (None, "Privacy"),
        }

    def test_of_several_pages_are_read_as_one(self, read, staged_rows):
        pages = [
            page(row(measured("T", 1)), next_url="…page=2"),
            page(row(measured("T", 2), period="2022"), previous_url="…page=1"),
        ]
        reading = read(answer(pages))
        places = {
            (r["year"], r["value"], r["_sheet"], r["_line"])
            for r in staged_rows(reading, "comparison_values")
        }
        assert places == {("2023", "1", "sida 1", "1"), ("2022", "2", "sida 2", "1")}
        assert rules(reading) == set()

    @pytest.mark.parametrize(
        "pages",
        [
            page(row(measured("T", 1)), next_url="…page=2"),
            page(row(measured("T", 1)), previous_url="…page=1"),
            [page(row(measured("T", 1)), next_url="…page=2"), page(row(measured("T", 1), period=2020))],
        ],
        ids=["first page alone", "last page alone", "page 2 left out"],
    )
    def test_that_lack_a_page_are_read_with_a_warning(self, read, pages):
        assert rules(read(answer(pages))) == {("warning", "part")}

    def test_lose_what_kolada_has_deleted(self, read, values_of):
        book = answer(
            page(
                row(measured("T", 74.1, isdeleted=True), measured("K", 70.0)),
                row(measured("T", 60.0, isdeleted=True), measured("T", 61.0), period=2022),
            )
        )
        assert values_of(book) == {
            ("0125", "2023", "T"): (None, "Missing"),
            ("0125", "2023", "K"): ("70.0", None),
            ("0125", "2022", "T"): ("61.0", None),
        }
        assert "2 i filen" in told(read(book), "deleted")

    def test_with_an_error_message_are_refused_with_it(self, read):
        with pytest.raises(Refused, match="felmeddelande från Kolada: ”This endpoint is deprecated"):
            read(answer({"error": "This endpoint is deprecated. Please use /v3 instead."}))

    def test_of_the_closed_version_are_refused(self, read):
        old = {"count": 1, "values": [row(measured("T", 1))], "next_page": "http://api.kolada.se/v2/…"}
        with pytest.raises(Refused, match="gamla API v2"):
            read(answer(old))

    @pytest.mark.parametrize("bad", [{"kpi": "N15428"}, {"kpi": "N15428", "values": 3}, 7], ids=str)
    def test_of_another_shape_are_refused_with_the_row(self, read, bad):
        with pytest.raises(Refused) as refused:
            read(answer(page(row(measured("T", 1)), bad)))
        assert (refused.value.findings[0].rule, refused.value.findings[0].line) == ("shape", 2)

    def test_without_a_value_are_refused(self, read):
        with pytest.raises(Refused, match="inga värden"):
            read(answer(page()))

    def test_about_municipalities_that_are_not_here_say_how_to_make_them_known(self, read):
        reading = read(answer(page(row(measured("T", 1), municipality="0136"))))
        assert "0136" in told(reading, "unknown_municipality")
        assert "lista över kommuner" in told(reading, "unknown_municipality")


class TestSchools:
    def test_that_are_here_become_outcomes_with_the_operator_they_have(self, read, staged_rows):
        own = row(measured("T", 250.0), measured("K", None, "Privacy"), kpi="U15415", ou="V15E33159363")
        reading = read(answer(page(own)))
        keys = ("municipality_id", "unit_id", "indicator_id", "year", "gender", "operator", "value", "marker")
        assert {tuple(r[key] for key in keys) for r in staged_rows(reading, "outcomes")} == {
            ("0125", "33159363", "U15415", "2023", "T", "kommunal", "250.0", None),
            ("0125", "33159363", "U15415", "2023", "K", "kommunal", None, ".."),
        }
        assert staged_rows(reading, "comparison_values") == []

    def test_that_are_not_here_are_counted(self, read):
        known = row(measured("T", 1.0), ou="V15E33159363")
        others = [row(measured("T", 1.0), ou=ou) for ou in ("V15E012503301", "V15E99999999")]
        assert "2 enheter" in told(read(answer(page(known, *others))), "unknown_unit")

    def test_must_be_published_before_their_values(self, read):
        with pytest.raises(Refused, match="Läs först in dem"):
            read(answer(page(row(measured("T", 1.0), ou="V15E99999999"))))


class TestTables:
    def test_are_read_by_the_names_of_their_columns_in_any_order(self, opened, values_of):
        book = opened("Status,VALUE,gender,year,municipality_id,kpi\n,81.5,Kvinnor,2023,0125,N15428\n")
        assert kolada.recognise(book) == "Kolada, nyckeltal i lång tabell"
        assert values_of(book) == {("0125", "2023", "K"): ("81.5", None)}

    @pytest.mark.parametrize(
        ("headings", "fault"),
        [
            ("kpi;municipality_id;year;value;status", "gender saknas"),
            ("kpi;municipality_id;year;gender;value", "status saknas"),
            ("kpi;municipality;year;gender;value;status", "municipality_id saknas"),
            ("municipality_id;year;gender;value;status", "kpi saknas"),
            ("kpi;municipality_id;year;gender;value;status;Value", "value finns mer än en gång"),
        ],
    )
    def test_without_each_column_once_are_refused_with_what_is_there(self, opened, read, headings, fault):
        book = opened(f"{headings}\n{';'.join('x' * (headings.count(';') + 1))}\n")
        with pytest.raises(Refused) as refused:
            read(book)
        (finding,) = refused.value.findings
        assert fault in finding.expected
        assert finding.found == headings.replace(";", ", ")
        assert finding.line == 1

    def test_give_the_source_of_each_day_that_values_were_fetched(self, opened, read, staged_rows):
        lines = [
            f"N15428;0125;Ekerö;{2020 + n};T;8{n},5;;1;x;{day}"
            for n, day in enumerate(["2024-12-12", "", "2020-05"])
        ]
        reading = read(opened("\n".join([HEADINGS, *lines]) + "\n"))
        assert {r["year"]: r["source_id"] for r in staged_rows(reading, "comparison_values")} == {
            "2020": "kolada-2024-12-12",
            "2021": "kolada-2026-11-22",
            "2022": "kolada-2020-05",
        }
        assert [(r["source_id"], r["retrieved_date"]) for r in staged_rows(reading, "sources")] == [
            ("kolada-2020-05", None),
            ("kolada-2024-12-12", "2024-12-12"),
        ]
        assert (reading.source.source_id, reading.source.is_official) == ("kolada-2026-11-22", True)

    def test_introduce_municipalities_by_the_names_they_give(self, opened, read, staged_rows):
        book = opened(
            f"{HEADINGS}\nN15428;0114;Upplands Väsby;2020;T;80;;1;x;\nN15428;0000;Riket;2020;T;81;;1;x;\n"
        )
        rows = {
            r["municipality_id"]: (r["name"], r["kind"]) for r in staged_rows(read(book), "municipalities")
        }
        assert rows == {"0114": ("Upplands Väsby", "municipality"), "0000": ("Riket", "country")}

    def test_leave_a_code_that_lost_its_zero_to_the_checks(self, base, opened, read):
        reading = read(opened(f"{HEADINGS}\nN15428;114;Upplands Väsby;2020;T;80;;1;x;2024-12-12\n"))
        checking.check(base.connection, reading, OPTIONS.today, has_typed_numbers=False)
        errors = [
            (each.found, each.column)
            for each in checking.first_findings(base.connection, 9)
            if each.severity == "error"
        ]
        assert set(errors) == {("114", "municipality_id")}

    def test_leave_a_misspelt_indicator_and_a_wrong_gender_to_the_checks(self, base, opened, read):
        reading = read(
            opened(
                f"{HEADINGS}\nN1542;0125;Ekerö;2020;T;80;;1;x;2024-12-12\nN15428;0125;Ekerö;2020;F;80;;1;x;2024-12-12\n"
            )
        )
        checking.check(base.connection, reading, OPTIONS.today, has_typed_numbers=False)
        assert {("N1542", 2), ("F", 3)} <= {
            (each.found, each.line) for each in checking.first_findings(base.connection, 9)
        }

    def test_count_what_is_not_used_and_what_is_no_municipality(self, opened, read, staged_rows):
        lines = ["N15428;0125;Ekerö;2020;T;80", "N00945;0125;Ekerö;2020;T;80", "N00943;0125;Ekerö;2020;T;80",
                 "N15428;0001;Region Stockholm;2020;T;80", "N15428;G36150;Liknande;2020;T;80"]  # fmt: skip
        reading = read(opened("\n".join([HEADINGS, *(f"{line};;1;x;2024-12-12" for line in lines)])))
        assert len(staged_rows(reading, "comparison_values")) == 1
        assert told(reading, "unused_indicator") == "I filen finns 2 nyckeltal som inte används här."
        assert "1 region " in told(reading, "region")
        assert "1 grupp " in told(reading, "group")

    def test_without_one_used_indicator_are_refused(self, opened, read):
        with pytest.raises(Refused, match="Inget av nyckeltalen"):
            read(opened(f"{HEADINGS}\nN00945;0125;Ekerö;2020;T;80;;1;x;\n"))

    def test_of_an_indicator_that_koladas_list_knows_are_taken_for_comparison_and_not_for_schools(
        self, base, opened, read, staged_rows
    ):
        own_table(base, "base.indicator_register")
        base.connection.execute(
            "insert into base.indicator_register (indicator_id, title, is_by_gender, has_unit_values, source_id) "
            "values ('N00945', 'Tillfälliga föräldrapenningdagar', false, true, 'kolada-2026-03-23')"
        )
        lines = ["N00945;0125;;2020;T;80;;2024-12-12", "N00945;;V15E33159363;2020;T;80;;2024-12-12"]
        reading = read(
            opened("\n".join(["kpi;municipality_id;ou;year;gender;value;status;retrieved", *lines]))
        )
        assert [r["indicator_id"] for r in staged_rows(reading, "comparison_values")] == ["N00945"]
        assert staged_rows(reading, "outcomes") == []
        assert told(reading, "unused_indicator") == "I filen finns 1 nyckeltal som inte används här."
        checking.check(base.connection, reading, OPTIONS.today, has_typed_numbers=False)
        assert checking.counts(base.connection)["error"] == 0

    def test_cannot_pass_other_figures_off_as_koladas(self, opened, read):
        with pytest.raises(Refused) as refused:
            read(opened(f"{HEADINGS}\nL01;0125;Ekerö;2020;T;80;;1;x;\n"))
        assert [(each.rule, each.found, each.line) for each in refused.value.findings] == [
            ("own_indicator", "L01", 2)
        ]

    def test_skip_rows_without_content(self, opened, values_of):
        assert len(values_of(opened(f"{HEADINGS}\nN15428;0125;Ekerö;2020;T;80;;1;x;\n;;;;;;;;;\n"))) == 1

    def test_by_name_give_the_value_for_all_and_leave_what_was_worked_out(self, opened, read, staged_rows):
        reading = read(opened("kpi,year,municipality,value,rank_best1\nN15419,2018,Ekerö,81.9,47\n"))
        (told_row,) = staged_rows(reading, "comparison_values")
        assert (told_row["municipality_id"], told_row["gender"], told_row["value"]) == ("0125", "T", "81.9")
        assert "rank_best1" in told(reading, "unread_column")

    def test_by_name_are_refused_for_a_name_that_is_not_here(self, opened, read):
        reading = read(opened("kpi,year,municipality,value\nN15419,2018,Ekerö,81.9\nN15419,2018,Ekeröö,1\n"))
        assert [
            (each.found, each.line, each.severity) for each in reading.findings if each.rule == "unknown"
        ] == [("Ekeröö", 3, "error")]


class TestRealFiles:
    def test_with_all_values_say_of_the_embedded_places_what_is_published(
        self, base, shared_input, opened, read
    ):
        reading = read(opened(shared_input / "kolada" / "kolada_skola_municipality_values.parquet"))
        staged = next(each for each in reading.staged if each.table == "comparison_values")
        differing = base.connection.execute(
            f"""
            select indicator_id, municipality_id, year, gender, value, status, source_id
            from base.comparison_values
            semi join base.municipalities on municipalities.municipality_id = comparison_values.municipality_id
                and municipalities.register = 'sverige'
            except
            select indicator_id, municipality_id, year::integer, gender, value::double, coalesce(status, ''), source_id
            from {staged.relation}
            """
        ).fetchall()
        assert differing == []
        assert base.connection.execute(f"select count(*) from {staged.relation}").fetchone() == (115_608,)
        assert rules(reading) == {("notice", "unused_indicator")}

    @pytest.mark.parametrize(("name", "rows"), [("2024-12-12", 65_250), ("2024-01-30", 59_450)])
    def test_of_two_days_differ_where_kolada_revised(
        self, shared_input, opened, read, staged_rows, name, rows
    ):
        reading = read(opened(shared_input / "kolada" / f"{name}_KOLADA_data_raw.parquet"))
        values = staged_rows(reading, "comparison_values")
        assert len(values) == rows
        assert {r["source_id"] for r in values} == {"kolada-2026-11-22"}
        assert told(reading, "unused_indicator") == "I filen finns 11 nyckeltal som inte används här."

    def test_of_fourteen_municipalities_keep_their_decimal_commas(
        self, base, shared_input, opened, read, staged_rows
    ):
        reading = read(opened(shared_input / "kolada" / "sample_14_kommuner.csv"))
        values = {
            (r["indicator_id"], r["municipality_id"], r["year"], r["gender"]): r["value"]
            for r in staged_rows(reading, "comparison_values")
        }
        assert len(values) == 1_772
        assert values["N11821", "0114", "2015", "T"] == "93,141457"
        assert {r["municipality_id"] for r in staged_rows(reading, "municipalities")} >= {
            "0117",
            "0125",
            "0580",
        }
        checking.check(base.connection, reading, OPTIONS.today, has_typed_numbers=False)
        assert checking.counts(base.connection)["error"] == 0

    def test_worked_out_for_six_municipalities_are_read_for_those_that_are_here(
        self, shared_input, opened, read, staged_rows
    ):
        reading = read(opened(shared_input / "kolada" / "example_spider_2018.csv"))
        values = {
            (r["indicator_id"], r["municipality_id"]): r["value"]
            for r in staged_rows(reading, "comparison_values")
        }
        assert len(values) == 30
        assert values["N15505", "0117"] == "241.2"
        assert {each.found for each in reading.findings if each.severity == "error"} == {"Botkyrka"}
