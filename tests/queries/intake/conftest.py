"""Staging connections over version 0, and files turned into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pytest

from queries.intake import checking
from queries.intake.base import open_base
from queries.intake.reading import Base, Finding, Reading, Staged, stage
from queries.versions import EMBEDDED, Store

TODAY = date(2026, 11, 22)

Check = Callable[..., list[Finding]]
OpenBase = Callable[..., Base]


@pytest.fixture(scope="session")
def open_version_0(tmp_path_factory: pytest.TempPathFactory) -> OpenBase:
    """open_base for version 0, ten times as quick: the files are read once, and each connection gets views of them."""
    kept = tmp_path_factory.mktemp("base") / "version_0.duckdb"
    connection = duckdb.connect(str(kept))
    manifest = open_base(connection, Store((EMBEDDED,)), 0).manifest
    named = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    connection.close()
    schemas = [f"create schema {schema}" for schema in dict(named)]
    views = [f"create view {schema}.{name} as from kept.{schema}.{name}" for schema, name in named]

    def open_kept(connection: duckdb.DuckDBPyConnection, *_: object) -> Base:
        connection.execute(f"attach '{kept}' as kept (read_only)")
        connection.execute(";".join(["begin", *schemas, *views, "commit"]))
        return Base(connection, manifest)

    return open_kept


@pytest.fixture
def base(open_version_0: OpenBase) -> Iterator[Base]:
    """Version 0 inside a staging connection of its own; a table that a test changes is asked for by own_table."""
    connection = duckdb.connect(":memory:")
    yield open_version_0(connection)
    connection.close()


def own_table(base: Base, name: str) -> None:
    """Give a test a table of version 0 that it may change: own_table(base, "base.units")."""
    base.connection.execute(f"drop view {name}")
    base.connection.execute(f"create table {name} as from kept.{name}")


@pytest.fixture
def check(base: Base) -> Check:
    """Stage rows for a table, check them and return the findings: check("outcomes", [{...}], has_typed_numbers=True)."""

    def run(
        table: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        also: Sequence[Staged] = (),
        headings: Mapping[str, str] | None = None,
        has_typed_numbers: bool = False,
        quoted: Sequence[str] | None = None,
    ) -> list[Finding]:
        lines = [{"_line": number, **row} for number, row in enumerate(rows, 2)]
        staged = stage(base.connection, table, lines, headings)
        reading = Reading("test", "Test", staged=(*also, staged))
        checking.check(base.connection, reading, TODAY, has_typed_numbers=has_typed_numbers, quoted=quoted)
        return checking.first_findings(base.connection, 500)

    return run
