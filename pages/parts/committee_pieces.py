"""What a committee meeting is given, as pieces: goals, actions, position against others, remarks that come back.

The sentences and tables are those of the pages, so that a printed number is the number on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pages.parts import positions, sentences
from pages.parts.chain_tables import all_path_rows, of_path, path_rows
from pages.parts.comparing import CAVEAT
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Role, Series, without_rows
from pages.parts.planned_for import of_plans, plan_rows
from pages.parts.sourcing import sources_in_words
from pages.parts.tables import (
    action_rows,
    all_action_rows,
    all_comparison_rows,
    comparison_rows,
    counts_of_actions,
    counts_of_goals,
    goal_rows,
    theme_heads,
    theme_rows,
    unit_comparison_rows,
)
from pages.parts.words import DASH, OUTCOMES, VERDICTS, Mark, counted, day, number_or_none, text
from queries import actions, chain, comparison, findings, goals, places
from queries.connection import Exports

NOTHING = pd.DataFrame()
PROFILES: Mapping[str, str] = {"forskola": "forskola", "gymnasieskola": "gymnasieskola"}
SCALE = "Skalan går från 0 till 100: 0 är det värde som bara 2,5 procent av kommunerna ligger sämre än, 100 det som bara 2,5 procent ligger bättre än."
ENDED_PARTS = ("finished", "open", "closed_undone")
SPOKE_ROLES: tuple[Role, ...] = ("own", "comparison", "third", "muted")


def goals_piece(opened: Exports, chosen: Filters) -> Piece:
    """How many goals are met, in all and by perspective?"""
    question = "Hur många mål är uppnådda?"
    year = chosen.year or places.newest_year(opened, chosen.municipality_id, "verdicts")
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_ids": chosen.unit_ids}
    tally = goals.goal_tally(opened, **asked)
    if year is None or tally.empty:
        return _missing("mal", question, f"Inga mål är bedömda för {chosen.subject(year)}.", "goals")
    before = goals.goal_tally(opened, **{**asked, "year": year - 1})
    perspectives = goals.goal_tally(opened, **asked, by="perspective")
    groups = pd.concat([tally, perspectives], ignore_index=True) if len(perspectives) > 1 else tally
    rows = _goal_list(opened, chosen, year)
    return Piece(
        "mal",
        question,
        sentences.of_goals(tally.iloc[0], None if before.empty else before.iloc[0], year - 1),
        counts_of_goals(groups),
        sources_in_words(opened, rows["source_id"]),
        _stack(groups, VERDICTS),
    )


def each_goal_piece(opened: Exports, chosen: Filters) -> Piece:
    """Which goals are met and which are not?"""
    question = "Vilka mål är uppnådda och vilka inte?"
    year = chosen.year or places.newest_year(opened, chosen.municipality_id, "verdicts")
    rows = _goal_list(opened, chosen, year) if year else NOTHING
    if rows.empty:
        return _missing("mallista", question, f"Inga mål är bedömda för {chosen.subject(year)}.", "goals")
    source = sources_in_words(opened, rows["source_id"])
    return Piece("mallista", question, _of_goals(rows), goal_rows(rows), source)


def plans_piece(opened: Exports, chosen: Filters) -> Piece:
    """What is planned for the goals that are not fully met?"""
    question = "Vad är planerat för mål som inte är uppnådda?"
    year = chosen.year or places.newest_year(opened, chosen.municipality_id, "verdicts")
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_id": chosen.unit_id}
    found = goals.unmet_goals(opened, **asked) if year else NOTHING
    if found.empty:
        said = "Inget namngivet mål är bedömt som delvis eller ej uppnått."
        return without_rows("planerat", question, said)
    source = sources_in_words(opened, pd.concat([found["source_id"], found["action_source_id"]]))
    return Piece("planerat", question, of_plans(found), plan_rows(found), source)


def targets_piece(opened: Exports, chosen: Filters) -> Piece:
    """Which targets are decided for the coming years, and how does the outcome lie to them?"""
    question = "Vilka målvärden gäller framåt, och hur ligger utfallet till?"
    year = chosen.year or chain.chain_year(opened, chosen.municipality_id)
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_id": chosen.unit_id}
    found = chain.planned_path(opened, **asked) if year else NOTHING
    if found.empty:
        what = f"Inga målvärden är beslutade för {chosen.subject(year)} och åren efter."
        return _missing("malvarden", question, what, "targets")
    return Piece(
        "malvarden",
        question,
        of_path(found),
        path_rows(found, year),
        sources_in_words(opened, found["source_id"]),
        download=all_path_rows(found, year),
    )


def actions_piece(opened: Exports, chosen: Filters) -> Piece:
    """How many actions are finished and open, and how many are late?"""
    question = "Vilka åtgärder är öppna, och vad är försenat?"
    year = chosen.year or places.newest_year(opened, chosen.municipality_id, "actions")
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_ids": chosen.unit_ids}
    tally = actions.action_tally(opened, **asked)
    if year is None or tally.empty:
        what = f"Inga åtgärder är rapporterade för {chosen.subject(year)}."
        return _missing("atgarder", question, what, "actions")
    parts = actions.action_tally(opened, **asked, by="perspective")
    groups = pd.concat([tally, parts], ignore_index=True) if len(parts) > 1 else tally
    rows = actions.action_list(opened, **asked)
    note = f"Läget är det som rapporterades {day(tally.iloc[0]['report_date'])}. Försenad är räknat: öppen fast tidpunkten är nådd."
    return Piece(
        "atgarder",
        question,
        sentences.of_actions(tally.iloc[0]),
        counts_of_actions(groups),
        sources_in_words(opened, rows["source_id"], note=note),
        _stack(groups, {code: OUTCOMES[code] for code in ENDED_PARTS}),
    )


def open_actions_piece(opened: Exports, chosen: Filters) -> Piece:
    """Which actions are open, the late ones first?"""
    question = "Vilka åtgärder är kvar att göra?"
    year = chosen.year or places.newest_year(opened, chosen.municipality_id, "actions")
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_ids": chosen.unit_ids}
    rows = actions.action_list(opened, **asked) if year else NOTHING
    if rows.empty:
        what = f"Inga åtgärder är rapporterade för {chosen.subject(year)}."
        return _missing("oppna", question, what, "actions")
    left = rows[rows["is_open"]]
    late = int(left["is_late"].sum())
    said = (
        f"{counted(len(left), 'åtgärd är öppen', 'åtgärder är öppna')}, {late or 'ingen'} av dem försenad{'e' if late > 1 else ''}."
        if len(left)
        else "Ingen åtgärd är öppen."
    )
    source = sources_in_words(opened, rows["source_id"])
    return Piece("oppna", question, said, action_rows(left), source, download=all_action_rows(left))


def position_piece(opened: Exports, chosen: Filters, profile_id: str = "grundskola") -> Piece:
    """How does the municipality stand against others? A radar, as in Kolada."""
    question = "Hur står sig kommunen mot andra?"
    asked = {"municipality_id": chosen.municipality_id, "year": chosen.year, "profile_id": profile_id}
    values = comparison.spider_values(opened, **asked)
    own = values[values["role"] == "own"]
    if own["value"].notna().sum() == 0:
        what = f"Inga jämförbara värden finns för {chosen.municipality}."
        return _missing("lage", question, what, "comparison")
    remarks = (SCALE, CAVEAT, positions.of_population(own), *_sentences(positions.of_gaps(values)))
    return Piece(
        "lage",
        question,
        positions.of_position(own),
        comparison_rows(values),
        sources_in_words(opened, values["source_id"], is_own_work=not chosen.is_invented),
        _radar(values),
        remarks,
        all_comparison_rows(values),
    )


def unit_position_piece(opened: Exports, chosen: Filters) -> Piece:
    """Where does the school lie on the scale of the municipalities, beside its own municipality?"""
    question = "Var ligger skolan, och var ligger kommunen?"
    profile_id = _profile_of(opened, chosen)
    asked = {"municipality_id": chosen.municipality_id, "year": chosen.year, "profile_id": profile_id}
    values = comparison.spider_units(opened, **asked, unit_ids=chosen.unit_ids)
    schools = values[values["role"] == "own"]
    if chosen.unit_id is None or schools["value"].notna().sum() == 0:
        what = f"Inga värden som kan jämföras finns för {chosen.whom}."
        return _missing("lage-skola", question, what, "outcomes")
    count = int(schools["value"].notna().sum())
    return Piece(
        "lage-skola",
        question,
        f"{count} av {len(schools)} värden kan visas för {chosen.whom}.",
        _side_by_side(unit_comparison_rows(values)),
        sources_in_words(opened, values["source_id"], is_own_work=not chosen.is_invented),
        _radar(values),
        (SCALE, CAVEAT, positions.of_population(schools)),
        unit_comparison_rows(values),
    )


def remarks_piece(opened: Exports, chosen: Filters) -> Piece:
    """Which remarks stand year after year?"""
    question = "Vilka påpekanden står kvar år efter år?"
    themes = findings.recurring_themes(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    if themes.empty:
        what = f"Inga påpekanden är registrerade för {chosen.subject(chosen.year)}."
        return _missing("teman", question, what, "findings")
    standing = themes[themes["is_standing"] & (themes["years_in_a_row"] >= 2)]
    source = sources_in_words(opened, [each for sources in themes["source_ids"] for each in sources])
    said, shown = sentences.of_themes(themes), theme_heads(standing if len(standing) else themes)
    return Piece("teman", question, said, shown, source, download=theme_rows(themes))


def _goal_list(opened: Exports, chosen: Filters, year: int) -> pd.DataFrame:
    return goals.goal_list(opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id)


def _of_goals(rows: pd.DataFrame) -> str:
    if (rows["verdict"].fillna("not_assessed") == "not_assessed").all():
        return "Inget av målen är bedömt i källan."
    odd = int(rows["is_disagreement"].fillna(False).sum())
    if odd:
        return f"Bedömning och utfall säger olika saker för {counted(odd, 'mål', 'mål')}."
    return "Bedömningarna och utfallen säger inte emot varandra för något mål."


def _side_by_side(rows: pd.DataFrame) -> pd.DataFrame:
    """unit_comparison_rows with one row an indicator and one column a place."""
    names, indicators = (rows[column].drop_duplicates().tolist() for column in ("Skola", "Nyckeltal"))
    values = rows.set_index(["Nyckeltal", "Skola"])["Värde"].to_dict()
    years = rows.drop_duplicates("Nyckeltal").set_index("Nyckeltal")["År"]
    shown = {"Nyckeltal": indicators, "År": [years[each] for each in indicators]}
    return pd.DataFrame(
        shown | {name: [values.get((each, name), DASH) for each in indicators] for name in names}
    )


def _profile_of(opened: Exports, chosen: Filters) -> str:
    """The profile of the chosen unit's school form, compulsory school for all others."""
    units = places.units(opened, municipality_id=chosen.municipality_id)
    forms = units.loc[units["unit_id"].isin(chosen.unit_ids), "school_form"]
    return PROFILES.get(forms.iloc[0], "grundskola") if len(forms) else "grundskola"


def _stack(groups: pd.DataFrame, marks: Mapping[str, Mark]) -> Chart:
    """Counts by what became of them, one bar a group."""
    roles: Mapping[str, Role] = {"finished": "met", "open": "own", "closed_undone": "not_assessed"}
    return Chart(
        "stacked",
        tuple(text(name) for name in groups["group_name"]),
        tuple(
            Series(mark.word, tuple(int(count) for count in groups[code]), roles.get(code, code))  # type: ignore[arg-type]
            for code, mark in marks.items()
        ),
        decimals=0,
    )


def _radar(values: pd.DataFrame) -> Chart:
    """Places on the scale 0–100, one spoke an indicator that is valued; a missing value is a gap."""
    valued = values[(values["good_direction"] != "none") & (values["role"] != "target")]
    spokes = valued["indicator_id"].drop_duplicates().tolist()
    names = valued.drop_duplicates("indicator_id").set_index("indicator_id")["short_name"]
    lines = []
    for place, (name, rows) in enumerate(valued.groupby("place_name", sort=False)):
        at = rows.set_index("indicator_id")["scaled"]
        cells = tuple(number_or_none(at.get(spoke), 1) for spoke in spokes)
        lines.append(Series(text(name), cells, SPOKE_ROLES[min(place, len(SPOKE_ROLES) - 1)]))
    return Chart(
        "radar", tuple(text(names[spoke]) for spoke in spokes), tuple(lines), low=0, high=100, decimals=0
    )


def _sentences(said: list[str]) -> list[str]:
    return [f"{each[:1].upper()}{each[1:]}." for each in said]


def _missing(key: str, question: str, what: str, export: str) -> Piece:
    return without_rows(key, question, missing_in_words(what, export))
