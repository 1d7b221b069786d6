"""What is new since an earlier version: the one before, one that the reader picks, or the one read last in this browser.

Which version that was is kept by the browser alone, in a cookie that holds nothing but its number and that only a click
on the button sets (pages/static/sv.js): no visit is followed, and nobody is asked for consent to what they asked for.
"""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters, source, version
from pages.parts.filters import Filters
from pages.parts.words import counted, md, moment
from queries.connection import Exports
from queries.news import news
from queries.versions import BrokenVersion

COOKIE = "namndkollen_sett"
KEY = "nytt"
# Versions offered to compare with; the page Data has all.
OFFERED = 12


def last_read() -> int | None:
    """The version that the reader has asked this browser to remember, or None."""
    told = st.context.cookies.get(COOKIE, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 6 else None


def is_waiting(opened: Exports) -> bool:
    """Whether something was published after what the reader has read: then it is told first."""
    read = last_read()
    return read is not None and read < opened.version


def whats_new(opened: Exports, chosen: Filters) -> None:
    """What has changed since an earlier version, and the way to have this one remembered.

    Another version is opened only for those who ask: by the browser's memory, by a link, or by opening the fold.
    """
    answer.question("Vad är nytt?")
    if names := _earlier(opened):
        told = opened.manifest
        st.markdown(md(f"Uppgifterna är version {told.version}, publicerad {moment(told.created_at)}."))
        is_asked = is_waiting(opened) or KEY in st.query_params
        fold = st.expander("Visa vad som har ändrats", expanded=is_asked, key="nytt-fald", on_change="rerun")
        if fold.open:
            with fold:
                _compared(opened, chosen, names)
    else:
        st.markdown(
            "Det här är den första versionen. När något mer har publicerats står det här vad som är nytt."
        )
    _remembering(opened)


def _compared(opened: Exports, chosen: Filters, names: dict[str, int]) -> None:
    first = next((name for name, number in names.items() if number == last_read()), next(iter(names)))
    filters.said_if_unknown(KEY, list(names), first)
    since = st.selectbox(
        "Jämför med", list(names), index=list(names).index(first), key=KEY, bind="query-params"
    )
    _told(opened, chosen, names[since], since)


def _earlier(opened: Exports) -> dict[str, int]:
    """'version 3, 1 oktober 2026' → 3, newest first: the latest ones before the one shown, and the one read last."""
    before = [number for number in reversed(source.store().numbers()) if number < opened.version]
    offered = before[:OFFERED] + [number for number in before[OFFERED:] if number == last_read()]
    names = {}
    for number in offered:
        try:
            made = source.store().manifest(number).created_at
        except BrokenVersion:
            continue
        names[f"version {number}, {moment(made)}"] = number
    return names


def _told(opened: Exports, chosen: Filters, number: int, name: str) -> None:
    try:
        found = news(source.opened(number), opened, chosen.municipality_id)
    except BrokenVersion as fault:
        st.markdown(md(f"Det går inte att jämföra med {name}. {fault}"))
        return
    if not found:
        answer.say(md(f"Inget nytt för {chosen.municipality} sedan {name}."), "nytt")
        return
    many = counted(len(found), "nyhet", "nyheter")
    answer.say(md(f"{many} för {chosen.municipality} sedan {name}."), "nytt")
    st.markdown("\n".join(f"- {md(sentence)}" for sentence in found))


def _remembering(opened: Exports) -> None:
    """The buttons that the browser listens to: it keeps the number, and the server is told it at the next visit."""
    read = last_read()
    if version.is_old():
        return
    with st.container(horizontal=True, key="minne-av-version"):
        is_kept = read != opened.version and st.button(
            "Kom ihåg att jag har läst det här", key=f"minns-version-{opened.version}"
        )
        is_gone = read is not None and st.button("Glöm vad jag har läst", key="glom-version")
    if is_kept:
        st.caption(f"Sparat i den här webbläsaren. Nästa gång jämförs med version {opened.version}.")
    elif is_gone:
        st.caption("Borttaget ur den här webbläsaren.")
    elif read is None:
        st.caption(
            "Då visas nästa gång vad som är nytt sedan dess. Bara versionens nummer sparas, i en kaka i den här webbläsaren."
        )
    else:
        st.caption(f"Den här webbläsaren minns att du har läst version {read}.")
