"""What falls due: each kind of day, what is done is gone, and what has passed is late."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings

from queries.catalogue import UnknownChoice
from queries.connection import Exports
from queries.deadlines import deadlines
from tests import search_twins, twins
from tests.conftest import Publish
from tests.queries.test_findings import memory_tables
from tests.queries.test_twins import HOME, MADE_UP, NEIGHBOUR, of_two_municipalities, only, rows_of, tables_of

TODAY = dt.date(2026, 11, 22)
UNITS = ([], ["19901103"], ["skola-1"])


def same_days(exports: Exports, tables: twins.Tables, municipality_id: str, as_of: dt.date) -> None:
    for unit_ids in UNITS:
        asked = rows_of(deadlines(exports, municipality_id=municipality_id, unit_ids=unit_ids, as_of=as_of))
        found = {(row["kind"], row["thing_id"]): (plain(row["day"]), row["is_late"]) for row in asked}
        assert len(found) == len(asked)
        assert found == search_twins.deadlines(tables, municipality_id, unit_ids, as_of)


def plain(day: dt.date) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day


@pytest.mark.parametrize("municipality_id", ["9901", "0125", "0580", "2581", "0117"])
def test_the_embedded_days_equal_the_twin(exports, municipality_id):
    tables = only(tables_of(exports), municipality_id)
    for as_of in (TODAY, dt.date(2018, 3, 1)):
        same_days(exports, tables, municipality_id, as_of)


# Each example is two municipalities through files: a few go far.
@settings(MADE_UP, max_examples=4)
@given(tables=of_two_municipalities(memory_tables()))
def test_made_up_days_equal_the_twin(publish: Publish, tables):
    exports = publish(**tables)
    known = tables_of(exports)
    for municipality_id in (HOME, NEIGHBOUR):
        same_days(exports, known, municipality_id, dt.date(2020, 1, 1))


def test_days_come_in_order_and_only_those_before_today_are_late(exports):
    rows = deadlines(exports, municipality_id="9901", as_of="2026-11-22")
    assert rows["day"].is_monotonic_increasing
    assert [plain(day) < TODAY for day in rows["day"]] == rows["is_late"].tolist()


def test_an_answered_promise_no_longer_falls_due(exports):
    promised = deadlines(exports, municipality_id="9901", as_of=TODAY)
    assert promised.loc[promised["kind"] == "promise", "title"].tolist() == [
        "Elevernas svar om tillit till vuxna mäts i egen enkät."
    ]


def test_a_day_that_is_none_is_refused(exports):
    with pytest.raises(UnknownChoice):
        deadlines(exports, municipality_id="9901", as_of="i går")
