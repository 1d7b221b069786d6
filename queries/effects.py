"""Questions about what became of finished actions: done is not the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports, settings
from queries.places import newest_year

STATES = ("told", "overdue", "planned", "untold", "no_indicator")


@question
def effect_ledger(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per action that is finished or has an evaluation date, up to a year, with what is known of its effect.

    effect_state is one of STATES. change and band are in the indicator's unit; the band is data/settings.toml's.
    """
    band = no_change_band()
    return exports.rows(
        "effect_ledger",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "actions"),
        unit_ids=unit_ids,
        share_points=band["share_points"],
        percent=band["percent"],
    )


def no_change_band() -> Mapping[str, float]:
    """What counts as no change: share_points for percentages, percent of the baseline for all else."""
    return settings()["effect"]
