"""Links from other years and other places: a code, or a school's former name, becomes the name in use.

The page's own filters write names into the link. Done before the page is sent, because a filter that corrects its own
value takes it out of the address, and the link that is then copied would show something else.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from queries import places
from queries.connection import Exports

FILTERS = ("kommun", "skola")
OF_UNITS = ("minaskolor",)
OF_INDICATORS = ("nyckeltal", "valda")
INDICATOR_ID = re.compile(r"\(([A-Z]\d+)\)$")


def current_query(exports: Exports, query: str) -> str | None:
    """The query of a link as it is written now; None when it needs no change or is not understood."""
    pairs = parse_qsl(query)
    asked = dict(pairs)
    if not asked.keys() & {"kommun", "skola", *OF_UNITS, *OF_INDICATORS}:
        return None
    municipalities = places.municipalities(exports)
    by_code = dict(zip(municipalities["municipality_id"], municipalities["name"], strict=True))
    now = dict(asked)
    if "kommun" in asked:
        now["kommun"] = by_code.get(asked["kommun"], asked["kommun"])
    if "skola" in asked:
        now["skola"] = _unit_now(exports, municipalities, now, asked["skola"])
    # A key may stand several times, where several are chosen.
    current = [(key, _value_now(exports, municipalities, now, key, value)) for key, value in pairs]
    return urlencode(current) if current != pairs else None


def _value_now(
    exports: Exports, municipalities: pd.DataFrame, now: dict[str, str], key: str, value: str
) -> str:
    if key in OF_INDICATORS:
        return _indicator_now(exports, value)
    if key in OF_UNITS:
        return _unit_now(exports, municipalities, now, value)
    return now[key] if key in FILTERS else value


def indicator_label(title: str, indicator_id: str) -> str:
    """'Title (N15419)': the id keeps a link alive when the publisher changes the title."""
    return f"{title} ({indicator_id})"


def _indicator_now(exports: Exports, asked: str) -> str:
    """The label that an indicator has now, from its id or from a label with an earlier title."""
    found = INDICATOR_ID.search(asked)
    rows = places.indicators(exports)
    named = rows[rows["indicator_id"] == (found[1] if found else asked)]
    return asked if named.empty else indicator_label(named.iloc[0]["title"], named.iloc[0]["indicator_id"])


def labels_of(units: pd.DataFrame) -> dict[str, str]:
    """Unit code → the name it has in lists and links. Two that share a name are told apart by their codes."""
    shared = units["name"].duplicated(keep=False)
    labels = units["name"].where(~shared, units["name"] + " (" + units["unit_id"] + ")")
    return dict(zip(units["unit_id"], labels, strict=True))


def _unit_now(exports: Exports, municipalities: pd.DataFrame, asked: dict[str, str], name: str) -> str:
    codes = dict(zip(municipalities["name"], municipalities["municipality_id"], strict=True))
    start = places.start_municipality(exports)
    units = places.units(exports, municipality_id=codes.get(asked.get("kommun", ""), start))
    labels = labels_of(units)
    if name in labels.values():
        return name
    former = {
        was.rsplit(" (", 1)[0]: labels[unit.unit_id]
        for unit in units.dropna(subset=["former_names"]).itertuples(index=False)
        for was in unit.former_names.split(", ")
    }
    return labels.get(name, former.get(name, name))
