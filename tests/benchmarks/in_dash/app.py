"""The same page in Dash: the same figures, tables and fields as constants, and one callback on the year.

Runs in an environment of its own. PAGE names what repaint.py wrote: for each year a list of elements.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, dcc, html

Element = dict[str, Any]
YEARS: dict[str, list[Element]] = json.loads(Path(os.environ["PAGE"]).read_text(encoding="utf-8"))
CHANGING = {"title", "text", "markdown", "caption", "header", "subheader", "plotly_chart", "table"}
TAGS = {"title": html.H1, "text": html.Div, "header": html.H2, "subheader": html.H3}


def slots(elements: list[Element]) -> dict[str, Element]:
    """The elements that change with the year, under names that are the same for every year."""
    seen: Counter[str] = Counter()
    named = {}
    for element in elements:
        if element["kind"] in CHANGING:
            seen[element["kind"]] += 1
            named[f"{element['kind']}-{seen[element['kind']]}"] = element
    return named


def rows(said: dict[str, list]) -> list:
    """A table's head and body."""
    head = html.Thead(html.Tr([html.Th(name) for name in said["head"]]))
    return [head, html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in said["rows"]])]


def content(element: Element | None, kind: str) -> Any:
    """What an element shows; nothing where a year lacks it."""
    if kind == "plotly_chart":
        return element["said"] if element else {}
    if kind == "table":
        return rows(element["said"]) if element else []
    return element["said"] if element else ""


def drawn(name: str, element: Element) -> Any:
    """An element that changes."""
    kind = element["kind"]
    if kind == "plotly_chart":
        return dcc.Graph(id=name, figure=content(element, kind), config={"displayModeBar": False})
    if kind == "table":
        return html.Table(content(element, kind), id=name)
    return TAGS.get(kind, dcc.Markdown)(content(element, kind), id=name)


def fixed(element: Element) -> Any:
    """A field or button that stays."""
    kind, said, choices = element["kind"], element["said"], element["choices"]
    if kind in ("selectbox", "multiselect"):
        name = {"id": "year"} if said == "År" else {}
        value = choices[0] if kind == "selectbox" else choices[:1]
        field = dcc.Dropdown(
            choices, value, multi=kind == "multiselect", clearable=False, searchable=False, **name
        )
        return html.Div([html.Label(said), field])
    if kind == "segmented_control":
        return html.Div([html.Label(said), dcc.RadioItems(choices, choices[0], inline=True)])
    if kind == "tabs":
        return dcc.Tabs([dcc.Tab(label=label, value=label) for label in said], value=said[0])
    if kind == "expander":
        return html.Details([html.Summary(said)])
    return html.Button(said) if kind == "download_button" else html.Div()


def laid_out(elements: list[Element], place: str) -> list[Any]:
    """The elements of one place, in order; what belongs in a fold stands in it."""
    made: list[Any] = []
    for element in elements:
        name = NAMES.get(id(element))
        if element["place"] == place:
            made.append(drawn(name, element) if name else fixed(element))
        elif element["place"] == "fold" and place == "page":
            made[-1].children.append(drawn(name, element) if name else fixed(element))
    return made


FIRST = next(iter(YEARS.values()))
SLOTS = slots(FIRST)
NAMES = {id(element): name for name, element in SLOTS.items()}

app = Dash(__name__)
server = app.server
app.layout = html.Div(
    [
        html.Div(laid_out(FIRST, "sidebar"), style={"width": "18rem"}),
        html.Div(laid_out(FIRST, "page"), id="page", style={"flex": "1"}),
    ],
    style={"display": "flex", "gap": "2rem"},
)


@app.callback(
    *(
        Output(name, "figure" if element["kind"] == "plotly_chart" else "children")
        for name, element in SLOTS.items()
    ),
    Input("year", "value"),
)
def show(year: str) -> list[Any]:
    """Everything that changes, for a year; other years than the recorded ones show the first."""
    chosen = slots(YEARS.get(year, FIRST))
    return [content(chosen.get(name), element["kind"]) for name, element in SLOTS.items()]
