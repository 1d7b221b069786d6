"""OpenDocument spreadsheets: what their cells become, and what is refused before it is laid out."""

from __future__ import annotations

import pytest

from tests.queries.intake.opening import cells, ods, opened, refusal, table, table_cell, table_row


def valued(kind: str, value: str = "", text: str = "", more: str = "") -> str:
    """A typed cell: kind is float, date …, value the attribute that holds it."""
    return table_cell(text, f'office:value-type="{kind}" {value} {more}')


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "shown"),
        [
            (valued("string", text="Älvsjö"), "Älvsjö"),
            (valued("string", text="rad ett\nrad två"), "rad ett\nrad två"),
            (valued("string", 'office:string-value="kort"'), "kort"),
            (valued("float", 'office:value="2015"', "2 015"), "2015"),
            (valued("float", 'office:value="81.9"', "82"), "81.9"),
            (valued("percentage", 'office:value="0.794"', "79,4 %"), "0.794"),
            (valued("currency", 'office:value="12.5"', "12,50 kr"), "12.5"),
            (valued("date", 'office:date-value="2024-01-31"', "31 jan"), "2024-01-31"),
            (valued("date", 'office:date-value="2024-01-31T00:00:00"', "31 jan"), "2024-01-31"),
            (valued("date", 'office:date-value="2024-01-31T13:45:00"', "31 jan"), "2024-01-31 13:45:00"),
            (valued("time", 'office:time-value="PT36H05M00S"', "36:05"), "36:05:00"),
            (valued("boolean", 'office:boolean-value="true"', "SANT"), "SANT"),
            (valued("boolean", 'office:boolean-value="false"', "FALSKT"), "FALSKT"),
            (table_cell("utan typ"), "utan typ"),
        ],
    )
    def test_become_the_text_that_other_spreadsheets_give(self, cell, shown):
        assert cells(opened(ods(table(table_row(cell))))) == [[shown]]

    def test_with_an_error_come_through_as_the_text_that_they_show(self):
        error = valued(
            "string", 'office:string-value=""', "#DIV/0!", 'calcext:value-type="error" table:formula="1/0"'
        )
        assert cells(opened(ods(table(table_row(error))))) == [["#DIV/0!"]]

    def test_keep_blanks_and_breaks_but_not_comments_and_drawings(self):
        marked = (
            "<text:p>a<text:s text:c='2'/><text:span>b</text:span><text:tab/>c<text:line-break/>d</text:p>"
        )
        on_top = "<office:annotation><text:p>kommentar</text:p></office:annotation>"
        drawn = "<draw:frame><text:p>figur</text:p></draw:frame>"
        assert cells(opened(ods(table(table_row(table_cell(inside=on_top + marked + drawn)))))) == [
            ["a  b\tc\nd"]
        ]

    def test_that_are_repeated_stand_in_every_place(self):
        content = ods(
            table(
                table_row(table_cell(), repeated=2),
                table_row(table_cell(repeated=2), table_cell("x", repeated=2), repeated=2),
                table_row(table_cell(repeated=16_384), repeated=1_048_572),
            )
        )
        assert cells(opened(content)) == [[""] * 4, [""] * 4, ["", "", "x", "x"], ["", "", "x", "x"]]

    def test_that_were_deleted_while_changes_were_tracked_are_left_out(self):
        deleted = f"<table:tracked-changes>{table_cell('struken')}</table:tracked-changes>"
        assert cells(opened(ods(deleted, table(table_row(table_cell("x")))))) == [["x"]]

    def test_under_groups_and_headings_of_rows_are_rows_like_others(self):
        content = ods(
            table(
                f"<table:table-header-rows>{table_row(table_cell('Skola'))}</table:table-header-rows>",
                f"<table:table-row-group>{table_row(table_cell('Älvsjö'))}</table:table-row-group>",
            )
        )
        assert cells(opened(content)) == [["Skola"], ["Älvsjö"]]


def test_every_filled_table_is_a_sheet():
    book = opened(ods(table(name="Tom"), table(table_row(table_cell("x")), name="Å")))
    assert (book.container, [(sheet.name, sheet.table) for sheet in book.sheets]) == (
        "ods",
        [("Å", "sheet_1")],
    )


def test_a_heading_merged_over_several_columns_stands_in_each_of_them():
    merged = table_cell("Flickor", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
    names = "".join(map(table_cell, ("Kommun", "Antal", "Andel")))
    content = ods(table(table_row(table_cell(), merged), table_row(names)))
    assert cells(opened(content)) == [["", "Flickor", "Flickor"], ["Kommun", "Antal", "Andel"]]


class TestRefusal:
    @pytest.mark.parametrize(
        ("row", "line"),
        [
            (table_row(table_cell("x", repeated=16_384)), 1),
            (table_row(table_cell(repeated=16_383), table_cell("x")), 1),
            (table_row(table_cell("x"), repeated=1_600_000), 1_600_000),
        ],
    )
    def test_of_what_reaches_too_far(self, row, line):
        finding = refusal(ods(table(row)))
        assert (finding.rule, finding.sheet, finding.line) == ("too_far", "Blad1", line)

    def test_of_more_cells_than_memory_holds(self):
        assert refusal(ods(table(table_row(table_cell("x", repeated=1_000), repeated=1_048_576)))).rule == (
            "too_far"
        )

    def test_of_a_formula_that_was_never_worked_out(self):
        finding = refusal(
            ods(table(table_row(table_cell("x")), table_row(table_cell(about="table:formula='1'"))))
        )
        assert (finding.rule, finding.line) == ("formula_without_value", 2)

    def test_of_a_password(self):
        assert refusal(ods(manifest="<manifest:encryption-data xmlns:manifest='m'/>")).rule == "password"

    def test_of_entities(self):
        content = ods(table(table_row(table_cell("&e;"))), before='<!DOCTYPE x [<!ENTITY e "ha">]>')
        assert refusal(content).rule == "doctype"

    def test_of_a_text_document(self):
        assert refusal(ods(mimetype="text")).rule == "no_table"

    @pytest.mark.parametrize(
        "table_of_damage",
        [
            table(table_row(valued("float", 'office:value="abc"'))),
            table(table_row(valued("date"))),
            table(table_row(table_cell(inside=table()))),
            "<table:table>",
        ],
    )
    def test_of_damage(self, table_of_damage):
        assert refusal(ods(table_of_damage)).rule == "damaged"
