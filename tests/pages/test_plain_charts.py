"""Charts of plain numbers as figures: every kind is valid, a gap stays a gap, and no name is markup."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.charts.plain import figure
from pages.parts.pieces import Chart, Kind, Piece, Series, alternative

KINDS: tuple[Kind, ...] = ("lines", "bars", "stacked", "radar")
numbers = st.none() | st.floats(-1e9, 1e9, allow_nan=False)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    names = draw(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8, unique=True))
    column = st.tuples(*[numbers for _ in names])
    values = draw(st.lists(column, min_size=1, max_size=4))
    roles = ("own", "comparison", "third", "target")
    return Chart(
        draw(st.sampled_from(KINDS)),
        tuple(names),
        tuple(Series(f"Serie {place}", cells, roles[place]) for place, cells in enumerate(values)),
        "%",
        marks=((names[0], "Nytt sätt att räkna"),),
    )


@given(charts(), st.booleans())
def test_every_chart_is_a_figure_that_plotly_knows(chart: Chart, small: bool) -> None:
    made = figure(chart, small=small)
    # The house's figures are made unchecked; here each is checked.
    assert len(go.Figure(made.to_dict()).data) >= len(chart.series)


@pytest.mark.parametrize("kind", KINDS)
def test_a_gap_is_never_zero(kind: Kind) -> None:
    made = figure(Chart(kind, ("2024", "2025", "2026"), (Series("Skolan", (81.5, None, 0.0)),), "%"))
    trace = made.data[0]
    values = trace.r if kind == "radar" else trace.x if kind in ("bars", "stacked") else trace.y
    assert list(values)[:3] == [81.5, None, 0.0]


def test_lines_are_told_apart_by_dash_and_mark() -> None:
    roles = ("own", "comparison", "third", "target")
    chart = Chart("lines", ("2025", "2026"), tuple(Series(role, (1.0, 2.0), role) for role in roles))
    looks = {(line.line.dash, line.marker.symbol) for line in figure(chart).data}
    assert len(looks) == len(roles)


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_is_read_as_markup(kind: Kind) -> None:
    name = '<a href="https://example.org">Skola</a>'
    made = figure(Chart(kind, (name,), (Series(name, (1.0,)),))).to_json()
    assert "<a " not in made and "\\u003ca " not in made


def test_the_text_alternative_has_every_number_and_says_what_is_missing() -> None:
    chart = Chart("lines", ("2025", "2026"), (Series("Skolan", (81.25, None)),), "%")
    told = alternative(Piece("x", "Hur?", "Så här.", pd.DataFrame({"År": [2025]}), "Källa: prov.", chart))
    assert told.replace("\u00a0", " ") == "Så här. Skolan: 2025 81,3 %, 2026 saknas."
