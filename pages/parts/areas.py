"""The area that actions are followed up under, as a filter of every list on page Åtgärder."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import filters
from pages.parts.filters import Filters
from queries import actions
from queries.connection import Exports

EVERY = "Alla områden"


def in_area(opened: Exports, chosen: Filters, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one area, chosen among those that the rows have; all of them to begin with. rows: with action_id."""
    found = actions.action_areas(opened, municipality_id=chosen.municipality_id)
    of_action = rows["action_id"].map(dict(zip(found["action_id"], found["area"], strict=True)))
    titles = [EVERY, *sorted(of_action.dropna().unique())]
    if len(titles) < 3:
        return rows
    filters.said_if_unknown("omrade", titles, EVERY.lower())
    area = st.selectbox("Område eller perspektiv", titles, key="omrade", bind="query-params")
    return rows if area == EVERY else rows[of_action == area]
