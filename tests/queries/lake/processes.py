"""What the tests of the lake run in processes of their own: publishers and readers, which know of nobody else.

    python -m tests.queries.lake.processes write FOLDER           publishes again and again, and says each number
    python -m tests.queries.lake.processes read FOLDER            opens the newest again and again, and says what it saw
    python -m tests.queries.lake.processes publish FOLDER 0125 3  publishes three drafts about one municipality

The lake is told by NAMNDKOLLEN_STORE. FOLDER is the machine's own. Every version says its number in two tables and in
the hidden one, so that a torn one would be seen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from queries import clock
from queries.connection import Library, chosen_store, settings, table_definitions
from queries.intake import drafts, publishing, writing
from queries.intake.drafts import Draft
from queries.lake.store import LakeStore
from queries.permits import Permit
from queries.versions import Manifest, Store, TableFile, VersionTaken, table_of

MUNICIPALITIES = ("0125", "0117")
SAID_BY = ("goals", "actions")
GOAL = {"goal_id": "m1", "year": 2020, "level": "committee", "is_priority": False, "source_id": "ekero"}
ACTION = {"action_id": "a1", "year": 2020, "kind": "activity", "source_id": "ekero"}
OUTCOME = {
    "indicator_id": "N15505",
    "year": 2020,
    "gender": "T",
    "operator": "alla",
    "value": 1.0,
    "marker": "",
    "source_id": "ekero",
}
SOURCE = {"title": "Plan", "publisher": "Kommunen", "is_official": False}


def store_of(url: str, folder: Path) -> LakeStore:
    """A machine: the lake, and a folder of its own."""
    return LakeStore((folder,), url=url)


def first_version(folder: Path, number: str = "0") -> Store:
    """A folder with a version 0 that says a number."""
    store = Store((folder,))
    limits = settings()["disclosure"]
    store.commit(Manifest(0, None, clock.now(), "test", "", limits, **_saying(folder, number)))
    return store


def next_version(store: Store, base: Manifest | None = None, *, in_parts: bool = False) -> Manifest:
    """Make a version that says its own number in all its tables, the newest or the one after base. Raises VersionTaken."""
    base = base or store.newest_whole().manifest
    number = base.version + 1
    said = _saying(store.folders[-1], str(number), in_parts=in_parts)
    manifest = replace(base, version=number, parent=base.version, created_at=clock.now(), **said)
    store.commit(manifest)
    return manifest


def publish(store: LakeStore, municipality_id: str, text: str, **more: bool) -> Manifest:
    """Publish what one municipality says anew, as one who may do so for no other."""
    draft = checked(store, municipality_id, text, **more)
    return publishing.publish(
        store, draft, permit=Permit("publish", "analytiker", "", (municipality_id,)), note=""
    )


def said(library: Library, version: int | None = None) -> tuple[int, set[str]]:
    """The number of a version, and all that its tables say; its own number alone when it is whole."""
    exports = library.open(version)
    cursor = exports.connection.cursor()
    cursor.execute(f"use {exports.database}")
    found = cursor.execute("select name from published.goals union select title from published.actions")
    return exports.version, {name for (name,) in found.fetchall()}


def checked(
    store: LakeStore, municipality_id: str, text: str, *, in_parts: bool = False, with_more: bool = False
) -> str:
    """The id of a draft that changes what one municipality says; with_more, a source of its own and a hidden value."""
    base = store.newest_whole().manifest
    store.bring_home(base)
    folder = drafts.new_draft_folder(store)
    files, private = {}, {}
    for table in SAID_BY:
        others = [row for row in rows_of(store, base, table) if row["municipality_id"] != municipality_id]
        own = list(_rows(table, text, (municipality_id,)))
        files |= _written(folder, table, own if in_parts else [*others, *own], in_parts=in_parts)
    if with_more:
        sources = [{**SOURCE, "source_id": municipality_id}, *rows_of(store, base, "sources")]
        files |= _written(folder, "sources", sources)
        hidden = [
            row for row in rows_of(store, base, "outcomes") if row["municipality_id"] != municipality_id
        ]
        hidden.append({**OUTCOME, "municipality_id": municipality_id, "source_id": municipality_id})
        private = _written(folder, "outcomes", hidden, kind="private")
    drafts.save(folder, Draft(folder.name, base.version, files, private, base.limits, None, (text,), 0))
    return folder.name


def rows_of(store: Store, manifest: Manifest, table: str) -> list[dict[str, Any]]:
    """The rows of a table of a version, for outcomes those with hidden values, as its files have them."""
    kind, named = ("private", manifest.private) if table == "outcomes" else ("files", manifest.tables)
    found = [store.verified_path(file, kind) for name, file in named.items() if table_of(name) == table]
    return [row for path in found for row in pq.ParquetFile(path).read().to_pylist()]


def _saying(folder: Path, text: str, *, in_parts: bool = False) -> dict[str, dict[str, TableFile]]:
    files: dict[str, TableFile] = {}
    for table in SAID_BY:
        files |= _written(folder, table, _rows(table, text, MUNICIPALITIES), in_parts=in_parts)
    hidden = {**OUTCOME, "municipality_id": MUNICIPALITIES[0], "value": float(text)}
    return {"tables": files, "private": _written(folder, "outcomes", [hidden], kind="private")}


def _rows(table: str, text: str, municipality_ids: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    told = {"goals": {**GOAL, "name": text}, "actions": {**ACTION, "title": text}}[table]
    for municipality_id in municipality_ids:
        yield {**told, "municipality_id": municipality_id}


def _written(
    folder: Path,
    table: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    kind: str = "files",
    in_parts: bool = False,
) -> dict[str, TableFile]:
    """A table as publishing writes it, in parts as it writes a large one."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as connection, pytest.MonkeyPatch.context() as patch:
        if in_parts:
            patch.setattr(writing, "ROWS_IN_ONE_FILE", 0)
        connection.execute(table_definitions()[table])
        connection.register("incoming", pa.Table.from_pylist(list(rows)))
        connection.execute(f"insert into {table} by name select * from incoming")
        return writing.write_table(connection, table, table, folder, kind)


def main(what: str, folder: str, *more: str) -> None:
    """Do one of the three, saying each step as a line."""
    chosen = chosen_store()
    assert isinstance(chosen, LakeStore)
    store = store_of(chosen.url, Path(folder))
    # Connected: what is to be watched begins now.
    store.numbers()
    print("ready", flush=True)
    if what == "write":
        while True:
            try:
                print(next_version(store).version, flush=True)
            except VersionTaken:
                print("taken", flush=True)
    elif what == "read":
        library = Library(store)
        for _ in sys.stdin:
            version, texts = said(library)
            print(version, *sorted(texts), flush=True)
    else:
        municipality_id, times = more
        for number in range(int(times)):
            print(publish(store, municipality_id, f"{municipality_id} {number}").version, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
