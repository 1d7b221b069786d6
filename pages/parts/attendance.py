"""Närvaro, a tab of page Skola: who is away, how surely it is known, and whether it is investigated."""

from __future__ import annotations

from pages.parts import answer
from pages.parts.absence_pieces import absence_piece, absence_units_piece, registration_piece
from pages.parts.absence_words import is_area
from pages.parts.coverage_pieces import coverage_piece
from pages.parts.filters import Filters
from pages.parts.pieces import Piece
from pages.parts.stage_pieces import STAGES_KEY, stages_piece, valid_absence_piece
from queries.connection import Exports


def attendance(opened: Exports, chosen: Filters) -> None:
    """The pieces in order; the table is open where it is the answer."""
    for piece in attendance_pieces(opened, chosen):
        answer.piece(opened, chosen, piece)


def attendance_pieces(opened: Exports, chosen: Filters) -> list[Piece]:
    """Coverage of investigations first, then absence: over the terms, school by school, per stage, and its reasons.

    What nobody has told is left out as long as something else is there; else one sentence for each of the first two.
    """
    made = [
        coverage_piece,
        absence_piece,
        registration_piece,
        absence_units_piece,
        stages_piece,
        valid_absence_piece,
    ]
    if chosen.unit_id:
        made.remove(absence_units_piece)
    if is_area(chosen):
        made = [coverage_piece, absence_units_piece, stages_piece, valid_absence_piece]
    found = [piece(opened, chosen) for piece in made]
    told = [piece for piece in found if not piece.is_empty]
    # The stages of the municipality answer nothing about a unit of which nothing else is known.
    return told if any(piece.key != STAGES_KEY for piece in told) else found[:2]
