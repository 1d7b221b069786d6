"""The steering chain as sentences and as tables for readers: an indented list, what is missing, the planned path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.rows import as_records
from pages.parts.words import (
    BREAKS,
    LEVELS,
    LINK_STATES,
    MARKERS,
    NO_BREAK,
    STANDINGS,
    counted,
    is_empty,
    listed,
    measured,
    number,
    quantity,
    target,
    text,
)

DELIVERED_BY_NOBODY = ("cancelled", "..")
NOBODY_NAMED = "Ansvarig anges inte"
OWN_FIGURES = "Kommunens egen uppföljning"


def branch_of(links: pd.DataFrame, node_id: str) -> pd.DataFrame:
    """The rows of steering_chain that hang under a link, with those at its foot at the top."""
    kept, rows = {node_id}, []
    for row in as_records(links):
        if row["parent_id"] in kept:
            kept.add(row["node_id"])
            rows.append({**row, "parent_id": "" if row["parent_id"] == node_id else row["parent_id"]})
    return pd.DataFrame(rows, columns=links.columns)


def of_chain(links: pd.DataFrame) -> str:
    """'3 KF-mål, 12 nämndmål, 22 indikatorer och 53 åtgärder hänger ihop.' Without what is missing."""
    there = links[links["state"] != "missing"]
    count = there["level"].value_counts()
    forms = {
        "council": ("KF-mål", "KF-mål"),
        "committee": ("nämndmål", "nämndmål"),
        "indicator": ("indikator", "indikatorer"),
        "unit": ("värde för en enhet", "värden för enheter"),
        "action": ("åtgärd", "åtgärder"),
    }
    return listed([counted(int(count[level]), *forms[level]) for level in forms if level in count])


def of_breaks(breaks: pd.DataFrame) -> str:
    """'Kedjan bryts på 5 ställen: 1 mål saknar indikator …', or that it holds."""
    if breaks.empty:
        return "Kedjan är hel: inget led saknas."
    count = breaks["kind"].value_counts()
    said = {
        "no_council_goal": ("nämndmål saknar KF-mål", "nämndmål saknar KF-mål"),
        "no_indicator": ("mål saknar indikator", "mål saknar indikator"),
        "no_value": ("indikator saknar värde", "indikatorer saknar värde"),
        "no_target": ("indikator saknar målvärde", "indikatorer saknar målvärde"),
        "no_action": ("mål saknar åtgärd", "mål saknar åtgärd"),
        "no_goal": ("åtgärd saknar mål", "åtgärder saknar mål"),
    }
    parts = [counted(int(count[kind]), *said[kind]) for kind in said if kind in count]
    return f"Kedjan bryts på {counted(len(breaks), 'ställe', 'ställen')}: {listed(parts)}."


def of_path(path: pd.DataFrame) -> str:
    """'Av 24 indikatorer ligger 7 efter den planerade takten, 1 i takt och 13 före. För 3 går det inte att säga.'"""
    count = path["standing"].value_counts()
    places = {"on": "i takt", "before": "före"}
    parts = [f"{count.get('behind', 'ingen')} efter den planerade takten"]
    parts += [f"{count[code]} {place}" for code, place in places.items() if code in count]
    said = f"Av {counted(len(path), 'indikator', 'indikatorer')} ligger {listed(parts)}."
    rest = len(path) - sum(int(count.get(code, 0)) for code in ("behind", *places))
    return f"{said} För {rest} går det inte att säga." if rest else said


def chain_rows(links: pd.DataFrame) -> pd.DataFrame:
    """steering_chain as an indented list. What is missing stands where it would have stood."""
    depth: dict[str, int] = {"": -1}
    rows = []
    for link in as_records(links):
        depth[link["node_id"]] = depth[link["parent_id"]] + 1
        indent = 4 * NO_BREAK * depth[link["node_id"]]
        is_missing = link["state"] == "missing"
        rows.append(
            {
                "Led": LEVELS[link["level"]],
                "Styrkedja": indent + ("saknas" if is_missing else text(link["name"])),
                "Läge": _state(link),
                "Ansvarig eller källa": text(link["owner"]),
            }
        )
    return pd.DataFrame(rows, columns=["Led", "Styrkedja", "Läge", "Ansvarig eller källa"])


def break_rows(breaks: pd.DataFrame) -> pd.DataFrame:
    """broken_links as a table: what is missing, who should deliver it, and where."""
    rows = as_records(breaks)
    return pd.DataFrame(
        {
            "Saknas": [f"!{NO_BREAK}{BREAKS[row['kind']]}" for row in rows],
            "Vem ska leverera": [_who(row) for row in rows],
            "Var": [_where(row) for row in rows],
        }
    )


def path_rows(path: pd.DataFrame, year: int) -> pd.DataFrame:
    """planned_path as a table: outcome, the decided path, and how far before or behind it."""
    rows = as_records(path)
    return pd.DataFrame(
        {
            "Indikator": [text(row["title"]) for row in rows],
            f"Utfall {year}": [
                measured(row["value"], row["marker"], row["unit"], _decimals(row)) for row in rows
            ],
            "Planerad takt": [_planned(row) for row in rows],
            "Läge": [standing(row) for row in rows],
        }
    )


def all_path_rows(path: pd.DataFrame, year: int) -> pd.DataFrame:
    """planned_path with the goals it serves, what each year must bring and who publishes the figure, for the download."""
    rows = as_records(path)
    rest = pd.DataFrame(
        {
            "Krävs per år": [_needed(row) for row in rows],
            "Mål": [
                listed(row["goal_names"]) if not is_empty(row["goal_names"]) else text(None) for row in rows
            ],
            "Levereras av": [text(row["indicator_source"]) for row in rows],
            "Anmärkning": [text(row["note"]) for row in rows],
        }
    )
    return pd.concat([path_rows(path, year), rest], axis=1)


def standing(row: Mapping[str, Any]) -> str:
    """'− 1,2 procentenheter efter den planerade takten'. row: one of planned_path."""
    mark = STANDINGS[row["standing"]]
    if row["standing"] == "on":
        return f"{mark.shape}{NO_BREAK}I den planerade takten"
    if row["standing"] not in ("before", "behind"):
        return mark.shown
    far = _distance(abs(row["distance"]), row)
    return f"{mark.shape}{NO_BREAK}{far} {mark.word.lower()} den planerade takten"


def _distance(value: float, row: Mapping[str, Any]) -> str:
    # Between two shares there are percentage points.
    unit = "procentenheter" if row["unit"] == "%" else row["unit"]
    if unit == "procentenheter" and number(value, _decimals(row)) == number(1, _decimals(row)):
        unit = "procentenhet"
    return quantity(value, unit, _decimals(row))


def _needed(row: Mapping[str, Any]) -> str:
    if is_empty(row["needed_per_year"]):
        return text(None)
    if row["needed_per_year"] <= 0:
        return f"Målvärdet {int(row['last_year'])} är redan nått"
    return f"{_distance(row['needed_per_year'], row)} bättre varje år till {int(row['last_year'])}"


def _planned(row: Mapping[str, Any]) -> str:
    """'minst 77,0 · 78,0 · 79,0 % (2026–2028)', or one target where the path is level."""
    years, targets = list(row["path_years"]), list(row["path_targets"])
    first = target(row["last_operator"], targets[-1], row["unit"], _decimals(row))
    if len(set(targets)) > 1:
        word, _, last = first.partition(" ")
        first = " ".join([word, *(f"{number(each, _decimals(row))} ·" for each in targets[:-1]), last])
    span = f"{int(years[0])}" if len(years) == 1 else f"{int(years[0])}–{int(years[-1])}"
    return f"{first} ({span})"


def _state(link: Mapping[str, Any]) -> str:
    if is_empty(link["state"]):
        return text(None)
    mark = LINK_STATES[link["state"]]
    if link["level"] not in ("indicator", "unit") or link["state"] in ("missing", "no_value"):
        return mark.shown
    figure = measured(link["value"], link["marker"], link["unit"], _decimals(link))
    if link["state"] == "no_target":
        # A school seldom has a target of its own: that breaks no link.
        return figure if link["level"] == "unit" else f"{mark.shown}: {figure}"
    aim = target(link["target_operator"], link["target_value"], link["unit"], _decimals(link))
    return f"{mark.shown}: {figure} ({aim})"


def _where(row: Mapping[str, Any]) -> str:
    if row["kind"] == "no_goal":
        return f"Åtgärden {text(row['action_title'])}"
    number_of = "" if is_empty(row["goal_number"]) else f"{row['goal_number']}. "
    goal = f"{number_of}{text(row['goal_name'])}"
    return goal if is_empty(row["indicator_id"]) else f"{text(row['indicator_title'])} (målet {goal})"


def _who(row: Mapping[str, Any]) -> str:
    if row["kind"] != "no_value":
        return text(row["who"], NOBODY_NAMED)
    reason = MARKERS.get(text(row["marker"], ""), "") if is_empty(row["note"]) else text(row["note"])
    if row["marker"] in DELIVERED_BY_NOBODY:
        return f"Ingen: {reason[:1].lower()}{reason[1:]}"
    owner = f" ({row['owner_role']})" if row["who"] == OWN_FIGURES and not is_empty(row["owner_role"]) else ""
    return f"{text(row['who'], NOBODY_NAMED)}{owner}{f'. {reason}.' if reason else ''}"


def _decimals(row: Mapping[str, Any]) -> int:
    return 1 if is_empty(row["decimals"]) else int(row["decimals"])
