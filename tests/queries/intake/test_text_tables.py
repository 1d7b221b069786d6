"""Text with separators: every dialect read back, and every row that is broken named."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.intake import plain_text, text_tables
from tests.queries.intake.opening import LIMITS, Cells, cells, opened, refusal

SEPARATORS = ["\t", ";", "|", ","]
SKOLVERKET = """\ufeffStatistik från Skolverket, https://www.skolverket.se

Grundskola - Slutbetyg årskurs 9, samtliga elever
Valt läsår: 2017/18
 
blivit känt bland eleverna. Instruktionen var att ange att "eleven ej deltagit", vilket syftar på provet.
"eleven ej deltagit" är så stor (närmare 76 procent)
"att resultaten inte kan publiceras

;;;;;Flickor;Flickor;Pojkar;Pojkar;
Kommun;Kommun-kod;Län;Läns-kod;Typ av huvudman;Antal;Andel;Antal;Andel;
Ekerö;0125;Stockholms län;01;Samtliga;3 877;~100;..;84,5;
Ekerö;0125;Stockholms län;01;"Kommunal" regi;173;78,0;.;83,7;

Rapportbeskrivning och definitioner etc.
Antal elever;Elever med slutbetyg; även andra bedömningssystem.;
Andel (%);Av "alla" elever, avrundat.;
"""


def lines(text: str) -> Cells:
    """A text without quoting, cut at every semicolon, all rows as wide as the widest filled one."""
    rows = [line.split(";") for line in text.removeprefix("\ufeff").splitlines()]
    width = max(place for row in rows for place, cell in enumerate(row, 1) if cell)
    return [(row + [""] * width)[:width] for row in rows]


class TestSkolverket:
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_has_prose_with_quotation_marks_around_a_table_without_any(self, newline):
        assert cells(opened(SKOLVERKET.replace("\n", newline).encode())) == lines(SKOLVERKET)

    def test_saved_again_in_excel_is_padded_with_separators_and_quoted_where_need_be(self):
        content = written(lines(SKOLVERKET), "utf-8-sig", ";", "\r\n", csv.QUOTE_MINIMAL, True)
        assert b"Valt l\xc3\xa4s\xc3\xa5r: 2017/18;;;;;;;;" in content
        assert cells(opened(content)) == lines(SKOLVERKET)

    def test_of_one_row_under_long_notes_is_still_parted_by_semicolons(self):
        notes = "Andelar, antal och medel, avrundade, se nedan.\n" * 30
        text = f"Statistik, från Skolverket\n\nSkola;Kommun;Andel\nÄlvsjö;Ale;1,5\n\n{notes}"
        assert cells(opened(text.encode()))[2:4] == [["Skola", "Kommun", "Andel"], ["Älvsjö", "Ale", "1,5"]]

    def test_files_are_read_as_they_stand(self, shared_input):
        paths = sorted((shared_input / "skolverket").glob("*.csv"))
        assert len(paths) > 15
        for path in paths:
            text = path.read_text(encoding="utf-8")
            assert cells(opened(path.read_bytes())) == lines(text), path.name


class TestSeparators:
    def test_are_semicolons_among_decimal_commas(self):
        text = "namn;år;värde\nEkerö, kommun;2024;12,5\nAle, kommun;2023;13,1\n"
        assert cells(opened(text.encode()))[1] == ["Ekerö, kommun", "2024", "12,5"]

    def test_are_commas_among_semicolons_in_texts(self):
        text = "id,text,n\n1,a; b,2\n2,c,3\n3,d,4\n4,e; f,5\n"
        assert cells(opened(text.encode()))[1] == ["1", "a; b", "2"]

    def test_may_be_commas_with_a_blank_after(self):
        assert cells(opened(b"a, b, c\n1, 2, 3\n")) == [["a", " b", " c"], ["1", " 2", " 3"]]

    @pytest.mark.parametrize("separator", SEPARATORS)
    def test_are_told_by_a_first_line_for_excel_which_keeps_its_row(self, separator):
        text = f"sep={separator}\r\na{separator}b\r\n1 2:3{separator}c/d\r\n"
        assert cells(opened(text.encode())) == [["", ""], ["a", "b"], ["1 2:3", "c/d"]]

    def test_may_be_missing_from_a_column_of_its_own(self):
        assert cells(opened("Skola\nÄlvsjö\n\nÖrby".encode())) == [["Skola"], ["Älvsjö"], [""], ["Örby"]]


class TestQuoting:
    def test_holds_separators_line_breaks_and_quotation_marks(self):
        text = 'a;b\n"x;1";"rad ett\r\nrad ""två"""\nc;d\n'
        assert cells(opened(text.encode())) == [["a", "b"], ["x;1", 'rad ett\nrad "två"'], ["c", "d"]]

    def test_that_holds_line_breaks_makes_one_record_so_that_rows_are_those_of_excel(self):
        text = 'a;b\n"1\n2\n3";x\nfel;y;z\n'
        assert refusal(text.encode()).line == 3

    def test_that_is_stray_belongs_to_the_text(self):
        text = 'a;b\n"Så" kallad;5\nett "mjukt" införande;6\n15" skärm;7\n'
        assert [row[0] for row in cells(opened(text.encode()))] == [
            "a",
            '"Så" kallad',
            'ett "mjukt" införande',
            '15" skärm',
        ]

    @pytest.mark.parametrize("rest", ["", "c;d\n", 'c;d\n"e";f\n', "c;d\n" * 40_000])
    def test_that_is_never_closed_is_refused_with_the_row(self, rest):
        finding = refusal(f'a;b\nx;y\n"öppet;2\n{rest}'.encode())
        assert (finding.rule, finding.line) == ("open_quote", 3)


class TestBrokenRows:
    TABLE = "kpi;kommun;år;värde;status\n" + "N1;0125;2024;75,3;\n" * 5

    @pytest.mark.parametrize(
        ("row", "rule"),
        [
            ("N1;0125;2024", "odd_width"),
            ("N1;0125;x;2024;75,3;", "odd_width"),
            ("N1;0125;2024;75,3;;", "odd_width"),
            ("N1\t0125\t2024\t75,3\t", "mixed_separators"),
            ("N1,0125,2024,75.3,", "mixed_separators"),
        ],
    )
    @pytest.mark.parametrize("after", ["", "N1;0125;2024;75,3;\n"])
    def test_inside_the_table_are_refused(self, row, rule, after):
        finding = refusal(f"{self.TABLE}{row}\n{after}".encode())
        assert (finding.rule, finding.line) == (rule, 7)

    def test_after_an_empty_row_are_found_as_well(self):
        assert refusal(f"{self.TABLE}\n{self.TABLE}N1;0125\n".encode()).line == 14

    def test_whose_decimal_commas_are_unquoted_among_commas_are_refused(self):
        text = "id,namn,värde,status\n1,a,75,3,\n2,b,76,1,\n"
        finding = refusal(text.encode())
        assert (finding.rule, finding.line) == ("odd_width", 2)
        assert "komma" in finding.expected

    def test_wider_than_their_headings_are_refused(self):
        assert refusal("namn;värde\na;1;x\nb;2;y\n".encode()).line == 2

    def test_that_all_end_with_a_separator_are_none(self):
        assert cells(opened("namn;värde\na;1;\nb;2;\n".encode())) == [
            ["namn", "värde"],
            ["a", "1"],
            ["b", "2"],
        ]

    def test_are_neither_titles_above_nor_a_note_right_below(self):
        text = f"Rapport;2024\nUtskriven i maj\n{self.TABLE}Källa: Kolada\n\nSe även; bilagan\n"
        assert len(cells(opened(text.encode()))) == 11

    def test_with_too_many_cells_or_too_long_ones_are_refused(self):
        wide, long = "a;" * 1_100 + "b", "x" * 40_000
        assert (refusal(f"a;b\n\n{wide}\n".encode()).rule, refusal(f"a;b\n\n{wide}\n".encode()).line) == (
            "too_many_columns",
            3,
        )
        assert (refusal(f"a;b\nc;{long}\n".encode()).rule, refusal(f"a;b\nc;{long}\n".encode()).line) == (
            "cell_too_long",
            2,
        )

    @pytest.mark.parametrize("large", [0, 10**9])
    def test_too_many_are_refused(self, monkeypatch, large):
        monkeypatch.setattr(plain_text, "LARGE", large)
        finding = refusal(b"a;b\n" * 50, rows=49)
        assert (finding.rule, finding.line) == ("too_many_rows", 50)


# Letters that have made trouble: separators, quotation marks, blanks, breaks, å in two kinds, marks of other programs.
LETTERS = st.sampled_from(list("abÅö09 ,.;|\t\"'\n\\#~%–\u00a0\u2028\x0b"))
CELL = st.text(LETTERS, max_size=8)


def tables(cell: st.SearchStrategy[str], least_width: int = 2) -> st.SearchStrategy[Cells]:
    """Tables of equally wide rows, with headings, no empty row, and a last column that is somewhere filled."""
    return st.integers(least_width, 5).flatmap(
        lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=8).map(
            lambda rows: [[f"rubrik {place}" for place in range(width)], *rows]
        )
    )


DIALECTS = st.tuples(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.booleans(),
)


def written(table: Cells, encoding: str, separator: str, newline: str, quoting: int, has_last: bool) -> bytes:
    """A table as programs write it; line breaks in cells are those of the lines."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\n", quoting=quoting).writerows(table)
    text = out.getvalue() if has_last else out.getvalue().removesuffix("\n")
    return text.replace("\n", newline).encode(encoding)


class TestRoundTrip:
    @settings(max_examples=500)
    @given(tables(CELL), DIALECTS)
    def test_of_any_table_in_any_dialect_changes_nothing(self, table, dialect):
        encoding = dialect[0]
        table = [
            [cell.replace("\u2028", "") if encoding == "cp1252" else cell for cell in row] for row in table
        ]
        read = cells(opened(written(table, *dialect)))
        assert [row for row in read if any(row)] == [row for row in table if any(row)]
        assert len(read) == len(table)

    @settings(max_examples=100)
    @given(tables(st.text(LETTERS.filter(lambda letter: letter not in '"\n;'), max_size=6)), st.booleans())
    def test_of_a_regular_table_is_the_same_through_duckdb(self, table, has_last):
        content = written(table, "utf-8", ";", "\n", csv.QUOTE_NONE, has_last)
        small = cells(opened(content))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plain_text, "LARGE", 0)
            assert cells(opened(content)) == small == table


class TestLargeFiles:
    @pytest.fixture(autouse=True)
    def on_disk(self, monkeypatch) -> None:
        monkeypatch.setattr(plain_text, "LARGE", 0)

    def test_are_read_by_duckdb_when_regular(self, monkeypatch):
        monkeypatch.setattr(text_tables, "fill", None)
        text = "".join(f"{n};å{n};;{n / 2};\r\n" for n in range(30_000))
        book = opened(text.encode("cp1252"))
        rows = list(book.sheets[0].lines())
        assert rows[29_999] == (30_000, ["29999", "å29999", "", "14999.5"])
        assert [line for line, _ in rows] == list(range(1, 30_001))

    @pytest.mark.parametrize(
        ("text", "line"),
        [("a;b\n1;2;\n3;4\n5;6\n", 2), ("a;b\n1\n2;3\n4;5\n", 2), ('a;b\n1;"2\n3;4\n', 2)],
    )
    def test_that_are_not_regular_give_the_same_error(self, text, line):
        assert refusal(text.encode()).line == line

    def test_leave_out_what_is_empty_to_the_right(self):
        assert cells(opened(b"a;b;;\n1;2;;\n")) == [["a", "b"], ["1", "2"]]
        assert opened(b"a;b;;\n1;2;;\n").sheets[0].columns == 2

    def test_keep_blank_lines_as_rows(self):
        assert cells(opened(b"a;b\n\n1;2\n")) == [["a", "b"], ["", ""], ["1", "2"]]

    def test_with_too_many_columns_are_refused(self):
        assert refusal(b";".join([b"x"] * (LIMITS.columns + 1)) + b"\n").rule == "too_many_columns"
