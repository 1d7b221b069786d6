"""Answers as tables for readers: Swedish headings, words for codes, numbers with their units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.freshness import newest_in_words
from pages.parts.positions import rank_of, reason_of, value_of
from pages.parts.rows import as_records
from pages.parts.sentences import NO_EFFECT, of_evidence, standing
from pages.parts.words import (
    AFTERWARDS,
    DIRECTIONS,
    IN_PLAN,
    KINDS,
    OUTCOMES,
    POSITIONS,
    PRIORITY,
    QUARTERS,
    STATUSES,
    VERDICTS,
    counted,
    day,
    is_empty,
    measured,
    number,
    quantity,
    target,
    text,
    upper_first,
    year_of,
)


def counts_of_goals(tally: pd.DataFrame, heading: str = "Mål") -> pd.DataFrame:
    """goal_tally as a table: one row a group, one column a verdict."""
    return _counts(tally, {code: mark.word for code, mark in VERDICTS.items()}, heading)


def counts_of_actions(tally: pd.DataFrame, heading: str = "Åtgärder") -> pd.DataFrame:
    """action_tally as a table: what became of them, then the open ones by status, then how many are late."""
    words = {
        "finished": "Klara",
        "open": "Öppna",
        "closed_undone": "Genomförs ej",
        "ongoing": "varav pågår",
        "remaining": "varav kvarstår",
        "not_started": "varav ej påbörjade",
        "unknown": "varav okänt ord",
        "late": "varav försenade",
    }
    return _counts(tally, words, heading)


def goal_rows(goals: pd.DataFrame) -> pd.DataFrame:
    """goal_list as a table: verdict, goal, what the indicators say, the source's own word.

    Verdicts that name no goal stand as one row a verdict, with their number.
    """
    named = goals.dropna(subset=["goal_id"])
    unnamed = goals[goals["goal_id"].isna()]
    rows = [_goal_row(goal, _numbered(goal)) for goal in as_records(named)]
    for _, same in unnamed.groupby("verdict_raw", sort=False):
        rows.append(
            _goal_row(same.iloc[0].to_dict(), f"{counted(len(same), 'mål', 'mål')} som källan inte namnger")
        )
    return pd.DataFrame(
        rows, columns=["Bedömning", "Mål", "Utfall mot målvärde", "Källans ord", "Perspektiv"]
    )


def evidence_rows(evidence: pd.DataFrame) -> pd.DataFrame:
    """goal_evidence as a table: one row per indicator and year."""
    rows = evidence.dropna(subset=["year"])
    return pd.DataFrame(
        {
            "Indikator": [text(title) for title in rows["title"]],
            "År": [year_of(row.year, row.period) for row in rows.itertuples(index=False)],
            "Utfall": [
                measured(row.value, row.marker, row.unit, row.decimals)
                for row in rows.itertuples(index=False)
            ],
            "Målvärde": [
                target(row.target_operator, row.target_value, row.unit, row.decimals)
                for row in rows.itertuples(index=False)
            ],
            "Når målvärdet": [
                "–" if is_empty(value) else "Ja" if value else "Nej" for value in rows["is_reached"]
            ],
            "Antal": [number(value, 0) for value in rows["n"]],
            "Anmärkning": [text(value) for value in rows["note"]],
        }
    )


def history_rows(history: pd.DataFrame) -> pd.DataFrame:
    """goal_history as a table: one row a goal, one column a year."""
    stood = [(row["goal_id"], row["year"], _in_year(row)) for row in as_records(history)]
    ended = [
        (row["goal_id"], row["next_plan"], AFTERWARDS[row["afterwards"]].shown)
        for row in as_records(history.dropna(subset=["afterwards"]))
    ]
    shown = pd.DataFrame(stood + ended, columns=["goal_id", "year", "cell"]).astype({"year": int}).astype(str)
    wide = shown.pivot(index="goal_id", columns="year", values="cell").reindex(history["goal_id"].unique())
    names = history.groupby("goal_id")["name_now"].first()
    return (
        wide.fillna("inte i planen")
        .rename_axis("Mål")
        .rename(index=names)
        .reset_index()
        .rename_axis(None, axis=1)
    )


def unit_rows(goals_of_units: pd.DataFrame) -> pd.DataFrame:
    """goal_units as a table: one row a unit, one column a goal."""
    shown = goals_of_units.assign(cell=[VERDICTS[code].shown for code in goals_of_units["verdict"]])
    wide = shown.pivot(index="unit_name", columns="name", values="cell").fillna("–")
    return wide.rename_axis("Skola").reset_index().rename_axis(None, axis=1)


def action_rows(actions: pd.DataFrame) -> pd.DataFrame:
    """action_list as a table of the four things to know first; the detail has the rest."""
    return pd.DataFrame(
        {
            "Läge": [state_of(action) for action in as_records(actions)],
            "Åtgärd": [text(title) for title in actions["title"]],
            "Klart till": [due_of(action) for action in as_records(actions)],
            "Rapporterat ord": [text(word) for word in actions["status_raw"]],
        }
    )


def all_action_rows(actions: pd.DataFrame) -> pd.DataFrame:
    """action_list with everything that was reported, for the download."""
    rest = pd.DataFrame(
        {
            "Typ": [KINDS[kind] for kind in actions["kind"]],
            "Perspektiv": [text(value) for value in actions["perspective"]],
            "Mål": [text(value) for value in actions["goal_name"]],
            "Skola": [text(value, "Hela kommunen") for value in actions["unit_name"]],
            "Orsak": [text(value) for value in actions["status_reason"]],
            "Flyttat antal gånger": [int(value) for value in actions["count_moved"]],
            "Utvärderas": [day(value) for value in actions["evaluation_date"]],
            "Återrapport": [day(value) for value in actions["report_back_date"]],
            "Kommentar": [text(value) for value in actions["comment"]],
            "Rapporterat": [day(value) for value in actions["report_date"]],
        }
    )
    return pd.concat([action_rows(actions), rest], axis=1)


def comparison_rows(values: pd.DataFrame) -> pd.DataFrame:
    """spider_values as a table: one row per indicator by its short name, one column a place, then the rank."""
    rows = as_records(values)
    own = [row for row in rows if row["role"] == "own"]
    places = dict.fromkeys(text(row["place_name"]) for row in rows if row["role"] != "own")
    cells = {(row["indicator_id"], text(row["place_name"])): _value_or_reason(row) for row in rows}
    shown = {
        "Nyckeltal": [text(row["short_name"]) for row in own],
        "År": [year_of(row["year"], row["period"]) for row in own],
        text(own[0]["place_name"]) if own else "Kommunen": [_value_or_reason(row) for row in own],
    }
    shown |= {place: [cells.get((row["indicator_id"], place), "–") for row in own] for place in places}
    shown["Plats"] = [rank_of(row) for row in own]
    shown["Läge mot andra"] = [_quarter(row) for row in own]
    return pd.DataFrame(shown)


def all_comparison_rows(values: pd.DataFrame) -> pd.DataFrame:
    """spider_values with everything that is known, one row per indicator and place, for the download."""
    rows = as_records(values)
    return pd.DataFrame(
        {
            "Nyckeltal": [text(row["title"]) for row in rows],
            "Id": [text(row["indicator_id"]) for row in rows],
            "Plats": [text(row["place_name"]) for row in rows],
            "År": [year_of(row["value_year"], row["period"]) for row in rows],
            "Värde": [_value_or_reason(row) for row in rows],
            "RKA:s skala 0–100": [number(row["scaled"], 1) for row in rows],
            "Rangskala 0–100": [number(row["percentile"], 1) for row in rows],
            "Rang": [rank_of(row) for row in rows],
            "Läge mot andra": [_quarter(row) for row in rows],
            "Antal kommuner": [number(row["n"], 0) for row in rows],
            "Medel av": [_members(row) for row in rows],
            "Riktning": [DIRECTIONS[row["good_direction"]] for row in rows],
            "Avser": [text(row["population"]) for row in rows],
            "Betyder": [text(row["definition"]) for row in rows],
        }
    )


def spoke_rows(values: pd.DataFrame) -> pd.DataFrame:
    """What the short names of the spokes stand for."""
    rows = as_records(values[values["role"] == "own"])
    return pd.DataFrame(
        {
            "I figuren": [text(row["short_name"]) for row in rows],
            "Nyckeltal": [text(row["title"]) for row in rows],
            "Avser": [text(row["population"]) for row in rows],
            "Bäst är": [DIRECTIONS[row["good_direction"]] for row in rows],
            "Betyder": [text(row["definition"]) for row in rows],
        }
    )


def history_of_indicator_rows(history: pd.DataFrame) -> pd.DataFrame:
    """indicator_history as a table: one row a year, one column a place, then rank, target and breaks."""
    rows = as_records(history)
    own = [row for row in rows if row["role"] == "own"]
    places = dict.fromkeys(text(row["place_name"]) for row in rows if row["role"] != "own")
    cells = {(row["year"], text(row["place_name"])): _value_or_reason(row) for row in rows}
    shown = {"År": [year_of(row["year"], row["period"]) for row in own]}
    shown[text(own[0]["place_name"]) if own else "Kommunen"] = [_value_or_reason(row) for row in own]
    shown |= {place: [cells.get((row["year"], place), "–") for row in own] for place in places}
    shown["Plats"] = [rank_of(row) for row in own]
    shown["Målvärde"] = [
        target(row["target_operator"], row["target_value"], row["unit"], int(row["decimals"])) for row in own
    ]
    shown["Brott i serien"] = [text(row["break_note"]) for row in own]
    return pd.DataFrame(shown)


def spread_rows(spread: pd.DataFrame) -> pd.DataFrame:
    """indicator_spread as a table: every municipality that is known, lowest value first."""
    rows = as_records(spread)
    return pd.DataFrame(
        {
            "Kommun": [text(row["name"]) for row in rows],
            "Värde": [_value_or_reason(row) for row in rows],
            "Plats": [rank_of(row) for row in rows],
            "Läge mot andra": [_quarter(row) for row in rows],
        }
    )


def gender_rows(genders: pd.DataFrame) -> pd.DataFrame:
    """indicator_genders as a table: one row a year."""
    rows = as_records(genders)
    cells = {(row["year"], row["gender"]): _value_or_reason(row) for row in rows}
    years = {row["year"]: year_of(row["year"], row["period"]) for row in rows}
    words = {"T": "Alla", "K": "Flickor", "M": "Pojkar"}
    shown = {word: [cells[year, gender] for year in years] for gender, word in words.items()}
    return pd.DataFrame({"År": list(years.values()), **shown})


def units_of_indicator_rows(units: pd.DataFrame) -> pd.DataFrame:
    """indicator_units as a table; a hidden value shows its reason."""
    rows = as_records(units)
    return pd.DataFrame(
        {
            "Skola": [text(row["unit_name"]) for row in rows],
            "År": [year_of(row["year"], row["period"]) for row in rows],
            "Värde": [
                measured(row["value"], row["marker"], row["unit"], int(row["decimals"])) for row in rows
            ],
            "Antal i underlaget": [number(row["n"], 0) for row in rows],
            "Anmärkning": [text(row["note"]) for row in rows],
        }
    )


def contrast_rows(positions: pd.DataFrame) -> pd.DataFrame:
    """goal_positions as the things to know first: verdict and position as two marks of different shape."""
    rows = as_records(positions)
    return pd.DataFrame(
        {
            "Mål": [text(row["name"]) for row in rows],
            "Bedömning": [VERDICTS[row["verdict"]].shown for row in rows],
            "Läge": [
                f"{_position(row)} i {text(row['short_name'])}: {value_of(row)} mot {_other_value(row)}"
                for row in rows
            ],
        }
    )


def all_contrast_rows(positions: pd.DataFrame) -> pd.DataFrame:
    """goal_positions with everything that is known, for the download."""
    rows = as_records(positions)
    rest = pd.DataFrame(
        {
            "Nyckeltal": [text(row["title"]) for row in rows],
            "Id": [text(row["indicator_id"]) for row in rows],
            "År": [year_of(row["value_year"], row["period"]) for row in rows],
            "Kommunen": [value_of(row) for row in rows],
            "Jämfört med": [text(row["place_name"]) for row in rows],
            "Jämfört värde": [_other_value(row) for row in rows],
            "Medel av": [_members(row) for row in rows],
            "Plats": [rank_of(row) for row in rows],
            "Läge mot alla": [_quarter(row) for row in rows],
            "Når målvärdet": [
                "–" if is_empty(row["is_reached"]) else "Ja" if row["is_reached"] else "Nej" for row in rows
            ],
        }
    )
    return pd.concat([contrast_rows(positions), rest], axis=1)


def unit_comparison_rows(values: pd.DataFrame) -> pd.DataFrame:
    """spider_units as a table: one row per indicator and place; a hidden value shows its reason."""
    rows = as_records(values)
    return pd.DataFrame(
        {
            "Nyckeltal": [text(row["short_name"]) for row in rows],
            "Skola": [text(row["place_name"]) for row in rows],
            "År": [year_of(row["year"], row["period"]) for row in rows],
            "Värde": [
                measured(row["value"], row["marker"], row["unit"], int(row["decimals"])) for row in rows
            ],
            "På skalan 0–100": [number(row["scaled"], 1) for row in rows],
            "Antal i underlaget": [number(row["n"], 0) for row in rows],
            "Anmärkning": [text(row["note"]) for row in rows],
        }
    )


def theme_rows(themes: pd.DataFrame) -> pd.DataFrame:
    """recurring_themes as a table; an empty link in the chain is said."""
    return pd.DataFrame(
        {
            "Påpekande": [upper_first(text(theme)) for theme in themes["theme"]],
            "Står i": [standing(row) for row in as_records(themes)],
            "Var": [text(units) for units in themes["unit_names"]],
            "Insats": [text(value, "Ingen insats redovisad") for value in themes["effort"]],
            "Effekt": [_effect(row) for row in as_records(themes)],
            "Nästa steg": [text(value, "Nästa steg saknas") for value in themes["next_step"]],
        }
    )


def freshness_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """freshness as a table."""
    return pd.DataFrame(
        {
            "Uppgift": [upper_first(subject) for subject in rows["subject"]],
            "Senaste": [newest_in_words(row) for row in as_records(rows)],
            "Källa": [text(title) for title in rows["title"]],
            "Daterad": [day(found) for found in rows["source_date"]],
        }
    )


def theme_heads(themes: pd.DataFrame) -> pd.DataFrame:
    """theme_rows as the three things to know first."""
    return theme_rows(themes)[["Påpekande", "Står i", "Effekt"]]


def state_of(action: dict[str, object]) -> str:
    """The shape and word of an action: late is computed and goes first, the reported status stands beside it."""
    return OUTCOMES["late"].shown if action["is_late"] else STATUSES[action["status"]].shown


def due_of(action: dict[str, object]) -> str:
    """When an action is due: the day or the report point, and how often that was moved."""
    point = text(action["due_report_point"], "")
    due = point or (
        day(action["due_date"])
        if not is_empty(action["due_date"])
        else text(action["due_text"], "Datum saknas")
    )
    moved = int(action["count_moved"])
    return f"{due} (flyttat {moved} {'gång' if moved == 1 else 'gånger'})" if moved else due


def _counts(tally: pd.DataFrame, words: dict[str, str], heading: str) -> pd.DataFrame:
    shown = {heading: [text(name) for name in tally["group_name"]]}
    shown |= {word: [int(count) for count in tally[column]] for column, word in words.items()}
    return pd.DataFrame(shown | {"Summa": [int(count) for count in tally["total"]]})


def _goal_row(goal: Mapping[str, Any], name: str) -> tuple[str, ...]:
    verdict = VERDICTS[text(goal["verdict"], "not_assessed")].shown
    return verdict, name, _computed(goal), text(goal["verdict_raw"]), text(goal["perspective"])


def _numbered(goal: Mapping[str, Any]) -> str:
    number_of = f"{goal['goal_number']}. " if not is_empty(goal["goal_number"]) else ""
    priority = " (prioriterat)" if goal["is_priority"] else ""
    return f"{number_of}{goal['name']}{priority}"


def _computed(goal: Mapping[str, Any]) -> str:
    said = of_evidence(goal)
    return f"{said} – stämmer inte med bedömningen" if goal["is_disagreement"] else said


def _in_year(row: dict[str, object]) -> str:
    renamed = f", hette {row['name_before']}"
    change = {"new": ", nytt", "renamed": renamed, "returned": ", åter", "kept": ""}[row["change"]]
    priority = f" {PRIORITY.shown.lower()}" if row["is_priority"] else ""
    return (VERDICTS | IN_PLAN)[row["verdict"]].shown + priority + change


def _value_or_reason(row: Mapping[str, Any]) -> str:
    if row.get("role") == "target":
        return target(row["target_operator"], row["value"], row["unit"], int(row["decimals"]))
    return upper_first(reason_of(row)) if is_empty(row["value"]) else value_of(row)


def _quarter(row: Mapping[str, Any]) -> str:
    return "–" if is_empty(row["quarter"]) else QUARTERS[row["quarter"]].shown


def _position(row: Mapping[str, Any]) -> str:
    return "–" if is_empty(row["position"]) else POSITIONS[row["position"]].shown


def _other_value(row: Mapping[str, Any]) -> str:
    return quantity(row["other_value"], row["unit"], int(row["decimals"]))


def _members(row: Mapping[str, Any]) -> str:
    if is_empty(row["count_members"]):
        return "–"
    of = "" if is_empty(row["count_of_members"]) else f" av {number(row['count_of_members'], 0)}"
    return f"{number(row['count_members'], 0)}{of} kommuner"


def _effect(row: dict[str, object]) -> str:
    if not is_empty(row["effect"]):
        return text(row["effect"])
    return NO_EFFECT if is_empty(row["claim"]) else f"{NO_EFFECT}. Uppgift utan siffror: {row['claim']}"
