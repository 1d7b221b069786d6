"""Questions about remarks that stand year after year: samma påpekande igen."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports
from queries.places import newest_year


@question
def recurring_themes(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per theme of remarks up to a year, with its years, how many in a row, effort and effect.

    An empty effect means that no source tells one.
    """
    chosen = year or newest_year(exports, municipality_id, "findings")
    return exports.rows("recurring_themes", municipality_id=municipality_id, year=chosen, unit_ids=unit_ids)
