"""Questions about what pupils and guardians answer, and how many of them do."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports, settings


@question
def survey_results(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per survey, question, place and year, up to a year: the result, its answers and the response rate.

    An empty unit_id is the whole municipality. n is the number of answers, response_rate percent of those asked.
    """
    return exports.rows(
        "survey_results",
        municipality_id=municipality_id,
        year=year,
        unit_ids=unit_ids,
        low_response=low_response(),
    )


def low_response() -> float:
    """Below this response rate, in percent, a result is said to rest on few of those asked."""
    return float(settings()["survey"]["low_response"])
