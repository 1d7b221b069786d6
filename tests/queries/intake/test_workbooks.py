"""Excel workbooks: what their cells become, and what is refused before it is opened."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from queries.intake.workbooks import CELLS_NAMED
from tests.queries.intake.opening import cells, opened, packed, refusal, row, text, xls, xlsx

PARTS = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
]


def written(fill, **options) -> bytes:
    """A workbook that xlsxwriter writes: fill(book, sheet)."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("Blad1"))
    return content.getvalue()


def number(place: str, value: str, about: str = "") -> str:
    return f'<c r="{place}" {about}><v>{value}</v></c>'


class TestCells:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("2015", "2015"),
            ("2015.0", "2015"),
            ("0.794", "0.794"),
            ("81.900000000000006", "81.9"),
            ("-200", "-200"),
            ("1E-7", "0.0000001"),
            ("1.5E+3", "1500"),
            ("19901105", "19901105"),
        ],
    )
    def test_numbers_are_written_in_their_shortest_form(self, value, shown):
        assert cells(opened(xlsx(row(1, number("A1", value))))) == [[shown]]

    def test_dates_times_and_truth_values_are_text_as_an_analyst_writes_them(self):
        def fill(book, sheet):
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            both = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            hours = book.add_format({"num_format": "[h]:mm:ss"})
            sheet.write_datetime(0, 0, dt.datetime(2024, 1, 31), day)
            sheet.write_datetime(0, 1, dt.datetime(2024, 1, 31, 13, 45), both)
            sheet.write_datetime(0, 2, dt.time(13, 45), book.add_format({"num_format": "hh:mm"}))
            sheet.write_number(0, 3, 1.5, hours)
            sheet.write_boolean(0, 4, True)
            sheet.write_boolean(0, 5, False)

        shown = ["2024-01-31", "2024-01-31 13:45:00", "13:45:00", "36:00:00", "SANT", "FALSKT"]
        assert cells(opened(written(fill))) == [shown]

    def test_a_code_with_a_leading_nought_is_kept_when_it_is_text(self):
        assert cells(opened(xlsx(row(1, text("A1", "0125"))))) == [["0125"]]

    def test_an_error_comes_through_as_the_text_that_it_shows(self):
        broken = number("C2", "#N/A", 't="e"')
        content = xlsx(row(1, number("A1", "#DIV/0!", 't="e"'), text("B1", "x")) + row(2, broken))
        assert cells(opened(content)) == [["#DIV/0!", "x", ""], ["", "", "#N/A"]]

    def test_line_breaks_and_composed_letters_are_of_one_kind(self):
        content = xlsx(row(1, text("A1", "rad ett&#13;&#10;rad tva\u030a")))
        assert cells(opened(content)) == [["rad ett\nrad två"]]

    def test_a_sheet_that_begins_further_in_keeps_its_places(self):
        assert cells(opened(xlsx(row(3, text("C3", "x"))))) == [["", "", ""], ["", "", ""], ["", "", "x"]]

    def test_cells_without_a_place_follow_each_other(self):
        content = xlsx("<row><c><v>1</v></c><c><v>2</v></c></row><row><c t='e'><v>#REF!</v></c></row>")
        assert cells(opened(content)) == [["1", "2"], ["#REF!", ""]]

    def test_tags_with_a_prefix_and_on_lines_of_their_own_are_the_same_tags(self):
        plain = xlsx(row(1, number("A1", "#NUM!", 't="e"')))
        with zipfile.ZipFile(io.BytesIO(plain)) as package:
            parts = {name: package.read(name).decode() for name in package.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"].replace("xmlns=", "xmlns:x=")
        for name in ("worksheet", "sheetData", "row", "c ", "c>", "v"):
            sheet = sheet.replace(f"<{name}", f"\n<x:{name}").replace(f"</{name}", f"</x:{name}")
        assert "<x:sheetData>" in sheet
        assert cells(opened(packed({**parts, "xl/worksheets/sheet1.xml": sheet}))) == [["#NUM!"]]

    def test_what_openpyxl_writes_is_read_back(self):
        book = openpyxl.Workbook()
        rows = [["Skola", "År", "Värde"], ["Älvsjö", 2024, 81.9], ["Örby", 2024, None]]
        for each in rows:
            book.active.append(each)
        content = io.BytesIO()
        book.save(content)
        assert cells(opened(content.getvalue())) == [
            ["Skola", "År", "Värde"],
            ["Älvsjö", "2024", "81.9"],
            ["Örby", "2024", ""],
        ]


class TestSheets:
    def test_hidden_ones_are_read_and_empty_ones_and_charts_left_out(self):
        def fill(book, sheet):
            sheet.write(0, 0, "synligt")
            book.add_worksheet("Tomt")
            chart = book.add_chart({"type": "bar"})
            chart.add_series({"values": "=Blad1!$A$1"})
            book.add_chartsheet("Diagram").set_chart(chart)
            hidden, very = book.add_worksheet("Dolt & gömt"), book.add_worksheet("Mycket dolt")
            hidden.write(0, 0, "dolt")
            hidden.hide()
            very.write(0, 0, "mycket")
            very.very_hidden()

        book = opened(written(fill))
        assert [sheet.name for sheet in book.sheets] == ["Blad1", "Dolt & gömt", "Mycket dolt"]
        assert [sheet.table for sheet in book.sheets] == ["sheet_1", "sheet_2", "sheet_3"]
        assert [cells(book, number) for number in range(3)] == [[["synligt"]], [["dolt"]], [["mycket"]]]

    def test_without_any_filled_cell_are_refused(self):
        assert refusal(xlsx("")).rule == "empty"

    def test_errors_stay_in_the_sheet_they_stand_in(self):
        book = opened(xlsx(row(1, text("A1", "x")), row(1, number("A1", "#REF!", 't="e"'))))
        assert [cells(book, number) for number in range(2)] == [[["x"]], [["#REF!"]]]


class TestMergedCells:
    def test_a_heading_over_several_columns_stands_in_each_of_them(self):
        def fill(book, sheet):
            sheet.merge_range("A1:E1", "Betyg årskurs 6")
            sheet.merge_range("B3:C3", "Flickor")
            sheet.merge_range("D3:E3", "Pojkar")
            sheet.write_row("A4", ["Kommun", "Antal", "Andel", "Antal", "Andel"])
            sheet.write_row("A5", ["Ale", 217, 82, 228, 69.7])

        assert cells(opened(written(fill))) == [
            ["Betyg årskurs 6", "", "", "", ""],
            ["", "", "", "", ""],
            ["", "Flickor", "Flickor", "Pojkar", "Pojkar"],
            ["Kommun", "Antal", "Andel", "Antal", "Andel"],
            ["Ale", "217", "82", "228", "69.7"],
        ]

    def test_headings_over_headings_are_both_repeated(self):
        def fill(book, sheet):
            sheet.merge_range("B1:E1", "2024/25")
            sheet.merge_range("B2:C2", "Flickor")
            sheet.merge_range("D2:E2", "Pojkar")
            sheet.write_row("A3", ["Kommun", "Antal", "Andel", "Antal", "Andel"])

        assert cells(opened(written(fill)))[:2] == [
            ["", "2024/25", "2024/25", "2024/25", "2024/25"],
            ["", "Flickor", "Flickor", "Pojkar", "Pojkar"],
        ]

    def test_among_the_rows_of_a_table_keep_their_value_in_the_first_cell(self):
        def fill(book, sheet):
            sheet.write_row("A1", ["Mål", "Aktivitet", "Status", "Kommentar"])
            sheet.merge_range("A2:A3", "Trygghet")
            sheet.merge_range("C2:D2", "Pågår")
            sheet.write("B2", "Rutiner")
            sheet.write_row("B3", ["Samtal", "Klart", "I mars"])

        assert cells(opened(written(fill)))[1:] == [
            ["Trygghet", "Rutiner", "Pågår", ""],
            ["", "Samtal", "Klart", "I mars"],
        ]


class TestFormulas:
    def test_give_the_result_that_was_stored(self):
        content = xlsx(row(1, '<c r="A1"><f>1+1</f><v>2</v></c>', '<c r="B1" t="str"><f>"a"</f><v>a</v></c>'))
        assert cells(opened(content)) == [["2", "a"]]

    def test_that_were_never_worked_out_are_named(self):
        content = xlsx(row(1, text("A1", "x"), '<c r="B1"><f>1+1</f><v></v></c>', '<c r="C1"><f>2</f></c>'))
        finding = refusal(content)
        assert (finding.rule, finding.sheet, finding.line, finding.column) == (
            "formula_without_value",
            "Blad1",
            1,
            "B",
        )
        assert "B1, C1" in finding.expected

    def test_in_great_number_are_named_in_part(self):
        content = xlsx(row(1, *(f'<c r="A{n}"><f>1</f><v/></c>' for n in range(1, CELLS_NAMED + 6))))
        assert f"A{CELLS_NAMED} och 5 till" in refusal(content).expected

    def test_may_give_an_empty_text(self):
        content = xlsx(row(1, text("A1", "x"), '<c r="B1" t="str"><f>""</f><v></v></c>'))
        assert cells(opened(content)) == [["x"]]

    def test_with_nought_stored_by_a_program_that_cannot_calculate_are_refused(self):
        nought = row(1, text("A1", "x"), '<c r="B1"><f>78+1</f><v>0</v></c>')
        told = '<calcPr fullCalcOnLoad="1"/>'
        assert refusal(xlsx(nought, workbook=told)).rule == "formula_without_value"
        assert cells(opened(xlsx(nought))) == [["x", "0"]]


class TestDangerousWorkbooks:
    @pytest.mark.parametrize("corner", ["XFD1048576", "ZZ1048576", "XFD1", "A1500001"])
    def test_that_reach_too_far_are_refused_before_they_are_laid_out(self, corner):
        content = xlsx(row(1, text("A1", "x")) + f"<row>{text(corner, 'y')}</row>")
        assert len(content) < 2_000
        finding = refusal(content)
        assert (finding.rule, corner in finding.expected) == ("too_far", True)
        assert f"{finding.column}{finding.line}" == corner

    def test_that_only_look_large_are_read(self):
        styled = '<c r="XFD1048576" s="0"/>'
        content = xlsx(row(1, text("A1", "x")) + row(1048576, styled))
        assert cells(opened(content)) == [["x"]]

    def test_without_end_are_refused_at_the_largest_number_of_rows(self):
        content = xlsx("<row/>" * 50)
        assert refusal(content, rows=40).rule == "too_far"

    def test_with_too_many_rows_are_refused_with_the_row(self):
        content = xlsx("".join(row(n, text(f"A{n}", "x")) for n in range(1, 12)))
        assert refusal(content, rows=10).line == 11

    @pytest.mark.parametrize("part", PARTS)
    @pytest.mark.parametrize(
        "declared",
        [
            '<!ENTITY l0 "ha"><!ENTITY l1 "&l0;&l0;&l0;&l0;"><!ENTITY l2 "&l1;&l1;&l1;&l1;">',
            '<!ENTITY e SYSTEM "file:///etc/passwd">',
            '<!ENTITY % e SYSTEM "http://127.0.0.1:9/e.dtd"> %e;',
        ],
    )
    def test_that_declare_entities_are_refused(self, part, declared):
        plain = xlsx(row(1, text("A1", "x")), sharedStrings=f'<sst xmlns="{"x"}"/>')
        with zipfile.ZipFile(io.BytesIO(plain)) as package:
            parts = {name: package.read(name).decode() for name in package.namelist()}
        parts[part] = f"<!DOCTYPE x [{declared}]>{parts[part]}"
        assert refusal(packed(parts)).rule == "doctype"

    @pytest.mark.parametrize("name", ["../../utanför.txt", "/etc/cron.d/x", "C:\\x", "xl\\..\\..\\x"])
    def test_with_parts_that_lie_outside_are_refused(self, name):
        plain = xlsx(row(1, text("A1", "x")))
        with zipfile.ZipFile(io.BytesIO(plain)) as package:
            parts = {each: package.read(each) for each in package.namelist()}
        assert refusal(packed({**parts, name: b"x"})).rule == "dangerous_package"

    def test_of_too_many_parts_are_refused(self):
        assert refusal(packed({f"del{n}": b"" for n in range(2_001)})).rule == "dangerous_package"

    def test_with_the_same_part_twice_are_refused(self):
        content = io.BytesIO(xlsx(row(1, text("A1", "x"))))
        with zipfile.ZipFile(content, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
            package.writestr("xl/workbook.xml", b"<workbook/>")
        assert refusal(content.getvalue()).rule == "dangerous_package"

    def test_that_unpack_to_too_much_are_refused_by_their_directory(self):
        bomb = packed({"xl/workbook.xml": bytes(12_000_000)})
        assert len(bomb) < 20_000
        assert refusal(bomb, unpacked_mb=11).rule == "unpacked_too_large"
        assert refusal(bomb).rule == "packed_too_hard"

    def test_with_a_password_are_refused_as_such(self):
        content = bytearray(xlsx(row(1, text("A1", "x"))))
        at = content.index(b"PK\x01\x02")
        content[at + 8] |= 1
        assert refusal(bytes(content)).rule == "password"


class TestDamagedWorkbooks:
    def test_cut_anywhere_are_refused(self):
        content = written(lambda book, sheet: sheet.write_column(0, 0, ["x", 1.5] * 300))
        for length in (*range(4, len(content), 211), len(content) - 1):
            assert refusal(content[:length]).rule in ("damaged", "no_table"), length

    def test_with_one_byte_changed_are_read_the_same_or_refused(self):
        def fill(book, sheet):
            sheet.write_column(0, 0, ["Skola", "Älvsjö", 81.9])

        content = written(fill)
        for at in range(30, len(content), 101):
            changed = bytearray(content)
            changed[at] ^= 0x5A
            try:
                book = opened(bytes(changed))
            except Exception as error:
                # Only the one kind of error is an answer; a pytest failure names the byte.
                assert type(error).__name__ == "Refused", (at, error)
            else:
                assert [sheet.name for sheet in book.sheets] == ["Blad1"], at
                assert cells(book) == [["Skola"], ["Älvsjö"], ["81.9"]], at

    def test_that_lack_a_part_are_refused(self):
        plain = xlsx(row(1, text("A1", "x")))
        with zipfile.ZipFile(io.BytesIO(plain)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        for name in parts:
            if name != "[Content_Types].xml":
                rest = {other: content for other, content in parts.items() if other != name}
                assert refusal(packed(rest)).rule in ("damaged", "no_table"), name

    def test_that_are_broken_inside_are_refused(self):
        assert refusal(xlsx("<row><c r='A1'><v>1</v></row>")).rule == "damaged"
        assert refusal(xlsx("<row><c r='$A$1'><v>1</v></c></row>")).rule == "damaged"
        assert refusal(xlsx("<row><c r='A1' t='s'><v>7</v></c></row>")).rule == "damaged"


class TestOldWorkbooks:
    def test_are_read_with_their_errors(self):
        rows = [["Skola", "Värde"], ["Älvsjö", 81.9], [2015.0, (7,)], ["", (42,)]]
        book = opened(xls(rows))
        assert (book.container, book.sheets[0].name) == ("xls", "Blad1")
        assert cells(book) == [["Skola", "Värde"], ["Älvsjö", "81.9"], ["2015", "#DIV/0!"], ["", "#N/A"]]

    def test_cut_anywhere_are_refused(self):
        content = xls([["Skola", 81.9]] * 200)
        # Nothing but padding stands in the last sector.
        for length in range(8, len(content) - 512, 997):
            assert refusal(content[:length]).rule == "damaged", length

    def test_whose_sectors_go_in_a_circle_are_refused(self):
        content = bytearray(xls([["x"]]))
        # The last sector of the stream is followed by its first.
        content[512 + 4 * 9 : 512 + 4 * 10] = (2).to_bytes(4, "little")
        assert refusal(bytes(content)).rule == "damaged"

    @pytest.mark.parametrize(
        ("stream", "rule"), [("EncryptedPackage", "password"), ("WordDocument", "no_table")]
    )
    def test_are_told_from_other_files_of_the_same_kind(self, stream, rule):
        content = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + stream.encode("utf-16-le") + bytes(512)
        assert refusal(content).rule == rule
