"""Exempelkommunen: an invented municipality with invented schools, full enough for every page.

Everything is drawn from one seed and nothing from a real municipality. Each part draws from a generator of
its own, so that a change in one table leaves the others as they were. What stands on purpose, to be found by
a reader or a rule, is named in PLANTED (actions) and PLANTED_DISAGREEMENTS (goals).
"""

from __future__ import annotations

import pandas as pd

from queries.intake.example.actions import action_tables, all_actions
from queries.intake.example.committee import committee_tables
from queries.intake.example.comparison import comparison_tables
from queries.intake.example.economy import money, monthly_values, unit_results
from queries.intake.example.findings import findings
from queries.intake.example.frames import columns, frame
from queries.intake.example.goals import PLANTED_DISAGREEMENTS, goal_tables
from queries.intake.example.outcomes import outcomes
from queries.intake.example.people import people, posts
from queries.intake.example.places import place_tables
from queries.intake.example.planted import PLANTED

__all__ = ["PLANTED", "PLANTED_DISAGREEMENTS", "example_tables"]


def example_tables(seed: int = 2026) -> dict[str, pd.DataFrame]:
    """Table name → its rows, for every table of queries/sql/tables.sql, in its order. Outcomes are ungated.

    The same seed gives the same tables on any machine.
    """
    figures = money(seed)
    results = outcomes(seed, figures)
    actions = all_actions(seed, _municipal_values(results))
    tables = {
        **place_tables(),
        **goal_tables(seed, results),
        "outcomes": results,
        **action_tables(actions),
        "findings": findings(actions),
        **committee_tables(seed),
        "monthly_values": monthly_values(seed, figures, people(seed), posts(seed)),
        "unit_results": unit_results(figures),
        **comparison_tables(seed, results),
        "added_words": frame("added_words", []),
        "indicator_register": frame("indicator_register", []),
    }
    return {name: tables[name] for name in columns()}


def _municipal_values(results: pd.DataFrame) -> dict[tuple[str, int], float]:
    known = results[results["unit_id"].isna() & (results["gender"] == "T") & (results["marker"] == "")]
    return {
        (indicator_id, int(year)): float(value)
        for indicator_id, year, value in zip(
            known["indicator_id"], known["year"], known["value"], strict=True
        )
    }
