"""Questions about the sources' words for status and verdict, and what analysts have said that they mean."""

from __future__ import annotations

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports


@question
def unknown_words(exports: Exports) -> pd.DataFrame:
    """One row per unexplained word: a status or verdict that no word table knows, and where it is used."""
    return exports.rows("unknown_words")


@question
def explained_words(exports: Exports) -> pd.DataFrame:
    """One row per word or phrase that an analyst has explained: its kind and its meaning."""
    return exports.rows("explained_words")
