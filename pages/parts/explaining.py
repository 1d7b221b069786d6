"""Words of the sources that nothing explains yet: what each means is said once, and counts for every file."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.parts import access, answer, handing_in
from pages.parts.rows import as_records
from pages.parts.words import STATUSES, VERDICTS, WORD_KINDS, counted, md
from queries import words
from queries.connection import Exports
from queries.intake.templates import filled_csv

PLACE = "ord"
FILE = "Förklarade ord.csv"
LATER = "Förklaras senare"
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "status": {code: mark.shown for code, mark in STATUSES.items() if code != "unknown"},
    "verdict": {code: mark.shown for code, mark in VERDICTS.items()},
}


def unexplained(opened: Exports) -> None:
    """A field per unexplained word, and the check of what was said."""
    unknown = words.unknown_words(opened)
    if unknown.empty:
        answer.say("Alla ord i de publicerade uppgifterna är förklarade.", "ord")
        return
    answer.say(
        f"{counted(len(unknown), 'ord', 'ord')} i de publicerade uppgifterna är inte {'förklarat' if len(unknown) == 1 else 'förklarade'}.",
        "ord",
    )
    st.markdown(
        "En åtgärd med ett okänt ord räknas som öppen, ett mål som ej bedömt. Säg vad ordet betyder: det gäller då "
        "alla publicerade uppgifter och alla filer framöver, och det kan ångras."
    )
    if why := handing_in.closed(PLACE, access.EVERYWHERE):
        st.markdown(why)
        answer.table(answer.Twin("Ord utan förklaring", unknown_rows(unknown), "ord"))
        return
    with st.form("ord", border=False):
        said = [meaning_field(row) for row in as_records(unknown)]
        is_sent = st.form_submit_button("Kontrollera och publicera")
    explained = [each for each in said if each["meaning"] is not None]
    if is_sent and explained:
        file = io.BytesIO(filled_csv(pd.DataFrame(explained), "added_words"))
        handing_in.hand_in(PLACE, file, FILE)
    elif is_sent:
        st.markdown("Välj först vad minst ett ord betyder.")


def explained(opened: Exports) -> None:
    """The words that analysts have explained so far."""
    rows = words.explained_words(opened)
    if rows.empty:
        return
    answer.question("Ord som ni har förklarat")
    shown = pd.DataFrame(
        {
            "Ord": list(rows["word"]),
            "Gäller": [WORD_KINDS[kind] for kind in rows["kind"]],
            "Betyder": [
                MEANINGS[kind][meaning] for kind, meaning in zip(rows["kind"], rows["meaning"], strict=True)
            ],
        }
    )
    answer.table(answer.Twin("Förklarade ord", shown, "forklarade"))
    st.markdown(
        "Ändra en förklaring: hämta mallen *Förklarade ord* ifylld under *Mallar*, rätta den och läs in den."
    )


def meaning_field(row: Mapping[str, object]) -> dict[str, object]:
    """A field for what one word means; a row of table added_words, without meaning while nobody has said it."""
    kind = str(row["kind"])
    meaning = st.selectbox(
        md(f"”{row['word']}” ({where_of(row)})"),
        [None, *MEANINGS[kind]],
        format_func=lambda code: LATER if code is None else MEANINGS[kind][code],
        key=f"ord-{kind}-{row['word']}",
    )
    return {"kind": kind, "word": row["word"], "meaning": meaning}


def where_of(row: Mapping[str, object]) -> str:
    """'läge för en åtgärd, 3 rader, Ekerö 2019–2020'."""
    kind = WORD_KINDS[str(row["kind"])]
    first, last = row["first_year"], row["last_year"]
    years = f"{first}" if first == last else f"{first}–{last}"
    count = counted(int(str(row["count_rows"])), "rad", "rader")
    return f"{kind[0].lower()}{kind[1:]}, {count}, {row['where_used']} {years}"


def unknown_rows(unknown: pd.DataFrame) -> pd.DataFrame:
    """unknown_words as a table."""
    return pd.DataFrame({"Ord": list(unknown["word"]), "Var": [where_of(row) for row in as_records(unknown)]})
