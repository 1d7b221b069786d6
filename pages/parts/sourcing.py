"""The source line: where figures come from, in words, for pages, downloads and reports."""

from __future__ import annotations

from collections.abc import Iterable

from pages.parts.rows import as_records
from pages.parts.words import day, is_empty, listed, text
from queries import places
from queries.connection import Exports

KOLADA = "Kolada"
# Kolada's terms: what is worked out from its values must not name it as the source.
OWN_WORK = "Egen bearbetning av data från "


def sources_in_words(
    exports: Exports,
    source_ids: Iterable[object],
    *,
    is_own_work: bool = False,
    note: str = "",
    is_short: bool = False,
) -> str:
    """'Källa: Bokslut (Exempelkommunen, 15 februari 2026).' is_own_work: the figures are worked out from what is there.

    is_short leaves the publisher out, where many small figures stand beside each other.
    """
    known = [source_id for source_id in source_ids if not is_empty(source_id)]
    found = as_records(places.sources(exports, known))
    worked = [source for source in found if is_own_work and KOLADA in text(source["publisher"])]
    named = list(dict.fromkeys(_named(source, is_short) for source in found if source not in worked))
    parts = [f"Källa: {listed(named)}."] if named else []
    parts += [f"{OWN_WORK}{listed([text(source['title']) for source in worked])}."] if worked else []
    return " ".join([*(parts or ["Källa saknas."]), note]).strip()


def _named(source: dict[str, object], is_short: bool) -> str:
    # Titles of fetched data already say when they were fetched.
    when = "" if is_empty(source["published_date"]) else f", {day(source['published_date'])}"
    if is_short:
        return f"{text(source['title'])}{when}"
    return f"{text(source['title'])} ({text(source['publisher'])}{when})"
