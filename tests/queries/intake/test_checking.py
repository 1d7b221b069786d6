"""Every bad cell is found with its row and column, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queries.connection import SQL
from queries.intake.model import tables
from queries.intake.reading import Base, stage
from tests.queries.intake.conftest import Check

OUTCOME = {
    "municipality_id": "9901",
    "indicator_id": "L13",
    "unit_id": None,
    "year": "2025",
    "gender": "T",
    "operator": "alla",
    "value": "12",
    "marker": None,
    "note": None,
    "n": "120",
    "source_id": "exempel-utfall",
}
SHARE = {**OUTCOME, "indicator_id": "L01", "value": "12,5"}


@pytest.fixture
def source(base: Base) -> dict[str, str]:
    """A source that version 0 has, whatever it is called."""
    return {"source_id": base.rows("select min(source_id) as id from base.sources")[0]["id"]}


def told(findings: list) -> list[tuple]:
    return [(each.rule, each.line, each.column, each.found) for each in findings]


def test_a_row_that_keeps_every_rule_gives_nothing(check: Check, source: dict) -> None:
    assert check("outcomes", [{**OUTCOME, **source, "value": "21", "year": "2026"}]) == []


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"value": "tolv"}, "type", "value"),
        ({"value": "NaN"}, "type", "value"),
        ({"value": "1e309"}, "type", "value"),
        ({"value": "1.234.567"}, "type", "value"),
        ({"value": "１２"}, "type", "value"),
        ({"value": "#DIV/0!"}, "type", "value"),
        ({"value": "12 st"}, "type", "value"),
        ({"n": "31,5"}, "type", "n"),
        ({"n": "-3"}, "negative", "n"),
        ({"year": "2O25"}, "type", "year"),
        ({"year": "45170"}, "type", "year"),
        ({"year": "1899"}, "year_early", "year"),
        ({"year": "2031"}, "year_ahead", "year"),
        ({"year": "24/23"}, "type", "year"),
        ({"year": "2023-2025"}, "type", "year"),
        ({"year": None}, "empty", "year"),
        ({"gender": "F"}, "word", "gender"),
        ({"operator": "stat"}, "word", "operator"),
        ({"municipality_id": "125"}, "code", "municipality_id"),
        ({"municipality_id": "0126"}, "unknown", "municipality_id"),
        ({"indicator_id": "N99999"}, "unknown", "indicator_id"),
        ({"unit_id": "12345678"}, "unknown", "unit_id"),
        ({"unit_id": "1,23E+07"}, "code", "unit_id"),
        ({"value": None}, "value_or_marker", "value"),
        ({"marker": ".."}, "value_and_marker", "value"),
        ({"value": None, "marker": "x"}, "word", "marker"),
        ({"value": "12 %"}, "percent", "value"),
    ],
)
def test_a_bad_cell_is_found_with_its_row_and_column(
    check: Check, source: dict, change: dict, rule: str, column: str
) -> None:
    good = {**OUTCOME, **source, "year": "2024"}
    findings = check("outcomes", [good, {**OUTCOME, **source, **change}])
    found = [each for each in findings if each.severity == "error"]
    assert (rule, 3, column) in [(each.rule, each.line, each.column) for each in found]
    assert {each.line for each in found} == {3}


@pytest.mark.parametrize("value", ["101", "-0,1", "1 000"])
def test_a_share_outside_nought_to_hundred_is_refused(check: Check, source: dict, value: str) -> None:
    (found,) = check("outcomes", [{**SHARE, **source, "value": value}])
    assert (found.rule, found.found) == ("share", value)


@pytest.mark.parametrize("value", ["12,5", "12.5", "12,5 %", "\u22120", "1\u00a02", "1 2"])
def test_numbers_are_read_as_swedes_write_them(base: Base, value: str) -> None:
    base.connection.execute((SQL / "intake" / "cells.sql").read_text(encoding="utf-8"))
    expected = {"12,5": 12.5, "12.5": 12.5, "12,5 %": 12.5, "\u22120": 0.0}.get(value)
    assert base.rows("select number_of($cell) as number", cell=value)[0]["number"] == expected


def test_points_and_commas_in_one_column_are_told_of(check: Check, source: dict) -> None:
    rows = [{**OUTCOME, **source, "value": "12,5"}, {**OUTCOME, **source, "year": "2024", "value": "1.234"}]
    assert ("decimals", 3, "value", "1.234") in told(check("outcomes", rows))
    assert not [
        each for each in check("outcomes", rows[:1], has_typed_numbers=True) if each.rule == "decimals"
    ]


def test_the_second_of_two_rows_with_one_key_names_the_first(check: Check, source: dict) -> None:
    findings = check("outcomes", [{**OUTCOME, **source}, {**OUTCOME, **source, "value": "13"}])
    (found,) = [each for each in findings if each.rule == "duplicate"]
    assert found.line == 3
    assert found.expected.endswith("samma finns på rad 2")


def test_a_target_told_twice_is_refused_although_its_unit_is_empty(check: Check, source: dict) -> None:
    row = {
        "municipality_id": "9901", "indicator_id": "L01", "unit_id": None, "year": "2026", "operator": ">=",
        "target_value": "80", **source,
    }  # fmt: skip
    assert [each.rule for each in check("targets", [row, row])] == ["duplicate"]


def test_a_new_row_without_a_needed_column_is_told_of(check: Check, source: dict) -> None:
    row = {"municipality_id": "9901", "action_id": "ny", "year": "2026", **source}
    assert {(each.rule, each.column) for each in check("actions", [row])} == {
        ("lacking", "Typ"),
        ("lacking", "Åtgärd"),
    }


def test_a_known_row_may_leave_columns_to_the_published_version(check: Check, base: Base) -> None:
    known = base.rows(
        "select municipality_id, action_id, year::text as year, source_id from base.actions order by all limit 1"
    )
    assert check("actions", known) == []


def test_a_school_in_the_same_file_is_known(check: Check, base: Base, source: dict) -> None:
    unit = {
        "municipality_id": "0125", "unit_id": "27595656", "name": "Birkaskolan", "school_form": "grundskola",
        "operator": "enskild", **source,
    }  # fmt: skip
    units = stage(base.connection, "units", [unit], only_missing=True)
    row = {**OUTCOME, **source, "municipality_id": "0125", "unit_id": "27595656"}
    assert check("outcomes", [row], also=[units]) == []
    # The code belongs to its municipality.
    other = {**row, "municipality_id": "0580"}
    assert [each.rule for each in check("outcomes", [other], also=[units])] == ["unknown"]


def test_proportions_where_percent_is_meant_are_refused(check: Check, source: dict) -> None:
    rows = [
        {**SHARE, **source, "gender": gender, "value": value}
        for gender, value in zip("TKM", ("0,871", "0,9", "0,84"), strict=True)
    ]
    assert {each.rule for each in check("outcomes", rows) if each.severity == "error"} == {"unit"}


def test_one_proportion_is_refused_where_the_published_value_is_a_hundred_times_larger(
    check: Check, base: Base
) -> None:
    before = base.rows(
        "select * from base.outcomes where value > 50 and municipality_id = '9901' and indicator_id = 'L05' "
        "and unit_id is null and gender = 'T' order by year desc limit 1"
    )[0]
    row = {
        **before,
        "year": str(before["year"]),
        "value": str(before["value"] / 100),
        "marker": None,
        "n": "90",
    }
    assert "unit" in {each.rule for each in check("outcomes", [row], has_typed_numbers=True)}


def a_jump(base: Base) -> dict[str, Any]:
    """The year after one that is published for municipality 9901, with another value by far."""
    before = base.rows(
        "select * from base.outcomes where value > 60 and municipality_id = '9901' and indicator_id = 'L05' "
        "and unit_id is null and gender = 'T' order by year desc limit 1"
    )[0]
    return {**before, "year": str(before["year"] + 1), "value": "15", "marker": None, "n": "90"}


def test_a_jump_is_a_warning(check: Check, base: Base) -> None:
    findings = check("outcomes", [a_jump(base)], has_typed_numbers=True)
    assert [(each.severity, each.rule) for each in findings] == [("warning", "jump")]


@pytest.mark.parametrize(("quoted", "rules"), [(["0125"], []), ([], []), (["0125", "9901"], ["jump"])])
def test_a_published_value_is_quoted_only_to_whom_its_municipality_may_be_told(
    check: Check, base: Base, quoted: list[str], rules: list[str]
) -> None:
    findings = check("outcomes", [a_jump(base)], has_typed_numbers=True, quoted=quoted)
    assert [each.rule for each in findings] == rules


def test_published_comparisons_jump_seldom(check: Check, base: Base) -> None:
    rows = base.rows(
        "select indicator_id, municipality_id, year::text as year, gender, value::text as value, nullif(status, '') as status, "
        "source_id from base.comparison_values"
    )
    findings = check("comparison_values", rows, has_typed_numbers=True)
    assert {each.severity for each in findings} <= {"warning"}
    assert len(findings) < 0.01 * len(rows)


def test_every_table_can_be_checked_against_itself(base: Base, check: Check) -> None:
    for name, table in tables().items():
        columns = ", ".join(f"nullif({column}::text, '') as {column}" for column in table.columns)
        rows = base.rows(f"select {columns} from base.{name} limit 3000")
        findings = check(name, rows, has_typed_numbers=True) if rows else []
        assert [each for each in findings if each.severity == "error"] == [], name


def test_headings_of_the_file_are_what_a_finding_names(check: Check, source: dict) -> None:
    row = {**OUTCOME, **source, "value": "x", "n": "y"}
    findings = check("outcomes", [{**row, "_heading": "Andel ”O'Hara”"}], headings={"n": "Antal elever"})
    assert {each.column for each in findings} == {"Andel ”O'Hara”", "Antal elever"}


def test_sql_in_a_cell_or_heading_is_text(check: Check, source: dict) -> None:
    row = {
        **OUTCOME,
        **source,
        "note": "'); drop table findings; --",
        "value": "1'); drop table findings; --",
    }
    findings = check("outcomes", [row], headings={"value": "a'); drop table findings; --"})
    assert told(findings) == [("type", 2, "a'); drop table findings; --", "1'); drop table findings; --")]


def test_the_rules_lie_where_the_columns_are() -> None:
    from queries.intake.rules import RULES

    for rule in RULES:
        places = tables().values() if rule.table == "*" else [tables()[rule.table]]
        assert any(rule.column in table.columns for table in places), rule
    assert Path(SQL / "intake" / "cells.sql").exists()
