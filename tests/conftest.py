"""What the tests share: the published version 0, and small versions made for one test.

Nothing here reads data/exports: what somebody has published on this computer never decides a test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import settings as hypothesis_settings

from queries import connection
from queries.connection import LIVE_TABLES, Exports, Library
from queries.intake.embedded import table_definitions
from queries.versions import EMBEDDED, Manifest, Store, TableFile

Rows = pd.DataFrame | Iterable[Mapping[str, Any]]
Publish = Callable[..., Exports]

# The same examples at every run: a red test is red for everybody.
hypothesis_settings.register_profile("namndkollen", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("namndkollen")


@pytest.fixture(scope="session")
def exports() -> Exports:
    """Version 0 as it ships with the project."""
    return Library(Store((EMBEDDED,))).open(0)


@pytest.fixture(scope="session")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Publish:
    """Publish and open a version of a few rows: publish(goals=[{...}], …), by table of queries/sql/tables.sql.

    Rows are mappings or a table; columns left out are empty, and tables left out have no rows. The version goes
    through files, manifest and the readings of queries/sql/clean, as any other. Raises duckdb.ConstraintException for
    rows that break a key or a check.
    """
    folder = tmp_path_factory.mktemp("published")
    empty_files: dict[str, TableFile] = {}

    def publish_rows(**tables: Rows) -> Exports:
        store = Store((folder,))
        filled = {name: write_table(store, name, rows) for name, rows in tables.items()}
        for name in table_definitions().keys() - filled.keys():
            empty_files.setdefault(
                name, write_table(store, name, []) if name not in empty_files else empty_files[name]
            )
        return Library(store).open(commit(store, {**empty_files, **filled}))

    return publish_rows


def commit(store: Store, tables: Mapping[str, TableFile]) -> int:
    """Make a version of tables already in a store; returns its number."""
    number = max(store.numbers(), default=-1) + 1
    limits = connection.settings()["disclosure"]
    store.commit(Manifest(number, None, "2026-01-01T00:00:00+00:00", "test", "", limits, tables))
    return number


def write_table(store: Store, name: str, rows: Rows) -> TableFile:
    """Put one table of the data model into a store, checked against its definition."""
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    unfinished = store.folders[-1] / f"{name}.unfinished"
    definitions = _empty_tables().cursor()
    definitions.execute("begin")
    try:
        if len(table):
            definitions.register("incoming", table)
            definitions.execute(f"insert into {name} by name select * from incoming")
        definitions.execute(f"copy {name} to '{unfinished}' (format parquet)")
    finally:
        definitions.execute("rollback")
        definitions.close()
    return store.place(unfinished, name, len(table))


@cache
def _empty_tables() -> duckdb.DuckDBPyConnection:
    """Every table of the data model without rows: to open a database for each table written takes longer than to write it."""
    connection = duckdb.connect(":memory:")
    for statement in table_definitions().values():
        connection.execute(statement)
    return connection


@pytest.fixture
def data_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of the word tables and the settings, which the next opened library reads instead."""
    copy = tmp_path / "data"
    copy.mkdir()
    for name in ("settings.toml", *(f"{table}.csv" for table in LIVE_TABLES)):
        shutil.copy(connection.DATA / name, copy / name)
    monkeypatch.setattr(connection, "DATA", copy)
    monkeypatch.setattr(connection, "SETTINGS", copy / "settings.toml")
    return copy


@pytest.fixture(scope="session")
def shared_input() -> Path:
    """The folder of real published exports that lies beside the project where it is developed."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "input"
    if not folder.is_dir():
        pytest.skip("The folder shared/input with real exports does not lie beside the project.")
    return folder
