"""A lake as a store of versions: what a folder of manifests and files is on one machine, for many.

A version is a row of lake.manifests, with the manifest that a folder would have, and the snapshot of the lake that its
row came with. Publishing is one transaction: the tables' changed files, the manifest and the number of the newest
version change together or not at all, and of two who take the same number one is refused.

The lake's tables consist of the published files themselves, each named by its content, so that a version is known to be
whole as in a folder, going back copies nothing, and a folder's versions can be adopted as they are. Hidden values and
uploaded files lie beside the tables' files, under private and originals: they are in no table of the lake, and the
connection that answers questions has neither key nor leave to read there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from queries.lake import objects, tables
from queries.lake.address import Address, address
from queries.lake.objects import Object
from queries.lake.opening import EMPTY, NO_ANSWER, attach
from queries.versions import (
    BrokenVersion,
    CulledVersion,
    Manifest,
    Store,
    VersionTaken,
    Whole,
    manifest_from,
)

# How soon a version that somebody else published is seen here.
LOOK_AGAIN_SECONDS = 1.0
FOREIGN = (
    "Mappen för publicerade uppgifter på servern har en annan version {version} än sjön. "
    "Ge servern en egen mapp: miljövariabeln NAMNDKOLLEN_EXPORTS."
)
# Rows of a few stand in the catalogue itself, but never for published tables: of a file that was there, gone and there
# again, DuckLake 1.5 lets go of the wrong one where it notes in the catalogue which of its rows are gone.
FIRST = """
create table if not exists lake.main.manifests (version integer, content varchar);
create table if not exists lake.main.newest (version integer);
call lake.set_option('data_inlining_row_limit', 0);
call lake.set_option('data_inlining_row_limit', 10, table_name => 'manifests');
call lake.set_option('data_inlining_row_limit', 10, table_name => 'newest');
insert into lake.main.newest select -1 where not exists (from lake.main.newest);
"""
NEWS = "select version, snapshot_id, content from lake.main.manifests where version > $known order by version"
TAKEN = "Version {version} är redan publicerad."
NOT_TAKEN = "Databasen tog inte emot version {version}. Inget har publicerats."
UNCERTAIN = (
    "Databasen svarade inte när version {version} skulle bli klar. Titta i historiken om den är publicerad."
)


@dataclass(frozen=True)
class Snapshot(Whole):
    """A version in the lake, whose tables are read as they were at a snapshot of the lake."""

    snapshot: int = 0

    def reader(self, table: str) -> tuple[str, Sequence[Path]]:
        """As in Whole; a table of the lake has no path of its own."""
        return f"lake.main.{table} at (version => {self.snapshot})", ()


@dataclass
class _Seen:
    """What this process knows of a lake: version → (snapshot, manifest), and the files and versions that were whole."""

    versions: dict[int, tuple[int, Manifest | None]] = field(default_factory=dict)
    looked_at: float = float("-inf")
    fault: str = ""
    verified: set[str] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class LakeStore(Store):
    """The versions of a lake. The last folder is this machine's own: drafts, and copies of files that it has used."""

    several_publish = True
    url: str = ""
    _seen: _Seen = field(default_factory=_Seen, compare=False)

    @cached_property
    def address(self) -> Address:
        """Where the lake is. Raises BrokenVersion when the setting cannot be understood."""
        return address(self.url)

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return self._connected(", create_if_not_exists false")

    def _connected(self, how: str) -> duckdb.DuckDBPyConnection:
        # Not the one that answers questions: this one may write, and read what is hidden.
        connection = duckdb.connect(":memory:")
        attach(connection, self.address, f"{self.address.data}/", how)
        return connection

    def create(self) -> None:
        """Make the lake if there is none. Raises BrokenVersion."""
        self.__dict__["_connection"] = self._connected("")
        with self.cursor() as cursor:
            cursor.execute(FIRST)
        self._seen.looked_at = float("-inf")

    def attach(self, connection: Any) -> list[str]:
        """As in Store. The connection gets the keys to what may be shown, and reads the lake without changing it."""
        shown = f"{self.address.data}/files/"
        attach(connection, self.address, shown, ", read_only")
        return [shown]

    def numbers(self) -> list[int]:
        """As in Store. Raises BrokenVersion also for a lake without versions."""
        numbers = self.known()
        if not numbers:
            raise BrokenVersion(EMPTY)
        return numbers

    def known(self) -> list[int]:
        """As numbers, also for a lake without versions."""
        return sorted(self._look())

    def manifest(self, version: int) -> Manifest:
        """As in Store."""
        return self._at(version)[1]

    def whole(self, version: int) -> Whole:
        """As in Store. Each file is read once by each process, and after that by python -m queries.lake verify."""
        snapshot, manifest = self._at(version)
        if version in (gone := self.culled().versions):
            raise CulledVersion(gone[version])
        if version not in self._seen.whole:
            self._verify(manifest, snapshot)
            self._seen.whole.add(version)
        return Snapshot(manifest, {}, snapshot=snapshot)

    def _verify(self, manifest: Manifest, snapshot: int) -> None:
        """Raise BrokenVersion unless the lake has the very files of a version, and each as it was published."""
        shown = [each for each in self._files(manifest) if each.table]
        with self.cursor() as cursor:
            for table in manifest.rows:
                # DuckLake keeps no file without rows.
                expected = {each.place for each in shown if each.table == table and each.rows}
                if tables.files_at(cursor, table, snapshot) != expected:
                    raise BrokenVersion(f"Tabellen {table} i sjön är inte den som publicerades.")
            for each in shown:
                if each.place not in self._seen.verified:
                    objects.verify(cursor, each.place, each.sha256)
                    self._seen.verified.add(each.place)

    def verified(self, kind: str, name: str, sha256: str) -> Path:
        """As in Store; a file that was uploaded on another machine is fetched from the lake."""
        try:
            return super().verified(kind, name, sha256)
        except BrokenVersion:
            if kind != "originals":
                raise
            self._fetch(objects.original(self.address, name, sha256))
            return super().verified(kind, name, sha256)

    def _fetch(self, file: Object) -> None:
        try:
            super().verified(file.kind, file.name, file.sha256)
        except BrokenVersion:
            with self.cursor() as cursor:
                objects.get(cursor, file.place, self.folders[-1] / file.kind / file.name, file.sha256)

    def bring_home(self, manifest: Manifest) -> None:
        """As in Store: the version as a folder of this machine has it, which is how uploads are held against it."""
        for file in self._files(manifest):
            if file.kind != "originals":
                self._fetch(file)
        here = Store(self.folders[-1:])
        if manifest.version not in here.numbers():
            here.commit(manifest)
        elif here.manifest(manifest.version) != manifest:
            raise BrokenVersion(FOREIGN.format(version=manifest.version))

    def bring_all_home(self) -> None:
        """As in Store. What is here already is not fetched again."""
        for version in self.numbers():
            manifest = self.manifest(version)
            self.bring_home(manifest)
            for file in self._files(manifest):
                self._fetch(file)

    def commit(self, manifest: Manifest) -> None:
        """As in Store. Raises BrokenVersion when the database or S3 does not take it."""
        self.take(manifest, Store(self.folders))

    def take(self, manifest: Manifest, source: Store) -> None:
        """Commit a version whose files lie in the folders of another store."""
        with self.cursor() as writer:
            known = {file for _, each in self._look().values() if each for file in self._files(each)}
            for file in self._files(manifest):
                if file not in known:
                    path = source.verified(file.kind, file.name, file.sha256)
                    objects.put(writer, path, file.place, file.sha256)
            try:
                writer.execute("begin transaction")
                self._change(writer, manifest)
                writer.execute("commit")
            except duckdb.Error as fault:
                self._settle(manifest, fault)
        self._seen.looked_at = float("-inf")

    def _change(self, writer: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
        """Make the tables those of a version, inside the writer's transaction, which ends with the writer."""
        ((newest,),) = writer.execute("select version from lake.main.newest").fetchall()
        if newest >= manifest.version:
            raise VersionTaken(TAKEN.format(version=manifest.version))
        before = self._files(self._at(newest)[1]) if newest >= 0 else []
        after = self._files(manifest)
        for table in sorted({each.table for each in (*before, *after)} - {""}):
            had, has = (
                {each.place: each.municipality_id for each in side if each.table == table}
                for side in (before, after)
            )
            tables.replace(writer, table, had, has)
            if has and tables.count(writer, table) != manifest.rows[table]:
                raise duckdb.TransactionException(f"The lake has other rows of {table} than those published.")
        told = {"version": manifest.version, "content": manifest.as_json()}
        writer.execute("insert into lake.main.manifests values ($version, $content)", told)
        # One row that everybody who publishes changes: of two at once DuckLake refuses one.
        writer.execute("update lake.main.newest set version = $version", {"version": manifest.version})

    def _settle(self, manifest: Manifest, fault: duckdb.Error) -> None:
        """Find out what became of a transaction whose answer was an error: one lost on its way may have been yes."""
        self.__dict__.pop("_connection", None)
        try:
            there = self._look(at_once=True)
        except BrokenVersion as silence:
            raise BrokenVersion(UNCERTAIN.format(version=manifest.version)) from silence
        if there.get(manifest.version, (0, None))[1] == manifest:
            return
        if max(there, default=-1) >= manifest.version:
            raise VersionTaken(TAKEN.format(version=manifest.version)) from fault
        raise BrokenVersion(NOT_TAKEN.format(version=manifest.version)) from fault

    def _files(self, manifest: Manifest) -> list[Object]:
        return list(objects.files_of(self.address, manifest))

    def _at(self, version: int) -> tuple[int, Manifest]:
        """Snapshot and manifest of a version. Raises BrokenVersion."""
        found = self._seen.versions.get(version) or self._look().get(version)
        if found is None:
            raise BrokenVersion(f"Version {version} finns inte.")
        if found[1] is None:
            raise BrokenVersion(f"Manifestet för version {version} har ändrats sedan den publicerades.")
        return found

    def _look(self, *, at_once: bool = False) -> Mapping[int, tuple[int, Manifest | None]]:
        """All versions of the lake, as they were a moment ago. What is published never changes, so only news is read."""
        with self._seen.lock:
            if at_once or time.monotonic() - self._seen.looked_at > LOOK_AGAIN_SECONDS:
                try:
                    self._read_news()
                    self._seen.fault = ""
                except BrokenVersion as fault:
                    # A database that does not answer takes seconds to say so: those who wait here are told at once.
                    self._seen.fault = str(fault)
                self._seen.looked_at = time.monotonic()
            if self._seen.fault:
                raise BrokenVersion(self._seen.fault)
            return dict(self._seen.versions)

    def _read_news(self) -> None:
        known = max(self._seen.versions, default=-1)
        with self.cursor() as cursor:
            for version, snapshot, content in cursor.execute(NEWS, {"known": known}).fetchall():
                manifest = manifest_from(content.encode())
                is_right = manifest is not None and manifest.version == version
                self._seen.versions[version] = (snapshot, manifest if is_right else None)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that may write in the lake and read all its files. Raises BrokenVersion for an error of the lake."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        except duckdb.Error as fault:
            # Whatever has become of the connection, the next one is new.
            self.__dict__.pop("_connection", None)
            raise BrokenVersion(NO_ANSWER) from fault
        finally:
            cursor.close()
