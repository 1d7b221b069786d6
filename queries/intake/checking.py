"""Staged rows against the data model and its rules: every bad cell with sheet, row, column, found and expected.

Everything is text until here. SQL makes a typed table of each staged one and lists what does not hold, in the table
findings of the staging connection; nothing is corrected, guessed or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from queries.connection import SQL
from queries.intake import templates
from queries.intake.model import Column, Table, tables
from queries.intake.reading import PLACE, Finding, Reading, Staged
from queries.intake.rules import (
    ALSO_KNOWN,
    OF_KIND,
    OWN_REGISTER,
    PER_MUNICIPALITY,
    REGISTERS,
    RULES,
    YEAR,
    Register,
    Rule,
)

TEMPLATES = {template.table for template in templates.template_tables()}
PARSERS = {
    "text": "text_of",
    "integer": "whole_of",
    "double": "number_of",
    "date": "date_of",
    "boolean": "truth_of",
}
FINDINGS = (
    "create or replace table findings "
    "(severity text, rule text, sheet text, line bigint, heading text, found text, expected text)"
)
# A table, since headings are the file's own text and text of files is never put into SQL.
HEADINGS = "create or replace table headings (relation text, name text, position integer, heading text)"
# A cell is told in full up to here: longer ones are texts, and their beginning is enough to find them.
LONGEST_FOUND = 80
# Tables of measured values, and what their rows are in columns that the other has.
MEASURED = ("outcomes", "comparison_values")
WHOLE_MUNICIPALITY = {"unit_id": "null::text", "operator": "'alla'", "n": "null::integer"}


def check(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    today: date,
    *,
    has_typed_numbers: bool,
    quoted: Sequence[str] | None = None,
) -> None:
    """Fill the table findings, and make the typed table of every staged one.

    Readings' own findings come first. has_typed_numbers: the container knows numbers from text, so that decimal
    points and commas cannot be mixed up. quoted: as in Options. Rows with a fault stand there too: whoever goes on must look
    at findings first.
    """
    connection.execute(FINDINGS)
    connection.execute(HEADINGS)
    connection.execute((SQL / "intake" / "cells.sql").read_text(encoding="utf-8"))
    report(connection, reading.findings)
    for staged in reading.staged:
        _type(connection, staged)
        _keep_headings(connection, staged)
    for staged in reading.staged:
        for query in _queries(connection, reading, staged, has_typed_numbers):
            _note(connection, query, today)
    _gather_sources(connection, reading)
    for name in ("jumps", "unit_mix_ups", "older_sources"):
        _check_with_history(connection, name, reading, quoted)


def report(connection: duckdb.DuckDBPyConnection, findings: Sequence[Finding]) -> None:
    """Add findings made elsewhere."""
    rows = [
        (each.severity, each.rule, each.sheet, each.line, each.column, each.found, each.expected)
        for each in findings
    ]
    if rows:
        connection.executemany("insert into findings values (?, ?, ?, ?, ?, ?, ?)", rows)


def counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many findings there are of each severity."""
    found = dict(connection.execute("select severity, count(*) from findings group by severity").fetchall())
    return {severity: found.get(severity, 0) for severity in ("error", "warning", "notice")}


def first_findings(connection: duckdb.DuckDBPyConnection, count: int) -> list[Finding]:
    """The first findings in the order of the file: errors, warnings, notices."""
    rows = connection.execute(
        """
        select distinct severity, rule, expected, coalesce(sheet, ''), line, coalesce(heading, ''), coalesce(found, '')
        from findings
        order by array_position(['error', 'warning', 'notice'], severity), 4, line nulls first, 6, rule
        limit $count
        """,
        {"count": count},
    ).fetchall()
    return [
        Finding(severity, rule, expected, sheet, line, heading, found)
        for severity, rule, expected, sheet, line, heading, found in rows
    ]


def all_findings(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every finding, in the same order, for the download."""
    return connection.execute(
        """
        select distinct severity, sheet, line, heading, found, expected
        from findings
        order by array_position(['error', 'warning', 'notice'], severity), sheet, line nulls first, heading
        """
    ).to_arrow_table()


def _type(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """typed_<relation>: each column parsed, with its own text beside it, and the row's indicator."""
    given = _given(connection, staged)
    texts = [column.name for column in given if column.kind == "text"]
    parsed = [f"{_parser(column)}(staged.{column.name}) as {column.name}" for column in given]
    # A text is its own text: kept once.
    kept = [f"staged.{column.name} as {column.name}_text" for column in given if column.name not in texts]
    columns = ", ".join(
        ["staged._sheet", "try_cast(staged._line as bigint) as _line", "staged._heading", *parsed, *kept]
    )
    indicators = (
        "left join words.indicators as indicator on indicator.indicator_id = tidy(staged.indicator_id)"
        if "indicator_id" in texts
        else "left join (select null as unit, null as value_kind) as indicator on true"
    )
    connection.execute(
        f"create or replace table cells_of_{staged.relation} as "
        f"select {columns}, indicator.unit as indicator_unit, indicator.value_kind as indicator_kind "
        f"from {staged.relation} as staged {indicators}"
    )
    same = "".join(f", {name} as {name}_text" for name in texts)
    connection.execute(
        f"create or replace view {typed(staged)} as select *{same} from cells_of_{staged.relation}"
    )


def typed(staged: Staged) -> str:
    """The name of the typed table of a staged one."""
    return f"typed_{staged.relation}"


def _parser(column: Column) -> str:
    if _is_year(column):
        return "year_of"
    # A code or a word of the data model stands on one line; other texts may have several.
    is_code = column.kind == "text" and (column.name.endswith("_id") or column.allowed)
    return "tidy" if is_code else PARSERS[column.kind]


def _is_year(column: Column) -> bool:
    return column.kind == "integer" and (column.name == "year" or column.name.endswith("_year"))


def _given(connection: duckdb.DuckDBPyConnection, staged: Staged) -> list[Column]:
    """The columns of the data model that the staged rows have. Raises ValueError for one that no table has."""
    names = [row[0] for row in connection.execute(f"describe {staged.relation}").fetchall()]
    columns = tables()[staged.table].columns
    unknown = set(names) - set(columns) - set(PLACE)
    if unknown:
        raise ValueError(f"{staged.table} has no column {', '.join(sorted(unknown))}")
    return [columns[name] for name in columns if name in names]


def _queries(
    connection: duckdb.DuckDBPyConnection, reading: Reading, staged: Staged, has_typed_numbers: bool
) -> Iterator[str]:
    """One query a rule: the rows of findings that it gives."""
    table, given = tables()[staged.table], _given(connection, staged)
    names = {column.name for column in given}
    for column in given:
        expected = YEAR if _is_year(column) else OF_KIND[column.kind]
        if column.kind != "text":
            yield _bad(
                staged,
                column.name,
                "type",
                f"{column.name} is null and {column.name}_text is not null",
                expected,
            )
        if column.is_required and not column.may_be_blank:
            yield _bad(
                staged,
                column.name,
                "empty",
                f"{column.name} is null and tidy({column.name}_text) is null",
                expected if column.kind != "text" else "en ifylld cell",
            )
        if column.allowed:
            words = [word for word in column.allowed if word]
            named = _in_swedish(table, column, words)
            yield _bad(
                staged,
                column.name,
                "word",
                f"{column.name} not in {_listed(words)}",
                f"något av {', '.join(named)}",
            )
        if column.kind == "double" and not has_typed_numbers:
            yield _mixed_decimals(staged, column.name)
    for rule in RULES:
        if rule.table in ("*", staged.table) and rule.column in names and _knows(rule, table, names):
            yield _bad(staged, rule.column, rule.code, rule.bad, rule.expected, rule.severity)
    for register in REGISTERS:
        if register.column in names and register.column not in OWN_REGISTER.get(staged.table, ()):
            yield _unknown(connection, reading, staged, register)
    if not staged.only_missing and set(table.key) <= names:
        if _may_repeat(connection, staged, table):
            yield _twice(staged, table)
        yield from _lacking(staged, table, names)


def _in_swedish(table: Table, column: Column, words: Sequence[str]) -> list[str]:
    """The words that the templates write for codes."""
    template = _template_columns(table).get(column.name)
    return [template.codes.get(word, (word,))[0] if template else word for word in words]


def _template_columns(table: Table) -> dict[str, templates.Column]:
    """Column → the same in the table's template; none for what is worked out and has no template."""
    if table.name not in TEMPLATES:
        return {}
    return {column.name: column for column in templates.template_of(table.name).columns}


def _knows(rule: Rule, table: Table, names: set[str]) -> bool:
    """Whether the file has the columns that a rule compares with; those it lacks keep their published value."""
    words = re.findall(r"\w+", re.sub("'[^']*'", "", rule.bad))
    return {word.removesuffix("_text") for word in words} & set(table.columns) <= names


def _bad(
    staged: Staged, column: str, code: str, predicate: str, expected: str, severity: str = "error"
) -> str:
    return (
        f"select {_literal(severity)}, {_literal(code)}, _sheet, _line, {_heading(staged, column)}, "
        f"{column}_text, {_literal(expected)} from {typed(staged)} where {predicate}"
    )


def _heading(staged: Staged, column: str) -> str:
    """Where the column stands in the file: its heading, or the measured cell's own."""
    return (
        f"coalesce((select heading from headings where relation = '{typed(staged)}' and name = '{column}'), "
        f"_heading, '{column}')"
    )


def _keep_headings(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    for position, column in enumerate(_given(connection, staged)):
        heading = staged.headings.get(column.name)
        connection.execute(
            "insert into headings values (?, ?, ?, ?)", [typed(staged), column.name, position, heading]
        )


def _mixed_decimals(staged: Staged, column: str) -> str:
    """Decimal commas and points in one column: 1.234 may then be a thousand or one and a bit."""
    text = f"{column}_text"
    return (
        f"select 'error', 'decimals', _sheet, _line, {_heading(staged, column)}, {text}, "
        f"'samma decimaltecken i hela kolumnen; här finns både komma och punkt' from {typed(staged)} "
        f"where {text} like '%.%' and {column} is not null and list_contains(("
        f"select list(distinct coalesce(_heading, '')) from {typed(staged)} "
        f"where {text} like '%,%' and {column} is not null), coalesce(_heading, ''))"
    )


def _unknown(
    connection: duckdb.DuckDBPyConnection, reading: Reading, staged: Staged, register: Register
) -> str:
    """Rows whose code no register knows."""
    per_municipality = register.known in PER_MUNICIPALITY
    known, expected = _known(reading, register.known, per_municipality), register.expected
    if (staged.table, register.column) in ALSO_KNOWN:
        also, expected = ALSO_KNOWN[staged.table, register.column]
        known = f"{known} union all {_known(reading, also)}"
    same = " and known.municipality_id = rows.municipality_id" if per_municipality else ""
    # An unknown municipality has been told of: that its schools are unknown too says nothing more.
    whose = (
        f" and rows.municipality_id in (select code from ({_known(reading, 'municipalities')}))"
        if per_municipality
        else ""
    )
    return (
        f"select 'error', 'unknown', _sheet, _line, {_heading(staged, register.column)}, "
        f"{register.column}_text, {_literal(expected)} from {typed(staged)} as rows "
        f"where {register.column} is not null{whose} "
        f"and not exists (select 1 from ({known}) as known where known.code = rows.{register.column}{same})"
    )


def _known(reading: Reading, register: str, per_municipality: bool = False) -> str:
    """SQL: every code of a register, published or in the same file, with its municipality where that matters."""
    if register == "indicators":
        return "select indicator_id as code, null as municipality_id from words.indicators"
    code = tables()[register].key[1 if per_municipality else 0]
    columns = f"{code} as code, {'municipality_id' if per_municipality else 'null as municipality_id'}"
    own = [typed(other) for other in reading.staged if other.table == register]
    return " union all ".join(f"select {columns} from {relation}" for relation in (f"base.{register}", *own))


def _may_repeat(connection: duckdb.DuckDBPyConnection, staged: Staged, table: Table) -> bool:
    """Whether two rows may have the same key: when all keys have numbers of their own, they have not."""
    found = connection.execute(
        f"select count(*) > count(distinct hash({', '.join(table.key)})) from {typed(staged)}"
    ).fetchall()
    return bool(found[0][0])


def _twice(staged: Staged, table: Table) -> str:
    """A row with the key of an earlier one, naming that one."""
    key = ", ".join(table.key)
    words = (
        f"(select string_agg(lower(coalesce(heading, name)), ', ' order by position) from headings "
        f"where relation = '{typed(staged)}' and name in {_listed(table.key)})"
    )
    return (
        f"select 'error', 'duplicate', _sheet, _line, {_heading(staged, table.key[-1])}, {table.key[-1]}_text, "
        f"'en enda rad för samma ' || {words} || '; samma finns på rad ' || _first_line "
        f"from (select *, first(_line) over same as _first_line, row_number() over same as _position "
        f"from {typed(staged)} window same as (partition by {key} order by _sheet, _line)) "
        f"where _position > 1"
    )


def _lacking(staged: Staged, table: Table, names: set[str]) -> Iterator[str]:
    """Rows that are new, in a file without a column that a new row must have."""
    needed = {
        column.name: "true"
        for column in table.columns.values()
        if column.is_required and column.name not in names and not column.may_be_blank
    }
    if table.name in MEASURED and "value" not in names:
        reason = {"marker", "status"} & names
        needed["value"] = f"{reason.pop()} is null" if reason else "true"
    same = " and ".join(f"published.{name} is not distinct from rows.{name}" for name in table.key)
    headings = {name: column.heading for name, column in _template_columns(table).items()}
    for name, where in needed.items():
        # One sentence for all rows: it is the column that is missing.
        yield (
            f"select 'error', 'lacking', any_value(_sheet), null::bigint, {_literal(headings.get(name, name))}, '', "
            f"'Kolumnen saknas i filen, och ' || count(*) || ' av raderna är nya och behöver den.' "
            f"from {typed(staged)} as rows where {where} and not exists ("
            f"select 1 from base.{table.name} as published where {same}) having count(*) > 0"
        )


def _note(connection: duckdb.DuckDBPyConnection, query: str, today: date) -> None:
    parameters = {"today": today, "year": today.year}
    used = {name: value for name, value in parameters.items() if f"${name}" in query}
    connection.execute(
        f"insert into findings select column0, column1, column2, column3, column4, left(column5, {LONGEST_FOUND}), column6 "
        f"from ({query}) as found(column0, column1, column2, column3, column4, column5, column6)",
        used,
    )


def _check_with_history(
    connection: duckdb.DuckDBPyConnection, name: str, reading: Reading, quoted: Sequence[str] | None
) -> None:
    """Measured values against the published ones; the queries say which columns they look at."""
    # A list in SQL has at least one member, and no municipality has an empty code.
    known = "" if quoted is None else f" where municipality_id in {_listed(['', *quoted])}"
    sql = (SQL / "intake" / f"{name}.sql").read_text(encoding="utf-8")
    for staged in reading.staged:
        names = {column.name for column in _given(connection, staged)}
        if staged.table in MEASURED and {"indicator_id", "value", "year", "gender", "source_id"} <= names:
            place = f" replace ({_heading(staged, 'value')} as _heading)"
            _view(connection, "measured", typed(staged), names, place)
            _view(
                connection,
                "published_before",
                f"base.{staged.table}{known}",
                set(tables()[staged.table].columns),
            )
            connection.execute(f"insert into findings {sql}")


def _gather_sources(connection: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """The view sources_of_file: the sources that the file itself brings."""
    own = [typed(each) for each in reading.staged if each.table == "sources"]
    parts = ["select source_id, retrieved_date from base.sources where false"]
    parts += [
        f"select source_id, retrieved_date from {relation}"
        for relation in own
        if "retrieved_date" in {row[0] for row in connection.execute(f"describe {relation}").fetchall()}
    ]
    connection.execute("create or replace temp view sources_of_file as " + " union all ".join(parts))


def _view(
    connection: duckdb.DuckDBPyConnection, view: str, relation: str, names: set[str], place: str = ""
) -> None:
    more = "".join(f", {value} as {name}" for name, value in WHOLE_MUNICIPALITY.items() if name not in names)
    connection.execute(f"create or replace temp view {view} as select *{place}{more} from {relation}")


def _listed(words: Sequence[str]) -> str:
    return "(" + ", ".join(_literal(word) for word in words) + ")"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
