"""Rows of plain Python values as tables with the columns and types of queries/sql/tables.sql."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

MUNICIPALITY_ID = "9901"
TABLES_SQL = Path(__file__).parents[2] / "sql" / "tables.sql"
# Whole numbers may stand beside empty cells, so they need the kind that can be empty.
DTYPES = {"text": "str", "integer": "Int64", "double": "float64", "boolean": "bool", "date": "object"}

Row = Mapping[str, Any]


@cache
def columns() -> Mapping[str, Mapping[str, str]]:
    """Table name → column name → SQL type, in the order of tables.sql."""
    statements = TABLES_SQL.read_text(encoding="utf-8").split(";\n")
    found = {}
    for statement in statements:
        if table := re.search(r"create table (\w+)", statement):
            found[table[1]] = dict(
                re.findall(r"^    (\w+) (text|integer|double|boolean|date)\b", statement, re.M)
            )
    return found


def frame(table: str, rows: Iterable[Row]) -> pd.DataFrame:
    """One row per mapping, with every column of the table; what a mapping does not name is empty.

    municipality_id is the invented municipality's where a row names none. Raises KeyError for an unknown
    column.
    """
    wanted = columns()[table]
    filled = []
    for row in rows:
        if unknown := row.keys() - wanted.keys():
            raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
        start = {"municipality_id": MUNICIPALITY_ID} if "municipality_id" in wanted else {}
        filled.append({**start, **row})
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name) for row in filled], dtype=DTYPES[kind])
            for name, kind in wanted.items()
        }
    )
