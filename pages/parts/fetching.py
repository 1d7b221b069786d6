"""Fetching from Kolada: what would be fetched, the button, how far it has come, and what to do when it ends early.

Nothing is asked of Kolada before somebody clicks.
"""

from __future__ import annotations

from io import BytesIO

import streamlit as st

from pages.parts import access, answer, handing_in, source
from pages.parts.fetching_job import FetchingJob
from pages.parts.words import counted, day, listed, md
from queries import clock, places
from queries.connection import Exports
from queries.intake import kolada_fetch

PLACE = "kolada"
HOW_IT_WORKS = (
    "Hämtningen tar några minuter. Inget publiceras förrän du har sett vad som ändras: Kolada rättar äldre värden "
    "utan att säga till."
)
JOB = FetchingJob()


def offer(opened: Exports) -> None:
    """What a fetch would hold and when the last was made, and the button; or how far the one going on has come."""
    answer.say(md(what_is_fetched(opened)), "kolada")
    last = kolada_fetch.last_fetched(opened)
    st.markdown(f"Senast hämtat: {day(last)}." if last else "Inget har hämtats från Kolada än.")
    if why := closed():
        st.markdown(why)
    elif JOB.course.is_running or JOB.is_done:
        _going_on()
    else:
        _failure()
        _buttons()


def take_result() -> None:
    """Look at a fetch that is done, if this visit may and looks at nothing else here."""
    if closed() or handing_in.is_looking(PLACE):
        return
    result = JOB.take()
    if result is not None:
        handing_in.hand_over(
            PLACE, BytesIO(result.fetched.content), result.fetched.name, result.checked, result.fetched.told
        )


def closed() -> str | None:
    """Why this visit may fetch nothing now; None when it may. What is fetched is of all municipalities."""
    return handing_in.closed(PLACE, access.EVERYWHERE)


def what_is_fetched(opened: Exports) -> str:
    """'Här hämtas 47 nyckeltal för alla kommuner 2010–2026, och för skolorna i Ekerö och Piteå.'"""
    asked = kolada_fetch.wanted(opened, today=clock.today())
    followed = places.municipalities(opened)
    names = followed.loc[followed["municipality_id"].isin(asked.municipality_ids), "name"].tolist()
    schools = f", och för skolorna i {listed(names)}" if names else ""
    count = counted(len(asked.indicator_ids), "nyckeltal", "nyckeltal")
    return f"Här hämtas {count} för alla kommuner {asked.years[0]}–{asked.years[-1]}{schools}."


def start(anew: bool = False) -> None:
    """Begin a fetch, if this visit may; a second click finds one that is going on and does nothing."""
    access.demand("fetch", access.EVERYWHERE)
    if closed() is None:
        JOB.start(source.library(), anew=anew)


def stop() -> None:
    """End the fetch that is going on, if this visit may."""
    access.demand("fetch", access.EVERYWHERE)
    JOB.stop()


@st.fragment(run_every=1)
def _going_on() -> None:
    """How far the fetch has come, drawn every second until it is done."""
    course = JOB.course
    # A run of this part alone does not pass the page's own gate.
    if not course.is_running or closed():
        # The whole page draws what it came to.
        st.rerun()
    st.progress(course.part, text=course.said)
    st.button("Avbryt", key="avbryt-hamtning", on_click=stop)


def _failure() -> None:
    failure = JOB.course.failure
    if failure:
        with st.container(key="announcement-kolada"):
            st.text(failure)


def _buttons() -> None:
    kept = kolada_fetch.kept_pages(source.store()).count()
    if not kept:
        st.button("Hämta från Kolada", type="primary", key="hamta-kolada", on_click=start)
        st.caption(HOW_IT_WORKS)
        return
    st.markdown(f"{counted(kept, 'sida', 'sidor')} finns kvar från en hämtning som inte blev klar.")
    with st.container(horizontal=True):
        st.button("Fortsätt hämtningen", type="primary", key="fortsatt-kolada", on_click=start)
        st.button("Börja om från början", key="borja-om-kolada", on_click=start, args=(True,))
