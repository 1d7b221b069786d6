"""A template that is filled in comes back as the rows that were written, and every fault in it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.connection import settings as project_settings
from queries.intake.containers import open_book
from queries.intake.limits import ReadingLimits
from queries.intake.model import tables
from queries.intake.readers.templates import read, recognise
from queries.intake.reading import Base, Finding, Options, Reading, Refused
from queries.intake.sheets import Book, Sheet
from queries.intake.templates import (
    Template,
    filled_csv,
    filled_xlsx,
    template_csv,
    template_of,
    template_tables,
    template_xlsx,
)

TODAY = date(2026, 11, 22)
TEMPLATES = template_tables()
by_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.table)
GOAL = {
    "Kommunkod": "9901",
    "Målets id": "N99",
    "År": "2026",
    "Nivå": "Nämndmål",
    "Mål": "Ett mål",
    "Prioriterat": "ja",
    "Källans id": "exempel-malplan",
}
PARSED: dict[str, Callable[[str], Any]] = {
    "text": str,
    "integer": int,
    "double": lambda cell: float(cell.replace(",", ".")),
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
}
Cells = Sequence[Sequence[str]]
Open = Callable[[bytes], Book]


def book_of(base: Base, sheets: dict[str, Cells], container: str = "csv") -> Book:
    """An opened file: rows of cells by the name of their sheet, the first row being Excel's row 1."""
    opened = []
    for number, (name, rows) in enumerate(sheets.items()):
        width = max(map(len, rows), default=0)
        padded = [[*row, *[""] * (width - len(row))] for row in rows]
        cells = {"line": pa.array(range(1, len(rows) + 1), pa.int64())}
        for place in range(width):
            cells[f"c{place + 1}"] = pa.array([row[place] or None for row in padded], pa.string())
        base.connection.register("cells", pa.table(cells))
        base.connection.execute(f"create or replace table sheet_{number} as select * from cells")
        opened.append(Sheet(name, f"sheet_{number}", width, len(rows), base.connection))
    return Book("mall", container, tuple(opened))


@pytest.fixture
def opened(base: Base, tmp_path: Path) -> Open:
    """Opens the bytes of a file as an uploaded file is opened; only the latest one is there."""

    def open_bytes(content: bytes) -> Book:
        for row in base.rows("select table_name from duckdb_tables() where table_name like 'sheet_%'"):
            base.connection.execute(f"drop table {row['table_name']}")
        path = tmp_path / "original"
        path.write_bytes(content)
        limits = ReadingLimits.from_settings(project_settings())
        return open_book(path, "mall", base.connection, limits)

    return open_bytes


def sheet_of(*rows: dict[str, str]) -> list[list[str]]:
    """Mappings of heading → cell as rows under their headings."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(heading, "") for heading in headings] for row in rows)]


def read_rows(base: Base, *rows: dict[str, str]) -> Reading:
    return read(book_of(base, {"": sheet_of(*rows)}), base, Options(TODAY))


def staged(base: Base, reading: Reading, table: str) -> list[dict[str, Any]]:
    """The staged rows of one table in the order of the file."""
    (relation,) = [each.relation for each in reading.staged if each.table == table]
    return base.rows(f"select * from {relation} order by _line::integer")


def refused(base: Base, sheets: dict[str, Cells]) -> list[Finding]:
    with pytest.raises(Refused) as told:
        read(book_of(base, sheets), base, Options(TODAY))
    return list(told.value.findings)


def published(base: Base, table: str) -> pd.DataFrame:
    return (
        base.connection.execute(f"select * from base.{table} order by all")
        .to_arrow_table()
        .to_pandas(integer_object_nulls=True)
    )


def as_published(row: dict[str, Any], template: Template) -> dict[str, Any]:
    """A staged row as values of the data model; an empty cell may stand for an empty text."""
    return {
        column.name: None if row[column.name] is None else PARSED[column.kind](row[column.name])
        for column in template.columns
    }


@pytest.mark.parametrize("write", [filled_csv, filled_xlsx])
@by_template
def test_a_published_table_comes_back_as_it_is(base: Base, opened: Open, template: Template, write: Callable):
    rows = published(base, template.table)
    book = opened(write(rows, template.table))
    if rows.empty:
        with pytest.raises(Refused):
            read(book, base, Options(TODAY))
        return
    reading = read(book, base, Options(TODAY))
    names = ", ".join(column.name for column in template.columns)
    expected = [
        {name: None if value == "" else value for name, value in row.items()}
        for row in base.rows(f"select {names} from (select * from base.{template.table} order by all)")
    ]
    found = staged(base, reading, template.table)
    assert [as_published(row, template) for row in found] == expected
    assert [int(row["_line"]) for row in found] == list(range(2, len(rows) + 2))
    assert (reading.source, reading.findings) == (None, [])


TEXTS = (
    "=1+1", "'=1+1", "''=1+1", "'citat'", "+46", "-", "@x", "＝x", "a;b", '"citat" i text', "två\nrader", "\ttabb".strip(),
    "_x0041_", "'", "''", "0125", "2024-04", "1e5", "ja", "a  b", "ö", "€ – ”x”",
)  # fmt: skip


@pytest.mark.parametrize("write", [filled_csv, filled_xlsx])
def test_any_text_comes_back_as_it_is(base: Base, opened: Open, write: Callable):
    rows = published(base, "committee_items").head(1)
    rows = pd.concat([rows] * len(TEXTS)).assign(item_id=[f"A{n}" for n in range(len(TEXTS))], text=TEXTS)
    reading = read(opened(write(rows, "committee_items")), base, Options(TODAY))
    assert [row["text"] for row in staged(base, reading, "committee_items")] == list(TEXTS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" '=-+@\n"), min_size=1),
        min_size=1,
        max_size=20,
    )
)
def test_texts_nobody_thought_of_come_back_as_they_are(base: Base, opened: Open, texts: list[str]):
    texts = [text.strip() for text in texts if text.strip()]
    if texts:
        row = published(base, "committee_items").head(1)
        rows = pd.concat([row] * len(texts)).assign(item_id=range(len(texts)), text=texts)
        reading = read(opened(filled_csv(rows, "committee_items")), base, Options(TODAY))
        assert [row["text"] for row in staged(base, reading, "committee_items")] == texts


@by_template
def test_each_template_is_known_as_csv_and_as_a_workbook(opened: Open, template: Template):
    title = f"mallen {template.title}"
    assert recognise(opened(template_csv(template.table))) == title
    assert recognise(opened(template_xlsx(template.table))) == title


@by_template
def test_a_template_is_known_by_its_headings_in_any_order_and_writing(base: Base, template: Template):
    headings = [f" {column.heading.upper()}  ".replace(" ", "  ") for column in reversed(template.columns)]
    rows = [[], ["", ""], headings, [column.example for column in reversed(template.columns)]]
    assert recognise(book_of(base, {"": rows})) == f"mallen {template.title}"


@by_template
def test_a_template_with_only_what_must_be_there_is_known(base: Base, template: Template):
    by_need = sorted(template.columns, key=lambda column: not column.is_required)
    needed = max(sum(column.is_required for column in by_need), 3)
    headings = [column.heading for column in by_need[:needed]]
    assert recognise(book_of(base, {"": [headings]})) == f"mallen {template.title}"


def test_files_of_others_are_not_taken_for_templates(base: Base):
    others = (
        ["Perspektiv", "Typ", "Nämndmål", "Aktivitet", "Slutdatum 2020", "Status", "Kommentar"],
        [
            "Skola",
            "Skol-enhetskod",
            "Skolkommun",
            "Kommun-kod",
            "Typ av huvudman",
            "Huvudman",
            "Antal elever",
        ],
        ["Kommun", "Kommunkod", "Län", "Läns-kod", "Typ av huvudman", "Kön", "Antal elever"],
        ["kpi", "municipality_id", "year", "gender", "value", "status"],
        ["Mål", "Kommentar", "Effekt"],
        ["Kommunkod", "Skolenhetskod", "Skolform", "Huvudman", "Område", *(f"ÅR{n}" for n in range(9))],
        [],
    )
    for headings in others:
        assert recognise(book_of(base, {"": [headings, ["x"] * len(headings)]})) is None
    assert recognise(Book("svar.json", "json", document={"values": []})) is None


def test_words_become_codes_whoever_wrote_them(base: Base):
    rows = [{**GOAL, "Målets id": f"N{n}"} for n in range(4)]
    for row, level, priority in zip(
        rows,
        ("KF-mål", "committee", "  förbättrings­område ".replace("\u00ad", ""), "Mål"),
        ("JA", "false", "nej", "kanske"),
        strict=True,
    ):
        row |= {"Nivå": level, "Prioriterat": priority}
    found = staged(base, read_rows(base, *rows), "goals")
    assert [row["level"] for row in found] == ["council", "committee", "improvement_area", "Mål"]
    assert [row["is_priority"] for row in found] == ["true", "false", "false", "kanske"]


def test_numbers_and_dates_are_left_for_the_checking_to_read(base: Base):
    row = {
        "Kommunkod": "9901",
        "Nyckeltalets id": "N15419",
        "År": " 2024/25\u00a0",
        "Minst eller högst": "≥",
        "Målvärde": "1 234,50",
    }
    (found,) = staged(base, read_rows(base, row), "targets")
    assert (found["year"], found["operator"], found["target_value"]) == ("2024/25", ">=", "1 234,50")


def test_columns_that_are_left_out_are_not_staged_and_empty_cells_hold_nothing(base: Base):
    reading = read_rows(base, {**GOAL, "Perspektiv": "   "})
    (found,) = staged(base, reading, "goals")
    assert found["perspective"] is None
    assert "description" not in found
    assert reading.staged[0].headings["goal_id"] == "Målets id"


def test_a_line_is_numbered_as_in_the_file_and_empty_rows_are_passed_over(base: Base):
    headings, first, second = sheet_of(GOAL, {**GOAL, "År": "2025"})
    rows = [[], headings, first, [" ", "\u00a0"], [], second]
    reading = read(book_of(base, {"Plan": rows}), base, Options(TODAY))
    found = staged(base, reading, "goals")
    assert [(row["_sheet"], row["_line"], row["_heading"]) for row in found] == [
        ("Plan", "3", None),
        ("Plan", "6", None),
    ]


@pytest.mark.parametrize("heading", [name for name in GOAL if name != "Källans id"])
def test_a_column_that_must_be_there_is_asked_for(base: Base, heading: str):
    row = {**GOAL, "Perspektiv": "Ekonomi"}
    del row[heading]
    (found,) = refused(base, {"": sheet_of(row)})
    assert (found.rule, found.column, found.line) == ("missing_column", heading, 1)
    assert f"”{heading}”" in found.expected and ", ".join(row) in found.expected


def test_a_renamed_column_is_told_with_the_name_it_should_have(base: Base):
    row = {"Nivån" if name == "Nivå" else name: cell for name, cell in GOAL.items()}
    missing, unknown = refused(base, {"Mål": [[], *sheet_of(row)]})
    assert (missing.rule, missing.column, missing.sheet, missing.line) == ("missing_column", "Nivå", "Mål", 2)
    assert (unknown.rule, unknown.found, unknown.line) == ("unknown_column", "Nivån", 2)
    assert "Nivå" in unknown.expected


def test_a_column_too_many_is_refused(base: Base):
    template = template_of("goals")
    row = {column.heading: column.example for column in template.columns} | {"Målets id": "N1", "Ägare": "x"}
    (found,) = refused(base, {"": sheet_of(row)})
    assert (found.rule, found.column) == ("unknown_column", "Ägare")
    assert found.expected == "ingen mer kolumn än mallens"


def test_a_heading_that_stands_twice_is_refused(base: Base):
    headings, row = sheet_of(GOAL)
    (found,) = refused(base, {"": [[*headings, "år"], [*row, "2025"]]})
    assert (found.rule, found.found) == ("column_twice", "År")


def test_cells_without_a_heading_are_told_by_row_and_column_without_being_repeated(base: Base):
    headings, row = sheet_of(GOAL)
    rows = [
        [*headings[:2], "", *headings[2:]],
        [*row[:2], "", *row[2:]],
        [*row[:2], "hemlig", *row[2:], "", "mer"],
    ]
    (gap,) = refused(base, {"": rows})
    assert (gap.rule, gap.line, gap.column, gap.found) == ("outside", 3, "C", "")
    (right,) = refused(base, {"": [headings, row, row, [*row, "", "mer"]]})
    assert (right.rule, right.line, right.column, right.found) == ("outside", 4, "I", "")


@by_template
def test_a_template_that_nobody_has_filled_in_is_refused(base: Base, opened: Open, template: Template):
    for content in (template_csv(template.table), template_xlsx(template.table)):
        with pytest.raises(Refused) as told:
            read(opened(content), base, Options(TODAY))
        assert [each.rule for each in told.value.findings] == ["no_rows"]


def test_headings_without_rows_are_refused(base: Base):
    (found,) = refused(base, {"": [list(GOAL)]})
    assert (found.rule, found.line) == ("no_rows", 1)


@by_template
def test_the_example_row_is_never_read_among_others(base: Base, template: Template):
    example = {column.heading: column.example for column in template.columns}
    name = template.columns[0].heading
    rows = [{**example, name: f"{example[name]}x"}, example, {**example, name: f"{example[name]}y"}]
    reading = read_rows(base, *rows)
    assert [row["_line"] for row in staged(base, reading, template.table)] == ["2", "4"]
    assert [(each.severity, each.rule, each.line) for each in reading.findings] == [("notice", "example", 3)]


def test_the_example_row_is_known_also_when_a_spreadsheet_has_made_numbers_of_it(base: Base):
    example = {column.heading: column.example for column in template_of("outcomes").columns}
    rewritten = {**example, "Utfall": "83.5", "Kön": "TOTALT", "Anmärkning": f" {example['Anmärkning']}"}
    reading = read_rows(base, rewritten, {**example, "År": "2020"})
    assert [row["_line"] for row in staged(base, reading, "outcomes")] == ["3"]


def test_many_tables_may_come_in_one_workbook(base: Base, opened: Open):
    target = {
        "Kommunkod": "9901",
        "Nyckeltalets id": "N15419",
        "År": "2026",
        "Minst eller högst": "minst",
        "Målvärde": "80",
    }
    content = opened(template_xlsx())
    sheets = {sheet.name: [cells for _, cells in sheet.lines()] for sheet in content.sheets}
    sheets["Mål"] += sheet_of({heading: GOAL.get(heading, "") for heading in sheets["Mål"][0]})[1:]
    sheets["Målvärden"] += sheet_of({heading: target.get(heading, "") for heading in sheets["Målvärden"][0]})[
        1:
    ]
    reading = read(book_of(base, sheets, "xlsx"), base, Options(TODAY))
    assert reading.title == "mallarna Mål, Målvärden"
    assert [each.table for each in reading.staged] == ["goals", "targets"]
    assert [row["_line"] for row in staged(base, reading, "goals")] == ["3"]
    rules = {each.rule for each in reading.findings if each.severity == "notice"}
    assert (rules, len(reading.findings)) == ({"no_rows", "example"}, len(TEMPLATES))


def test_a_sheet_that_is_no_template_is_not_passed_over_in_silence(base: Base):
    sheets = {"Mål": sheet_of(GOAL), "Anteckningar": [["Ring", "skolan"]], "Tomt": []}
    (found,) = read(book_of(base, sheets), base, Options(TODAY)).findings
    assert (found.severity, found.rule, found.sheet) == ("warning", "sheet_not_read", "Anteckningar")


def test_one_table_stands_on_one_sheet(base: Base):
    (found,) = refused(base, {"2025": sheet_of(GOAL), "2026": sheet_of(GOAL)})
    assert (found.rule, found.sheet) == ("template_twice", "2026")
    assert "2025" in found.expected


def test_rows_without_a_source_have_the_upload_as_theirs(base: Base):
    reading = read_rows(base, GOAL, {**GOAL, "År": "2025", "Källans id": ""})
    assert [row["source_id"] for row in staged(base, reading, "goals")] == [
        "exempel-malplan",
        "mall-goals-2026-11-22",
    ]
    source = reading.source
    assert source is not None
    assert (source.source_id, source.title, source.publisher) == (
        "mall-goals-2026-11-22",
        "Uppladdad mall: Mål",
        "Kommunen",
    )
    assert not source.is_official


def test_a_file_without_the_column_of_sources_is_its_own_source(base: Base):
    without = {heading: cell for heading, cell in GOAL.items() if heading != "Källans id"}
    (found,) = staged(base, read_rows(base, without), "goals")
    assert found["source_id"] == "mall-goals-2026-11-22"


def test_a_source_that_may_be_empty_stays_empty(base: Base):
    group = {
        "Gruppens id": "g",
        "Gruppens namn": "G",
        "Slag": "Egen grupp",
        "Medlemmens kommunkod": "9902",
        "Källans id": "",
    }
    reading = read_rows(base, group)
    assert staged(base, reading, "municipality_groups")[0]["source_id"] is None
    assert reading.source is None


def test_several_tables_without_sources_share_one(base: Base):
    without = {heading: cell for heading, cell in GOAL.items() if heading != "Källans id"}
    point = {"Kommunkod": "9901", "År": "2026", "Rapporttillfälle": "Delrapport 1", "Ordning under året": "1"}
    reading = read(book_of(base, {"a": sheet_of(without), "b": sheet_of(point)}), base, Options(TODAY))
    found = {staged(base, reading, table)[0]["source_id"] for table in ("goals", "report_points")}
    assert found == {"mall-2026-11-22"} == {reading.source.source_id if reading.source else None}


def test_a_file_that_names_its_columns_needs_no_heading_row(base: Base):
    book = book_of(base, {"": [list(GOAL.values())]})
    named = Sheet("", book.sheets[0].table, len(GOAL), 1, base.connection, tuple(GOAL))
    parquet = Book("mal.parquet", "parquet", (named,))
    assert recognise(parquet) == "mallen Mål"
    (found,) = staged(base, read(parquet, base, Options(TODAY)), "goals")
    assert (found["goal_id"], found["_line"]) == ("N99", "1")


def test_staged_columns_are_those_of_the_data_model(base: Base):
    (found,) = staged(base, read_rows(base, GOAL), "goals")
    assert set(found) - {"_sheet", "_line", "_heading"} <= set(tables()["goals"].columns)
