"""Search: what is told of a municipality, found by the words in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports

# As in queries/sql/macros.sql: letters and digits.
WORD = re.compile(r"[^\W_]+")
# Words that carry no meaning of their own: they are passed over, unless nothing else is asked for.
SMALL = frozenset("och i på av att för som med en ett den det de till om är".split())
# More than anybody writes; each word is held against every word there is.
MOST_WORDS, LONGEST = 8, 100


@question
def search_hits(
    exports: Exports,
    *,
    municipality_id: str,
    asked: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
) -> pd.DataFrame:
    """One row per thing that holds all the words asked for, goals first and what fits best first.

    kind: goal, action, finding, report, item, agreement, indicator, unit or word. Without a year, of all years.
    """
    return exports.rows(
        "search_hits", municipality_id=municipality_id, words=words_of(asked), year=year, unit_ids=unit_ids
    )


def words_of(asked: str) -> list[str]:
    """The words of a search, in small letters and each once: those that carry meaning, else all of them."""
    written = unicodedata.normalize("NFC", asked).lower()[:LONGEST]
    every = list(dict.fromkeys(WORD.findall(written)))
    return ([word for word in every if word not in SMALL] or every)[:MOST_WORDS]


def forms_of(word: str) -> set[str]:
    """A word as searches meet it: in small letters as it is written, and without dots and accents."""
    written = unicodedata.normalize("NFC", word).lower()
    bare = unicodedata.normalize("NFD", written)
    return {written, "".join(part for part in bare if not unicodedata.combining(part))}
