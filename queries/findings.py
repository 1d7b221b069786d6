"""Questions about remarks that stand year after year: samma påpekande igen."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import one_of, question
from queries.connection import Exports
from queries.places import newest_year

GROUPINGS = ("theme", "unit")


@question
def recurring_themes(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per theme of remarks up to a year, with its years, how many in a row, effort and effect.

    An empty effect means that no source tells one. is_standing: the newest of its years is the newest told of.
    """
    chosen = year or newest_year(exports, municipality_id, "findings")
    return exports.rows("recurring_themes", municipality_id=municipality_id, year=chosen, unit_ids=unit_ids)


@question
def finding_years(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    by: str = "theme",
) -> pd.DataFrame:
    """One row per theme and year it was remarked on, with the run of years in a row that the year belongs to.

    by is one of GROUPINGS, else UnknownChoice: 'unit' gives a row for each unit as well, named as today.
    """
    return exports.rows(
        "finding_years",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "findings"),
        unit_ids=unit_ids,
        by=one_of(GROUPINGS, by),
    )


@question
def finding_list(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    themes: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> pd.DataFrame:
    """One row per remark up to a year, with its chain: decision, action and state, effort, effect, cause, next step.

    kinds are weakness and strength. What a source leaves out is empty.
    """
    return exports.rows(
        "finding_list",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "findings"),
        unit_ids=unit_ids,
        themes=themes,
        kinds=kinds,
    )


@question
def themes_without(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per theme that stands in the newest year with anything told: how many remarks lack each link of the chain."""
    chosen = year or newest_year(exports, municipality_id, "findings")
    return exports.rows("themes_without", municipality_id=municipality_id, year=chosen, unit_ids=unit_ids)


@question
def strengths_and_weaknesses(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per theme and year up to a year, with the strengths and the weaknesses that are told of it."""
    chosen = year or newest_year(exports, municipality_id, "findings")
    return exports.rows(
        "strengths_and_weaknesses", municipality_id=municipality_id, year=chosen, unit_ids=unit_ids
    )
