"""Questions about complaints and reported violations: always with and without what one named event brought."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports

COUNTS = ("complaints", "violations")


@question
def complaints_with_and_without(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per kind of count (COUNTS), place and year with a figure or a named event: the count with it and without.

    An empty unit_id is the whole municipality. The years are calendar years.
    """
    return exports.rows(
        "complaints_with_and_without", municipality_id=municipality_id, year=year, unit_ids=unit_ids
    )
