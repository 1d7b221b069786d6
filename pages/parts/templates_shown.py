"""Templates to fill in: what each holds, empty, and filled with what is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from pages.parts import access, answer, export, filters, handing_out
from pages.parts.words import TEMPLATES, counted, md, upper_first
from queries.connection import Exports
from queries.intake import templates
from queries.intake.reach import WHOSE
from queries.intake.templates import Template
from queries.published import published_rows

HERE = "tab:data/Mallar"
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# One less than the sheet has, for the headings.
MOST_ROWS_IN_EXCEL = 1_048_575


def templates_to_fill(opened: Exports) -> None:
    """Choose a template, get it, see what its columns hold."""
    whose = "också andra kommuners" if is_for_all() else "för de kommuner som du har behörighet till"
    st.markdown(
        "En mall är en tabell med svenska rubriker. Fyll i den och läs in den under fliken *Läs in*. "
        f"En ifylld mall har alla rader som är publicerade, {whose}: läs in den utan att ändra "
        "något och ingenting ändras."
    )
    known = {template.title: template for template in templates.template_tables()}
    filters.said_if_unknown("mall", list(known), "den första mallen")
    chosen = known[st.selectbox("Mall", list(known), key="mall", bind="query-params")]
    st.markdown(md(TEMPLATES[chosen.table]))
    downloads(opened, chosen)
    answer.table(answer.Twin(f"Kolumner i mallen {chosen.title}", column_rows(chosen), "mall"))
    _download("Alla mallar tomma i en arbetsbok, Excel", "mallar.xlsx", XLSX, templates.template_xlsx, "alla")


def downloads(opened: Exports, template: Template) -> None:
    """The template empty and filled, as CSV and as a workbook; each is made when somebody asks for it."""
    table, name = template.table, export.file_name(template.title)
    count = opened.manifest.rows.get(table, 0)
    within = None if is_for_all() else access.of_visit().municipality_ids(HERE)
    with st.container(horizontal=True, key="mall-tom"):
        _download("Tom mall, CSV", f"mall-{name}.csv", CSV, lambda: templates.template_csv(table), "tom-csv")
        _download(
            "Tom mall, Excel", f"mall-{name}.xlsx", XLSX, lambda: templates.template_xlsx(table), "tom-xlsx"
        )
        # A country's outcomes are taken from its published files: no server holds them all for one visitor.
        if 0 < count <= MOST_ROWS_IN_EXCEL:
            filled = f"publicerat-{name}"
            _download("Ifylld, CSV", f"{filled}.csv", CSV,
                      lambda: templates.filled_csv(rows_of(opened, table, within), table), "ifylld-csv")  # fmt: skip
            _download("Ifylld, Excel", f"{filled}.xlsx", XLSX,
                      lambda: templates.filled_xlsx(rows_of(opened, table, within), table), "ifylld-xlsx")  # fmt: skip
    rows = counted(count, "publicerad rad", "publicerade rader") if count else "Inga publicerade rader"
    st.caption(f"{rows} i version {opened.version}.")


def is_for_all() -> bool:
    """Whether the visitor may have the rows of all municipalities, and of what belongs to none."""
    return access.may(HERE, access.EVERYWHERE)


def rows_of(opened: Exports, table: str, within: Sequence[str] | None) -> pd.DataFrame:
    """The published rows of a table, those of some municipalities only where within names them."""
    rows = published_rows(opened, table)
    whose = WHOSE.get(table, "municipality_id")
    if within is None or whose not in rows:
        return rows
    return rows[rows[whose].isin(list(within))]


def column_rows(template: Template) -> pd.DataFrame:
    """The columns of a template as a table."""
    return pd.DataFrame(
        {
            "Rubrik": [column.heading for column in template.columns],
            "Måste finnas": ["ja" if column.is_required else "nej" for column in template.columns],
            "Vad som ska stå": [upper_first(column.expected) for column in template.columns],
            "Exempel": [column.example or "–" for column in template.columns],
        }
    )


def _download(label: str, file_name: str, mime: str, content: Callable[[], bytes], key: str) -> None:
    handing_out.offer(label, content, file_name=file_name, mime=mime, key=f"mall-{key}")
