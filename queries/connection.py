"""Published exports as tables that can be asked and not changed.

One DuckDB connection serves the process, and every question runs on a cursor of its own: a cursor shared by two
threads gives one of them the other's rows, without an error. Each version lives in an attached in-memory database, so a cursor
that uses it sees one whole version, whatever is published meanwhile.
"""

from __future__ import annotations

import hashlib
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from queries.versions import DATA, BrokenVersion, Manifest, Store

SQL = Path(__file__).parent / "sql"
SETTINGS = DATA / "settings.toml"
# Read anew whenever they change, so that a corrected word counts for every file already published.
LIVE_TABLES = ("glossary", "indicators", "profiles", "status_words", "verdict_words")
# Worked out of the published tables when a version is opened, in this order.
DERIVED = ("outcome_against_target", "action_states")
# Larger tables are read from their files at every question, so that memory stays flat.
ROWS_IN_MEMORY = 1_000_000
# Page-sized tables of some ten kilobytes each.
ANSWERS_REMEMBERED = 1_000


@dataclass(frozen=True, eq=False)
class Exports:
    """One published version, open for questions. database is its name inside the shared connection."""

    manifest: Manifest
    database: str
    connection: duckdb.DuckDBPyConnection

    @property
    def version(self) -> int:
        """The number of the version."""
        return self.manifest.version

    def rows(self, name: str, /, **parameters: Any) -> pd.DataFrame:
        """The answer to one named question; grain and columns stand in queries/sql/<name>.sql.

        Whole numbers stay whole also beside empty cells. Raises duckdb.Error for a parameter too many or too few.
        A version never changes, so an answer given once is remembered for all visits; the reader gets a copy that
        shares memory until it is written to.
        """
        hashable = {
            key: tuple(value) if isinstance(value, (list, set)) else value
            for key, value in parameters.items()
        }
        return _remembered(self, name, tuple(sorted(hashable.items()))).copy(deep=False)

    def ask(self, name: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """The answer worked out now, on a cursor of its own."""
        cursor = self.connection.cursor()
        cursor.execute(f"use {self.database}")
        bound = {key: list(value) if isinstance(value, tuple) else value for key, value in parameters.items()}
        return cursor.execute(sql_text(name), bound).to_arrow_table().to_pandas(integer_object_nulls=True)


@lru_cache(maxsize=ANSWERS_REMEMBERED)
def _remembered(exports: Exports, name: str, parameters: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    return exports.ask(name, dict(parameters))


@cache
def sql_text(name: str) -> str:
    """The SQL of one named question."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def settings() -> Mapping[str, Any]:
    """data/settings.toml."""
    return tomllib.loads(SETTINGS.read_text(encoding="utf-8"))


class Library:
    """The process's connection and the versions opened on it."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or Store()
        self._lock = threading.Lock()
        self._opened: dict[str, Exports] = {}
        self._connection = _locked_connection(self.store)

    def open(self, version: int | None = None) -> Exports:
        """A version, or the newest. Raises BrokenVersion when its files are not those that were published."""
        number = self._newest() if version is None else version
        database = f"v{number:06d}_{_state_of_files()}"
        with self._lock:
            if database not in self._opened:
                self._opened[database] = self._load(self.store.manifest(number), database)
        return self._opened[database]

    def _newest(self) -> int:
        numbers = self.store.numbers()
        if not numbers:
            raise BrokenVersion(
                "Ingen version är publicerad. Gör den inbyggda: python -m queries.intake.embedded"
            )
        return numbers[-1]

    def _load(self, manifest: Manifest, database: str) -> Exports:
        if dict(manifest.limits) != dict(settings()["disclosure"]):
            raise BrokenVersion(
                "Gränserna för små grupper i data/settings.toml är inte de som uppgifterna publicerades med. "
                "Publicera uppgifterna på nytt: python -m queries.intake.embedded"
            )
        cursor = self._connection.cursor()
        # An earlier attempt that failed half-way has left its database behind.
        cursor.execute(f"detach database if exists {database}")
        cursor.execute(f"attach ':memory:' as {database}")
        cursor.execute(f"use {database}")
        cursor.execute("create schema published")
        for name, table in manifest.tables.items():
            kind = "table" if table.rows <= ROWS_IN_MEMORY else "view"
            _create(cursor, kind, f"published.{name}", "read_parquet($path)", self.store.verified_path(table))
        for name in LIVE_TABLES:
            _create(
                cursor, "table", f"published.{name}", _csv_reader(DATA / f"{name}.csv"), DATA / f"{name}.csv"
            )
        cleaned = {path.stem: path.read_text(encoding="utf-8") for path in (SQL / "clean").glob("*.sql")}
        large = {name for name, table in manifest.tables.items() if table.rows > ROWS_IN_MEMORY}
        cursor.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        cursor.execute("create table main.limits (name text, pupils integer)")
        cursor.executemany("insert into main.limits values (?, ?)", list(manifest.limits.items()))
        for name in (*manifest.tables, *LIVE_TABLES, *DERIVED):
            select = cleaned.get(name, f"select * from published.{name}")
            kind = "view" if name in large or (name in DERIVED and large) else "table"
            cursor.execute(f"create {kind} main.{name} as {select}")
        return Exports(manifest, database, self._connection)


@cache
def library() -> Library:
    """The library of this process over the project's own data."""
    return Library()


def open_exports(version: int | None = None) -> Exports:
    """The newest published version, or the one named."""
    return library().open(version)


def _csv_reader(path: Path) -> str:
    # Swedish Excel saves with semicolons what it opened with commas.
    with path.open(encoding="utf-8-sig") as file:
        separator = ";" if ";" in file.readline() else ","
    return f"read_csv($path, header = true, all_varchar = true, quote = '\"', delim = '{separator}')"


def _create(cursor: duckdb.DuckDBPyConnection, kind: str, name: str, reader: str, path: Path) -> None:
    # Names come from manifests that this project wrote; DuckDB binds values, not names. A view cannot bind at all.
    if kind == "view":
        reader = reader.replace("$path", "'" + str(path).replace("'", "''") + "'")
        cursor.execute(f"create view {name} as select * from {reader}")
    else:
        cursor.execute(f"create table {name} as select * from {reader}", {"path": str(path)})


def _locked_connection(store: Store) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    folders: Sequence[str] = [f"{folder}/" for folder in store.public_folders()]
    connection.execute("set allowed_directories = $folders", {"folders": folders})
    connection.execute(
        "set allowed_paths = $paths", {"paths": [str(DATA / f"{name}.csv") for name in LIVE_TABLES]}
    )
    connection.execute("set memory_limit = '1GB'")
    connection.execute("set threads = 2")
    connection.execute("set temp_directory = ''")
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    connection.execute("set python_enable_replacements = false")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _state_of_files() -> str:
    # Every file's own time, not the latest of all: an older file that is put back is a change too.
    files = (SETTINGS, *(DATA / f"{name}.csv" for name in LIVE_TABLES))
    stamps = [(path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:12]
