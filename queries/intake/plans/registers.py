"""What is published and known already, looked up for a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from queries.connection import SQL
from queries.intake.plans.cells import folded, normal
from queries.intake.reading import Base, Options, Source

Row = Mapping[str, Any]
# Words for the whole municipality, which the data model tells with an empty unit.
WHOLE_MUNICIPALITY = (
    "hela kommunen", "kommunen", "kommunövergripande", "samtliga", "samtliga enheter", "alla", "alla enheter",
)  # fmt: skip
VOWELS = "aeiouyåäö"


def published_goals(base: Base, municipality_id: str) -> list[Row]:
    """One row per goal and year of a municipality, oldest first."""
    sql = """
    select goal_id, year, level, name, perspective, is_priority
    from base.goals
    where municipality_id = $municipality_id
    order by year, goal_id
    """
    return base.rows(sql, municipality_id=municipality_id)


def published_actions(base: Base, options: Options) -> list[Row]:
    """One row per action of a municipality; columns in queries/sql/intake/plan_actions.sql."""
    return base.rows(
        _sql("plan_actions"),
        municipality_id=options.municipality_id,
        report_date=options.report_date,
        report_name=options.report_name,
    )


def published_verdicts(base: Base, municipality_id: str, year: int) -> list[Row]:
    """One row per verdict on a goal in a year."""
    sql = """
    select verdict_id, goal_id, unit_id, assessed_date
    from base.goal_verdicts
    where municipality_id = $municipality_id and year = $year and goal_id is not null
    order by verdict_id
    """
    return base.rows(sql, municipality_id=municipality_id, year=year)


def perspectives(base: Base, municipality_id: str) -> set[str]:
    """The perspectives of a municipality's goals and actions, in normal form."""
    sql = """
    select perspective from base.goals where municipality_id = $municipality_id
    union
    select perspective from base.actions where municipality_id = $municipality_id
    """
    rows = base.rows(sql, municipality_id=municipality_id)
    return {normal(row["perspective"]) for row in rows if row["perspective"]}


def units_by_name(base: Base, municipality_id: str, year: int) -> dict[str, str]:
    """Name or code of a unit in normal form → unit_id, for the names that mean one unit in that year or ever."""
    sql = """
    select unit_id, name, null::integer as from_year, null::integer as to_year
    from base.units
    where municipality_id = $municipality_id
    union all
    select unit_id, name, from_year, to_year
    from base.unit_names
    where municipality_id = $municipality_id
    """
    ever: dict[str, set[str]] = {}
    that_year: dict[str, set[str]] = {}
    for row in base.rows(sql, municipality_id=municipality_id):
        for name in (row["name"], row["unit_id"]):
            ever.setdefault(normal(name), set()).add(row["unit_id"])
        if row["from_year"] and row["from_year"] <= year <= (row["to_year"] or year):
            that_year.setdefault(normal(row["name"]), set()).add(row["unit_id"])
    found = {name: that_year.get(name, unit_ids) for name, unit_ids in ever.items()}
    return {name: min(unit_ids) for name, unit_ids in found.items() if len(unit_ids) == 1}


def indicators_by_name(base: Base) -> dict[str, str]:
    """Id, title or short name of an indicator in normal form → indicator_id."""
    rows = base.rows("select indicator_id, title, short_name from words.indicators")
    return {
        normal(row[name]): row["indicator_id"]
        for row in rows
        for name in ("short_name", "title", "indicator_id")
    }


def unknown_words(base: Base, kind: Literal["status", "verdict"], texts: Iterable[str]) -> set[str]:
    """The texts that begin with no known word for a status or a verdict."""
    rows = base.rows(_sql("unknown_words"), kind=kind, texts=sorted(set(texts)))
    return {row["found"] for row in rows}


def source_of(base: Base, options: Options) -> Source:
    """The source of a plan: that of the same report where it is published, else a new one named after the report."""
    sql = """
    select source_id, title, publisher, published_date, retrieved_date, note, is_official
    from base.sources
    where source_id in (
        select source_id
        from base.action_reports
        where municipality_id = $municipality_id
            and report_date = cast($report_date as date)
            and report_name = $report_name
    ) or source_id = $source_id
    order by source_id = $source_id, source_id
    """
    source_id = f"plan-{options.municipality_id}-{options.report_date}-{slug(options.report_name or '')}"
    rows = base.rows(
        sql,
        municipality_id=options.municipality_id,
        report_date=options.report_date,
        report_name=options.report_name,
        source_id=source_id,
    )
    if rows:
        days = {name: rows[0][name] and str(rows[0][name]) for name in ("published_date", "retrieved_date")}
        return Source(**{**rows[0], **days})
    names = base.rows(
        "select name from base.municipalities where municipality_id = $id", id=options.municipality_id
    )
    return Source(
        source_id,
        options.report_name or "",
        publisher_of(names[0]["name"]),
        retrieved_date=options.today.isoformat(),
    )


def publisher_of(name: str) -> str:
    """What a municipality is called in full: Linköpings kommun, Ekerö kommun, Borås kommun."""
    if name.endswith("kommunen"):
        return name
    ending = "" if name[-1].casefold() in f"{VOWELS}sxz" else "s"
    return f"{name}{ending} kommun"


def slug(text: str) -> str:
    """A text as part of an id: small letters without dots and rings, digits, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")


def calendar_before(base: Base, municipality_id: str, year: int) -> Sequence[Row]:
    """The report points of a municipality's latest year up to this one, in order."""
    sql = """
    select year, report_point, position
    from base.report_points
    where municipality_id = $municipality_id and year <= $year
    order by year desc, position
    """
    rows = base.rows(sql, municipality_id=municipality_id, year=year)
    return [row for row in rows if row["year"] == rows[0]["year"]]


def _sql(name: str) -> str:
    return (SQL / "intake" / f"{name}.sql").read_text(encoding="utf-8")
