"""The version to come: what the file says in place of what it knew, the rest untouched, small groups hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from queries.intake import checking, merging, preview
from queries.intake.kolada import DISTRIBUTION_KEY, comparison_distributions, with_counts
from queries.intake.reading import Base, Reading, Staged, stage
from tests.queries.intake.conftest import TODAY, own_table

Rows = Sequence[Mapping[str, Any]]


def merge(base: Base, *staged: Staged, replace: bool = False) -> set[str]:
    checking.check(base.connection, Reading("test", "Test", staged=staged), TODAY, has_typed_numbers=True)
    assert checking.first_findings(base.connection, 5) == []
    return merging.merge(base.connection, staged, replace=replace)


def as_text(base: Base, table: str, where: str = "true", drop: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    names = [
        row[0] for row in base.connection.execute(f"describe base.{table}").fetchall() if row[0] not in drop
    ]
    columns = ", ".join(f"nullif({name}::text, '') as {name}" for name in names)
    return base.rows(f"select {columns} from base.{table} where {where} order by all")


def merged(base: Base, table: str, where: str = "true") -> pd.DataFrame:
    return base.connection.execute(f"select * from merged.{table} where {where} order by all").df()


@pytest.mark.parametrize("replace", [False, True])
def test_the_published_tables_uploaded_again_change_nothing(base: Base, replace: bool) -> None:
    places = ("count_higher", "count_lower")
    tables = [
        name for name in base.manifest.tables if name not in ("comparison_distributions", "added_words")
    ]
    staged = [stage(base.connection, name, as_text(base, name, drop=places)) for name in tables]
    assert merge(base, *staged, replace=replace) == set()


def test_a_value_takes_the_place_of_the_published_one_with_the_same_key(base: Base) -> None:
    before = as_text(base, "targets")
    assert merge(base, stage(base.connection, "targets", [{**before[0], "target_value": "33,5"}])) == {
        "targets"
    }
    assert len(merged(base, "targets")) == len(before)
    (change,) = preview.changes_of(base.connection, {"targets"})
    assert (change.new, change.changed, change.removed) == (0, 1, 0)


def test_columns_that_the_file_lacks_keep_their_published_value(base: Base) -> None:
    known = as_text(base, "actions", "owner_role is not null")[0]
    told = {
        name: known[name] for name in ("municipality_id", "action_id", "year", "kind", "title", "source_id")
    }
    merge(base, stage(base.connection, "actions", [{**told, "title": "Nytt namn"}]))
    (row,) = merged(base, "actions", f"action_id = '{known['action_id']}'").to_dict("records")
    assert (row["title"], row["owner_role"]) == ("Nytt namn", known["owner_role"])


def test_rows_that_the_file_lacks_stay_unless_it_is_the_whole(base: Base) -> None:
    plan = as_text(base, "goals", "municipality_id = '9901' and year = 2026")
    without_first = stage(base.connection, "goals", plan[1:])
    assert merge(base, without_first) == set()
    assert merge(base, without_first, replace=True) == {"goals"}
    (change,) = preview.changes_of(base.connection, {"goals"})
    assert (change.new, change.changed, change.removed) == (0, 0, 1)
    assert len(merged(base, "goals", "municipality_id = '9901' and year = 2025")) > 0


def test_a_register_grows_and_is_never_overwritten(base: Base) -> None:
    unit = as_text(base, "units", "municipality_id = '0125'")[0]
    rows = [{**unit, "name": "Fel namn"}, {**unit, "unit_id": "27595656", "name": "Birkaskolan"}]
    merge(base, stage(base.connection, "units", rows, only_missing=True))
    assert set(merged(base, "units", "municipality_id = '0125'")["name"]) == {unit["name"], "Birkaskolan"}


def own_outcome(base: Base) -> dict[str, Any]:
    return as_text(base, "outcomes", "indicator_id = 'L01' and municipality_id = '9901' and n > 40")[0]


def test_a_small_group_of_the_municipality_itself_is_hidden_and_kept_apart(base: Base) -> None:
    row = {**own_outcome(base), "municipality_id": "0125", "unit_id": "33159363", "value": "50", "n": "6"}
    assert "outcomes" in merge(base, stage(base.connection, "outcomes", [row]))
    (shown,) = merged(base, "outcomes", "municipality_id = '0125'").to_dict("records")
    assert (shown["marker"], pd.isna(shown["value"])) == ("..", True)
    raw = base.rows(
        "select value from private_outcomes where municipality_id = '0125' and indicator_id = 'L01'"
    )
    assert raw == [{"value": 50.0}]
    told = preview.rows_changed(base.connection, {"outcomes"})
    assert "50" not in set(told["Nu"])


def test_official_statistics_pass_as_their_publisher_shows_them(base: Base) -> None:
    source = {
        "source_id": "skolverket-x", "title": "X", "publisher": "Skolverket", "is_official": "ja",
    }  # fmt: skip
    row = {**own_outcome(base), "municipality_id": "0125", "unit_id": "33159363", "value": "50", "n": None}
    official = {**row, "source_id": "skolverket-x", "indicator_id": "N15436"}
    staged = [
        stage(base.connection, "sources", [source], only_missing=True),
        stage(base.connection, "outcomes", [official, {**row, "indicator_id": "L02"}]),
    ]
    merge(base, *staged)
    found = merged(base, "outcomes", "municipality_id = '0125'").set_index("indicator_id")
    assert found.loc["N15436", "value"] == 50
    assert found.loc["L02", "marker"] == ".."


def test_a_stage_of_a_unit_in_a_file_is_hidden_and_its_municipality_is_looked_at_with_the_units(
    base: Base,
) -> None:
    of_unit = as_text(base, "outcomes", "indicator_id = 'L23' and unit_id = '19901101' and year = 2026")[0]
    row = {**of_unit, "municipality_id": "0125", "unit_id": "33159363", "value": "20", "n": "100"}
    small = {**row, "value": "25", "n": "8"}
    rows = [
        {**small, "indicator_id": each, "unit_id": unit}
        for each in ("L23", "L29")
        for unit in ("33159363", None)
    ]
    merge(base, stage(base.connection, "outcomes", rows))
    shown = merged(base, "outcomes", "municipality_id = '0125'")
    assert len(shown) == 4 and set(shown["marker"]) == {".."} and shown["value"].isna().all()
    large = [{**each, "value": "20", "n": "100"} for each in rows]
    merge(base, stage(base.connection, "outcomes", large))
    shown = merged(base, "outcomes", "municipality_id = '0125'").fillna({"unit_id": ""})
    hidden = shown[shown["marker"] != ""]
    assert hidden[["indicator_id", "unit_id"]].to_numpy().tolist() == [["L29", "33159363"]]
    assert hidden["note"].iloc[0].startswith("Visas bara för hela kommunen")


def test_a_hidden_value_is_not_replaced_by_its_own_marker(base: Base) -> None:
    hidden = as_text(base, "outcomes", "marker = '..' and municipality_id = '9901' and indicator_id = 'L01'")
    raw = base.rows(
        "select count(*) as n from private.outcomes where value is not null and indicator_id = 'L01'"
    )
    assert hidden
    assert merge(base, stage(base.connection, "outcomes", hidden)) == set()
    kept = base.rows(
        "select count(*) as n from private_outcomes where value is not null and indicator_id = 'L01'"
    )
    assert kept == raw


def test_places_are_worked_out_anew_only_when_all_municipalities_are_there(base: Base) -> None:
    key = "indicator_id = 'N15436' and year = 2018 and gender = 'T'"
    own = as_text(
        base, "comparison_values", f"{key} and municipality_id = '0125'", ("count_higher", "count_lower")
    )[0]
    merge(base, stage(base.connection, "comparison_values", [{**own, "value": "99,9"}]))
    (row,) = merged(base, "comparison_values", f"{key} and municipality_id = '0125'").to_dict("records")
    assert row["value"] == 99.9
    # Four of 290 municipalities are here: where the new value stands among all is not known.
    assert pd.isna(row["count_higher"]) and pd.isna(row["count_lower"])
    before = base.rows(
        f"select n, p50 from base.comparison_distributions where {key} and register = 'sverige'"
    )
    assert (
        merged(base, "comparison_distributions", f"{key} and register = 'sverige'")[["n", "p50"]].to_dict(
            "records"
        )
        == before
    )


def test_a_whole_country_gives_new_places_and_a_new_spread(base: Base) -> None:
    key = "indicator_id = 'N15436' and year = 2024 and gender = 'T'"
    names = base.rows("select source_id from base.sources where is_official order by 1 limit 1")[0]
    municipalities = [
        {
            "municipality_id": f"{number:04}",
            "name": f"K{number}",
            "kind": "municipality",
            "register": "sverige",
            "has_own_data": "nej",
        }
        for number in range(3000, 3300)
    ]
    values = [
        {"indicator_id": "N15436", "municipality_id": f"{number:04}", "year": "2024", "gender": "T",
         "value": str((number - 3000) / 10 + 60), "status": None, **names}
        for number in range(3000, 3300)
    ]  # fmt: skip
    staged = [
        stage(base.connection, "municipalities", municipalities, only_missing=True),
        stage(base.connection, "comparison_values", values),
    ]
    changed = merge(base, *staged)
    assert changed == {"municipalities", "comparison_values", "comparison_distributions"}
    best = merged(base, "comparison_values", f"{key} and municipality_id = '3299'").iloc[0]
    assert best["count_higher"] == 0 or best["value"] < 95
    spread = merged(base, "comparison_distributions", f"{key} and register = 'sverige'").iloc[0]
    assert spread["n"] >= 300


def test_row_differences_name_places_and_show_old_beside_new(base: Base) -> None:
    known = as_text(base, "units", "municipality_id = '0125'")[0]
    merge(base, stage(base.connection, "units", [{**known, "name": "Munsö nya skola"}]))
    (row,) = preview.rows_changed(base.connection, {"units"}).to_dict("records")
    assert (row["Ändring"], row["Förut"], row["Nu"]) == ("ändrad", "Munsö skola", "Munsö nya skola")
    assert row["Vad"].startswith("Ekerö")


def test_official_figures_that_come_again_from_another_fetch_are_no_news(base: Base) -> None:
    sources = [
        {"source_id": f"skolverket-{day}", "title": "X", "publisher": "Skolverket", "is_official": "ja"}
        for day in ("2025", "2026")
    ]
    row = {**own_outcome(base), "municipality_id": "0125", "unit_id": "33159363", "indicator_id": "N15436"}
    first = [
        stage(base.connection, "sources", sources, only_missing=True),
        stage(base.connection, "outcomes", [{**row, "source_id": "skolverket-2025"}]),
    ]
    assert "outcomes" in merge(base, *first)
    for table in ("sources", "outcomes"):
        own_table(base, f"base.{table}")
        base.connection.execute(f"create or replace table base.{table} as from merged.{table}")
    own_table(base, "private.outcomes")
    base.connection.execute("create or replace table private.outcomes as from private_outcomes")
    again = stage(base.connection, "outcomes", [{**row, "source_id": "skolverket-2026"}])
    assert merge(base, again) == set()
    other = stage(base.connection, "outcomes", [{**row, "source_id": "skolverket-2026", "value": "1,5"}])
    assert merge(base, other) == {"outcomes"}


def test_places_and_spread_are_those_that_version_0_was_made_with(base: Base) -> None:
    rows = as_text(base, "comparison_values", "municipality_id = '9902'", ("count_higher", "count_lower"))
    for row in rows:
        row["value"] = None if row["value"] is None else str(float(row["value"]) + 1)
    merge(base, stage(base.connection, "comparison_values", rows))
    values = merged(base, "comparison_values", "municipality_id like '99%'")
    worked_out = comparison_distributions(values, "exempel").sort_values(DISTRIBUTION_KEY, ignore_index=True)
    spread = merged(base, "comparison_distributions", "register = 'exempel'")
    pd.testing.assert_frame_equal(spread[list(worked_out)], worked_out, check_dtype=False)
    placed = with_counts(values)
    pd.testing.assert_frame_equal(values[list(placed)], placed, check_dtype=False)
