"""Sick leave of a unit with few full-time posts: left out when a version is made, whoever makes it, and said beforehand."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from queries import permits
from queries.connection import Library
from queries.intake import checking, desk, merging, preview, publishing
from queries.intake.reading import Base, Options, Reading, stage
from queries.intake.regating import regate
from queries.intake.templates import filled_csv
from queries.small_groups import Limits
from queries.versions import EMBEDDED, Store
from tests.queries.intake.conftest import TODAY

LARGE, SMALL = "19901103", "09901108"
SICK_LEAVE, POSTS = "sjukfrånvaro", "årsarbetare"
JULY, AUGUST = "2024-07-01", "2024-08-01"


def told(
    unit_id: str, measure: str, value: float, *, month: str = JULY, kind: str = "outcome"
) -> dict[str, str]:
    return {
        "municipality_id": "9901", "unit_id": unit_id, "month": month, "dimension": "personal",
        "measure": measure, "kind": kind, "value": str(value).replace(".", ","), "source_id": "exempel-manad",
    }  # fmt: skip


def left(base: Base, *rows: dict[str, str]) -> list[tuple]:
    """Unit, month, measure and value of the summer of 2024 as a version with these rows has them."""
    staged = stage(base.connection, "monthly_values", rows)
    checking.check(base.connection, Reading("test", "Test", staged=(staged,)), TODAY, has_typed_numbers=True)
    assert checking.first_findings(base.connection, 5) == []
    merging.merge(base.connection, [staged], replace=False)
    return base.connection.execute(
        "select unit_id, month(month), measure, value from merged.monthly_values where year(month) = 2024 order by all"
    ).fetchall()


def sick_leave_of(store: Store) -> set[str]:
    """The units with sick leave for some month of 2026 in the newest version."""
    exports = Library(store).open()
    found = exports.connection.cursor().execute(
        "select distinct unit_id from query_table($table) where measure = $measure and year(month) = 2026",
        {"table": f"{exports.database}.main.monthly_values", "measure": SICK_LEAVE},
    )
    return {unit_id for (unit_id,) in found.fetchall()}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((EMBEDDED, tmp_path / "exports"))


@pytest.mark.parametrize(("posts", "is_shown"), [(10.9, False), (11, True)])
def test_sick_leave_rests_on_eleven_full_time_posts_of_the_same_month(
    base: Base, posts: float, is_shown: bool
) -> None:
    rows = left(base, told(SMALL, POSTS, posts), told(SMALL, SICK_LEAVE, 6.1))
    assert ((SMALL, 7, SICK_LEAVE, 6.1) in rows) == is_shown
    assert (SMALL, 7, POSTS, posts) in rows


def test_the_outcome_of_posts_goes_before_their_budget(base: Base) -> None:
    rows = left(
        base,
        told(SMALL, POSTS, 20, kind="budget"), told(SMALL, POSTS, 8), told(SMALL, SICK_LEAVE, 6.1),
        told(SMALL, POSTS, 20, kind="budget", month=AUGUST), told(SMALL, SICK_LEAVE, 6.2, month=AUGUST),
    )  # fmt: skip
    assert [row[1] for row in rows if row[2] == SICK_LEAVE] == [8]


def test_posts_of_another_month_or_unit_do_not_count(base: Base) -> None:
    rows = left(
        base, told(SMALL, POSTS, 20, month=AUGUST), told(LARGE, POSTS, 40), told(SMALL, SICK_LEAVE, 6.1)
    )
    assert [row for row in rows if row[2] == SICK_LEAVE] == []


def test_sick_leave_of_every_kind_and_with_more_words_is_left_out(base: Base) -> None:
    rows = left(
        base,
        told(SMALL, POSTS, 6),
        told(SMALL, SICK_LEAVE, 6.1, kind="budget"),
        told(SMALL, SICK_LEAVE, 6.2, kind="forecast"),
        told(SMALL, "Sjukfrånvaro, kort", 2.0),
        told(SMALL, "närvaro", 92.0),
    )
    assert [row[2] for row in rows] == ["närvaro", POSTS]


def test_posts_that_fall_below_the_limit_take_published_sick_leave_with_them(base: Base) -> None:
    month = "2026-09-01"
    left(base, told(LARGE, POSTS, 9, month=month))
    rows = base.connection.execute(
        "select measure from merged.monthly_values where unit_id = $unit and month = $month::date and kind = 'outcome'",
        {"unit": LARGE, "month": month},
    ).fetchall()
    assert (POSTS,) in rows and (SICK_LEAVE,) not in rows


def test_the_preview_says_how_many_were_left_out_and_why(base: Base) -> None:
    left(
        base,
        told(SMALL, POSTS, 6), told(SMALL, SICK_LEAVE, 6.1), told(SMALL, SICK_LEAVE, 6.0, kind="budget"),
        told(LARGE, SICK_LEAVE, 5.5),
    )  # fmt: skip
    assert preview.left_out(base.connection) == [
        "2 uppgifter om sjukfrånvaro publiceras inte: färre än elva årsarbetare den månaden i Utskärsviksskolan.",
        "1 uppgift om sjukfrånvaro publiceras inte: det framgår inte hur många årsarbetare som fanns den månaden i "
        "Ljungtjärnshöjdens skola. Läs in årsarbetare i samma fil eller före.",
    ]


def test_many_units_are_counted_and_some_of_them_named(base: Base) -> None:
    units = [
        row["unit_id"] for row in base.rows("select unit_id from base.units where municipality_id = '9901'")
    ]
    left(base, *(told(unit_id, SICK_LEAVE, 6.1) for unit_id in units[:7]))
    assert "i 7 enheter, bland dem " in preview.left_out(base.connection)[0]


def test_an_upload_without_small_units_says_nothing_of_it(base: Base) -> None:
    left(base, told(LARGE, POSTS, 40), told(LARGE, SICK_LEAVE, 5.5))
    assert preview.left_out(base.connection) == []


def test_a_file_says_it_before_it_is_published_and_also_where_nothing_else_is_new(store: Store) -> None:
    posts, sick = told(SMALL, POSTS, 6), told(SMALL, SICK_LEAVE, 6.1)
    said = "1 uppgift om sjukfrånvaro publiceras inte: färre än elva årsarbetare den månaden i Utskärsviksskolan."
    file = filled_csv(pd.DataFrame([posts, sick]).assign(value=[6.0, 6.1]), "monthly_values")
    first = desk.check(io.BytesIO(file), "m.csv", store=store, options=Options(TODAY)).outcome
    assert (first.verdict, said in first.sentences) == ("accepted", True)
    publishing.publish(store, first.draft_id, permit=permits.operator("publish"), note="")
    again = desk.check(io.BytesIO(file), "m.csv", store=store, options=Options(TODAY)).outcome
    assert (again.verdict, list(again.sentences)) == ("unchanged", [said])


def test_a_stricter_limit_takes_more_away_and_a_lower_one_brings_nothing_back(
    store: Store, data_copy: Path
) -> None:
    settings = data_copy / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    before = sick_leave_of(store)
    settings.write_text(text.replace("employees = 11", "employees = 15"), encoding="utf-8")
    regate(store, permit=permits.operator("publish"))
    stricter = sick_leave_of(store)
    assert stricter < before
    settings.write_text(text.replace("employees = 11", "employees = 5"), encoding="utf-8")
    regate(store, permit=permits.operator("publish"))
    assert sick_leave_of(store) == stricter


def test_the_embedded_version_has_no_sick_leave_of_few() -> None:
    store = Store((EMBEDDED,))
    manifest = store.manifest(0)
    months = str(store.verified_path(manifest.tables["monthly_values"]))
    outcomes = str(store.verified_path(manifest.tables["outcomes"]))
    counted = duckdb.execute(
        """
        select count(*), min(posts.value)
        from read_parquet($months) as sick
        left join read_parquet($months) as posts
            on posts.unit_id = sick.unit_id and posts.month = sick.month
            and posts.measure = 'årsarbetare' and posts.kind = 'outcome'
        where sick.measure = 'sjukfrånvaro'
        """,
        {"months": months},
    ).fetchall()[0]
    assert counted[0] > 300 and counted[1] >= Limits().employees
    of_year = duckdb.execute(
        "select count(*), min(n), count(*) filter (where n is null) from read_parquet($outcomes) "
        "where indicator_id = 'L15' and value is not null",
        {"outcomes": outcomes},
    ).fetchall()[0]
    assert of_year[0] > 100 and of_year[1:] == (Limits().employees, 0)
