"""Kolada's published figures: which values count, where a municipality stands, how all are spread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd

from queries.connection import sql_text

COUNTRY = "0000"
COUNTRIES = (COUNTRY, "9900")
KEY = ["indicator_id", "municipality_id", "year", "gender"]
DISTRIBUTION_KEY = ["indicator_id", "year", "gender"]
PERCENTILES = {"p2_5": 0.025, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p97_5": 0.975}
# Percentiles of one and the same published value must not differ in the sixteenth digit between machines.
STORED_DECIMALS = 6

READ = """
create table kolada_rows as
select
    kpi as indicator_id,
    municipality_id::text as municipality_id,
    year::integer as year,
    gender,
    value,
    status,
    'kolada-' || retrieved as source_id,
from read_parquet($path)
where kpi in $indicator_ids
order by all
"""


def comparison_values(path: Path, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """One row per indicator, municipality or country, year and gender, as table comparison_values wants it.

    The file holds Kolada's values with kpi, municipality_id, year, gender, value, status and retrieved. A row
    that has a status keeps it and loses its value: Kolada left values behind in rows it had withdrawn. A row
    with neither becomes 'Missing'. The counts cover all municipalities with a value in the file, never the
    country.
    Raises duckdb.Error when the file lacks a column, ValueError when a value is told twice.
    """
    given = {"path": str(path), "indicator_ids": list(indicator_ids)}
    connection = duckdb.connect(":memory:")
    connection.execute(READ, given)
    values = connection.execute(sql_text("intake/kolada_values")).df()
    twice = values[values.duplicated(KEY)]
    if len(twice):
        raise ValueError(f"{path.name} tells a value twice, first for {twice[KEY].iloc[0].to_dict()}.")
    return with_counts(values.assign(status=values["status"].fillna("")))


def comparison_distributions(values: pd.DataFrame, register: str) -> pd.DataFrame:
    """One row per register, indicator, year and gender: how the municipalities with a value are spread.

    values is a table as comparison_values gives it. Percentiles are linear, mean is unweighted, n is the
    number of municipalities with a value; the country is left out, and so is a year without any value.
    """
    groups = _counted(values).groupby(DISTRIBUTION_KEY)
    spread = groups["value"].quantile(list(PERCENTILES.values())).unstack()
    spread.columns = list(PERCENTILES)
    spread["mean"] = groups["value"].mean()
    spread = spread.round(STORED_DECIMALS)
    spread.insert(0, "n", groups["value"].size())
    spread["source_id"] = groups["source_id"].max()
    spread = spread.reset_index()
    spread.insert(0, "register", register)
    return spread


def _counted(values: pd.DataFrame) -> pd.DataFrame:
    return values[values["value"].notna() & ~values["municipality_id"].isin(COUNTRIES)]


def with_counts(values: pd.DataFrame) -> pd.DataFrame:
    """The same rows with count_higher and count_lower worked out among the municipalities that have a value."""
    groups = _counted(values).groupby(DISTRIBUTION_KEY)["value"]
    counts = {
        # Equal values share the lowest place, so that place less one is how many lie strictly beyond.
        "count_higher": groups.rank(method="min", ascending=False) - 1,
        "count_lower": groups.rank(method="min", ascending=True) - 1,
    }
    counted = values.assign(**{name: counts[name].astype("Int64") for name in counts})
    return counted[[*KEY, "value", "status", *counts, "source_id"]]
