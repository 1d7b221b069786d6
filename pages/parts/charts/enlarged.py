"""A figure for the wall: the same figure with all its type, marks and room larger."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

FACTOR = 1.6
# What a screen of 720 lines has room for below a question and its sentence.
HIGHEST = 420
# What is measured in pixels: type and marks, and the room around and between.
SIZES = ("size", "height")
ROOM = ("margin", "pad")


def enlarged(figure: go.Figure) -> go.Figure:
    """The figure FACTOR times larger in everything but its width, which is that of the screen, and never too high for it."""
    made = go.Figure(_grown(figure.to_plotly_json()), _validate=False)
    made.layout.height = min(made.layout.height, HIGHEST)
    return made


def _grown(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _of_name(name, value) for name, value in part.items()}
    return [_grown(each) for each in part] if isinstance(part, (list, tuple)) else part


def _of_name(name: str, value: Any) -> Any:
    if name in SIZES and isinstance(value, (int, float)):
        return value * FACTOR
    if name in ROOM and isinstance(value, dict):
        return {side: room * FACTOR for side, room in value.items()}
    return _grown(value)
