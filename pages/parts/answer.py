"""How an answer stands on a page: question, sentence, figure, the same rows as a table, download, source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.parts import export
from pages.parts.charts.theme import CONFIG
from pages.parts.filters import ALL_UNITS, Filters, clicks_on
from pages.parts.words import day, is_empty, listed, md, text
from queries import places
from queries.connection import Exports

KOLADA = "Kolada"
# Kolada's terms: what is worked out from its values must not name it as the source.
OWN_WORK = "Egen bearbetning av data från "


@dataclass(frozen=True)
class Twin:
    """The rows behind a figure as readers get them: column headings in Swedish, cells as text or numbers."""

    title: str
    rows: pd.DataFrame
    key: str


def head(title: str, filters: Filters, shown_year: int | None, period: str | None = None) -> None:
    """The page's title and, under it, the choice in words."""
    st.title(title, anchor=False)
    st.text(filters.in_words(shown_year, period))
    if filters.is_invented:
        st.markdown(
            "**Påhittade uppgifter.** Exempelkommunen finns inte; den visar hur sidorna ser ut med alla uppgifter på plats."
        )


def question(title: str) -> None:
    """The heading of one question."""
    st.header(title, anchor=False)


def say(sentence: str, key: str) -> None:
    """The answer, as a sentence that can be read aloud, in larger type (static/screen.css)."""
    with st.container(key=f"svar-{key}"):
        st.markdown(sentence)


def draw(figure: go.Figure, alt: str, key: str, on_click: Callable[[object], None] | None = None) -> None:
    """A figure with its text alternative. Colours are the theme's: see charts/theme.py.

    on_click is given Streamlit's selection when a point is clicked, before the page is drawn anew.
    """
    clicked = {"on_select": lambda: on_click(clicks_on(key)), "selection_mode": "points"} if on_click else {}
    # Where clicks count, a stroke can zoom: two taps undo it.
    config = {**CONFIG, "doubleClick": "reset"} if on_click else CONFIG
    st.plotly_chart(figure, key=key, theme="streamlit", config=config, alt=alt, **clicked)


def twin(
    exports: Exports,
    filters: Filters,
    shown: Twin,
    source: str,
    *,
    is_open: bool = False,
    download: Twin | None = None,
) -> None:
    """The rows as a real table in a fold, and as CSV and XLSX that say where they come from.

    download: the same rows with more columns than a page has room for.
    """
    # A key of its own: Streamlit would keep a fold shut that another view of the page had left so.
    fold = f"tabell-{shown.key}-{'oppen' if is_open else 'stangd'}"
    with st.expander(f"Visa som tabell: {shown.title.lower()}", expanded=is_open, key=fold):
        table(shown)
        downloads(exports, filters, download or shown, source)


def downloads(exports: Exports, filters: Filters, shown: Twin, source: str) -> None:
    """The rows as CSV and XLSX, made only when somebody asks for them."""
    about = [shown.title, f"{filters.municipality}, {filters.unit or ALL_UNITS.lower()}", source]
    about.append(f"Version {exports.version} av uppgifterna")
    if filters.is_invented:
        about.insert(0, "Påhittade uppgifter")
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with st.container(horizontal=True, key=f"hamta-{shown.key}"):
        _download(shown, "CSV", "text/csv", lambda: export.as_csv(shown.rows, about))
        _download(shown, "XLSX", spreadsheet, lambda: export.as_xlsx(shown.rows, about))


def table(shown: Twin) -> None:
    """A real table: it prints whole and screen readers walk it. Cells from the data are kept from being Markdown."""
    # Column by column as plain lists: pandas' own map takes several times longer for tables of this size.
    escaped = pd.DataFrame(
        {name: [md(cell) for cell in shown.rows[name].tolist()] for name in shown.rows}, dtype=object
    )
    st.table(escaped, border="horizontal", hide_index=True, alt=shown.title)


def source_line(
    exports: Exports, source_ids: Iterable[object], *, is_own_work: bool = False, note: str = ""
) -> str:
    """Write where the figures come from and return the same words for the download."""
    known = [source_id for source_id in source_ids if not is_empty(source_id)]
    found = places.sources(exports, known).to_dict("records")
    worked = [source for source in found if is_own_work and KOLADA in text(source["publisher"])]
    named = list(dict.fromkeys(_named(source) for source in found if source not in worked))
    parts = [f"Källa: {listed(named)}."] if named else []
    parts += [f"{OWN_WORK}{listed([text(source['title']) for source in worked])}."] if worked else []
    line = " ".join([*(parts or ["Källa saknas."]), note]).strip()
    st.caption(md(line))
    return line


def _named(source: dict[str, object]) -> str:
    # Titles of fetched data already say when they were fetched.
    when = "" if is_empty(source["published_date"]) else f", {day(source['published_date'])}"
    return f"{text(source['title'])} ({text(source['publisher'])}{when})"


def _download(shown: Twin, kind: str, mime: str, made: object) -> None:
    st.download_button(
        f"Hämta {kind}",
        data=made,
        file_name=f"{export.file_name(shown.title)}.{kind.lower()}",
        mime=mime,
        key=f"hamta-{kind}-{shown.key}",
        on_click="ignore",
    )
