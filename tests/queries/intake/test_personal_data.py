"""Personal data: found in every spelling, never repeated, and never seen where there are none.

The identity numbers are of Skatteverket's series for tests: birth numbers from 980 to 989 belong to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.intake.personal_data import TOLD, personal_data
from queries.intake.sheets import Book
from queries.versions import DATA
from tests.queries.intake import books

BIRTHDAYS = st.dates(date(1926, 1, 1), date(2025, 6, 30))
BIRTH_NUMBERS = st.integers(980, 989)
# Codes and figures are alike: fewer examples say as much.
fewer = settings(max_examples=40)


def check_digit(digits: str) -> str:
    """Luhn's digit after nine others."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return str(-sum(each // 10 + each % 10 for each in doubled) % 10)


def personal_number(day: date, birth_number: int = 980, is_coordination: bool = False) -> str:
    """A valid number of twelve digits."""
    written = f"{day:%Y%m}{day.day + 60 * is_coordination:02}"
    return f"{written}{birth_number}{check_digit(f'{written[2:]}{birth_number}')}"


PUPIL = personal_number(date(2011, 3, 9))
PUPILS = [personal_number(date(2011, 3, 9) + timedelta(days=7 * n), 980 + n % 10) for n in range(400)]


def book_of(
    *rows: Sequence[str],
    name: str = "fil.csv",
    sheet: str = "",
    headings: Sequence[str] = (),
    document: object = None,
) -> Book:
    """A book with one sheet of these rows, or with a JSON document; headings are those of a Parquet file."""
    if document is not None:
        return Book(name, "json", document=json.loads(json.dumps(document)))
    book = books.book_of(rows, name, sheet)
    return replace(book, sheets=(replace(book.sheets[0], headings=tuple(headings)),))


def found_in(*rows: Sequence[str], **given_of_book: object) -> list[tuple[str, str, int | None, str]]:
    """(severity, rule, line, column) of every finding."""
    findings = personal_data(book_of(*rows, **given_of_book))
    return [(each.severity, each.rule, each.line, each.column) for each in findings]


def spellings(number: str) -> dict[str, str]:
    """How people write one and the same number."""
    return {
        "twelve digits": number,
        "ten digits": number[2:],
        "twelve with a dash": f"{number[:8]}-{number[8:]}",
        "ten with a dash": f"{number[2:8]}-{number[8:]}",
        "ten with a plus": f"{number[2:8]}+{number[8:]}",
        "with a space": f"{number[:8]} {number[8:]}",
        "with spaces and a dash": f"{number[:8]} - {number[8:]}",
        "with a long dash": f"{number[2:8]}–{number[8:]}",
        "with a minus": f"{number[2:8]}\u2212{number[8:]}",
        "with a dash that does not break": f"{number[2:8]}\u2011{number[8:]}",
        "with the date's dashes": f"{number[:4]}-{number[4:6]}-{number[6:8]}-{number[8:]}",
        "as a spreadsheet's text": f"'{number[2:]}",
        "with something invisible in it": f"{number[:8]}-{number[8:10]}\u200b{number[10:]}",
        "in wide digits": "".join(chr(ord(digit) + 0xFEE0) for digit in number),
    }


class TestPersonalNumber:
    @given(BIRTHDAYS, BIRTH_NUMBERS, st.booleans())
    def test_is_found_in_every_spelling_and_never_repeated(self, day, birth_number, is_coordination):
        number = personal_number(day, birth_number, is_coordination)
        rows = [["Skola", "Antal"]]
        for written in spellings(number).values():
            rows += [["Närlundaskolan", written], ["Tappströmsskolan", f"Samtal om {written}, klart."]]
        findings = personal_data(book_of(*rows))
        # Ten digits and a plus say a hundred years more, which moves the 29th of February.
        may_miss = {10, 11} if day.strftime("%m%d") == "0229" else set()
        assert {each.line for each in findings} >= set(range(2, len(rows) + 1)) - may_miss
        assert {each.severity for each in findings} == {"error"}
        told = repr(findings)
        assert number[-4:] not in told and number[2:8] not in told

    @pytest.mark.parametrize("written", [*spellings(PUPIL).values(), f"{PUPIL}.0", f"{PUPIL[2:]},00"])
    def test_alone_in_a_small_file_is_an_error(self, written):
        assert found_in(["Skola", "Id"], ["Närlundaskolan", written]) == [
            ("error", "personal_number", 2, "Id")
        ]

    @pytest.mark.parametrize("written", spellings(PUPIL).values(), ids=spellings(PUPIL).keys())
    def test_in_a_comment_is_an_error_with_row_and_heading(self, written):
        rows = [["Aktivitet", "Kommentar"], ["Läxhjälp", ""], ["Stöd", f"Gäller {written} i åk 8"]]
        assert found_in(*rows) == [("error", "personal_number", 3, "Kommentar")]

    def test_without_its_first_zero_is_found_when_the_column_is_full_of_them(self):
        numbers = [personal_number(date(2005, 1, 1) + timedelta(days=n))[3:] for n in range(20)]
        assert all(len(number) == 9 for number in numbers)
        found = found_in(["Id", "Poäng"], *([number, "17"] for number in numbers))
        assert found == [("error", "personal_number", line, "Id") for line in range(2, 22)]

    def test_among_many_other_numbers_of_ten_digits_is_a_warning(self):
        rows = [["Kundnummer"], *([str(9_900_000_000 + n)] for n in range(40)), [PUPIL[2:]]]
        assert found_in(*rows) == [("warning", "maybe_personal_number", 42, "Kundnummer")]

    def test_among_organisation_numbers_is_an_error_when_there_are_two(self):
        rows = [["Huvudman orgnr"], *(["2120000449"] for _ in range(40)), [PUPILS[1][2:]], [PUPILS[2][2:]]]
        assert [each[2] for each in found_in(*rows)] == [42, 43]

    def test_is_told_by_letter_where_the_file_has_no_headings(self):
        assert found_in(["8A", "17", PUPILS[0]], ["8B", "16", PUPILS[1]]) == [
            ("error", "personal_number", 1, "C"),
            ("error", "personal_number", 2, "C"),
        ]

    def test_above_in_the_column_is_no_heading_of_it(self):
        (finding,) = personal_data(book_of(["Text", "Not"], ["a", "b"], ["c", f"se {PUPIL[:8]}-{PUPIL[8:]}"]))
        assert (finding.column, finding.found, finding.line) == ("Not", "", 3)

    def test_with_a_wrong_check_digit_or_an_impossible_day_is_none(self):
        wrong = PUPIL[:-1] + str((int(PUPIL[-1]) + 1) % 10)
        impossible = f"20110231980{check_digit('110231980')}"
        assert found_in(["Kommentar"], [f"ärende {wrong}"], [f"ärende {impossible}"]) == []

    def test_in_the_name_of_a_file_or_sheet_is_found_and_never_repeated(self):
        findings = personal_data(book_of(["a"], [PUPIL], name=f"Elev {PUPIL}.csv", sheet=f"Blad {PUPIL}"))
        assert [each.rule for each in findings] == ["personal_name", "personal_name", "personal_number"]
        assert PUPIL[-4:] not in repr(findings)

    def test_in_a_heading_is_found_and_never_repeated(self):
        findings = personal_data(book_of(["Skola", f"Elev {PUPIL}"], ["Närlundaskolan", "17"]))
        assert [(each.line, each.column) for each in findings] == [(1, "B")]

    def test_is_told_of_a_few_hundred_times_and_then_counted(self):
        *told, rest = personal_data(book_of(["Id"], *([number] for number in PUPILS)))
        assert len(told) == TOLD and {each.rule for each in told} == {"personal_number"}
        assert rest.expected.startswith(f"{len(PUPILS) - TOLD} ställen till")

    def test_is_found_in_json_by_value_and_by_key(self):
        document = {"rows": [{"id": int(PUPILS[0]), "n": 3}, {"id": int(PUPILS[1]), "n": 4}], PUPIL: {"n": 1}}
        assert found_in(document=document) == [
            ("error", "personal_number", None, "nycklar"),
            ("error", "personal_number", None, "id"),
            ("error", "personal_number", None, "id"),
        ]


class TestNoPersonalData:
    @fewer
    @given(st.lists(st.integers(10_000_000, 99_999_999), min_size=1, max_size=60))
    def test_are_codes_of_schools(self, codes):
        assert found_in(["Skolenhetskod", "n"], *([str(code), "1"] for code in codes)) == []

    @fewer
    @given(st.lists(st.integers(200_000, 999_999), min_size=1, max_size=60), st.integers(20, 99))
    def test_are_organisation_numbers(self, numbers, month):
        """Their third and fourth digits are never a month."""
        nines = [f"{str(number)[:2]}{month}{number % 100_000:05}" for number in numbers]
        orgnrs = [nine + check_digit(nine) for nine in nines]
        assert found_in(["Huvudman orgnr"], *([f"{each[:6]}-{each[6:]}"] for each in orgnrs)) == []
        assert found_in(["Huvudman orgnr"], *([each] for each in orgnrs)) == []

    @fewer
    @given(
        st.lists(st.floats(-1e8, 1e8).map(lambda figure: round(figure, 1)), min_size=1, max_size=60),
        st.sampled_from([".", ","]),
    )
    def test_are_figures(self, figures, mark):
        rows = [[str(figure).replace(".", mark), f"{figure:,.0f}".replace(",", " ")] for figure in figures]
        assert found_in(["Utfall", "Antal elever"], *rows) == []

    @fewer
    @given(st.lists(st.dates(date(1990, 1, 1), date(2040, 12, 31)), min_size=1, max_size=60))
    def test_are_dates(self, days):
        rows = [[f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day:%y%m%d}", f"{day:%d/%m %Y}"] for day in days]
        assert found_in(["a", "b", "c", "d"], *rows) == []

    @pytest.mark.parametrize(
        "cell",
        [
            "0125",
            "N15419",
            "V15E228107401",
            "V15E013601202",
            "076400503",
            "BUN 2024/0123-5",
            "BUN-2024-001234",
            "2023-2024",
            "0125-2024",
            "2024-01-15 08:30",
            "20240101-20241231",
            "01-02-2024",
            "kl. 08-16",
            "08-09 2010",
            "1 234 567 890",
            "0,8107252384",
            "23.290108",
            "pgmj/DIDreport@d18b36d",
            "Har du frågor? skolenkaten@skolinspektionen.se",
            "Klart till mars 2018. Utvärderas oktober 2018.",
            "Anna Andersson ansvarar",
        ],
    )
    def test_are_other_codes_times_and_words(self, cell):
        assert found_in(["Skola", "Värde"], ["Närlundaskolan", cell], ["Munsö skola", cell]) == []

    def test_are_ten_digits_of_which_some_are_valid_by_chance(self):
        numbers = [[str(1_000_000_000 + 7_919_113 * n % 9_000_000_000)] for n in range(3_000)]
        assert {each[0] for each in found_in(["Löpnummer"], *numbers)} <= {"warning"}

    @pytest.mark.parametrize(
        "headings",
        [
            ["Skola", "Skol-enhetskod", "Skolkommun", "Kommun-kod", "Antal elever"],
            ["Skola", "Elev", "Lärare", "Vårdnadshavare"],
            ["Enhetens namn", "Skolans adress", "Rektor", "Klass", "Andel svar via e-post (%)"],
            ["Ämne", "Betyg", "Antal", "Klasser", "Telefonkö"],
        ],
    )
    def test_are_headings_of_other_tables(self, headings):
        row = ["Närlundaskolan", "7,1", "8,2", "6,9", "5,0"][: len(headings)]
        assert found_in(headings, row, row) == []

    def test_are_empty_columns_about_persons(self):
        assert found_in(["Skola", "Rektors namn", "E-post"], ["Närlundaskolan", "", ""]) == []

    @pytest.mark.parametrize("path", sorted((DATA / "sample" / "facts").rglob("*.csv")), ids=str)
    def test_are_the_shipped_facts(self, path):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert found_in(list(table.columns), *table.to_numpy().tolist()) == []

    def test_are_the_published_exports(self, shared_input):
        for path in sorted(shared_input.rglob("*.*")):
            if path.suffix in (".csv", ".xlsx"):
                assert personal_data(books.book_of_file(path)) == [], path.name
            elif path.suffix == ".json":
                assert found_in(document=json.loads(path.read_text(encoding="utf-8"))) == [], path.name


class TestContact:
    @pytest.mark.parametrize(
        "cell",
        ["anna@exempel.se", "Skriv till anna.berg@skolverket.se!", "åsa.öberg@exempelkommunen.se", "A＠B.SE"],
    )
    def test_by_mail_is_found(self, cell):
        assert found_in(["Aktivitet", "Kommentar"], ["Läxhjälp", cell]) == [
            ("error", "e_mail", 2, "Kommentar")
        ]

    @pytest.mark.parametrize(
        "cell",
        [
            "08-123 456 78",
            "(08) 123 456 78",
            "070-123 45 67",
            "070 123 45 67",
            "0701234567",
            "+46 70 123 45 67",
            "+46 (0)70-123 45 67",
            "0046701234567",
            "0123-456 78",
            "023-830 00",
            "Ring 08–123 45 67 före lunch",
        ],
    )
    def test_by_telephone_is_found(self, cell):
        found = found_in(["Aktivitet", "Kommentar"], ["Läxhjälp", cell])
        assert found == [("error", "telephone", 2, "Kommentar")]

    def test_of_a_megabyte_is_looked_through_at_once(self):
        cell = "a" * 300_000 + " b@x.se " + "0" * 300_000 + "1-2" * 100_000
        assert found_in(["Kommentar", "n"], [cell, "1"]) == [("error", "e_mail", 2, "Kommentar")]


class TestColumnsOfPersons:
    @pytest.mark.parametrize(
        "heading",
        [
            "Personnummer",
            "PERSONNR",
            "Person-nr.",
            "Pnr",
            "Personnummer (ÅÅÅÅMMDD-XXXX)",
            "Elevens namn",
            "Förnamn",
            "Efternamn",
            "E-post",
            "E-post vårdnadshavare 1",
            "E-mail",
            "Telefon",
            "Tel.nr",
            "Telefon hem",
            "Adress",
            "Rektors namn",
            "REKTORS_NAMN",
        ],
    )
    def test_are_told_by_their_heading(self, heading):
        found = found_in(["Rapport", ""], ["Skola", heading], ["Närlundaskolan", "hemligt"])
        assert ("error", "personal_column", 2, heading) in found

    def test_of_a_parquet_file_are_told_by_their_heading(self):
        assert found_in(["a", "b"], headings=["Skola", "Förnamn"]) == [
            ("error", "personal_column", None, "Förnamn")
        ]

    def test_of_a_second_table_on_the_sheet_are_told_by_their_headings(self):
        rows = [
            ["Skola", "Antal", "n"],
            ["Munsö skola", "12", "1"],
            ["Förnamn", "Efternamn", ""],
            ["A", "B", ""],
        ]
        assert [each[1:] for each in found_in(*rows)] == [
            ("personal_column", 3, "Förnamn"),
            ("personal_column", 3, "Efternamn"),
        ]

    def test_in_json_are_told_by_their_key(self):
        assert found_in(document=[{"förnamn": "A", "skola": "B"}]) == [
            ("error", "personal_column", None, "förnamn")
        ]


class TestRowsOfPupils:
    @pytest.mark.parametrize(
        ("headings", "row"),
        [
            (["Elev", "Skola", "Meritvärde"], ["A. A.", "Munsö skola", "245"]),
            (["Elev-id", "Betyg"], ["17", "C"]),
            (["Elev", "Klass", "Frånvaro"], ["1", "8A", "12"]),
            (["Namn", "Klass", "Ma"], ["A. A.", "8A", "C"]),
            (["Förnamn", "Efternamn", "Klass", "Betyg"], ["A", "B", "8A", "C"]),
            (["Nr", "Klass", "Svenska", "Matematik"], ["1", "8A", "C", "B"]),
        ],
    )
    def test_are_told_by_the_headings_together(self, headings, row):
        assert ("error", "one_row_per_pupil", 1, "") in found_in(headings, row, row)

    def test_without_rows_are_only_headings(self):
        assert found_in(["Elev-id", "Betyg"]) == []
