"""Questions about what reports say against themselves, and what they leave unsaid: shown as questions, never verdicts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports
from queries.places import newest_year


@question
def contradictions(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per action and rule of data/contradiction_rules.csv that its last report of a year meets.

    The rules' words are in data/contradiction_words.csv; quote is what the report itself says.
    """
    return _asked(exports, "contradictions", municipality_id, year, unit_ids)


@question
def reporting_tally(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per kind of action: late with and without a new time, finished with and without a remark.

    late_with_new_time + late_without_new_time = late; the other two lie within finished.
    """
    return _asked(exports, "reporting_tally", municipality_id, year, unit_ids)


@question
def action_causes(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per cause that a year's last reports name, with the number of actions that name it."""
    return _asked(exports, "action_causes", municipality_id, year, unit_ids)


def _asked(
    exports: Exports, name: str, municipality_id: str, year: int | None, unit_ids: Sequence[str]
) -> pd.DataFrame:
    return exports.rows(
        name,
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "actions"),
        unit_ids=unit_ids,
    )
