"""Skolverket's statistics: every layout seen, the signs for hidden figures, and files that must not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from queries.intake import checking
from queries.intake.readers import skolverket
from queries.intake.reading import Base, Finding, Options, Reading, Refused, stage
from queries.intake.sheets import Book
from tests.queries.intake.books import book_of, book_of_file, rows_of_csv
from tests.queries.intake.conftest import TODAY, own_table

OPTIONS = Options(TODAY)
Outcomes = list[dict[str, Any]]

SLUTBETYG = """Statistik från Skolverket, https://www.skolverket.se

Grundskola - Slutbetyg årskurs 9, samtliga elever
Valt läsår: 2024/25

Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Antal elever;Andel (%) elever som uppfyllt betygskriterierna i alla ämnen;Andel (%) elever behöriga till yrkesprog.;Genomsnittligt meritvärde (17 ämnen);
Norrvikens skola;11111111;Ekerö;0125;Kommunal;Ekerö kommun;2120000050;111;81,1;91,9;243,4;
Söderängens skola;22222222;Ekerö;0125;Enskild;Stiftelsen Söderängen;8020000000;13;..;~100;229,2;
Västra skolan;33333333;Kungsbacka;1384;Kommunal;Kungsbacka kommun;2120001256;90;80,0;90,0;240,0;

Rapportbeskrivning och definitioner etc.
"""
SEX = """Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), per kön
Valt läsår: 2024/25

;;;;;Flickor;Flickor;Pojkar;Pojkar;
Kommun;Kommun-kod;Län;Läns-kod;Typ av huvudman;Antal elever;Andel (%) elever som fått godkänt betyg i alla ämnen;Antal elever;Andel (%) elever som fått godkänt betyg i alla ämnen;
Ekerö;0125;Stockholms län;01;Kommunal;173;78,0;196;83,7;
Ekerö;0125;Stockholms län;01;Enskild;16;~100;17;..;
"""
TESTS = """Grundskola - Resultat nationella prov årskurs 9, provbetyg per kön - Engelska, Matematik och Svenska/svenska som andraspråk
Valt läsår: 2023/24

;;;;;;Antal elever med provbetyg A-F;Antal elever med provbetyg A-F;Antal elever med provbetyg A-F;Andel (%) med provbetyg A-E;Andel (%) med provbetyg A-E;Andel (%) med provbetyg A-E;Andel (%) elever som deltagit;Andel (%) elever som deltagit;Andel (%) elever som deltagit;
Kommun;Kommun-kod;Län;Läns-kod;Typ av huvudman;Ämne;Totalt;Flickor;Pojkar;Totalt;Flickor;Pojkar;Totalt;Flickor;Pojkar;
Ekerö;0125;Stockholms län;01;Samtliga;Svenska;364;169;195;96,2;~100;..;92,2;91,4;92,9;
Ekerö;0125;Stockholms län;01;Samtliga;Matematik;386;180;206;87,8;85,0;90,3;91,3;88,2;94,1;
"""
ELIGIBLE = """Grundskola - Behörighet till gymnasieskolan, fr.o.m. 2011
Valt läsår: 2024/25

Inför nya gymnasieskolan 2011 skärptes kraven; en elev behöver "åtta betyg".

Kommun;Kommun-kod;Län;Läns-kod;Typ av huvudman;Kön;Antal elever;Andel (%) elever behöriga till yrkesprog.;Andel elever (%) behöriga till Ekonomi-, humanistiska och samhällsvetenskaps- program;
Ekerö;0125;Stockholms län;01;Samtliga;Flickor;198;89,9;87,9;
Ekerö;0125;Stockholms län;01;Samtliga;Pojkar;218;89,0;87,2;
Ekerö;0125;Stockholms län;01;Samtliga;Samtliga;416;89,4;87,5;
"""
OVER_TIME = """Grundskola - Jämförelse av ämnesbetyg över tid
Valt läsår: 2024/25

Kommun;Kommunkod;Län;Länskod;Typ av huvudman;Andel (%) elever som fått godkänt betyg i respektive ämne;2024/25;2023/24;
Ekerö;0125;Stockholms län;01;Enskild;Hem och konsumentkunskap;100,0;90,0;
Ekerö;0125;Stockholms län;01;Enskild;Svenska som andraspråk;..;.;
"""
PROGRAMMES = """Gymnasieskola - Avgångselever, nationella program (fr.o.m. 2013/14)
Valt läsår: 2024/25

;;;;;;;;;;Andel elever med minst betyget E i gymnasiegemensamma kurser samt Gymnasiearbete;
Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Program;Totalt antal;Andel (%) med examen;GBP för elever med examen;Eng 5;
Fågelvik;44444444;Ekerö;0125;Kommunal;Ekerö kommun;Teknikprogrammet;17;82,4;12,9;94,1;
Fågelvik;44444444;Ekerö;0125;Kommunal;Ekerö kommun;Nationella program;58;86,2;13,3;96,6;
"""
SALSA = """Grundskolan - Salsa, skolenheters resultat av slutbetygen i årskurs 9 med hänsyn till elevsammansättningen
Valt läsår: 2018/19

;;;;;;;Bakgrundsinformation;Andel (%) som uppn. kunskapskraven;Andel (%) som uppn. kunskapskraven;Andel (%) som uppn. kunskapskraven;Genomsnittligt meritvärde;Genomsnittligt meritvärde;Genomsnittligt meritvärde;
Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Föräldrarnas genomsnittliga utb.nivå;Faktiskt värde (F);Modell- beräknat värde (B);Residual (R=F-B);Faktiskt värde (F);Modell- beräknat värde (B);Residual (R=F-B);
Norrvikens skola;11111111;Ekerö;0125;Enskild;Stiftelsen;7696142343;2,46;96;85;11;245;251;-6;
"""
COSTS = """Gymnasieskola - Kostnader per kommun
Valt år: 2023
Endast kommunal huvudman

Kommun;Kommunkod;Län;Läns-kod;Typ av huvudman;Totalt;Totalt per elev;
Jämtlands Gymnasieförbund;;;;Kommunal;550295;152 600;
Ekerö;0125;Stockholms län;01;Kommunal;-380;.;
Linköping;0580;Östergötlands län;05;Kommunal;550295;152 600;
"""
BY_SHEET = """

Grundskola - Jämförelse av betygsresultat över tid
Typ av huvudman: {operator}
Valt läsår: 2024/25


Kommun;Kommunkod;Län;Länskod;Uppgift;2024/25;2023/24
Ekerö;0125;Stockholms län;01;Totalt antal elever årskurs 9;434;417
Ekerö;0125;Stockholms län;01;- andel (%) flickor;49.3;50.8
Ekerö;0125;Stockholms län;01;Genomsnittligt meritvärde (17 ämnen);224.5;229.8
"""


@pytest.fixture
def read(base: Base) -> Callable[[str | Book], Reading]:
    """Reads a file given as its text or as a book."""

    def run(file: str | Book) -> Reading:
        book = file if isinstance(file, Book) else book_of(rows_of_csv(file))
        assert skolverket.recognise(book)
        return skolverket.read(book, base, OPTIONS)

    return run


@pytest.fixture
def outcomes(base: Base, read: Callable[[str | Book], Reading]) -> Callable[[str | Book], Outcomes]:
    """The outcomes of a file without errors."""

    def run(file: str | Book) -> Outcomes:
        reading = read(file)
        assert [finding for finding in reading.findings if finding.severity == "error"] == []
        return staged(base, reading, "outcomes")

    return run


def staged(base: Base, reading: Reading, table: str) -> Outcomes:
    (relation,) = [each.relation for each in reading.staged if each.table == table]
    return base.rows(f"from {relation}")


def cells(rows: Outcomes, *names: str, **of: str | None) -> list[tuple[str | None, ...]]:
    """Some columns of the rows that are alike in others."""
    chosen = [row for row in rows if all(row[name] == value for name, value in of.items())]
    return [tuple(row[name] for name in names) for row in chosen]


def refused(read: Callable[[str | Book], Reading], file: str | Book) -> Sequence[Finding]:
    with pytest.raises(Refused) as caught:
        read(file)
    return caught.value.findings


def errors(reading: Reading) -> list[tuple[str, int | None, str]]:
    return [(each.rule, each.line, each.found) for each in reading.findings if each.severity == "error"]


def notices(reading: Reading) -> dict[str, str]:
    return {each.rule: each.expected for each in reading.findings if each.severity == "notice"}


class TestPerUnit:
    def test_gives_the_schools_own_figures_with_the_year_in_which_the_school_year_ends(self, outcomes):
        rows = outcomes(SLUTBETYG)
        assert cells(rows, "indicator_id", "value", "n", unit_id="11111111") == [
            ("N15419", "81,1", "111"),
            ("N15436", "91,9", "111"),
            ("N15505", "243,4", "111"),
        ]
        assert {(row["municipality_id"], row["year"], row["gender"]) for row in rows} == {
            ("0125", "2025", "T")
        }
        assert cells(rows, "operator", "_line", "_heading", indicator_id="N15505") == [
            ("kommunal", "7", "Genomsnittligt meritvärde (17 ämnen)"),
            ("enskild", "8", "Genomsnittligt meritvärde (17 ämnen)"),
        ]

    def test_keeps_signs_for_hidden_figures_as_markers_with_their_reason(self, outcomes):
        rows = outcomes(SLUTBETYG)
        assert cells(rows, "value", "marker", "note", unit_id="22222222")[:2] == [
            (None, "..", "Visas inte av Skolverket: för litet underlag"),
            (None, "~100", "Nära 100 %: högst fyra elever når inte"),
        ]
        assert cells(rows, "marker", unit_id="11111111") == [(None,)] * 3

    def test_adds_schools_that_are_missing(self, base, read):
        reading = read(SLUTBETYG)
        assert [each.only_missing for each in reading.staged] == [False, True]
        assert cells(staged(base, reading, "units"), "unit_id", "name", "school_form", "operator") == [
            ("11111111", "Norrvikens skola", "grundskola", "kommunal"),
            ("22222222", "Söderängens skola", "grundskola", "enskild"),
        ]

    def test_names_both_names_of_a_school_that_is_published_under_another(self, read):
        told = notices(read(SLUTBETYG.replace("11111111", "33159363")))
        assert "”Munsö skola”" in told["other_name"]

    def test_tells_the_source(self, read):
        source = read(SLUTBETYG).source
        assert (
            source.source_id == "skolverket-grundskola-slutbetyg-arskurs-9-samtliga-elever-2024-25-skolenhet"
        )
        assert source.title == "Grundskola - Slutbetyg årskurs 9, samtliga elever, 2024/25, per skolenhet"
        assert (source.publisher, source.retrieved_date, source.is_official) == (
            "Skolverket",
            TODAY.isoformat(),
            True,
        )

    def test_reads_only_the_row_for_all_programmes(self, base, read):
        reading = read(PROGRAMMES)
        assert cells(staged(base, reading, "outcomes"), "indicator_id", "value", "n") == [
            ("S601", "86,2", "58"),
            # Those with a diploma are fewer than all who leave: their number is not told.
            ("S606", "13,3", None),
        ]
        assert "1 rad gäller enskilda program" in notices(reading)["other_programmes"]
        assert "Eng 5" in notices(reading)["not_taken"]
        assert cells(staged(base, reading, "units"), "school_form") == [("gymnasieskola",)]

    def test_reads_salsa_with_its_two_rows_of_headings(self, outcomes):
        assert cells(outcomes(SALSA), "indicator_id", "value", "year") == [
            ("S701", "2,46", "2019"),
            ("S704", "96", "2019"),
            ("S705", "85", "2019"),
            ("S706", "11", "2019"),
            ("S707", "245", "2019"),
            ("U15415", "251", "2019"),
            ("U15416", "-6", "2019"),
        ]

    def test_leaves_out_schools_of_the_state_and_says_so(self, base, read):
        reading = read(SLUTBETYG.replace("0125;Enskild", "0125;Statlig"))
        assert len(staged(base, reading, "outcomes")) == 3
        assert "1 rad med typ av huvudman Statlig läses inte" in notices(reading)["other_operators"]


class TestPerMunicipality:
    def test_has_no_unit_and_tells_whose_schools_are_meant(self, base, read):
        reading = read(SEX)
        assert [each.table for each in reading.staged] == ["outcomes"]
        assert cells(staged(base, reading, "outcomes"), "unit_id", "operator", "gender", "value", "n") == [
            (None, "kommunal", "K", "78,0", "173"),
            (None, "kommunal", "M", "83,7", "196"),
            (None, "enskild", "K", None, "16"),
            (None, "enskild", "M", None, "17"),
        ]

    def test_is_read_alike_when_the_category_is_one_merged_cell(self, base, read, outcomes):
        merged = SEX.replace(";Flickor;Flickor;Pojkar;Pojkar;", ";Flickor;;Pojkar;;")
        padded = merged.replace("Antal elever;Andel", "Antal elever ;Andel", 1)
        names = ("gender", "indicator_id", "operator", "value", "marker", "n")
        assert cells(outcomes(padded), *names) == cells(outcomes(SEX), *names)

    def test_takes_gender_from_a_column_and_unhyphenates_headings(self, outcomes):
        rows = outcomes(ELIGIBLE)
        assert cells(rows, "gender", "value", "n", indicator_id="N15434") == [
            ("K", "87,9", "198"),
            ("M", "87,2", "218"),
            ("T", "87,5", "416"),
        ]

    def test_keeps_the_prose_above_the_table_as_the_note_of_the_source(self, read):
        note = 'Inför nya gymnasieskolan 2011 skärptes kraven; en elev behöver "åtta betyg".'
        assert read(ELIGIBLE).source.note == note

    def test_joins_subject_category_and_gender(self, outcomes):
        rows = outcomes(TESTS)
        assert cells(rows, "gender", "value", "n", indicator_id="S322") == [
            ("T", "87,8", "386"),
            ("K", "85,0", "180"),
            ("M", "90,3", "206"),
        ]
        # How many could have taken part is not told.
        assert cells(rows, "gender", "value", "n", indicator_id="S331") == [
            ("T", "92,2", None),
            ("K", "91,4", None),
            ("M", "92,9", None),
        ]

    def test_gives_a_value_for_each_year_of_a_wide_report(self, outcomes):
        assert cells(outcomes(OVER_TIME), "indicator_id", "year", "value", "marker", "_heading") == [
            ("S116", "2025", "100,0", None, "2024/25 | Hem och konsumentkunskap"),
            ("S116", "2024", "90,0", None, "2023/24 | Hem och konsumentkunskap"),
            ("S130", "2025", None, "..", "2024/25 | Svenska som andraspråk"),
            ("S130", "2024", None, ".", "2023/24 | Svenska som andraspråk"),
        ]

    def test_reads_a_sheet_for_each_kind_of_owner_with_measures_in_rows(self, outcomes):
        sheets = {name: rows_of_csv(BY_SHEET.format(operator=name)) for name in ("Samtliga", "Enskild")}
        definitions = rows_of_csv(
            "\n\nGrundskola - Jämförelse av betygsresultat över tid\nValt läsår: 2024/25\n"
        )
        rows = outcomes(book_of({**sheets, "Rapportbeskrivning och def.": definitions}, "fil.xlsx"))
        assert cells(rows, "_sheet", "operator", "year", "value", "n", indicator_id="N15505") == [
            ("Samtliga", "alla", "2025", "224.5", "434"),
            ("Samtliga", "alla", "2024", "229.8", "417"),
            ("Enskild", "enskild", "2025", "224.5", "434"),
            ("Enskild", "enskild", "2024", "229.8", "417"),
        ]

    def test_counts_rows_of_associations_that_have_no_code(self, base, read):
        reading = read(COSTS)
        assert cells(staged(base, reading, "outcomes"), "municipality_id", "year", "value", "marker") == [
            ("0125", "2023", None, "."),
            ("0580", "2023", "152 600", None),
        ]
        assert "Jämtlands Gymnasieförbund" in notices(reading)["no_code"]
        assert "Totalt" in notices(reading)["not_taken"]


class TestLayout:
    def test_may_have_any_number_of_lines_above_the_table(self, outcomes):
        prose = "Valt läsår: 2024/25\nValt uttag: 2025-09-30\n\nEn rad; med semikolon.\n\nEn till.\n"
        rows = outcomes(SLUTBETYG.replace("Valt läsår: 2024/25\n", prose))
        assert cells(rows, "_line")[0] == ("12",)

    def test_tells_the_day_of_the_extract(self, read):
        with_day = SLUTBETYG.replace("2024/25\n", "2024/25\nValt uttag: 2025-09-30\n", 1)
        assert read(with_day).source.published_date == "2025-09-30"

    def test_may_have_been_saved_again_in_excel(self, outcomes):
        """Padded to the width of the table, without the last semicolon, definitions kept inside the width."""
        saved = [line.rstrip(";") for line in SLUTBETYG.splitlines()]
        padded = [[*line.split(";"), *[""] * 11][:11] for line in saved]
        padded.insert(-1, ["Genomsnittligt meritvärde (17 ämnen)", "Meritvärdet beräknas så här.", *[""] * 9])
        assert outcomes(book_of(padded)) == outcomes(SLUTBETYG)

    def test_may_have_its_definitions_right_below_the_table(self, outcomes):
        assert outcomes(SLUTBETYG.replace("\n\nRapport", "\nRapport")) == outcomes(SLUTBETYG)

    def test_may_have_its_columns_in_any_order(self, outcomes):
        rows = rows_of_csv(SLUTBETYG)
        turned = [row[:-1][::-1] if len(row) > 5 else row for row in rows]
        names = ("unit_id", "indicator_id", "value", "marker", "n", "operator")
        assert sorted(cells(outcomes(book_of(turned)), *names), key=str) == sorted(
            cells(outcomes(SLUTBETYG), *names), key=str
        )

    @pytest.mark.parametrize(
        ("now", "before"),
        [
            ("elever som uppfyllt betygskriterierna i", "som uppnått kunskapskraven i"),
            ("Andel (%) elever som uppfyllt betygskriterierna i", "Andel som uppnått kunskapskraven i"),
            ("elever behöriga till yrkesprog.", "behörig yrkesprog."),
            ("Andel (%) elever behöriga", "Andel elever (%) behöriga"),
            ("(17 ämnen)", "(17)"),
            ("Kommun-kod", "Kommunkod"),
            ("Antal elever", "  ANTAL \u00a0elever "),
            ("Grundskola - Slutbetyg", "Grundskolan - Slutbetyg"),
        ],
    )
    def test_may_have_the_names_of_other_years(self, outcomes, now, before):
        names = ("unit_id", "indicator_id", "value", "n")
        assert cells(outcomes(SLUTBETYG.replace(now, before)), *names) == cells(outcomes(SLUTBETYG), *names)

    def test_tells_points_of_sixteen_subjects_apart_from_seventeen(self, outcomes):
        rows = outcomes(SLUTBETYG.replace("(17 ämnen)", "(16)"))
        assert cells(rows, "value", indicator_id="S101") == [("243,4",), ("229,2",)]

    @pytest.mark.parametrize(
        ("written", "year"),
        [("2024/2025", "2025"), ("2024-25", "2025"), ("24/25", "2025"), ("1999/00", "2000")],
    )
    def test_may_write_the_school_year_in_other_ways(self, outcomes, written, year):
        rows = outcomes(SLUTBETYG.replace("2024/25", written))
        assert {row["year"] for row in rows} == {year}

    def test_leaves_empty_cells_without_a_row_and_says_so(self, base, read):
        reading = read(SLUTBETYG.replace("81,1;91,9", ";"))
        assert len(staged(base, reading, "outcomes")) == 4
        assert notices(reading)["empty_cells"] == "2 tomma celler ger inget värde."

    @pytest.mark.parametrize("text", ["n/a", "-", "#DIV/0!", "ca 80", "81.1.2"])
    def test_leaves_unknown_texts_to_the_check_which_refuses_them(self, base, read, text):
        reading = read(SLUTBETYG.replace("81,1", text))
        assert cells(staged(base, reading, "outcomes"), "value", "marker")[0] == (text, None)
        checking.check(base.connection, reading, TODAY, has_typed_numbers=False)
        (found,) = [each for each in checking.first_findings(base.connection, 99) if each.found == text]
        assert (found.severity, found.line) == ("error", 7)
        assert found.column == "Andel (%) elever som uppfyllt betygskriterierna i alla ämnen"


class TestFollowed:
    def test_municipalities_are_taken_and_others_counted_in_one_sentence(self, base, read):
        reading = read(SLUTBETYG)
        assert {row["municipality_id"] for row in staged(base, reading, "outcomes")} == {"0125"}
        assert notices(reading)["not_followed"] == "1 rad gäller Kungsbacka, som inte följs här."

    def test_must_be_at_least_one(self, read):
        (found,) = refused(read, SLUTBETYG.replace("Ekerö;0125", "Kungsbacka;1384"))
        assert (found.rule, found.found) == ("no_followed", "Kungsbacka")
        assert "Ekerö" in found.expected

    @pytest.mark.parametrize(
        ("place", "rule", "found"),
        [
            ("Ekerö;125", "lost_zero", "125"),
            ("Ekerö;Ekerö", "code", "Ekerö"),
            ("Ekerö;", "code", ""),
            ("Linköping;0125", "contradicting_municipality", "Linköping 0125"),
            ("Kungsbacka;0125", "contradicting_municipality", "Kungsbacka 0125"),
            ("Ekerö;1384", "contradicting_municipality", "Ekerö 1384"),
        ],
    )
    def test_code_must_be_that_of_the_municipality(self, base, read, place, rule, found):
        reading = read(SLUTBETYG.replace("Ekerö;0125", place, 1))
        assert errors(reading) == [(rule, 7, found)]
        assert {row["unit_id"] for row in staged(base, reading, "outcomes")} == {"22222222"}

    def test_code_that_lost_its_zero_is_shown_as_it_should_be(self, read):
        (found,) = [each for each in read(SLUTBETYG.replace("0125", "125", 1)).findings if each.line]
        assert found.expected == "0125: koden har tappat sin inledande nolla"


class TestFaults:
    @pytest.mark.parametrize(
        "period", ["", "Valt läsår: ", "Valt läsår: 2024", "Valt läsår: 2024/26", "Valt läsår: i år"]
    )
    def test_without_a_school_year_nothing_is_read(self, read, period):
        (found,) = refused(read, SLUTBETYG.replace("Valt läsår: 2024/25", period))
        assert found.rule == "school_year"
        assert "Valt läsår: 2024/25" in found.expected

    def test_the_name_of_the_file_never_tells_the_year(self, read):
        rows = rows_of_csv(SLUTBETYG.replace("Valt läsår: 2024/25", ""))
        assert refused(read, book_of(rows, "Slutbetyg 2025 Skolenhet.csv"))[0].rule == "school_year"

    def test_an_unknown_heading_is_shown_with_the_nearest_known_ones(self, read):
        (found,) = refused(
            read, SLUTBETYG.replace("behöriga till yrkesprog.", "behöriga till yrkesutbildning")
        )
        assert (found.rule, found.line) == ("unknown_heading", 6)
        assert found.found == "Andel (%) elever behöriga till yrkesutbildning"
        assert "”Andel (%) elever behöriga till yrkesprogram”" in found.expected

    def test_an_unknown_subject_is_an_error_at_its_row(self, base, read):
        reading = read(TESTS.replace(";Matematik;386", ";Slöjd;386"))
        assert {(rule, line) for rule, line, _ in errors(reading)} == {("unknown_heading", 7)}
        assert {row["indicator_id"] for row in staged(base, reading, "outcomes")} == {"S331", "S332"}

    @pytest.mark.parametrize(
        "title",
        [
            "Grundskola - Slutbetyg årskurs 9, samtliga elever exklusive nyinvandrade",
            "Grundskola - Jämförelse av ämnesbetyg över tid, årskurs 6",
            "Anpassad grundskola - Slutbetyg årskurs 9, samtliga elever",
        ],
    )
    def test_a_report_on_others_with_the_same_headings_is_not_taken_for_this_one(self, read, title):
        (found,) = refused(
            read, SLUTBETYG.replace("Grundskola - Slutbetyg årskurs 9, samtliga elever", title)
        )
        assert (found.rule, found.found) == ("unknown_report", title)

    def test_a_lost_row_of_categories_makes_headings_alike(self, read):
        found = refused(read, SEX.replace(";;;;;Flickor;Flickor;Pojkar;Pojkar;\n", ""))
        assert [each.rule for each in found] == ["same_heading", "same_heading"]

    def test_a_category_that_slipped_one_column_is_found(self, read):
        found = refused(read, SEX.replace(";;;;;Flickor;Flickor;Pojkar", ";;;;;;Flickor;Flickor;Pojkar"))
        assert {each.rule for each in found} == {"same_heading"}

    def test_figures_for_owners_are_not_figures_for_schools(self, read):
        found = refused(
            read, SLUTBETYG.replace("Skola;Skol-enhetskod;Skolkommun;Kommun-kod", "Huvudman;X;Y;Z")
        )
        assert "missing_column" in [each.rule for each in found]

    @pytest.mark.parametrize(
        ("before", "after", "rule"),
        [
            ("11111111", "1,1E+07", "unit_code"),
            ("11111111", "", "unit_code"),
            ("0125;Kommunal", "0125;Komunal", "operator"),
            ("0125;Kommunal", "0125;", "operator"),
            ("Norrvikens skola", "Norrvikens; skola", "extra_cell"),
            ("81,1;91,9;243,4;", "81,1;91,9;243,4;80;", "extra_cell"),
        ],
    )
    def test_a_row_that_has_slipped_is_an_error_of_its_own(self, base, read, before, after, rule):
        reading = read(SLUTBETYG.replace(";\nNorr", "\nNorr").replace(before, after, 1))
        assert [(code, line) for code, line, _ in errors(reading)] == [(rule, 7)]
        assert {row["unit_id"] for row in staged(base, reading, "outcomes")} == {"22222222"}

    def test_rows_below_an_empty_row_are_never_lost_in_silence(self, read):
        reading = read(SLUTBETYG.replace("\nSöder", "\n\nSöder"))
        assert errors(reading) == [("gap", 9, "")]

    def test_an_unknown_gender_is_an_error(self, read):
        assert errors(read(ELIGIBLE.replace("Pojkar", "Annat"))) == [("gender", 8, "Annat")]

    def test_sheets_of_different_years_are_not_one_report(self, read):
        sheets = {name: BY_SHEET.format(operator=name) for name in ("Samtliga", "Enskild")}
        sheets["Enskild"] = sheets["Enskild"].replace("Valt läsår: 2024/25", "Valt läsår: 2023/24")
        found = refused(read, book_of({name: rows_of_csv(text) for name, text in sheets.items()}, "fil.xlsx"))
        assert [(each.rule, each.sheet) for each in found] == [("reports", "Enskild")]

    @pytest.mark.parametrize(
        "text", ["Enhet;Mål;Status;Datum;Ansvarig;\nEn;b;c;d;e;\n", "Kommun;a;b;c;d;\nEkerö;1;2;3;4;\n"]
    )
    def test_other_tables_are_not_recognised(self, text):
        assert skolverket.recognise(book_of(rows_of_csv(text))) is None


NATIONAL_TESTS = "provbetyg per kön - Engelska, Matematik och Svenska_svenska som andraspråk"
# File → outcomes, and one of them: municipality, indicator, unit, year, gender, operator → value or marker, n.
REAL = {
    "Grundskola - Antal elever per årskurs 2024 Kommun.csv": (
        156,
        ("0125", "S410", None, "2025", "T", "alla", "3 778", None),
    ),
    "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), per kön 2025 Kommun.csv": (
        96,
        ("0125", "N15540", None, "2025", "K", "enskild", "~100", "16"),
    ),
    "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), per kön 2025 Kommun.xlsx": (
        96,
        ("0125", "N15540", None, "2025", "M", "kommunal", "83.7", "196"),
    ),
    "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), samtliga elever 2020 Kommun.csv": (
        48,
        ("0580", "S201", None, "2020", "T", "alla", "16,8", "1 839"),
    ),
    "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), samtliga elever 2023 Kommun.csv": (
        48,
        ("2581", "S203", None, "2023", "T", "enskild", "..", "16"),
    ),
    "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), samtliga elever 2024 Kommun.csv": (
        48,
        ("2581", "S202", None, "2024", "T", "enskild", ".", None),
    ),
    "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), samtliga elever 2025 Kommun.csv": (
        48,
        ("0125", "N15540", None, "2025", "T", "kommunal", "81,0", "369"),
    ),
    "Grundskola - Jämförelse av ämnesbetyg över tid 2025 Kommun_Åk9.csv": (
        2210,
        ("0125", "S117", None, "2016", "T", "alla", "98,6", None),
    ),
    "Grundskola - Personalstatistik med lärarlegitimation och behörighet 2023 Kommun.csv": (
        60,
        ("0580", "S501", None, "2024", "T", "alla", "1 305,8", None),
    ),
    f"Grundskola - Resultat nationella prov årskurs 9, {NATIONAL_TESTS} 2018 Kommun.csv": (
        288,
        ("0125", "A05", None, "2018", "K", "alla", "15,1", "175"),
    ),
    f"Grundskola - Resultat nationella prov årskurs 9, {NATIONAL_TESTS} 2019 Kommun.csv": (
        387,
        ("0125", "S332", None, "2019", "K", "alla", "~100", "154"),
    ),
    f"Grundskola - Resultat nationella prov årskurs 9, {NATIONAL_TESTS} 2023 Kommun.csv": (
        378,
        ("0125", "S321", None, "2023", "M", "alla", "89,3", None),
    ),
    f"Grundskola - Resultat nationella prov årskurs 9, {NATIONAL_TESTS} 2024 Kommun.csv": (
        378,
        ("0125", "S311", None, "2024", "T", "alla", "90,1", None),
    ),
    "Grundskola - Slutbetyg årskurs 9, samtliga elever 2025 Skolenhet (omsparad i Excel).csv": (
        132,
        ("0117", "N15419", "53319802", "2025", "T", "kommunal", "84,6", "13"),
    ),
    "Grundskolan - Antal elever per årskurs 2009 Skolenhet.csv": (
        1830,
        ("0125", "S410", "33159363", "2010", "T", "kommunal", "78", None),
    ),
    "Grundskolan - Antal elever per årskurs 2019 Skolenhet.csv": (
        1980,
        ("0125", "S411", "33159363", "2020", "T", "kommunal", "..", "8"),
    ),
    "Grundskolan - Antal elever per årskurs 2020 Skolenhet.csv": (
        1965,
        ("0125", "S400", "27595656", "2021", "T", "enskild", "32", None),
    ),
    "Grundskolan - Antal elever per årskurs 2021 Skolenhet.csv": (
        1950,
        ("0125", "S411", "27595656", "2022", "T", "enskild", "45,5", "33"),
    ),
    "Grundskolan - Antal elever per årskurs 2022 Skolenhet.csv": (
        1980,
        ("0125", "S409", "40904373", "2023", "T", "kommunal", "1", None),
    ),
    "Grundskolan - Antal elever per årskurs 2023 Skolenhet.csv": (
        1935,
        ("0125", "S413", "33159363", "2024", "T", "kommunal", "35,3", "34"),
    ),
    "behorighet_grundskola_2024_25.csv": (
        132,
        ("0125", "N15433", None, "2025", "T", "kommunal", "85,7", "385"),
    ),
}
ELSEWHERE = {
    "gymnasiet-avgangselever-2024-25-kungsbacka-UTDRAG.csv": "Kungsbacka",
    "salsa-2018-19-RUBRIKER.csv": "Ale",
}


class TestRealFiles:
    @pytest.mark.parametrize("name", REAL)
    def test_are_read_whole_and_pass_the_check(self, base, read, shared_input: Path, name: str):
        count, spot = REAL[name]
        reading = read(book_of_file(shared_input / "skolverket" / name))
        rows = staged(base, reading, "outcomes")
        assert len(rows) == count
        names = ("municipality_id", "indicator_id", "unit_id", "year", "gender", "operator")
        (row,) = [row for row in rows if tuple(row[each] for each in names) == spot[:6]]
        assert (row["value"] or row["marker"], row["n"]) == spot[6:]
        assert bad_cells(base, reading, typed=name.endswith("xlsx")) == []

    @pytest.mark.parametrize("name", ELSEWHERE)
    def test_about_other_municipalities_are_refused_with_their_names(
        self, read, shared_input: Path, name: str
    ):
        (found,) = refused(read, book_of_file(shared_input / "skolverket" / name))
        assert (found.rule, found.found) == ("no_followed", ELSEWHERE[name])

    @pytest.mark.parametrize("name", ELSEWHERE)
    def test_about_other_municipalities_are_read_where_those_are_followed(
        self, base, read, shared_input: Path, name: str
    ):
        own_table(base, "base.municipalities")
        base.connection.execute(
            "update base.municipalities set municipality_id = '1384', name = 'Kungsbacka' where name = 'Ekerö'"
        )
        base.connection.execute(
            "update base.municipalities set municipality_id = '1440', name = 'Ale' where name = 'Piteå'"
        )
        reading = read(book_of_file(shared_input / "skolverket" / name))
        rows = staged(base, reading, "outcomes")
        expected = {"Kungsbacka": ("S601", "86,2", "58"), "Ale": ("U15416", "23", None)}[ELSEWHERE[name]]
        assert expected in cells(rows, "indicator_id", "value", "n")

    def test_csv_and_workbook_of_one_report_agree(self, base, read, shared_input: Path):
        name = "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), per kön 2025 Kommun"
        told = []
        for ending in ("csv", "xlsx"):
            rows = staged(
                base, read(book_of_file(shared_input / "skolverket" / f"{name}.{ending}")), "outcomes"
            )
            told.append({
                tuple(row[each] for each in ("municipality_id", "indicator_id", "gender", "operator", "marker", "n")):
                row["value"] and float(row["value"].replace(",", "."))
                for row in rows
            })  # fmt: skip
        with_plain_n = {
            (*key[:-1], key[-1] and key[-1].replace(" ", "")): value for key, value in told[0].items()
        }
        assert with_plain_n == told[1]

    def test_known_here_are_all_that_lie_there(self, shared_input: Path):
        exports = {path.name for path in (shared_input / "skolverket").glob("*.[cx][sl][vs]*")}
        assert {name for name in exports if "skolenkaten" not in name} == {*REAL, *ELSEWHERE}


def bad_cells(base: Base, reading: Reading, *, typed: bool) -> list[Finding]:
    """What the check for all formats says is wrong, once the source is there."""
    source = {"source_id": reading.source.source_id, "title": "-", "publisher": "-", "is_official": "ja"}
    sources = stage(base.connection, "sources", [source], only_missing=True)
    whole = Reading(
        reading.reader, reading.title, reading.source, (sources, *reading.staged), reading.findings
    )
    checking.check(base.connection, whole, TODAY, has_typed_numbers=typed)
    return [each for each in checking.first_findings(base.connection, 999) if each.severity == "error"]
