"""Om: how to read the pages, the words, the definitions, and what is hidden of small groups."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.source import exports
from pages.parts.words import DIRECTIONS, OUTCOMES, QUARTERS, VERDICTS, text
from queries import places
from queries.connection import Exports, settings

TABS = ["Så läser du", "Ordlista", "Nyckeltal", "Små grupper"]


def reading(_: Exports) -> None:
    """Three things to know before reading."""
    answer.question("Tre frågor, tre sidor")
    st.markdown(
        "**Måluppfyllelse** visar om nämndens mål är uppnådda. **Jämförelse** visar läget mot andra kommuner. "
        "**Åtgärder** visar vad som är klart, öppet och försenat. Översikt samlar de tre på en sida. "
        "Välj kommun, skola och år i menyn. Valet följer med mellan sidorna och står i länken, så att du kan dela det du ser."
    )
    answer.question("Två slags ord, aldrig blandade")
    st.markdown(
        "Bedömningen av ett mål och ordet för en åtgärds läge är **förvaltningens**. Utfall mot målvärde och ordet "
        "försenad är **uträknade här**. De står bredvid varandra, och sidan säger till när de inte stämmer överens. "
        "Läget mot andra är något tredje: det säger inte om ett resultat är bra eller dåligt i sig."
    )
    marks = [*VERDICTS.values(), *OUTCOMES.values(), *QUARTERS.values()]
    shown = pd.DataFrame({"Tecken": [mark.shape for mark in marks], "Betyder": [mark.word for mark in marks]})
    answer.table(answer.Twin("Tecken på sidorna", shown, "tecken"))
    st.markdown(
        "Hur tjänsten fungerar för alla, och hur den behandlar personuppgifter, står i sidfoten på varje sida."
    )


def words(opened: Exports) -> None:
    """The glossary."""
    rows = places.glossary(opened).rename(columns={"term": "Ord", "explanation": "Betyder här"})
    answer.table(answer.Twin("Ordlista", rows, "ordlista"))


def definitions(opened: Exports) -> None:
    """Every indicator, with whom it covers and which way is good."""
    rows = places.indicators(opened)
    shown = pd.DataFrame(
        {
            "Nyckeltal": [text(title) for title in rows["title"]],
            "Betyder": [text(definition) for definition in rows["definition"]],
            "Avser": [text(population) for population in rows["population"]],
            "Riktning": [DIRECTIONS[direction] for direction in rows["good_direction"]],
            "Källa": [text(source) for source in rows["source"]],
        }
    )
    answer.table(answer.Twin("Nyckeltal och definitioner", shown, "nyckeltal"))


def small_groups(_: Exports) -> None:
    """What the privacy gate hides and why."""
    limits = settings()["disclosure"]
    answer.question("Varför visas inte alla värden?")
    st.markdown(
        f"Ett resultat som bygger på färre än {limits['pupils_per_school']} elever på en skola, färre än "
        f"{limits['pupils_per_municipality']} i kommunen eller färre än {limits['survey_answers']} svar i en enkät visas inte. "
        "Då döljs också så många andra värden att det dolda inte går att räkna ut genom att dra värden från varandra. "
        f"När högst {limits['near_end']} elever inte når, står *nära 100 %*. Det gäller lika på sidor, i figurer, i filer som "
        "hämtas och på kommandoraden: de dolda värdena finns inte i det som sidorna läser."
    )
    st.markdown(
        f"Sjukfrånvaro visas inte för färre än {limits['employees']} årsarbetare, varken för ett år eller för en månad."
    )
    st.markdown("Två punkter betyder för litet underlag, en punkt att uppgift saknas. Inget av dem är noll.")


answer_of = dict(zip(TABS, (reading, words, definitions, small_groups), strict=True))
st.title("Om Nämndkollen", anchor=False)
filters.said_if_unknown("om", TABS, "den första fliken")
for tab, name in zip(st.tabs(TABS, key="om", bind="query-params"), TABS, strict=True):
    if tab.open:
        with tab:
            answer_of[name](exports())
