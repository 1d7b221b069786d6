"""data/README.md says what every table, column, file and word is: a change there must reach it."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from queries.connection import LIVE_TABLES, Exports
from queries.intake.embedded import table_definitions
from queries.versions import DATA

README = (DATA / "README.md").read_text(encoding="utf-8")
PROJECT = DATA.parent
TABLES = table_definitions()
# Made at the first publication, so a fresh copy of the project lacks it.
NOT_THERE_YET = "data/exports/"


def column_types(table: str) -> dict[str, str]:
    """Column → its type as the dictionary writes it: a star says that it is never empty."""
    lines = re.findall(r"^    (\w+) (text|integer|double|boolean|date)\b(.*)$", TABLES[table], re.MULTILINE)
    return {
        name: kind + ("*" if "not null" in rest or "primary key" in rest else "")
        for name, kind, rest in lines
    }


def sections() -> Mapping[str, str]:
    """Table → its part of the data dictionary, in the order of the page."""
    parts = re.split(r"^#{2,3} ", README, flags=re.MULTILINE)
    return {found[1]: part for part in parts if (found := re.match(r"`(\w+)`\n", part))}


def named(text: str) -> set[str]:
    """Everything that stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def cells(text: str) -> list[list[str]]:
    """The rows of the Markdown tables in a text."""
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def data_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the CSV files in data."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_has_a_section_and_they_stand_in_the_order_of_the_data_model():
    assert list(sections()) == list(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_a_table_is_named_in_its_section(table: str):
    assert set(column_types(table)) <= named(sections()[table])


@pytest.mark.parametrize("table", TABLES)
def test_a_column_explained_for_a_table_exists_there_with_that_type(table: str):
    explained = {
        (column, row[1])
        for row in cells(sections()[table])
        if row[0].startswith("`")
        for column in named(row[0])
    }
    assert explained <= set(column_types(table).items())


@pytest.mark.parametrize("table", TABLES)
def test_every_allowed_value_of_a_column_is_told(table: str):
    lists = re.findall(r"check \(\w+ in \((.*?)\)\)", TABLES[table])
    allowed = {value for values in lists for value in re.findall(r"'([^']*)'", values)}
    assert allowed - {""} <= named(README)


def test_every_column_worked_out_when_a_version_is_opened_is_named(exports: Exports):
    columns = (
        exports.connection.cursor()
        .execute(
            "select table_name, column_name from duckdb_columns() where database_name = $database",
            {"database": exports.database},
        )
        .fetchall()
    )
    stored = {table: set(column_types(table)) for table in TABLES}
    anywhere = set().union(*stored.values())
    added = {
        column
        for table, column in columns
        if table not in LIVE_TABLES and column not in stored.get(table, anywhere)
    }
    readings = README.split("## What is added when a version is opened")[1].split("\n## ")[0]
    assert {"verdict", "status_reason", "is_late", "is_reached"} <= added <= named(readings)


@pytest.mark.parametrize("name", LIVE_TABLES)
def test_every_column_of_a_file_that_may_be_edited_is_named(name: str):
    assert set(data_rows(name)[0]) <= named(README)


def test_every_setting_is_named():
    settings = tomllib.loads((DATA / "settings.toml").read_text(encoding="utf-8"))
    names = {name for part in settings.values() for name in part}
    assert names | {f"[{part}]" for part in settings} <= named(README)


def test_the_limits_for_small_groups_are_those_of_the_settings():
    limits = tomllib.loads((DATA / "settings.toml").read_text(encoding="utf-8"))["disclosure"]
    assert [name for name, number in limits.items() if f"`{name}` ({number})" not in README] == []


def test_the_ordlista_is_the_glossary_on_screen():
    table = README.split("## Ordlista")[1]
    written = {row[0]: row[1] for row in cells(table)[2:]}
    assert written == {row["term"]: row["explanation"] for row in data_rows("glossary")}


def test_every_file_named_exists():
    paths = {name for name in named(README) if re.match(r"(data|queries|pages|tests)/", name)}
    assert paths - {path for path in paths if (PROJECT / path).exists()} <= {NOT_THERE_YET}


def test_every_module_named_as_a_command_exists():
    modules = set(re.findall(r"python -m ([\w.]+)", README))
    assert modules
    places = {module: PROJECT / module.replace(".", "/") for module in modules}
    missing = [
        module
        for module, path in places.items()
        if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists()
    ]
    assert missing == []


def test_every_file_and_folder_in_data_is_told():
    there = [path for path in DATA.iterdir() if path.name not in ("README.md", "exports")]
    folders = [path for path in (DATA / "sample").rglob("*") if path.is_dir()]
    missing = [path for path in (*there, *folders) if shown(path) not in README]
    assert missing == []


def shown(path: Path) -> str:
    """A path as the page writes it: from the project's folder, with a slash after a folder."""
    return path.relative_to(PROJECT).as_posix() + ("/" if path.is_dir() else "")


def test_every_source_of_kolada_figures_is_listed():
    with (DATA / "sample/facts/kolada/sources.csv").open(encoding="utf-8", newline="") as file:
        assert {row["source_id"] for row in csv.DictReader(file)} <= named(README)
