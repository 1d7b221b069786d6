"""How far a new version reaches: which municipalities' rows it changes. Read from the files themselves.

What a draft says about itself was made from an uploaded file; the files are what will be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from queries.connection import sql_text
from queries.intake.model import tables
from queries.versions import Manifest, Store, TableFile, table_of

# The rows of one municipality are told by the column municipality_id, but for these tables.
WHOSE = {"municipality_groups": "for_municipality_id"}
# Every file brings a row that says where it comes from. One that is changed or gone concerns all that rests on it.
ADDED_BY_ALL = "sources"


def municipalities_changed(store: Store, before: Manifest, after: Manifest) -> frozenset[str] | None:
    """The municipalities whose rows differ between two versions, hidden values included.

    None where something differs that belongs to no single municipality, such as a register or the meaning of a word.
    store must know the files of both. Raises BrokenVersion.
    """
    found: set[str] = set()
    for changed in _tables_that_differ(before, after):
        table, whose = changed.table, WHOSE.get(changed.table, "municipality_id")
        if table != ADDED_BY_ALL and whose not in tables()[table].columns:
            return None
        rows = _rows_that_differ(store, changed)
        if table == ADDED_BY_ALL:
            if (rows["balance"] < 0).any():
                return None
        elif rows[whose].isna().any():
            return None
        else:
            found.update(rows[whose])
    return frozenset(found)


@dataclass(frozen=True)
class _Changed:
    """The files of one table that only one of two versions has. kind is the folder that they lie in."""

    kind: str
    table: str
    earlier: tuple[TableFile, ...]
    later: tuple[TableFile, ...]


def _tables_that_differ(before: Manifest, after: Manifest) -> Iterator[_Changed]:
    """Those without municipalities first: they are small, and enough to know."""
    for kind, earlier, later in (
        ("files", before.tables, after.tables),
        ("private", before.private, after.private),
    ):
        names = {table_of(name) for name in (*earlier, *later)}
        for table in sorted(names, key=lambda name: ("municipality_id" in tables()[name].columns, name)):
            had, has = (_files_of(each, table) for each in (earlier, later))
            if had != has:
                yield _Changed(kind, table, tuple(had - has), tuple(has - had))


def _files_of(named: Mapping[str, TableFile], table: str) -> set[TableFile]:
    return {file for name, file in named.items() if table_of(name) == table}


def _rows_that_differ(store: Store, changed: _Changed) -> pd.DataFrame:
    earlier, later = (
        [str(store.verified_path(file, changed.kind)) for file in files]
        for files in (changed.earlier, changed.later)
    )
    with duckdb.connect(":memory:") as connection:
        told = {"files": [*earlier, *later], "later": later}
        return connection.execute(sql_text("intake/rows_that_differ"), told).df()
