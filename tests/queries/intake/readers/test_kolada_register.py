"""Kolada's lists: municipalities, groups of those that are followed, and indicators with what has changed of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from queries.intake import checking, merging
from queries.intake.readers import kolada_register
from queries.intake.reading import Options, Refused, stage
from queries.intake.sheets import Book
from tests.queries.intake.conftest import own_table

OPTIONS = Options(date(2026, 11, 22))
GROUPS = "group_id,group_title,member_id,member_title"


@pytest.fixture
def read(base):
    def read_book(book):
        return kolada_register.read(book, base, OPTIONS)

    return read_book


class TestMunicipalities:
    def test_are_added_with_the_country_and_without_regions(self, opened, read, staged_rows):
        book = opened("id,title,type\n0000,Riket,L\n0001,Region Stockholm,L\n0114,Upplands Väsby,K\n")
        assert kolada_register.recognise(book) == "Kolada, lista över kommuner"
        reading = read(book)
        rows = {
            r["municipality_id"]: (r["name"], r["kind"], r["register"])
            for r in staged_rows(reading, "municipalities")
        }
        assert rows == {
            "0000": ("Riket", "country", "sverige"),
            "0114": ("Upplands Väsby", "municipality", "sverige"),
        }
        assert [each.only_missing for each in reading.staged] == [True]
        assert "1 region " in reading.findings[0].expected

    def test_told_twice_are_an_error_at_the_second_row(self, opened, read):
        reading = read(opened("id,title,type\n0114,Upplands Väsby,K\n0114,Väsby,K\n"))
        assert [(each.severity, each.line, each.found) for each in reading.findings] == [("error", 3, "0114")]

    def test_are_not_any_table_with_such_columns(self, opened):
        assert kolada_register.recognise(opened("id,title,type\n7,En bok,roman\n")) is None

    def test_of_the_whole_country_are_290(self, shared_input, opened, read, staged_rows):
        rows = staged_rows(read(opened(shared_input / "kolada" / "municipality.csv")), "municipalities")
        assert sum(r["kind"] == "municipality" for r in rows) == 290


class TestGroups:
    @pytest.fixture
    def groups(self, opened, read, staged_rows):
        """(title, kind, year, whose) of the groups that are taken of these lines."""

        def found(*lines: str) -> set[tuple[str | None, ...]]:
            rows = staged_rows(read(opened("\n".join([GROUPS, *lines]))), "municipality_groups")
            return {
                tuple(r[key] for key in ("title", "kind", "vintage", "for_municipality_id")) for r in rows
            }

        return found

    def test_of_similar_municipalities_belong_to_the_one_in_their_name(self, groups):
        similar = '"Liknande kommuner grundskola, Österåker, 2024"'
        others = '"Liknande kommuner grundskola, Täby, 2024"'
        assert groups(f"G36150,{similar},0114,Upplands Väsby", f"G1,{others},0117,Österåker") == {
            ("Liknande kommuner grundskola, Österåker, 2024", "similar", "2024", "0117")
        }

    @pytest.mark.parametrize(
        ("title", "kind"),
        [
            ("Norrbottens läns kommuner (ovägt medel)", "county"),
            ("Västra Götalands läns kommuner (ovägt medel)", "county"),
            ("Norrbottens län (ovägt medel)", "county"),
            ("Nordvästkommunerna i Stockholms län (ovägt medel)", "own"),
            ("Skogslänen (ovägt medel)", "own"),
            ("Resultatnätverket R9 (ovägt medel)", "own"),
        ],
    )
    def test_are_counties_only_by_that_name(self, groups, title, kind):
        assert groups(f"G1,{title},2581,Piteå", f"G1,{title},2580,Luleå") == {(title, kind, None, "2581")}

    def test_with_several_who_are_followed_are_nobodys_own(self, groups):
        assert groups("G1,Stor-Stockholm,0117,Österåker", "G1,Stor-Stockholm,0125,Ekerö") == {
            ("Stor-Stockholm", "own", None, None)
        }

    def test_without_a_column_are_refused_with_what_is_there(self, opened, read):
        with pytest.raises(Refused) as refused:
            read(opened("group_id,group_title,member_id\nG1,Fyrbodal,1485\n"))
        assert "member_title saknas" in refused.value.findings[0].expected

    def test_of_nobody_who_is_followed_are_refused(self, opened, read):
        with pytest.raises(Refused, match="en grupp där"):
            read(opened(f"{GROUPS}\nG1,Fyrbodal,1485,Uddevalla\n"))

    def test_of_the_whole_country_are_taken_for_the_four_that_are_followed(
        self, shared_input, opened, read, staged_rows
    ):
        reading = read(opened(shared_input / "kolada" / "municipality_groups_skola.csv"))
        rows = staged_rows(reading, "municipality_groups")
        similar = [r["member_id"] for r in rows if r["group_id"] == "G36150"]
        assert sorted(similar) == ["0114", "0120", "0138", "0186", "0191", "1233", "1402"]
        assert len({r["group_id"] for r in rows}) == 27
        assert {r["for_municipality_id"] for r in rows if r["kind"] == "similar"} == {
            "0117",
            "0125",
            "0580",
            "2581",
        }
        assert {r["member_id"] for r in rows} == {
            r["municipality_id"] for r in staged_rows(reading, "municipalities")
        }
        assert "941 grupper" in reading.findings[0].expected
        assert {r["source_id"] for r in rows} == {reading.source.source_id}


class TestIndicators:
    HEADINGS = "id,title,is_divided_by_gender,has_ou_data"

    def test_that_are_renamed_gone_or_ended_are_told(self, base, opened, read):
        own = base.rows(
            "select indicator_id, coalesce(listed.title, words.indicators.title) as title from words.indicators "
            "left join base.indicator_register as listed using (indicator_id) where source = 'Kolada'"
        )
        titles = {row["indicator_id"]: row["title"].replace(",  ", ", ") for row in own}
        titles["N15505"] = "Elever i åk 9, meritvärde"
        titles["N15428"] += " (-2027)"
        del titles["N15436"]
        lines = "\n".join(
            f'{code},"{title.replace(chr(34), chr(34) * 2)}",True,False' for code, title in titles.items()
        )
        reading = read(opened(f"{self.HEADINGS}\n{lines}\n"))
        told = {(each.rule, each.expected.split()[0]) for each in reading.findings}
        assert told >= {("renamed", "N15505"), ("ended", "N15428"), ("gone", "N15436")}
        assert {rule for rule, code in told if code not in ("N15505", "N15428", "N15436")} == {"ended"}

    def test_are_stored_whole_with_what_the_list_says_of_them(self, opened, read, staged_rows):
        reading = read(
            opened(
                "id,title,description,is_divided_by_gender,prel_publication_date,publication_date,publ_period,has_ou_data\n"
                'N00945,"VAB,  andel (%) (-2024)","Antal dagar. \\n Källa",False,2026-04-01,2026-10-22,2025,True\n'
            )
        )
        (row,) = staged_rows(reading, "indicator_register")
        assert {name: row[name] for name in row if not name.startswith("_")} == {
            "indicator_id": "N00945",
            "title": "VAB, andel (%) (-2024)",
            "description": "Antal dagar. Källa",
            "is_by_gender": "False",
            "has_unit_values": "True",
            "next_publication_date": "2026-10-22",
            "preliminary_date": "2026-04-01",
            "publication_period": "2025",
            "ended_year": "2024",
            "source_id": reading.source.source_id,
        }

    def test_of_an_answer_of_the_api_are_the_same(self, base, opened, read, staged_rows):
        as_table = read(opened(f'{self.HEADINGS}\nN00945,"VAB, andel (%)",False,True\n'))
        kpi = {"id": "N00945", "title": "VAB, andel (%)", "is_divided_by_gender": False, "has_ou_data": True}
        book = Book("kpi.json", "json", (), {"values": [{**kpi, "publ_period": None}], "next_url": None})
        assert kolada_register.recognise(book) == "Kolada, lista över nyckeltal"
        names = (
            "indicator_id",
            "title",
            "is_by_gender",
            "has_unit_values",
            "publication_period",
            "ended_year",
        )
        (one,), (other,) = (staged_rows(each, "indicator_register") for each in (as_table, read(book)))
        assert [one[name] for name in names] == [other[name] for name in names]

    def test_with_a_row_of_another_shape_are_refused(self, read):
        kpi = {"id": "N00945", "title": "VAB", "is_divided_by_gender": False}
        with pytest.raises(Refused) as refused:
            read(Book("kpi.json", "json", (), {"values": [{**kpi, "has_ou_data": True}, kpi]}))
        assert [(each.rule, each.line) for each in refused.value.findings] == [("shape", 2)]

    def test_pass_the_checks_and_come_again_another_day_as_no_news(self, base, shared_input, opened):
        def merged_on(day: date) -> tuple[set[str], list[tuple[str, str]]]:
            reading = kolada_register.read(book, base, Options(day))
            source = {
                "source_id": reading.source.source_id,
                "title": "Lista",
                "publisher": "RKA",
                "is_official": "ja",
            }
            staged = [stage(base.connection, "sources", [source], only_missing=True), *reading.staged]
            checking.check(base.connection, replace(reading, staged=staged), day, has_typed_numbers=False)
            assert checking.counts(base.connection)["error"] == 0
            changed = merging.merge(base.connection, staged, replace=False)
            return changed, [(each.rule, each.expected.split()[0]) for each in reading.findings]

        book = opened(shared_input / "kolada" / "kpi_metadata_utbildning.csv")
        assert merged_on(OPTIONS.today) == (
            {"sources", "indicator_register"},
            [("ended", "N15823"), ("ended", "U15461")],
        )
        rows = base.connection.execute("select count(*), count(ended_year) from merged.indicator_register")
        assert rows.fetchone() == (1_272, 70)
        own_table(base, "base.indicator_register")
        base.connection.execute(
            "create or replace table base.indicator_register as from merged.indicator_register"
        )
        assert merged_on(date(2026, 11, 23))[0] == {"sources"}


class TestAnswers:
    def test_with_municipalities_are_read_as_the_table_is(self, read, staged_rows):
        places = [
            {"id": "0000", "title": "Riket", "type": "L"},
            {"id": "0001", "title": "Region Stockholm", "type": "L"},
            {"id": "0136", "title": "Haninge", "type": "K"},
        ]
        book = Book("municipality.json", "json", (), [{"values": places[:2]}, {"values": places[2:]}])
        assert kolada_register.recognise(book) == "Kolada, lista över kommuner"
        rows = staged_rows(read(book), "municipalities")
        assert {r["municipality_id"]: r["name"] for r in rows} == {"0000": "Riket", "0136": "Haninge"}

    def test_with_groups_give_a_row_for_each_member(self, read, staged_rows):
        members = [{"member_id": "0114", "member_title": "Upplands Väsby"}]
        groups = [
            {"id": "G36150", "title": "Liknande kommuner grundskola, Österåker, 2024", "members": members},
            {"id": "G2328", "title": "Alla kommuner (ovägt medel)"},
        ]
        book = Book("groups.json", "json", (), {"values": groups})
        assert kolada_register.recognise(book) == "Kolada, grupper av kommuner"
        rows = staged_rows(read(book), "municipality_groups")
        assert [(r["group_id"], r["member_id"], r["vintage"]) for r in rows] == [("G36150", "0114", "2024")]


def test_a_summary_is_known_and_refused(shared_input, opened, read):
    book = opened(shared_input / "kolada" / "coverage.csv")
    assert kolada_register.recognise(book)
    with pytest.raises(Refused, match="sammanfattning"):
        read(book)
