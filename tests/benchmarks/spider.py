"""The spider over a whole country's values: the question against the same SQL on Parquet, and the figure's weight."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from pages.parts.charts.comparison import position_list, spider
from queries import comparison, connection
from queries.connection import Exports, Library, sql_text, table_definitions
from queries.intake.kolada import comparison_distributions, with_counts
from queries.versions import Store
from tests.benchmarks.measuring import Result, limited
from tests.benchmarks.questions import in_turn, row_of
from tests.conftest import commit, write_table

MUNICIPALITIES, YEARS, GENDERS = 290, range(2010, 2025), ("T", "K", "M")
INDICATORS = 36
MOST_KILOBYTES = 100
SEED = 20261122
HOME, LINKOPING = "0125", "0580"


def over_the_country(is_quick: bool) -> Result:
    """290 municipalities × 36 indicators × 15 years × 3 genders: ask in ms, by DuckDB alone on Parquet; JSON in kB."""
    result = Result()
    with tempfile.TemporaryDirectory() as folder:
        store = Store((Path(folder),))
        rows = publish_country(store)
        # Held in memory, as the pages have them.
        exports = Library(store).open()
        asked = question_of(exports)
        with patch.object(connection, "ROWS_IN_MEMORY", -1):
            files = Library(store).open()
        direct = files.connection.cursor()
        direct.execute(f"use {files.database}")
        own, other = in_turn(
            lambda: exports.ask("spider_values", asked),
            lambda: direct.execute(sql_text("spider_values"), asked).df(),
            rounds=10 if is_quick else 100,
        )
        result.rows.append(row_of(f"spider_values, {rows:,} values", own, other))
        values = exports.rows("spider_values", **asked)
        for name, figure in (("spider", spider), ("list", position_list)):
            size = len(figure(values, "rank").to_json().encode()) / 1000
            result.rows.append(
                limited(f"JSON of the {name}, {len(values)} rows", "kB", [size], MOST_KILOBYTES)
            )
    return result


def question_of(exports: Exports) -> dict[str, object]:
    """Twelve indicators, against a mean, the country and a municipality, on a municipality of the country."""
    picks = comparison.comparable_indicators(exports, municipality_id=HOME)["indicator_id"].head(12)
    return {
        "municipality_id": HOME, "year": 2020, "profile_id": "", "indicator_ids": list(picks),
        "compare_with": ["medel", "0000", LINKOPING], "gender": "T",
    }  # fmt: skip


def publish_country(store: Store) -> int:
    """A version with made-up values of real size; returns how many there are."""
    others = (f"{code:04d}" for code in range(1000, 1000 + MUNICIPALITIES - 2))
    places = sorted([HOME, LINKOPING, *others])
    indicators = pd.read_csv(connection.DATA / "indicators.csv", dtype=str)
    ids = indicators.loc[indicators["source"] == "Kolada", "indicator_id"].head(INDICATORS)
    index = pd.MultiIndex.from_product(
        [ids, ["0000", *places], YEARS, GENDERS], names=["indicator_id", "municipality_id", "year", "gender"]
    )
    values = index.to_frame(index=False)
    values["value"] = np.random.default_rng(SEED).normal(60, 12, len(values)).round(1)
    values["status"], values["source_id"] = "", "k"
    counted = with_counts(values)
    tables = {
        "sources": [{"source_id": "k", "title": "Påhittat", "publisher": "Test", "is_official": True}],
        "municipalities": [
            {
                "municipality_id": place, "name": place, "register": "sverige", "has_own_data": place == HOME,
                "kind": "country" if place == "0000" else "municipality",
            }
            for place in ["0000", *places]
        ],
        "comparison_values": counted,
        "comparison_distributions": comparison_distributions(values, "sverige"),
    }  # fmt: skip
    written = {name: write_table(store, name, tables.get(name, [])) for name in table_definitions()}
    commit(store, written)
    return len(values)
