"""The named questions: what can be asked, by pages and command line alike."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

Ask = Callable[..., pd.DataFrame]


@dataclass(frozen=True)
class Question:
    """A named question. grain is the first line of its docstring: what one row is. required ones have no default."""

    name: str
    ask: Ask
    grain: str
    parameters: tuple[str, ...]
    required: tuple[str, ...]


class UnknownChoice(ValueError):
    """A parameter that takes one of a few words was given another. The text is Swedish."""


def one_of(choices: Sequence[str], given: str) -> str:
    """The given word. Raises UnknownChoice when it is not among the choices: never another answer instead."""
    if given not in choices:
        raise UnknownChoice(f"Uppdelningen är {', '.join(choices)}, inte ”{given}”.")
    return given


def day_of(given: date | str | None) -> date | None:
    """The day, given as a date or as 2026-09-30. Raises UnknownChoice for anything else: never another day instead."""
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError as reason:
        raise UnknownChoice(f"En dag skrivs som 2026-09-30, inte ”{given}”.") from reason


QUESTIONS: dict[str, Question] = {}


def question(ask: Ask) -> Ask:
    """Make a function a named question. It takes the exports first, then keyword-only parameters."""
    parameters = {
        name: given for name, given in inspect.signature(ask).parameters.items() if name != "exports"
    }
    required = [name for name, given in parameters.items() if given.default is inspect.Parameter.empty]
    grain = inspect.getdoc(ask).split("\n")[0]
    QUESTIONS[ask.__name__] = Question(ask.__name__, ask, grain, tuple(parameters), tuple(required))
    return ask
