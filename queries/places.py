"""Questions about municipalities, units, years, sources and words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports, settings

SUBJECTS = ("goals", "verdicts", "actions", "findings", "outcomes", "comparison", "months", "results")


@question
def municipalities(exports: Exports) -> pd.DataFrame:
    """One row per municipality that has data of its own here."""
    return exports.rows("municipalities")


@question
def units(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per unit of a municipality, named as now, with the names it had before."""
    return exports.rows("units", municipality_id=municipality_id)


@question
def years(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per year and subject for which a municipality has rows."""
    return exports.rows("years", municipality_id=municipality_id)


@question
def freshness(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per kind of data and source of a municipality: the newest year (and month) and the source's date."""
    return exports.rows("freshness", municipality_id=municipality_id)


@question
def indicators(exports: Exports) -> pd.DataFrame:
    """One row per indicator: what it is, whom it covers, which way is good, and who publishes it."""
    return exports.rows("indicators")


@question
def glossary(exports: Exports) -> pd.DataFrame:
    """One row per term that has a meaning of its own here."""
    return exports.rows("glossary")


def sources(exports: Exports, source_ids: Sequence[str]) -> pd.DataFrame:
    """One row per source among those asked for: title, publisher and dates."""
    return exports.rows("sources", source_ids=sorted(set(source_ids)))


def start_municipality(exports: Exports) -> str:
    """The municipality that is shown when nobody has chosen one: data/settings.toml says which."""
    known = list(municipalities(exports)["municipality_id"])
    wanted = settings()["start"]["municipality_id"]
    return wanted if wanted in known else known[0]


def newest_year(exports: Exports, municipality_id: str, subject: str) -> int | None:
    """The newest year a municipality has rows of a subject for, or None. Goals without any verdict: their plan."""
    found = years(exports, municipality_id=municipality_id)
    of_subject = found.loc[found["subject"] == subject, "year"]
    if of_subject.empty and subject == "verdicts":
        return newest_year(exports, municipality_id, "goals")
    return int(of_subject.max()) if not of_subject.empty else None
