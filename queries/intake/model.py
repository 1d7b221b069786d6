"""The data model as queries/sql/tables.sql states it, for those who must ask it: columns, types, keys, allowed words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from queries.connection import table_definitions

# What makes a row the same row where empty units forbid a primary key.
KEYS_WITH_EMPTY_PARTS = {
    "outcomes": ("municipality_id", "indicator_id", "unit_id", "year", "gender", "operator"),
    "targets": ("municipality_id", "indicator_id", "unit_id", "year"),
    "unit_results": ("municipality_id", "unit_id", "year"),
}
# A file that holds the whole of such a part may take away what it lacks (Options.replace). Actions are never taken
# away: a later report that does not mention one tells that it has vanished.
SCOPES = {
    "goals": ("municipality_id", "year"),
    "goal_verdicts": ("municipality_id", "year"),
    "goal_indicators": ("municipality_id",),
    "targets": ("municipality_id", "indicator_id"),
    "outcomes": ("municipality_id", "indicator_id", "year"),
    "action_reports": ("municipality_id", "report_date"),
    "report_points": ("municipality_id", "year"),
    "findings": ("municipality_id", "year"),
    "reports": ("municipality_id", "year"),
    "committee_items": ("municipality_id",),
    "events": ("municipality_id",),
    "monthly_values": ("municipality_id", "month"),
    "unit_results": ("municipality_id", "year"),
    "agreements": ("municipality_id", "meeting_date"),
    "meeting_questions": ("municipality_id", "meeting_date"),
    "comparison_values": ("indicator_id", "year"),
    "municipality_groups": ("group_id",),
    "units": ("municipality_id",),
    "unit_names": ("municipality_id", "unit_id"),
    "added_words": ("kind",),
}


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, whether it must be filled, the only words it may hold (none = any), and whether an
    empty text is one of them."""

    name: str
    kind: str
    is_required: bool
    allowed: tuple[str, ...] = ()
    may_be_blank: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its create statement, its columns in order, what makes a row the same row, and its scope."""

    name: str
    statement: str
    columns: dict[str, Column]
    key: tuple[str, ...]
    scope: tuple[str, ...]


@cache
def tables() -> dict[str, Table]:
    """Table name → table, in the order of queries/sql/tables.sql."""
    return {name: _table(name, statement) for name, statement in table_definitions().items()}


def _table(name: str, statement: str) -> Table:
    columns = {}
    for column, kind, rest in re.findall(
        r"^    (\w+) (text|integer|double|boolean|date)\b(.*)$", statement, re.M
    ):
        words = re.search(rf"check \({column} in \(([^)]*)\)", rest)
        allowed = tuple(re.findall(r"'([^']*)'", words[1])) if words else ()
        columns[column] = Column(
            column,
            kind,
            is_required="not null" in rest or "primary key" in rest,
            allowed=allowed,
            may_be_blank="" in allowed or "default ''" in rest,
        )
    own = re.search(r"^    primary key \(([^)]*)\)", statement, re.M)
    single = re.search(r"^    (\w+) \w+ primary key", statement, re.M)
    key = tuple(own[1].split(", ")) if own else (single[1],) if single else KEYS_WITH_EMPTY_PARTS[name]
    return Table(name, statement, columns, key, SCOPES.get(name, key))
