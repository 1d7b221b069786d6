"""The files of a lake, each under a name made from its content: objects in S3, or files of a shared folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from queries import durable
from queries.lake.address import Address
from queries.versions import PART, BrokenVersion, Manifest


@dataclass(frozen=True)
class Object:
    """A file of a lake: its folder and name where it lies on a machine, SHA-256 of its bytes, and its place in the lake.

    table is what it holds rows of, empty for hidden ones and for uploaded files; municipality_id is whose, empty for all;
    rows is how many.
    """

    kind: str
    name: str
    sha256: str
    place: str
    table: str = ""
    municipality_id: str = ""
    rows: int = 0


def files_of(address: Address, manifest: Manifest) -> Iterator[Object]:
    """All files that a version is made of, the uploaded one last. One municipality's part of a table lies in a folder
    that says whose it is, as DuckLake wants its partitions."""
    for kind, files in (("files", manifest.tables), ("private", manifest.private)):
        for name, file in files.items():
            table, _, whose = name.partition(PART)
            folder = f"{address.data}/{kind}" + (f"/municipality_id={whose}" if whose else "")
            shown = table if kind == "files" else ""
            yield Object(kind, file.file, file.sha256, f"{folder}/{file.file}", shown, whose, file.rows)
    if manifest.original is not None:
        digest = manifest.original.sha256
        yield original(address, digest[:12], digest)


def original(address: Address, name: str, sha256: str) -> Object:
    """An uploaded file, under the name that it has on every machine."""
    return Object("originals", name, sha256, f"{address.data}/originals/{name}")


def put(connection: duckdb.DuckDBPyConnection, source: Path, place: str, sha256: str) -> None:
    """Make a file of this machine a file of the lake, and read it back. Raises BrokenVersion.

    Two who put the same file at once put the same bytes. Nothing is copied within a disk: the file gets one more name.
    """
    if place.startswith("s3://"):
        told = {"source": str(source), "place": place}
        try:
            connection.execute("copy (select content from read_blob($source)) to $place (format blob)", told)
        except duckdb.Error as fault:
            raise BrokenVersion(f"Filen {source.name} kunde inte läggas i sjön.") from fault
    elif not (Path(place).exists() and os.path.samefile(source, place)):
        _link(source, Path(place))
    verify(connection, place, sha256)


def get(connection: duckdb.DuckDBPyConnection, place: str, target: Path, sha256: str) -> None:
    """Make a file of the lake a file of this machine. Raises BrokenVersion where it is not the one published."""
    verify(connection, place, sha256)
    durable.make_folder(target.parent, 0o777 if target.parent.name == "files" else 0o700)
    with durable.unfinished(target.parent) as unfinished:
        told = {"source": place, "place": str(unfinished)}
        connection.execute("copy (select content from read_blob($source)) to $place (format blob)", told)
        durable.move(unfinished, target)


def verify(connection: duckdb.DuckDBPyConnection, place: str, sha256: str) -> None:
    """Read a file of the lake and raise BrokenVersion unless its bytes are those that were published."""
    name = place.rpartition("/")[2]
    try:
        found = connection.execute(
            "select sha256(content) from read_blob($place)", {"place": place}
        ).fetchall()
    except duckdb.Error as fault:
        raise BrokenVersion(f"Filen {name} saknas i sjön eller kan inte läsas.") from fault
    if found != [(sha256,)]:
        raise BrokenVersion(f"Filen {name} har ändrats sedan den publicerades.")


def _link(source: Path, target: Path) -> None:
    durable.make_folder(target.parent, 0o777 if "/files" in str(target.parent) else 0o700)
    with suppress(FileNotFoundError):
        target.unlink()
    try:
        os.link(source, target)
    except OSError:
        # Another disk, or one without links.
        durable.copy(source, target)
