"""How a role looks on paper and slides: colour, dash, mark and fill, so that roles are told apart in grey too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pages.parts.charts.theme import LIGHT
from pages.parts.pieces import Role

Dash = Literal["solid", "dash", "dot", "long", "dashdot"]
Marker = Literal["circle", "diamond", "square", "dash", "triangle"]
Fill = Literal["plain", "rising", "dotted", "falling"]


@dataclass(frozen=True)
class Look:
    """A role's colour as #RRGGBB, the dash of its line, the mark at its points and the fill of its bars."""

    colour: str
    dash: Dash
    marker: Marker
    fill: Fill
    width: float = 1.5


LOOKS: dict[Role, Look] = {
    "own": Look(LIGHT["own"], "solid", "circle", "plain", 2.5),
    "comparison": Look(LIGHT["comparison"], "dash", "diamond", "rising"),
    "third": Look(LIGHT["muted"], "dot", "square", "dotted"),
    "target": Look(LIGHT["ink"], "long", "dash", "falling"),
    "met": Look(LIGHT["met"], "solid", "circle", "plain"),
    "partly": Look(LIGHT["partly"], "dash", "diamond", "rising"),
    "not_met": Look(LIGHT["not_met"], "dot", "square", "falling"),
    "not_assessed": Look(LIGHT["not_assessed"], "dashdot", "triangle", "dotted"),
    "muted": Look(LIGHT["muted"], "dot", "square", "dotted"),
}
INK, MUTED, GUIDE, BAND = LIGHT["ink"], LIGHT["muted"], LIGHT["guide"], LIGHT["band"]
WHITE = "#FFFFFF"
# On amber white is too weak to be read.
INK_ON = ("partly",)
