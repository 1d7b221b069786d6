"""Questions about absence: how much, how it was registered, and whether it is investigated."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports, settings


@question
def absence(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per measure of absence, place and school year, up to a year, with the registration rate beside it.

    An empty unit_id is the whole municipality, the only place with stages. An empty term is the whole school year.
    value and registration are in percent.
    """
    return exports.rows(
        "absence",
        municipality_id=municipality_id,
        year=year,
        unit_ids=unit_ids,
        low_registration=low_registration(),
    )


@question
def absence_events(exports: Exports, *, municipality_id: str, unit_ids: Sequence[str] = ()) -> pd.DataFrame:
    """One row per happening that a time line of absence must show, with the school year and term it began in."""
    return exports.rows("absence_events", municipality_id=municipality_id, unit_ids=unit_ids)


@question
def investigation_coverage(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit with figures of absence in a school year: the share of those over the limit with an investigation.

    Percent of the pupils over the absence limit. n is empty where the share is hidden. Without year: the newest.
    """
    return exports.rows(
        "investigation_coverage",
        municipality_id=municipality_id,
        year=year,
        unit_ids=unit_ids,
        low_registration=low_registration(),
    )


def low_registration() -> float:
    """Below this share of lessons with registered attendance, in percent, absence figures are doubted."""
    return float(settings()["attendance"]["low_registration"])
