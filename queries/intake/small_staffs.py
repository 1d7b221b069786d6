"""Sick leave month by month: left out of a version for units with so few full-time posts that it would point at a person."""

from __future__ import annotations

import duckdb

from queries.connection import settings, sql_text
from queries.small_groups import Limits

# The rows that were left out last, for the preview.
LEFT_OUT = "sick_leave_left_out"


def leave_out_small_staffs(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Delete from a table of monthly values the sick leave, of all kinds, of every unit and month with fewer full-time posts
    than [disclosure] employees of data/settings.toml, or with none told. What went lies in the table LEFT_OUT.

    Unlike outcomes these rows are kept nowhere: neither later posts nor a lower limit bring them back.
    """
    connection.execute(f"create or replace temp view months_to_come as select * from {relation}")
    connection.execute(
        f"create or replace temp table {LEFT_OUT} as {sql_text('intake/sick_leave_left_out')}",
        {"employees": Limits.from_settings(settings()).employees},
    )
    key = "municipality_id, unit_id, month, measure, kind"
    connection.execute(f"delete from {relation} where ({key}) in (select ({key}) from {LEFT_OUT})")
    connection.execute("drop view months_to_come")
