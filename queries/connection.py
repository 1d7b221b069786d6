"""Published exports as tables that can be asked and not changed.

One DuckDB connection serves the process, and every question runs on a cursor of its own: a cursor shared by two
threads gives one of them the other's rows, without an error. Each version lives in an attached in-memory database, so a cursor
that uses it sees one whole version, whatever is published meanwhile.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import threading
import time
import tomllib
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from queries import durable
from queries.lake.store import LakeStore
from queries.versions import DATA, PART, BrokenVersion, Manifest, Store, Whole, table_of

# Answers are of some dozens of rows: picking a few of them takes Arrow's own columns twice as long as plain texts.
pd.set_option("mode.string_storage", "python")
log = logging.getLogger("namndkollen")

SQL = Path(__file__).parent / "sql"
SETTINGS = DATA / "settings.toml"
# Read anew whenever they change, so that a corrected word counts for every file already published.
LIVE_TABLES = (
    "absence_measures",
    "contradiction_rules",
    "contradiction_words",
    "glossary",
    "indicators",
    "profiles",
    "question_rules",
    "school_charts",
    "series_breaks",
    "status_words",
    "surveys",
    "verdict_words",
)
# Worked out of the published tables when a version is opened, in this order.
DERIVED = ("outcome_against_target", "action_steps", "action_signs", "action_states", "comparison_places")
# Of those, the one that is not about one municipality at a time.
DERIVED_OF_ALL = "comparison_places"
# The table whose rows are each about one municipality, and are asked for of all.
COMPARED = "comparison_values"
# Larger tables are read from their files at every question, so that memory stays flat. A version that has one is opened
# a municipality at a time.
ROWS_IN_MEMORY = 1_000_000
# Municipalities of large versions that stay open, some seven megabytes each. A server for many at once has more room.
HOMES_KEPT_OPEN = 20
# Page-sized tables of some ten kilobytes each, for each version that is open.
ANSWERS_REMEMBERED = 1_000
# Versions that stay open when nobody is reading them, so that the next reader need not wait.
KEPT_OPEN = 4
COLUMN = re.compile(r"^    (\w+) (text|integer|double|boolean|date)\b", re.MULTILINE)
# How long a bit that flips on the disk itself can go unnoticed.
RECHECK_SECONDS = 60
TOO_SLOW = "Frågan tog för lång tid och avbröts. Försök igen om en stund, eller gör ett snävare val."

_takes_its_time = threading.Event()


class TooSlow(Exception):
    """A question took longer than settings allow, and was stopped. The text is Swedish."""


@dataclass(frozen=True, eq=False)
class Exports:
    """One published version, open for questions. database is its name inside the shared connection.

    broken tells of newer versions that cannot be read, a Swedish sentence each, newest first. home opens one
    municipality of a large version: its own rows alone, beside what all share.
    """

    manifest: Manifest
    database: str
    connection: duckdb.DuckDBPyConnection
    broken: tuple[str, ...] = ()
    home: Callable[[str], Home] | None = None

    @property
    def version(self) -> int:
        """The number of the version."""
        return self.manifest.version

    def rows(self, name: str, /, **parameters: Any) -> pd.DataFrame:
        """The answer to one named question; grain and columns stand in queries/sql/<name>.sql.

        Whole numbers stay whole also beside empty cells. Raises duckdb.Error for a parameter too many or too few, and
        TooSlow.
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
        return _ask(self.connection, self.database, self.home, name, tuple(parameters.items()))

    @cached_property
    def answers(self) -> Any:
        """Answers already given: they live as long as the version is open, and keep nothing open themselves."""
        return lru_cache(maxsize=ANSWERS_REMEMBERED)(partial(_ask, self.connection, self.database, self.home))


def _remembered(exports: Exports, name: str, parameters: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    return exports.answers(name, parameters)


def _ask(
    connection: duckdb.DuckDBPyConnection,
    database: str,
    home: Callable[[str], Home] | None,
    name: str,
    parameters: tuple[tuple[str, Any], ...],
) -> pd.DataFrame:
    cursor = connection.cursor()
    municipality_id = dict(parameters).get("municipality_id")
    # Held until the answer is there: a home that nobody holds is closed.
    opened = home(municipality_id) if home and municipality_id else None
    if opened:
        database = opened.database
    cursor.execute(f"use {database}")
    bound = {key: list(value) if isinstance(value, tuple) else value for key, value in parameters}
    with _within_time(cursor, name):
        answer = cursor.execute(sql_text(name), bound).to_arrow_table()
    return _compact(answer).to_pandas(integer_object_nulls=True)


def take_time() -> None:
    """Let the questions of this process take the time they need: for one that has limits of its own and serves nobody."""
    _takes_its_time.set()


@contextmanager
def _within_time(cursor: duckdb.DuckDBPyConnection, name: str) -> Iterator[None]:
    """Stop what the cursor does when it has taken as long as settings allow; other cursors go on. Raises TooSlow."""
    if _takes_its_time.is_set():
        yield
        return
    alarm = threading.Timer(settings()["limits"]["question_seconds"], cursor.interrupt)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    except duckdb.InterruptException as stopped:
        log.warning("Question %s was stopped after %s seconds", name, alarm.interval)
        raise TooSlow(TOO_SLOW) from stopped
    finally:
        alarm.cancel()


def _compact(table: pa.Table) -> pa.Table:
    """The same table in as much memory as its values need.

    DuckDB hands over each column in a buffer of eight megabytes, however few rows there are; remembered, a thousand
    answers would hold them all.
    """
    buffer = pa.BufferOutputStream()
    with pa.ipc.new_stream(buffer, table.schema) as writer:
        writer.write_table(table)
    return pa.ipc.open_stream(buffer.getvalue()).read_all()


@cache
def sql_text(name: str) -> str:
    """The SQL of one named question."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def settings() -> Mapping[str, Any]:
    """data/settings.toml, as it stands now. Raises FileNotFoundError."""
    told = SETTINGS.stat()
    return _settings(SETTINGS, told.st_mtime_ns, told.st_size, told.st_ino)


# To read it takes more than a millisecond, and a page asks ten times.
@lru_cache(maxsize=2)
def _settings(path: Path, *_: int) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def chosen_store() -> Store:
    """Where published versions lie: the exports folder, or the lake that [store] url or NAMNDKOLLEN_STORE names."""
    url = os.environ.get("NAMNDKOLLEN_STORE", settings()["store"]["url"])
    return _lake(url) if url else Store()


@cache
def _lake(url: str) -> LakeStore:
    # To connect takes a second, and what is known of a lake stays known.
    return LakeStore(url=url)


class Library:
    """The process's connection and the versions opened on it.

    A version is closed when it is neither among the KEPT_OPEN last ones nor held by anybody. Only the Exports object
    counts as holding it: a cursor of one's own does not.
    """

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or chosen_store()
        self._lock = threading.Lock()
        self._opened: weakref.WeakValueDictionary[Hashable, Exports] = weakref.WeakValueDictionary()
        self._kept: OrderedDict[Hashable, Exports] = OrderedDict()
        self._unused: deque[str] = deque()
        self._count_opened = 0
        self._newest_seen = -1

    # Not made before it is needed: a store that cannot be reached is told of where a version is asked for.
    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return _locked_connection(self.store)

    @cached_property
    def _homes(self) -> Homes:
        return Homes(self._connection, self._unused)

    def open(self, version: int | None = None) -> Exports:
        """A version, or the newest that is whole, whose broken then tells what is wrong with newer ones.

        Raises BrokenVersion when the files of the version asked for, or of all, are not those that were published.
        """
        found = self.store.newest_whole(self._newest_seen) if version is None else self.store.whole(version)
        if version is None:
            self._newest_seen = max(self._newest_seen, found.manifest.version)
        # Answers from a large file that was read while it was broken do not outlive its repair.
        large = tuple(
            durable.stamp(path)
            for name, path in found.paths.items()
            if table_of(name) in _large(found.manifest)
        )
        key = (found.manifest.checksum, found.broken, large, _state_of_files())
        with self._lock:
            while key not in self._kept and len(self._kept) >= KEPT_OPEN:
                self._kept.popitem(last=False)
            _close(self._connection, self._unused)
            exports = self._opened.get(key) or self._load(found)
            self._opened[key] = self._kept[key] = exports
            self._kept.move_to_end(key)
        return exports

    def _load(self, found: Whole) -> Exports:
        manifest = found.manifest
        if dict(manifest.limits) != dict(settings()["disclosure"]):
            raise BrokenVersion(
                "Gränserna för små grupper i data/settings.toml är inte de som uppgifterna publicerades med. "
                "Publicera uppgifterna på nytt: python -m queries.intake regate"
            )
        self._count_opened += 1
        database = f"v{manifest.version:06d}_{self._count_opened:x}"
        home = partial(self._homes.of, database, found) if _large(manifest) else None
        exports = Exports(manifest, database, self._connection, found.broken, home)
        # Only noted here: the last holder may let go in the middle of anything, also of a question to DuckDB.
        weakref.finalize(exports, self._unused.append, database).atexit = False
        cursor = self._connection.cursor()
        cursor.execute(f"attach ':memory:' as {database}")
        cursor.execute(f"use {database}")
        _fill(cursor, found)
        return exports


@dataclass(frozen=True, eq=False)
class Home:
    """One municipality of a large version: a database with its own rows, there for as long as somebody holds this."""

    database: str


class Homes:
    """The municipalities that were asked about last, of all large versions that are open.

    Whatever a municipality is asked about concerns its own rows and what is shared by all, so a question in a home costs
    what it costs in a version with one municipality, however many there are.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, unused: deque[str]) -> None:
        self._connection, self._unused = connection, unused
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Home] = OrderedDict()
        self._count_opened = 0

    def of(self, database: str, found: Whole, municipality_id: str) -> Home:
        """A municipality of the version that is open as database; without rows of its own where the version has none."""
        key = (database, municipality_id)
        with self._lock:
            home = self._kept.pop(key, None) or self._load(database, found, municipality_id)
            self._kept[key] = home
            while len(self._kept) > HOMES_KEPT_OPEN:
                self._kept.popitem(last=False)
            _close(self._connection, self._unused)
        return home

    def _load(self, whole: str, found: Whole, municipality_id: str) -> Home:
        self._count_opened += 1
        home = Home(f"{whole}_{self._count_opened:x}")
        weakref.finalize(home, self._unused.append, home.database).atexit = False
        cursor = self._connection.cursor()
        cursor.execute(f"attach ':memory:' as {home.database}")
        cursor.execute(f"use {home.database}")
        _fill_home(cursor, whole, found, municipality_id)
        # Packed together, the tables take a third of the room.
        cursor.execute(f"checkpoint {home.database}")
        return home


def _close(connection: duckdb.DuckDBPyConnection, unused: deque[str]) -> None:
    """Close the databases that nobody holds any more."""
    # Two may be at it at once.
    with suppress(IndexError):
        while True:
            database = unused.popleft()
            connection.cursor().execute(f"detach database if exists {database}")


def _fill(cursor: duckdb.DuckDBPyConnection, found: Whole) -> None:
    """Make the tables of a version in the cursor's database."""
    manifest, large = found.manifest, _large(found.manifest)
    viewed = {*large, *of_one_municipality(), *DERIVED} - {DERIVED_OF_ALL} if large else set()
    cursor.execute("create schema published")
    for name in manifest.rows:
        reader, paths = found.reader(name)
        create_from(cursor, "view" if name in viewed else "table", f"published.{name}", reader, paths)
    create_missing(cursor, "published", manifest)
    for name in LIVE_TABLES:
        path = DATA / f"{name}.csv"
        create_from(cursor, "table", f"published.{name}", csv_reader(path), [path])
    cursor.execute("create table main.limits (name text, pupils integer)")
    cursor.executemany("insert into main.limits values (?, ?)", list(manifest.limits.items()))
    _clean(cursor, viewed)


def _fill_home(cursor: duckdb.DuckDBPyConnection, whole: str, found: Whole, municipality_id: str) -> None:
    """Make in the cursor's database the tables of one municipality, and views of those that a version has for all."""
    own, large = of_one_municipality(), _large(found.manifest)
    cursor.execute("create schema published")
    for name in (*table_definitions(), *LIVE_TABLES):
        part = found.paths.get(f"{name}{PART}{municipality_id}")
        if part:
            create_from(cursor, "view", f"published.{name}", "read_parquet($path)", [part])
        elif name in own and name in large:
            # Looked up where it lies, at every question: a view cannot bind.
            cursor.execute(
                f"create view published.{name} as "
                f"select * from {whole}.published.{name} where municipality_id = {_quoted(municipality_id)}"
            )
        elif name in own:
            cursor.execute(
                f"create table published.{name} as select * from {whole}.published.{name} where municipality_id = $home",
                {"home": municipality_id},
            )
        elif name == COMPARED and name in large:
            # Most questions are about the municipality's own values: DuckDB then sees that it need not read the others'.
            cursor.execute(
                f"create table published.own_values as select * from {whole}.published.{name} where municipality_id = $home",
                {"home": municipality_id},
            )
            cursor.execute(
                f"create view published.{name} as select * from published.own_values union all "
                f"select * from {whole}.published.{name} where municipality_id <> {_quoted(municipality_id)}"
            )
        else:
            cursor.execute(f"create view published.{name} as select * from {whole}.published.{name}")
    _add_columns(cursor, "published")
    cursor.execute(f"create view main.limits as select * from {whole}.main.limits")
    own |= {COMPARED}
    taken = {*table_definitions(), *LIVE_TABLES, DERIVED_OF_ALL} - own
    # A table takes room even when it has few rows: only what is worked out stands beside what it is made of.
    viewed = taken | (own - _readings().keys())
    _clean(cursor, viewed, {name: f"select * from {whole}.main.{name}" for name in taken})


def _clean(
    cursor: duckdb.DuckDBPyConnection, viewed: Container[str], taken: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Make what questions ask for, out of schema published and limits. taken: table → where it is to be had as it is."""
    selects = {**_readings(), **taken}
    cursor.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
    for name in (*table_definitions(), *LIVE_TABLES, *DERIVED):
        select = selects.get(name, f"select * from published.{name}")
        kind = "view" if name in viewed else "table"
        cursor.execute(f"create {kind} main.{name} as {select}")
    cursor.execute((SQL / "table_macros.sql").read_text(encoding="utf-8"))


def _readings() -> Mapping[str, str]:
    """Table → the SQL that reads it out of what is published; the others are asked for as they are published."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (SQL / "clean").glob("*.sql")}


@cache
def of_one_municipality() -> frozenset[str]:
    """The tables whose rows each belong to one municipality, and are asked for one municipality at a time."""
    first = {name: COLUMN.findall(statement)[0][0] for name, statement in table_definitions().items()}
    return frozenset(name for name in first if first[name] == "municipality_id") - {"municipalities"}


def create_missing(cursor: duckdb.DuckDBPyConnection, schema: str, manifest: Manifest) -> None:
    """Make in a schema what the data model got after a version was published: tables without rows, and empty columns.

    A table too large for memory is read from its file as it is, and is not given columns.
    """
    for name, statement in table_definitions().items():
        if name not in manifest.rows:
            cursor.execute(statement.replace(f"create table {name}", f"create table {schema}.{name}"))
    _add_columns(cursor, schema)


def _add_columns(cursor: duckdb.DuckDBPyConnection, schema: str) -> None:
    there = _columns_of(cursor, schema)
    for name, statement in table_definitions().items():
        for column, kind in COLUMN.findall(statement):
            if column not in there.get(name, (column,)):
                cursor.execute(f"alter table {schema}.{name} add column {column} {kind}")


def _columns_of(cursor: duckdb.DuckDBPyConnection, schema: str) -> Mapping[str, list[str]]:
    """Table → its columns, of the tables that a schema of the cursor's database has."""
    return dict(
        cursor.execute(
            "select table_name, list(column_name) from duckdb_columns() as columns join duckdb_tables() as tables "
            "using (database_name, schema_name, table_name) "
            "where database_name = current_database() and schema_name = $schema group by table_name",
            {"schema": schema},
        ).fetchall()
    )


@cache
def table_definitions() -> Mapping[str, str]:
    """Table name → its create statement, in the order of queries/sql/tables.sql."""
    statements = (SQL / "tables.sql").read_text(encoding="utf-8").split(";\n")
    named = ((re.search(r"create table (\w+)", statement), statement) for statement in statements)
    return {match[1]: statement for match, statement in named if match}


def _large(manifest: Manifest) -> list[str]:
    return [name for name, rows in manifest.rows.items() if rows > ROWS_IN_MEMORY]


@cache
def library() -> Library:
    """The library of this process over the project's own data. Its files are read anew every RECHECK_SECONDS."""
    threading.Thread(target=_recheck_forever, name="recheck", daemon=True).start()
    return Library()


def _recheck_forever() -> None:
    while True:
        time.sleep(RECHECK_SECONDS)
        durable.recheck()


def open_exports(version: int | None = None) -> Exports:
    """The newest published version, or the one named."""
    return library().open(version)


def csv_reader(path: Path) -> str:
    """The call that reads a CSV file of data/ as text, with the file's own separator; its path is bound as $path."""
    # Swedish Excel saves with semicolons what it opened with commas.
    with path.open(encoding="utf-8-sig") as file:
        separator = ";" if ";" in file.readline() else ","
    return f"read_csv($path, header = true, all_varchar = true, quote = '\"', delim = '{separator}')"


def create_from(
    cursor: duckdb.DuckDBPyConnection, kind: str, name: str, reader: str, paths: Sequence[Path]
) -> None:
    """Make a table or view of a connection from files, with the call that reads them. paths: one file or more."""
    # Names come from manifests that this project wrote; DuckDB binds values, not names. A view cannot bind at all.
    told = [str(path) for path in paths]
    if kind == "view":
        listed = ", ".join(_quoted(path) for path in told)
        reader = reader.replace("$path", f"[{listed}]")
        cursor.execute(f"create view {name} as select * from {reader}")
    else:
        # A table of a lake has no path.
        cursor.execute(f"create table {name} as select * from {reader}", {"path": told} if told else {})


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _locked_connection(store: Store) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    folders = store.attach(connection)
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
