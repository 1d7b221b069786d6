"""The meeting mode: one point at a time over the whole screen, in type that is read from the back of a room.

The link carries it as ?lage=mote&punkt=3. Arrow keys step, Esc leaves; the same is done by three buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts import answer
from pages.parts.charts import plain
from pages.parts.charts.enlarged import enlarged
from pages.parts.filters import Filters
from pages.parts.pieces import Piece, Section, alternative
from pages.parts.words import md

# The piece that lists the questions of the agenda (meeting_pieces.py).
QUESTIONS = "fragor-moten"
MODE, POINT, ON = "lage", "punkt", "mote"


@dataclass(frozen=True)
class Point:
    """What is shown at once: one piece, and the point of the agenda that it belongs to."""

    title: str
    piece: Piece


def is_on() -> bool:
    """Whether the link asks for the meeting mode."""
    return st.query_params.get(MODE) == ON


def turn_to(number: int) -> None:
    """Show a point. Only from a callback."""
    st.query_params[MODE] = ON
    st.query_params[POINT] = str(number)


def leave() -> None:
    """Back to the page. Only from a callback."""
    for key in (MODE, POINT):
        st.query_params.pop(key, None)


def points_of(sections: Sequence[Section], questions: Sequence[Piece]) -> list[Point]:
    """One point per piece, in the order of the agenda; the list of questions as its questions one by one."""
    return [
        Point(section.title, shown)
        for section in sections
        for piece in section.pieces
        for shown in (questions or [piece] if piece.key == QUESTIONS else [piece])
    ]


def asked_number(asked: str | None, count: int) -> int:
    """The point that a link asks for, from 1; the nearest there is of one that there is not."""
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    return max(1, min(number, count))


def show(chosen: Filters, name: str, points: Sequence[Point]) -> None:
    """One point over the whole screen, with the way to the next, to the one before and out."""
    number = asked_number(st.query_params.get(POINT), len(points))
    point = points[number - 1]
    with st.container(key="motet"):
        with st.container(key="motet-rad", horizontal=True, vertical_alignment="center"):
            st.text(f"{number} av {len(points)} · {point.title}")
            _button("Föregående", "Left", turn_to, number - 1, disabled=number == 1)
            _button("Nästa", "Right", turn_to, number + 1, disabled=number == len(points))
            _button("Avsluta", "Esc", leave)
        st.title(md(point.piece.question), anchor=False)
        _draw(point.piece)
        invented = " Påhittade uppgifter." if chosen.is_invented else ""
        st.caption(md(f"Dialogmöte {name}, {chosen.whom}.{invented} {point.piece.source}".strip()))


def _draw(piece: Piece) -> None:
    answer.say(md(piece.sentence), f"mote-{piece.key}")
    if piece.is_empty:
        return
    if piece.chart is not None:
        figure = plain.figure(piece.chart)
        # screen.css shows one of the two.
        for size, shown in {"stor": enlarged(figure), "liten": figure}.items():
            with st.container(key=f"motet-{size}"):
                answer.draw(shown, alternative(piece), f"mote-{size}-{piece.key}")
    else:
        answer.table(answer.Twin(piece.question, piece.rows, f"mote-{piece.key}"))
    if piece.remarks:
        st.markdown("\n".join(f"- {md(remark)}" for remark in piece.remarks))


def _button(label: str, shortcut: str, act: object, *given: object, disabled: bool = False) -> None:
    st.button(
        label, key=f"motet-{label.lower()}", shortcut=shortcut, on_click=act, args=given, disabled=disabled
    )
