"""The steering chain and goals over years against their slow twins: on everything embedded, and on made-up tables."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import chain, goals, places
from queries.connection import Exports
from tests import goal_twins, twins
from tests.queries.test_twins import (
    GOALS,
    HOME,
    MADE_UP,
    NEIGHBOUR,
    action_tables,
    goal_tables,
    of_two_municipalities,
    only,
    rows_of,
    tables_of,
)

YEARS = (2018, 2019, 2020)


@pytest.fixture(scope="module")
def embedded(exports: Exports) -> dict[str, dict[str, list[twins.Row]]]:
    """Municipality → its rows of every table, for the five with data of their own."""
    everything = tables_of(exports)
    own = places.municipalities(exports)["municipality_id"]
    return {municipality_id: only(everything, municipality_id) for municipality_id in own}


def same_chain(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_id = choice
    asked = rows_of(
        chain.steering_chain(exports, municipality_id=municipality_id, year=year, unit_id=unit_id)
    )
    found = {row["node_id"]: (row["parent_id"], row["level"], row["state"]) for row in asked}
    assert len(found) == len(asked), choice
    assert found == goal_twins.steering_chain(tables, municipality_id, year, unit_id), choice
    assert_depth_first(asked)


def assert_depth_first(links: list[dict[str, Any]]) -> None:
    path = [""]
    for link in links:
        assert link["parent_id"] in path, link
        path = [*path[: path.index(link["parent_id"]) + 1], link["node_id"]]


def same_breaks(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_id = choice
    asked = rows_of(chain.broken_links(exports, municipality_id=municipality_id, year=year, unit_id=unit_id))
    found = {
        tuple(row[name] for name in ("kind", "goal_id", "indicator_id", "action_id", "who")) for row in asked
    }
    assert len(found) == len(asked), choice
    assert found == goal_twins.broken_links(tables, municipality_id, year, unit_id), choice


def same_path(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_id = choice
    asked = rows_of(chain.planned_path(exports, municipality_id=municipality_id, year=year, unit_id=unit_id))
    twin = goal_twins.planned_path(tables, municipality_id, year, unit_id)
    names = ("path_years", "path_targets", "last_year", "distance", "needed_per_year", "standing")
    found = {row["indicator_id"]: {name: row[name] for name in names} for row in asked}
    assert len(asked) == len(found), choice
    assert found == twin, choice


def same_plans(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_id = choice
    asked = rows_of(goals.unmet_goals(exports, municipality_id=municipality_id, year=year, unit_id=unit_id))
    found = {(row["goal_id"], row["verdict"], row["action_id"]) for row in asked}
    assert len(found) == len(asked), choice
    assert found == goal_twins.unmet_goals(tables, municipality_id, year, unit_id), choice


def same_history(exports: Exports, tables: twins.Tables, municipality_id: str) -> None:
    asked = rows_of(goals.goal_history(exports, municipality_id=municipality_id))
    found = {
        (row["goal_id"], row["year"]): (row["change"], row["afterwards"], row["next_plan"], row["priority"])
        for row in asked
    }
    assert found == goal_twins.goal_history(tables, municipality_id), municipality_id


def same_sums(exports: Exports, tables: twins.Tables, municipality_id: str) -> None:
    names = ("met", "partly", "not_met", "not_assessed", "count_unnamed", "count_goals")
    asked = rows_of(goals.goal_sums(exports, municipality_id=municipality_id))
    found = {
        row["year"]: (*(row[name] for name in names), set(row["added"]), set(row["dropped"])) for row in asked
    }
    assert len(found) == len(asked), municipality_id
    assert found == goal_twins.goal_sums(tables, municipality_id), municipality_id


OF_A_YEAR = pytest.mark.parametrize("same", [same_chain, same_breaks, same_path, same_plans])


class TestEmbedded:
    @OF_A_YEAR
    def test_what_is_asked_of_a_year_equals_its_twin(
        self, exports: Exports, embedded: dict[str, Any], same: Callable[..., None]
    ):
        for municipality_id, tables in embedded.items():
            units = sorted(row["unit_id"] for row in tables["units"])[:1]
            for year, unit_id in product((2018, 2020, 2021, 2025, 2026), (None, *units)):
                same(exports, tables, municipality_id, year, unit_id)
        assert len(embedded) == 5

    def test_goals_over_years_equal_their_twin(self, exports: Exports, embedded: dict[str, Any]):
        for municipality_id, tables in embedded.items():
            same_history(exports, tables, municipality_id)
            same_sums(exports, tables, municipality_id)
        assert len(embedded) == 5


@st.composite
def chain_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Goals that serve each other or nothing, with priorities, names that change, roles, and actions under indicators."""
    tables = {**draw(action_tables()), **draw(goal_tables())}
    role = st.sampled_from(["Skolchef", None])
    for goal in tables["goals"]:
        goal["parent_goal_id"] = draw(st.sampled_from([*GOALS, None]))
        goal["is_priority"] = draw(st.booleans())
        goal["goal_number"] = draw(st.sampled_from([goal["goal_id"][-1], None]))
        goal["owner_role"] = draw(role)
        goal["name"] = draw(st.sampled_from([goal["goal_id"], "Nytt namn"]))
    for action in tables["actions"]:
        action["indicator_id"] = draw(st.sampled_from(["N15419", "okänd", None]))
        action["owner_role"], action["given_by"] = draw(role), draw(st.sampled_from(["Fullmäktige", None]))
    return tables


class TestMadeUp:
    @MADE_UP
    @given(tables=of_two_municipalities(chain_tables()))
    def test_the_chain_its_breaks_its_path_and_plans_equal_their_twins(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        ways = product((HOME, NEIGHBOUR), YEARS, (None, "skola-1"))
        for municipality_id, year, unit_id in ways:
            for same in (same_chain, same_breaks, same_path, same_plans):
                same(exports, known, municipality_id, year, unit_id)
        assert known.keys() >= tables.keys()

    @MADE_UP
    @given(tables=of_two_municipalities(chain_tables()))
    def test_goals_over_years_equal_their_twin(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        for municipality_id in (HOME, NEIGHBOUR):
            same_history(exports, known, municipality_id)
            same_sums(exports, known, municipality_id)
        assert known.keys() >= tables.keys()
