"""Version 0: the facts of four real municipalities, Kolada's published figures, and the invented Exempelkommunen.

    python -m queries.intake.embedded

makes data/sample/files, data/sample/private and data/sample/manifests anew from data/sample/facts, from the
seeded generator and from the limits in data/settings.toml.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from queries.connection import settings, table_definitions
from queries.disclosure import gate, gate_comparison, with_relations
from queries.intake.example import example_tables
from queries.intake.kolada import comparison_distributions, with_counts
from queries.intake.small_staffs import leave_out_small_staffs
from queries.intake.writing import write_table
from queries.small_groups import Limits
from queries.versions import DATA, EMBEDDED, Manifest, Store, TableFile

FACTS = EMBEDDED / "facts"
INVENTED_VALUES = """
select comparison_values.*
from comparison_values
join municipalities using (municipality_id)
where register = 'exempel'
order by all
"""
# Version 0 tells when its facts were gathered, not when somebody built it: two builds are alike.
GATHERED_AT = "2026-11-22T00:00:00+00:00"


def filled_tables() -> duckdb.DuckDBPyConnection:
    """A connection with every table of the data model, holding the embedded rows, ungated.

    Raises duckdb.ConstraintException when a row breaks a key or a check.
    """
    connection = duckdb.connect(":memory:")
    for statement in table_definitions().values():
        connection.execute(statement)
    for path in sorted(FACTS.glob("*/*.csv")):
        _insert(connection, path.stem, _facts(path))
    for name, rows in example_tables().items():
        _insert(connection, name, rows)
    return connection


def build(folder: Path = EMBEDDED) -> Manifest:
    """Write version 0 into a folder, in place of the one that lies there.

    Who reads meanwhile has the old version whole until the manifest changes, and the new one after.
    """
    connection = filled_tables()
    limits = settings()["disclosure"]
    raw = connection.execute("select * from outcomes").df()
    indicators = _indicators()
    private = write_table(connection, "outcomes", "outcomes", folder, "private")
    connection.execute("delete from outcomes")
    gated = gate(raw, indicators, Limits.from_settings(settings()))
    _insert(connection, "outcomes", gated)
    _gate_comparison(connection, gated)
    leave_out_small_staffs(connection, "monthly_values")
    tables: dict[str, TableFile] = {}
    for name in table_definitions():
        tables |= write_table(connection, name, name, folder)
    note = "Inbyggda uppgifter: fyra kommuners dokument, Kolada och den påhittade Exempelkommunen."
    manifest = Manifest(0, None, GATHERED_AT, "projektet", note, limits, tables, private)
    (folder / "manifests" / "000000.json").unlink(missing_ok=True)
    Store((folder,)).commit(manifest)
    for kind, kept in (("files", tables), ("private", private)):
        for path in (folder / kind).glob("*.parquet"):
            if path.name not in {table.file for table in kept.values()}:
                path.unlink()
    return manifest


def _gate_comparison(connection: duckdb.DuckDBPyConnection, gated: pd.DataFrame) -> None:
    """Hide in the comparison what is hidden in the outcomes, and work out places and spread without it.

    Only the invented register has all its municipalities here. What Kolada publishes of real ones is public there.
    """
    invented = connection.execute(INVENTED_VALUES).df()
    shown = with_counts(gate_comparison(invented, gated))
    spread = comparison_distributions(shown, "exempel")
    connection.execute(
        "delete from comparison_values where municipality_id in (select unnest($ids))",
        {"ids": sorted(set(shown["municipality_id"]))},
    )
    connection.execute("delete from comparison_distributions where register = 'exempel'")
    _insert(connection, "comparison_values", shown)
    _insert(connection, "comparison_distributions", spread)


def _indicators() -> pd.DataFrame:
    indicators = pd.read_csv(DATA / "indicators.csv", dtype=str)
    measures = pd.read_csv(DATA / "absence_measures.csv", dtype=str)
    return with_relations(indicators.assign(is_survey=indicators["is_survey"] == "true"), measures)


def _facts(path: Path) -> pd.DataFrame:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    # An empty cell is no value, but in these two columns it says that the value holds.
    return rows.fillna({column: "" for column in ("marker", "status") if column in rows})


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    if table not in table_definitions():
        raise ValueError(f"There is no table {table} in queries/sql/tables.sql.")
    connection.register("incoming", rows)
    connection.execute(f"insert into {table} by name select * from incoming")
    connection.unregister("incoming")


if __name__ == "__main__":
    built = build()
    print(f"Version {built.version}: {sum(table.rows for table in built.tables.values())} rows.")
