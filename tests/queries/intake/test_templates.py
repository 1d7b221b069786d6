"""The templates name every column of the data model, and write published rows so that nothing is lost."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from openpyxl import load_workbook

from pages.parts import words as on_screen
from queries.intake import templates
from queries.intake.model import tables
from queries.intake.templates import (
    EXPLANATION,
    Column,
    filled_csv,
    filled_xlsx,
    plain,
    template_csv,
    template_of,
    template_tables,
    template_xlsx,
)
from queries.versions import DATA

TEMPLATES = template_tables()
COLUMNS = [(template.table, column) for template in TEMPLATES for column in template.columns]
by_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.table)
# Worked out or told by readers, never by who fills in a template.
NOT_IN_TEMPLATES = {
    "sources": {"is_official"},
    "comparison_values": {"count_higher", "count_lower"},
}
# What the data model checks over two columns at once.
MEANINGS = (
    "finished", "ongoing", "remaining", "not_started", "closed_undone", "met", "partly", "not_met", "not_assessed",
)  # fmt: skip
ITEM = {
    "municipality_id": "9901", "item_id": "A1", "kind": "question", "raised_date": date(2026, 3, 1),
    "reference": None, "text": "När?", "answer": None, "answered_date": None, "due_date": None, "source_id": "k",
}  # fmt: skip


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a CSV file as cells."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_every_table_but_the_one_that_is_worked_out_has_a_template():
    assert [template.table for template in TEMPLATES] == [
        name for name in tables() if name != "comparison_distributions"
    ]


@by_template
def test_a_template_has_every_column_of_its_table_once_and_in_that_order(template):
    left_out = NOT_IN_TEMPLATES.get(template.table, set())
    expected = [name for name in tables()[template.table].columns if name not in left_out]
    assert [column.name for column in template.columns] == expected


@by_template
def test_a_heading_stands_for_one_column(template):
    headings = Counter(plain(column.heading) for column in template.columns)
    assert [heading for heading, times in headings.items() if times > 1] == []
    assert all(column.heading == " ".join(column.heading.split()) for column in template.columns)


def test_sheets_have_names_of_their_own_that_excel_takes():
    with (DATA / "templates.csv").open(encoding="utf-8", newline="") as file:
        titles = {(row["table"], row["sheet_title"]) for row in csv.DictReader(file)}
    assert len(titles) == len({title for _, title in titles}) == len(TEMPLATES)
    assert all(len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for _, title in titles)
    assert EXPLANATION not in {title for _, title in titles}


@by_template
def test_a_column_says_what_it_expects_and_shows_an_example(template):
    for column in template.columns:
        assert column.expected and column.expected[-1] != ".", column.name
        assert column.example or column.name in ("marker", "status"), column.name


@by_template
def test_the_example_row_is_a_row_that_the_data_model_takes(template):
    connection = duckdb.connect(":memory:")
    connection.execute(tables()[template.table].statement)
    cells = {column.name: as_stored(column) for column in template.columns}
    if template.table == "sources":
        cells["is_official"] = "false"
    connection.register("incoming", pd.DataFrame([cells], dtype=object))
    connection.execute(f"insert into {template.table} by name select * from incoming")
    assert connection.execute(f"select count(*) from {template.table}").fetchall() == [(1,)]


def as_stored(column: Column) -> str:
    """The example cell in the words of the data model."""
    codes = {plain(word): code for code, words in column.codes.items() for word in words}
    cell = codes.get(plain(column.example), column.example)
    return cell.replace(",", ".") if column.kind == "double" else cell


@by_template
def test_the_example_row_is_of_the_invented_municipality(template):
    codes = {
        column.example
        for column in template.columns
        if column.name in ("municipality_id", "for_municipality_id")
    }
    assert codes <= {"9901"}


@pytest.mark.parametrize(
    ("table", "column"),
    [pytest.param(table, column, id=f"{table}.{column.name}") for table, column in COLUMNS if column.codes],
)
def test_every_code_has_a_word_and_no_word_stands_for_two(table: str, column: Column):
    allowed = [code for code in tables()[table].columns[column.name].allowed if code]
    if column.kind == "boolean":
        allowed = ["true", "false"]
    if (table, column.name) == ("added_words", "kind"):
        allowed = ["status", "verdict"]
    if (table, column.name) == ("added_words", "meaning"):
        allowed = list(MEANINGS)
    assert sorted(column.codes) == sorted(allowed)
    told = {(plain(word), code) for code, words in column.codes.items() for word in (*words, code)}
    assert len({word for word, _ in told}) == len(told)


def test_every_column_with_codes_has_words_and_every_list_of_words_is_used():
    without = [
        (table, column.name)
        for table, column in COLUMNS
        if (tables()[table].columns[column.name].allowed or column.kind == "boolean") and not column.codes
    ]
    assert without == []
    names = {f"{table}.{column.name}" for table, column in COLUMNS}
    names |= {column.name for _, column in COLUMNS} | {"boolean"}
    with (DATA / "template_words.csv").open(encoding="utf-8", newline="") as file:
        assert {row["domain"] for row in csv.DictReader(file)} <= names


@pytest.mark.parametrize(
    ("table", "column", "shown"),
    [
        ("actions", "kind", on_screen.KINDS),
        ("units", "school_form", on_screen.SCHOOL_FORMS),
        ("comparison_values", "status", on_screen.STATUS_OF_MISSING),
        ("added_words", "meaning", {code: mark.word for code, mark in on_screen.STATUSES.items()}),
        ("added_words", "meaning", {code: mark.word for code, mark in on_screen.VERDICTS.items()}),
        ("targets", "operator", {code: word for code, word in on_screen.OPERATORS.items() if word}),
    ],
)
def test_templates_write_the_words_of_the_pages(table: str, column: str, shown: dict[str, str]):
    (found,) = [each for each in template_of(table).columns if each.name == column]
    both = found.codes.keys() & shown.keys()
    assert len(both) > 1
    assert {code: found.codes[code][0] for code in both} == {code: shown[code] for code in both}


def test_words_of_markers_on_the_pages_are_understood():
    (marker,) = [column for column in template_of("outcomes").columns if column.name == "marker"]
    assert {code: code for code in marker.codes} == {code: words[0] for code, words in marker.codes.items()}
    for code, word in on_screen.MARKERS.items():
        assert plain(word) in {plain(each) for each in marker.codes[code]}


def test_an_empty_template_is_its_headings_and_an_example_as_swedish_excel_reads_csv():
    content = template_csv("goal_indicators")
    assert content == ("\ufeffKommunkod;Målets id;Nyckeltalets id\r\n9901;exempelmal;N15419\r\n".encode())


@by_template
def test_no_example_would_be_run_or_rewritten_by_a_spreadsheet(template):
    _, example = rows_of(template_csv(template.table))
    assert [cell for cell in example if re.match(r"[=+\-@'0]\d*", cell)] == []


def test_all_templates_are_one_workbook_with_a_sheet_that_explains_them():
    book = load_workbook(io.BytesIO(template_xlsx()))
    assert book.sheetnames == [*(template.title for template in TEMPLATES), EXPLANATION]
    for template in TEMPLATES:
        headings, example = book[template.title].iter_rows()
        assert [cell.value for cell in headings] == [column.heading for column in template.columns]
        assert all(cell.font.bold for cell in headings)
        assert [cell.value or "" for cell in example] == [column.example for column in template.columns]
        assert all(cell.data_type == "s" and cell.number_format == "@" for cell in example if cell.value)
    explained = [[cell.value for cell in row[1:4]] for row in book[EXPLANATION].iter_rows()]
    for _, column in COLUMNS:
        assert [column.heading, "ja" if column.is_required else "nej", column.expected] in explained


def test_a_workbook_may_hold_one_template():
    assert load_workbook(io.BytesIO(template_xlsx("goals"))).sheetnames == ["Mål", EXPLANATION]


def test_cells_that_are_still_empty_are_text_so_that_a_code_keeps_its_zero():
    sheet = load_workbook(io.BytesIO(template_xlsx("units")))["Enheter"]
    assert sheet.column_dimensions["A"].number_format == "@"


def test_a_table_without_a_template_is_told_of():
    with pytest.raises(KeyError):
        template_csv("comparison_distributions")


def test_published_rows_are_written_in_swedish():
    rows = pd.DataFrame(
        [
            {
                "municipality_id": "9901",
                "indicator_id": "L05",
                "unit_id": None,
                "year": 2026,
                "gender": "K",
                "operator": "alla",
                "value": 1234.5,
                "marker": "",
                "note": "a;b",
                "n": 41,
                "source_id": "k",
                "left_out": "x",
            },
            {
                "municipality_id": "0125",
                "indicator_id": "L05",
                "unit_id": "01250001",
                "year": 2026,
                "gender": "T",
                "operator": "kommunal",
                "value": None,
                "marker": "~100",
                "note": None,
                "n": None,
                "source_id": "k",
                "left_out": "x",
            },
        ]
    )
    _, first, second = rows_of(filled_csv(rows, "outcomes"))
    assert first == ["9901", "L05", "", "2026", "Flickor", "Alla", "1234,5", "", "a;b", "41", "k"]
    assert second == ["0125", "L05", "01250001", "2026", "Totalt", "Kommunal", "", "~100", "", "", "k"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1 + 0.2, "0,30000000000000004"),
        (1051000.0, "1051000"),
        (1e22, "10000000000000000000000"),
        (1.5e-7, "0,00000015"),
        (-3.25, "-3,25"),
        (100, "100"),
    ],
)
def test_a_number_has_the_fewest_digits_that_give_it_back(value: float, written: str):
    rows = pd.DataFrame(
        [dict.fromkeys(tables()["unit_results"].columns, None) | {"year": 2026, "turnover": value}]
    )
    headings, cells = rows_of(filled_csv(rows, "unit_results"))
    assert cells[headings.index("Omsättning (kr)")] == written
    assert float(written.replace(",", ".")) == value


@pytest.mark.parametrize("text", ["=1+1", "+46", "-punkt", "@x", "＝1", "'=1+1", "''-x", "'@"])
def test_no_text_in_a_csv_file_is_run_by_a_spreadsheet(text: str):
    rows = pd.DataFrame([{**ITEM, "answer": text}])
    headings, cells = rows_of(filled_csv(rows, "committee_items"))
    assert cells[headings.index("Svar")] == f"'{text}"


def test_a_text_in_a_workbook_stands_as_it_is():
    rows = pd.DataFrame([{**ITEM, "answer": "=HYPERLINK(1)", "text": "-"}])
    sheet = load_workbook(io.BytesIO(filled_xlsx(rows, "committee_items"))).worksheets[0]
    answer = sheet["G2"]
    assert (answer.value, answer.data_type, sheet["F2"].value) == ("=HYPERLINK(1)", "s", "-")


def test_a_text_that_excel_has_no_room_for_is_not_cut():
    rows = pd.DataFrame([{**ITEM, "text": "x" * 32_768}])
    assert "x" * 32_768 in filled_csv(rows, "committee_items").decode()
    with pytest.raises(ValueError, match="row 2, column 6"):
        filled_xlsx(rows, "committee_items")


def test_a_filled_template_says_nothing_of_an_example_row():
    book = load_workbook(io.BytesIO(filled_xlsx(pd.DataFrame([ITEM]), "committee_items")))
    assert book.sheetnames == ["Frågor, löften och yrkanden", EXPLANATION]
    assert [cell.value for cell in book[EXPLANATION]["A"][:2]] == [templates.ANY_ORDER, None]


def test_the_files_may_have_been_saved_by_a_swedish_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copy(DATA / "template_words.csv", tmp_path)
    with (DATA / "templates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with (tmp_path / "templates.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    monkeypatch.setattr(templates, "DATA", tmp_path)
    assert template_tables() == TEMPLATES
