"""How an answer stands on a page: question, sentence, figure, the same rows as a table, download, source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.parts import export, handing_out
from pages.parts.charts import plain
from pages.parts.charts.theme import CONFIG
from pages.parts.filters import ALL_UNITS, Filters, clicks_on
from pages.parts.pieces import Piece, alternative
from pages.parts.sourcing import sources_in_words
from pages.parts.words import lower_first, md
from queries.connection import Exports


@dataclass(frozen=True)
class Twin:
    """The rows behind a figure as readers get them: column headings in Swedish, cells as text or numbers."""

    title: str
    rows: pd.DataFrame
    key: str


def head(title: str, filters: Filters, shown_year: int | None, period: str | None = None) -> None:
    """The page's title and, under it, the choice in words."""
    st.title(md(title), anchor=False)
    st.text(filters.in_words(shown_year, period))
    if filters.is_invented:
        st.markdown(
            "**Påhittade uppgifter.** Exempelkommunen finns inte; den visar hur sidorna ser ut med alla uppgifter på plats."
        )


def question(title: str) -> None:
    """The heading of one question, as plain text."""
    st.header(md(title), anchor=False)


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
    with st.expander(f"Visa som tabell: {md(lower_first(shown.title))}", expanded=is_open, key=fold):
        table(shown)
        downloads(exports, filters, download or shown, source)


def downloads(exports: Exports, filters: Filters, shown: Twin, source: str) -> None:
    """The rows as CSV and XLSX, made only when somebody asks for them."""
    about = [shown.title, f"{filters.municipality}, {filters.unit or ALL_UNITS.lower()}", source]
    about.append(f"Version {exports.version} av uppgifterna")
    if filters.is_invented:
        about.insert(0, "Påhittade uppgifter")
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    made: dict[str, tuple[str, Callable[[], bytes]]] = {
        "CSV": ("text/csv", lambda: export.as_csv(shown.rows, about)),
        "XLSX": (spreadsheet, lambda: export.as_xlsx(shown.rows, about)),
    }
    with st.container(horizontal=True, key=f"hamta-{shown.key}"):
        for kind, (mime, content) in made.items():
            handing_out.offer(
                f"Hämta {kind}",
                content,
                file_name=f"{export.file_name(shown.title)}.{kind.lower()}",
                mime=mime,
                key=f"hamta-{kind}-{shown.key}",
                municipality_id=filters.municipality_id,
                version=exports.version,
            )


def table(shown: Twin) -> None:
    """A real table: it prints whole and screen readers walk it. Neither cells nor headings are Markdown."""
    # Column by column as plain lists: pandas' own map takes several times longer for tables of this size.
    escaped = pd.DataFrame(
        {md(name): [md(cell) for cell in shown.rows[name].tolist()] for name in shown.rows}, dtype=object
    )
    st.table(escaped, border="horizontal", hide_index=True, alt=shown.title)


def source_line(
    exports: Exports, source_ids: Iterable[object], *, is_own_work: bool = False, note: str = ""
) -> str:
    """Write where the figures come from and return the same words for the download."""
    line = sources_in_words(exports, source_ids, is_own_work=is_own_work, note=note)
    st.caption(md(line))
    return line


def piece(exports: Exports, filters: Filters, shown: Piece, *, is_open: bool = False) -> None:
    """Place an answer that was made as a Piece: as a question of its own, with its table in a fold.

    is_open: the table is the figure, as where there is no chart.
    """
    question(shown.question)
    say(md(shown.sentence), shown.key)
    if shown.is_empty:
        return
    if shown.chart is not None:
        draw(plain.figure(shown.chart), alternative(shown), shown.key)
    if shown.remarks:
        st.markdown("\n".join(f"- {md(remark)}" for remark in shown.remarks))
    st.caption(md(shown.source))
    whole = None if shown.download is None else Twin(shown.question, shown.download, shown.key)
    rows = Twin(shown.question, shown.rows, shown.key)
    if shown.chart is None:
        table(rows)
        downloads(exports, filters, whole or rows, shown.source)
    else:
        twin(exports, filters, rows, shown.source, is_open=is_open, download=whole)


def small_piece(shown: Piece) -> None:
    """Place an answer among many small ones: name, small figure, one line of words, source. Its table stands elsewhere."""
    st.markdown(f"**{md(shown.question)}**")
    if shown.chart is not None:
        draw(plain.figure(shown.chart, small=True), alternative(shown), shown.key)
    st.markdown(md(" ".join([shown.sentence, *shown.remarks])))
    st.caption(md(shown.source))
