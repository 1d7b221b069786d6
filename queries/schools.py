"""Questions about one school at a time: skolans nyckeltal i samma ordning och på samma axlar för alla skolor."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports
from queries.places import newest_year


@question
def school_indicators(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per chart of the school form's set, unit and year, up to six years, with value, municipality and target.

    Without a year the newest with outcomes counts. gap tells why a unit has no value: closed, not_opened, not_per_unit
    (no unit of the form has one), never (other units have), as_municipality (the municipality's note says why) or
    missing; '' where there is a value or a marker. axis_low and axis_high are the same for all units of a form.
    """
    return exports.rows(
        "school_indicators",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "outcomes"),
        unit_ids=unit_ids,
    )


@question
def school_lives(exports: Exports, *, municipality_id: str, unit_ids: Sequence[str] = ()) -> pd.DataFrame:
    """One row per happening in the life of a unit: a former name or code, a closing, a unit it took over from.

    kind is renamed, new_code, closed or took_over. year is the last one with the former name, code or unit.
    """
    return exports.rows("school_lives", municipality_id=municipality_id, unit_ids=unit_ids)
