"""What should reach the committee and what it was promised: reports, questions, assignments, agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from queries import clock
from queries.catalogue import day_of, question
from queries.connection import Exports


@question
def report_register(
    exports: Exports, *, municipality_id: str, year: int | None = None, kinds: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per report that should reach the committee, up to a year, with when and how it was treated.

    kinds are the names in use, as in kind_now. state is treated, undated or never.
    """
    return exports.rows("report_register", municipality_id=municipality_id, year=year, kinds=kinds)


@question
def committee_register(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    kinds: Sequence[str] = (),
    as_of: date | str | None = None,
) -> pd.DataFrame:
    """One row per question, promise or demand raised in the committee up to the end of a year, with its answer.

    state is answered, open or overdue by the day as_of: a date, or text as 2026-11-22; without one, today.
    """
    return exports.rows(
        "committee_register",
        municipality_id=municipality_id,
        year=year,
        kinds=kinds,
        as_of=day_of(as_of) or clock.today(),
    )


@question
def assignment_register(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per assignment from the council, of plans up to a year, with its giver and as last reported by then."""
    return exports.rows("assignment_register", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def agreement_register(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    area: str | None = None,
) -> pd.DataFrame:
    """One row per point agreed at a dialogue meeting up to the end of a year, with what came of it.

    area brings, beside those of unit_ids, what was agreed with the area as a whole.
    """
    return exports.rows(
        "agreement_register", municipality_id=municipality_id, year=year, unit_ids=unit_ids, area=area
    )
