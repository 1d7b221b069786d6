"""A draft put on the version that somebody else published meanwhile, where the two are about different municipalities.

Only for a store where several publish without knowing of each other. What an analyst looked at stays what is published:
the rows of the municipalities that the draft changes come from the draft, everybody else's from the newest version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from queries.intake import drafts
from queries.intake.drafts import Draft
from queries.intake.model import tables
from queries.intake.reach import ADDED_BY_ALL, WHOSE, municipalities_changed
from queries.intake.writing import write_table
from queries.versions import PART, Manifest, Store, TableFile, table_of, with_files


class Overlapping(Exception):
    """The draft and what was published meanwhile are about the same municipality, or about what belongs to none."""


def rebased(store: Store, draft: Draft) -> Draft:
    """The draft as it would be had it been checked against the newest version. Raises Overlapping and BrokenVersion."""
    newest = store.newest_whole(draft.base).manifest
    if newest.version <= draft.base:
        return draft
    base = store.manifest(draft.base)
    store.bring_home(base)
    store.bring_home(newest)
    known = Store((drafts.folder_of(store, draft.draft_id), *store.folders))
    changed = replace(
        base,
        tables=with_files(base.tables, draft.tables),
        private=with_files(base.private, draft.private),
    )
    ours, theirs = (municipalities_changed(known, base, each) for each in (changed, newest))
    if ours is None or theirs is None or ours & theirs or newest.limits != base.limits:
        raise Overlapping
    sides = _Sides(known, base, newest, sorted(ours))
    return replace(
        draft,
        base=newest.version,
        tables=sides.rebased(draft.tables, "files"),
        private=sides.rebased(draft.private, "private"),
    )


class _Sides:
    """The version that a draft was checked against, the newest one, and the municipalities that the draft changes."""

    def __init__(self, known: Store, base: Manifest, newest: Manifest, ours: list[str]) -> None:
        self.known, self.base, self.newest, self.ours = known, base, newest, ours

    def rebased(self, files: Mapping[str, TableFile], kind: str) -> dict[str, TableFile]:
        """The draft's files of a kind, those made anew whose table somebody else changed too."""
        before, now = (each.tables if kind == "files" else each.private for each in (self.base, self.newest))
        done: dict[str, TableFile] = {}
        for table in dict.fromkeys(map(table_of, files)):
            own, had, has = (_of(table, side) for side in (files, before, now))
            if had == has:
                done |= own
            elif all(PART in name for name in (*own, *had, *has)):
                # Parts of different municipalities lie side by side as they are.
                done |= {name: file for name, file in own.items() if name.partition(PART)[2] in self.ours}
            else:
                done |= self._merged(table, own, has, kind)
        return done

    def _merged(
        self, table: str, own: Mapping[str, TableFile], has: Mapping[str, TableFile], kind: str
    ) -> dict[str, TableFile]:
        paths = {
            side: [str(self.known.verified_path(file, kind)) for file in files.values()]
            for side, files in (("own", own), ("newest", has))
        }
        with duckdb.connect(":memory:") as connection:
            # The data model's own table: two rows with one key are refused there.
            connection.execute(tables()[table].statement)
            try:
                _fill(connection, table, {**paths, "ours": self.ours})
            except duckdb.ConstraintException as clash:
                raise Overlapping from clash
            return write_table(connection, table, table, self.known.folders[0], kind)


def _of(table: str, files: Mapping[str, TableFile]) -> dict[str, TableFile]:
    return {name: file for name, file in files.items() if table_of(name) == table}


def _fill(connection: duckdb.DuckDBPyConnection, table: str, told: Mapping[str, list[str]]) -> None:
    own, newest = (f"select * from read_parquet(${side}, union_by_name = true)" for side in ("own", "newest"))
    if table == ADDED_BY_ALL:
        sides = {side: told[side] for side in ("own", "newest")}
        connection.execute(f"insert into {table} by name ({newest} union by name {own})", sides)
        return
    whose = WHOSE.get(table, "municipality_id")
    connection.execute(
        f"insert into {table} by name "
        f"({newest} where not list_contains($ours, {whose}) union all by name {own} where list_contains($ours, {whose}))",
        told,
    )
