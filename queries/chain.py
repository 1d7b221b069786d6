"""Questions about the steering chain (styrkedjan): what hangs under what, where it breaks, and the planned path."""

from __future__ import annotations

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports
from queries.places import newest_year

# A municipality may have goals without verdicts, or actions without goals: the chain shows that too.
SUBJECTS = ("verdicts", "actions", "outcomes")


@question
def steering_chain(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_id: str | None = None
) -> pd.DataFrame:
    """One row per link of the steering chain in a year: council goal, committee goal, indicator, unit and action, depth first.

    A broken link has no name and state 'missing'.
    """
    chosen = year or chain_year(exports, municipality_id)
    return exports.rows("steering_chain", municipality_id=municipality_id, year=chosen, unit_id=unit_id)


@question
def broken_links(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_id: str | None = None
) -> pd.DataFrame:
    """One row per break in the steering chain of a year, with who should deliver what is missing.

    kind is 'no_council_goal', 'no_indicator', 'no_value', 'no_target', 'no_action' or 'no_goal'.
    """
    chosen = year or chain_year(exports, municipality_id)
    return exports.rows("broken_links", municipality_id=municipality_id, year=chosen, unit_id=unit_id)


@question
def planned_path(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_id: str | None = None
) -> pd.DataFrame:
    """One row per indicator with a target in the year or the two after it, for the whole municipality or one unit.

    standing says whether the outcome is before, on or behind the planned path, distance how far in the indicator's unit.
    """
    chosen = year or chain_year(exports, municipality_id)
    return exports.rows("planned_path", municipality_id=municipality_id, year=chosen, unit_id=unit_id)


def chain_year(exports: Exports, municipality_id: str) -> int | None:
    """The year the chain is shown for when nobody has chosen one: the newest with verdicts, else with actions or figures."""
    newest = (newest_year(exports, municipality_id, subject) for subject in SUBJECTS)
    return next((year for year in newest if year is not None), None)
