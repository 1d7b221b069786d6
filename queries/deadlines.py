"""What falls due: actions, reports, evaluations and promises, by their days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from queries import clock
from queries.catalogue import day_of, question
from queries.connection import Exports


@question
def deadlines(
    exports: Exports,
    *,
    municipality_id: str,
    unit_ids: Sequence[str] = (),
    as_of: date | str | None = None,
) -> pd.DataFrame:
    """One row per thing that falls due on a day and is not known to be done, in the order of the days.

    is_late says that the day lies before as_of: a date, or text as 2026-11-22; without one, today.
    """
    return exports.rows(
        "deadlines",
        municipality_id=municipality_id,
        unit_ids=unit_ids,
        as_of=day_of(as_of) or clock.today(),
    )
