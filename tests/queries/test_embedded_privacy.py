"""The privacy gate over version 0 as a whole: no table, and no two tables together, give a hidden result away."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from queries.connection import Exports
from queries.disclosure import gate_comparison
from queries.versions import EMBEDDED, Store


def rows(exports: Exports, question: str) -> list[tuple]:
    cursor = exports.connection.cursor()
    cursor.execute(f"use {exports.database}")
    return cursor.execute(question).fetchall()


def test_a_result_hidden_in_outcomes_is_hidden_in_the_comparison(exports: Exports) -> None:
    both = """
        select outcomes.indicator_id, comparison_values.value, comparison_values.count_higher
        from outcomes
        join comparison_values using (municipality_id, indicator_id, year, gender)
        where outcomes.unit_id is null
            and outcomes.marker in ('..', '~100', '~0')
    """
    found = rows(exports, both)
    assert len(found) > 10
    assert [row for row in found if row[1] is not None or row[2] is not None] == []


def test_the_spread_is_worked_out_from_visible_values_only(exports: Exports) -> None:
    differing = """
        select comparison_distributions.indicator_id
        from comparison_distributions
        join (
            select indicator_id, year, gender, count(value) as n, avg(value) as mean
            from comparison_values
            join municipalities using (municipality_id)
            where register = 'exempel' and kind = 'municipality'
            group by all
        ) as visible using (indicator_id, year, gender)
        where comparison_distributions.register = 'exempel'
            and (comparison_distributions.n <> visible.n or abs(comparison_distributions.mean - visible.mean) > 1e-5)
    """
    assert rows(exports, differing) == []


def test_a_hidden_own_result_keeps_its_place_among_others_secret() -> None:
    values = pd.DataFrame(
        [("9901", "N1", 2026, "K", 97.1, "", 3, 37), ("9902", "N1", 2026, "K", 90.0, "", 30, 10)],
        columns=[
            "municipality_id",
            "indicator_id",
            "year",
            "gender",
            "value",
            "status",
            "count_higher",
            "count_lower",
        ],
    )
    gated = pd.DataFrame(
        [("9901", "N1", 2026, "K", None, "~100")],
        columns=["municipality_id", "indicator_id", "year", "gender", "unit_id", "marker"],
    )
    shown = gate_comparison(values, gated)
    assert shown["value"].isna().tolist() == [True, False]
    assert shown["status"].tolist() == ["Privacy", ""]
    assert shown["count_higher"].isna().tolist() == [True, False]


def test_hidden_results_of_version_0_lie_only_in_the_private_folder() -> None:
    store = Store((EMBEDDED,))
    manifest = store.manifest(0)
    public = store.verified_path(manifest.tables["outcomes"])
    private = store.verified_path(manifest.private["outcomes"], "private")
    hidden = """
        select count(*), count(raw.value), count(shown.value)
        from read_parquet($private) as raw
        join read_parquet($public) as shown using (municipality_id, indicator_id, year, gender, operator)
        where raw.unit_id is not distinct from shown.unit_id
            and shown.marker in ('..', '~100', '~0')
            and raw.marker = ''
    """
    given = {"private": str(private), "public": str(public)}
    cells, with_raw_value, with_shown_value = duckdb.connect().execute(hidden, given).fetchall()[0]
    assert cells == with_raw_value > 500
    assert with_shown_value == 0


def test_the_serving_connection_cannot_read_the_private_folder(exports: Exports) -> None:
    store = Store((EMBEDDED,))
    path = store.verified_path(store.manifest(0).private["outcomes"], "private")
    with pytest.raises(duckdb.PermissionException):
        exports.connection.cursor().execute("select * from read_parquet($path)", {"path": str(path)})
