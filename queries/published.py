"""Every row of one published table, to be looked through or corrected in a template."""

from __future__ import annotations

import pandas as pd

from queries.connection import Exports, table_definitions


def published_rows(exports: Exports, table: str) -> pd.DataFrame:
    """The rows of a table of queries/sql/tables.sql as they are published, in the order of their key.

    Nothing is remembered of the answer: a table may be large. Raises KeyError for a name that is no such table.
    """
    table_definitions()[table]
    found = exports.connection.cursor().execute(
        "select * from query_table($table) order by all",
        {"table": f"{exports.database}.published.{table}"},
    )
    return found.to_arrow_table().to_pandas(integer_object_nulls=True)
