"""What a reader is given and what it gives back: rows of the data model as text, each with the row it came from.

A reader is a module in queries/intake/readers with two functions:

    recognise(book) -> str | None                      what the file is, in Swedish, told by its content
    read(book, base, options) -> Reading               its rows; raises Refused when it cannot be read at all

Readers copy text and never judge it: types, ranges, registers and keys are checked afterwards, once for all
formats (checking.py), so that every format gives the same error for the same fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import duckdb
import pyarrow as pa

from queries.versions import Manifest

Severity = Literal["error", "warning", "notice"]
# Beside the columns of the data model, every staged row tells where it stood.
PLACE = ("_sheet", "_line", "_heading")


@dataclass(frozen=True)
class Finding:
    """One thing to tell the analyst about the file, in Swedish.

    line is Excel's row number; found is the cell's text as it stands in the file, empty when it must not be
    repeated; expected says what would have been right. rule is a short English code that tests and scripts use.
    """

    severity: Severity
    rule: str
    expected: str
    sheet: str = ""
    line: int | None = None
    column: str = ""
    found: str = ""


class Refused(Exception):
    """The file cannot be taken as it is; findings say why, in Swedish."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.expected for finding in findings))
        self.findings = findings


@dataclass(frozen=True)
class Options:
    """What the analyst has said about the file, for readers that must be told.

    columns: heading in the file → field of the reader, when it is a table of a kind not seen before.
    same_as: name in the file → id of the published goal that it goes on from, under its new name.
    municipality_id, year and the report_… say whose actions and goals a plan holds and when they were reported.
    replace: published rows of the same scope that the file lacks are removed; else they stay.
    today: the date of the upload.
    quoted: the municipalities whose published values the analyst may be told beside a value of the file; None is all.
    """

    today: date
    columns: Mapping[str, str] = field(default_factory=dict)
    same_as: Mapping[str, str] = field(default_factory=dict)
    municipality_id: str | None = None
    year: int | None = None
    report_date: str | None = None
    report_name: str | None = None
    report_point: str | None = None
    replace: bool = False
    quoted: Sequence[str] | None = None


@dataclass(frozen=True)
class Base:
    """The published version that the file is compared with, inside the staging connection.

    Its tables are base.<table> as pages see them (gated), the project's own word tables words.<name> as text
    (indicators, status_words, verdict_words, export_columns …). narrowed_to: the municipalities whose rows are there of
    tables that are published in parts, once it is known whom the file is about.
    """

    connection: duckdb.DuckDBPyConnection
    manifest: Manifest
    narrowed_to: tuple[str, ...] = ()

    def parts(self, table: str) -> tuple[str, ...]:
        """The municipalities whose parts of a table a file can change; none for a table in one file."""
        return self.narrowed_to if self.manifest.parts(table) else ()

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """The answer to a query as mappings. The text is the reader's own, the values are bound."""
        cursor = self.connection.cursor()
        found = cursor.execute(sql, parameters)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass(frozen=True)
class Staged:
    """Rows for one table of the data model: a table in the staging connection, all columns text.

    Its columns are those of the data model that the file tells of, and PLACE: _sheet, _line, and _heading, the
    heading of the measured cell where one line of the file makes several rows. Columns that are left out keep
    their published value. headings: column → heading in the file, for messages.
    only_missing: rows are added when their key is not published yet, and otherwise left alone (a register that
    grows with what the file mentions).
    """

    table: str
    relation: str
    headings: Mapping[str, str] = field(default_factory=dict)
    only_missing: bool = False


@dataclass(frozen=True)
class Source:
    """Where the figures come from, as table sources tells it. is_official: the publisher has already hidden small
    groups, so that its own figures pass the gate."""

    source_id: str
    title: str
    publisher: str
    published_date: str | None = None
    retrieved_date: str | None = None
    note: str | None = None
    is_official: bool = False


@dataclass(frozen=True)
class Need:
    """Something the analyst must say before the file can be read: a mapping of columns, whose plan it is.

    field is the name in Options; question is Swedish. choices: value → label. suggested is the reader's guess.
    For field 'columns' the choices are the fields of the reader, and suggested maps heading → field.
    """

    field: str
    question: str
    choices: Mapping[str, str] = field(default_factory=dict)
    suggested: Any = None
    is_required: bool = True


@dataclass(frozen=True)
class Reading:
    """What a reader made of a file. With needs nothing is staged: the analyst is asked first.

    asks are questions that have an answer already but that the analyst may want to answer otherwise, such as which
    published goal a new name goes on from.
    """

    reader: str
    title: str
    source: Source | None = None
    staged: Sequence[Staged] = ()
    findings: Sequence[Finding] = ()
    needs: Sequence[Need] = ()
    asks: Sequence[Need] = ()


def stage(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    headings: Mapping[str, str] | None = None,
    only_missing: bool = False,
) -> Staged:
    """Rows made in Python, staged for a table. All rows have the same columns; PLACE may be left out."""
    names = list(rows[0]) if rows else []
    columns = {name: pa.array([_text(row[name]) for row in rows], pa.string()) for name in names}
    for name in PLACE:
        columns.setdefault(name, pa.nulls(len(rows), pa.string()))
    before = connection.execute(
        "select count(*) from duckdb_tables() where table_name like 'staged_%'"
    ).fetchall()
    relation = f"staged_{before[0][0] + 1}_{table}"
    arrow = pa.table(columns)
    connection.register("incoming_rows", arrow)
    connection.execute(f"create table {relation} as select * from incoming_rows")
    connection.unregister("incoming_rows")
    return Staged(table, relation, dict(headings or {}), only_missing)


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
