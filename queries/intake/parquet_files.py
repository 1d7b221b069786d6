"""Parquet files, read by DuckDB with every value as text."""

from __future__ import annotations

from pathlib import Path

import duckdb

from queries.connection import sql_text
from queries.intake import packages
from queries.intake.filling import visible
from queries.intake.limits import ReadingLimits, thousands
from queries.intake.reading import Finding, Refused
from queries.intake.sheets import Sheet

MARK = b"PAR1"
ENCRYPTED = b"PARE"
# There is no row of headings; the rows are counted as if there were.
ROWS = """
insert into sheet_1
select row_number() over () + 1, shown(columns(*)) from read_parquet($path, hive_partitioning = false)
"""
HEADINGS = "describe select * from read_parquet($path, hive_partitioning = false)"
COUNT = "select num_rows from parquet_file_metadata($path)"


def sheet_of_parquet(path: Path, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits) -> Sheet:
    """The rows as sheet_1, the first on line 2; the names of the columns are the sheet's headings. Raises Refused."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - len(MARK), 0))
        end = file.read()
    if end == ENCRYPTED:
        raise Refused(packages.protected())
    if end != MARK:
        raise Refused(_damaged("avklippt: dess slut saknas"))
    try:
        headings = [row[0] for row in connection.execute(HEADINGS, {"path": str(path)}).fetchall()]
        ((count,),) = connection.execute(COUNT, {"path": str(path)}).fetchall()
        if count > limits.rows or len(headings) > limits.columns:
            sentence = (
                f"Filen har {thousands(count)} rader och {thousands(len(headings))} kolumner. Högst "
                f"{thousands(limits.rows)} rader och {thousands(limits.columns)} kolumner kan läsas."
            )
            raise Refused(Finding("error", "too_many_rows", sentence))
        if _copy_parquet(path, len(headings), connection) != count:
            raise Refused(_damaged("skadad"))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise Refused(_damaged("skadad")) from error
    return Sheet("", "sheet_1", len(headings), count, connection, tuple(map(visible, headings)))


def _copy_parquet(path: Path, columns: int, connection: duckdb.DuckDBPyConnection) -> int:
    connection.execute("create table sheet_1 (line bigint)")
    for number in range(1, columns + 1):
        connection.execute(f"alter table sheet_1 add column c{number} text")
    connection.execute(sql_text("intake/shown"))
    ((count,),) = connection.execute(ROWS, {"path": str(path)}).fetchall()
    return count


def _damaged(fault: str) -> Finding:
    return Finding("error", "damaged", f"Parquetfilen är {fault}. Hämta den på nytt och ladda upp den igen.")
