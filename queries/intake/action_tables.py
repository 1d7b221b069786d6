"""Tables of actions as a municipality exports them: one line an activity or an assignment.

The shape is Linköping's: CSV with semicolons, UTF-8, and the columns of HEADERS in any order.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

COLUMNS = ["perspective", "kind", "goal", "title", "due_text", "status_raw", "comment"]
# Column here → heading in the export. The year of a "Slutdatum 2020" belongs to the heading, not the cells.
HEADERS = {
    "perspective": "Perspektiv",
    "kind": "Typ",
    "goal": "Nämndmål",
    "title": "Aktivitet",
    "due_text": "Slutdatum",
    "status_raw": "Status",
    "comment": "Kommentar",
}
KINDS = {
    "nämndmål": "activity",
    "aktivitet": "activity",
    "strategiskt utvecklingsuppdrag": "assignment",
    "strategiska utvecklingsuppdrag": "assignment",
    "uppdrag": "assignment",
}
CONTINUED = ("goal", "title", "comment")


class UnreadableActionTable(ValueError):
    """An uploaded table that cannot be read as actions. The message is Swedish: file, row, column."""


def read_action_table(path: Path) -> pd.DataFrame:
    """One row per action of an exported table, in the order of the file; all columns are text.

    kind is 'activity' or 'assignment'; status_raw is the source's own words, '' where it gives none; the
    other columns are missing where the source is blank. Cells come without HTML, with plain spaces. A blank
    goal, perspective or type is the one above, as merged cells export it. A row with neither status nor
    deadline goes on from the row above, as a page break leaves it.
    Raises UnreadableActionTable when columns are missing, or a row lacks a title or a known type, or has too
    many cells.
    """
    actions: list[dict[str, list[str]]] = []
    above: dict[str, list[str]] = {}
    for number, cells in _rows(path):
        if not cells["status_raw"] and not cells["due_text"]:
            _continue(actions, cells, f"{path.name}, rad {number}")
            continue
        action = _filled_down(cells, above)
        if not cells["title"]:
            raise UnreadableActionTable(
                f"{path.name}, rad {number}: kolumnen Aktivitet är tom. En text väntades."
            )
        _check_kind(action, f"{path.name}, rad {number}")
        actions.append(action)
        # An assignment has no goal; the activities after it go on under the goal before it.
        above = action if _is_activity(action) else {**action, "goal": _goal_above(action, above)}
    rows = [{name: " ".join(parts) for name, parts in action.items()} for action in actions]
    table = pd.DataFrame(rows, columns=COLUMNS, dtype="str")
    table["kind"] = table["kind"].str.casefold().map(KINDS)
    optional = ["perspective", "goal", "due_text", "comment"]
    return table.assign(**{name: table[name].mask(table[name] == "") for name in optional})


def plain_text(cell: str) -> str:
    """A cell without HTML tags, with every run of white space, also non-breaking, as one space."""
    stripper = _TagStripper()
    stripper.feed(cell)
    stripper.close()
    return " ".join("".join(stripper.parts).split())


class _TagStripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break_line(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break_line(tag)

    def _break_line(self, tag: str) -> None:
        # <b> may stand inside a word; <br>, <p> and <li> end one.
        if tag not in ("b", "strong", "i", "em", "span", "u", "a", "sub", "sup"):
            self.parts.append(" ")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableActionTable(
            f"{path.name} är inte sparad som UTF-8. Spara om den som CSV UTF-8."
        ) from error
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    headings = [plain_text(cell) for cell in next(lines, [])]
    places = _places(headings, path.name)
    for number, line in enumerate(lines, 2):
        if len(line) > len(headings) and any(cell.strip() for cell in line[len(headings) :]):
            raise UnreadableActionTable(
                f"{path.name}, rad {number}: {len(line)} celler, men rubrikraden har {len(headings)}. "
                "Ett semikolon i en text behöver citattecken runt texten."
            )
        padded = [*line, *[""] * (len(headings) - len(line))]
        cells = {name: plain_text(padded[place]) for name, place in places.items()}
        if any(cells.values()):
            yield number, cells


def _places(headings: list[str], file_name: str) -> Mapping[str, int]:
    known = [re.sub(r" \d{4}$", "", heading).casefold() for heading in headings]
    wrong = [heading for heading in HEADERS.values() if known.count(heading.casefold()) != 1]
    if wrong:
        raise UnreadableActionTable(
            f"{file_name}, rad 1: varje kolumn ska finnas en gång, men {', '.join(wrong)} gör det inte. "
            f"Hittade: {', '.join(headings) or 'ingenting'}. Väntade: {', '.join(HEADERS.values())}."
        )
    return {name: known.index(heading.casefold()) for name, heading in HEADERS.items()}


def _continue(actions: list[dict[str, list[str]]], cells: Mapping[str, str], place: str) -> None:
    if not actions:
        raise UnreadableActionTable(
            f"{place}: kolumnen Status är tom och ingen rad finns ovanför att fortsätta."
        )
    for name in CONTINUED:
        # The whole goal repeated after the break is not a continuation of its text.
        if cells[name] and cells[name] != " ".join(actions[-1][name]):
            actions[-1][name].append(cells[name])


def _filled_down(cells: Mapping[str, str], above: Mapping[str, list[str]]) -> dict[str, list[str]]:
    action = {name: [cell] if cell else [] for name, cell in cells.items()}
    for name in ("perspective", "kind"):
        action[name] = action[name] or above.get(name, [])
    goal_above = _goal_above(action, above)
    if _is_activity(action) and action["goal"] in ([], goal_above):
        # The very same list: what a page break adds to the goal's text is added for all its actions.
        action["goal"] = goal_above
    return action


def _goal_above(action: Mapping[str, list[str]], above: Mapping[str, list[str]]) -> list[str]:
    # A goal ends with its perspective: the same name under another perspective is another goal.
    return above["goal"] if above and action["perspective"] == above["perspective"] else []


def _is_activity(action: Mapping[str, list[str]]) -> bool:
    return KINDS.get(" ".join(action["kind"]).casefold()) == "activity"


def _check_kind(action: Mapping[str, list[str]], place: str) -> None:
    found = " ".join(action["kind"])
    if found.casefold() not in KINDS:
        expected = ", ".join(KINDS)
        raise UnreadableActionTable(
            f"{place}: kolumnen Typ är ”{found}”. Något av detta väntades: {expected}."
        )
