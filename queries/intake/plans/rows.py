"""Rows of a plan put together as a person reads them: merged cells filled down, rows split by a page break joined.

A blank goal, perspective, kind or area is the one above, as merged cells export it; a goal ends with its perspective.
A row with neither status nor deadline goes on from the row above, as a page break leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from queries.intake.plans.cells import goes_on, normal, paragraphs
from queries.intake.plans.lines import Line
from queries.intake.plans.messages import finding
from queries.intake.reading import Finding

KINDS = {
    "activity": ("nämndmål", "aktivitet", "aktiviteter", "åtgärd", "åtgärder", "insats", "insatser"),
    "assignment": (
        "uppdrag",
        "strategiskt utvecklingsuppdrag",
        "strategiska utvecklingsuppdrag",
        "strategiskt uppdrag",
        "utvecklingsuppdrag",
        "uppdrag från kommunfullmäktige",
    ),
    "area": ("område", "utvecklingsområde", "förbättringsområde"),
}
KIND_OF = {normal(word): kind for kind, words in KINDS.items() for word in words}
# What says which action a row is about; a row with one of these is never the rest of another.
OF_ANOTHER = ("perspective", "kind", "unit", "goal_number")
OF_A_GOAL = ("goal_number", "level", "description", "is_priority", "verdict")
# In a table without actions the rest is said of the goals too.
ALONE_OF_A_GOAL = (*OF_A_GOAL, "unit", "indicator", "owner_role", "comment")
OF_AN_ACTION = (
    "title", "due", "status", "comment", "effect", "indicator", "owner_role", "report_back", "given_by", "unit",
)  # fmt: skip
SAID = tuple(name for name in OF_AN_ACTION if name != "unit")
# What stands alone below a table and says where it comes from, or what is counted in it.
REMARK = re.compile(
    r"(?:källa|källor|not|anm|obs|utskriv\w*|uttag\w*|summa|totalt?|sida)\b|\*", re.IGNORECASE
)
# Rows are counted up one by one, and texts told in full, up to here.
ROWS_TOLD = 20
LONGEST_FOUND = 80


@dataclass(eq=False)
class Goal:
    """A goal as the file tells it. paragraphs: its text; texts: what else the same row says of it."""

    line: Line
    perspective: str
    paragraphs: list[str]
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole text of the cell."""
        return " ".join(self.paragraphs)


@dataclass(eq=False)
class Action:
    """An action as the file tells it. kind is '' where the file has no word for it; parts: field → its texts, several
    where a row was split."""

    line: Line
    perspective: str
    kind: str
    goal: Goal | None
    area: list[str]
    parts: dict[str, list[str]]

    def text(self, name: str) -> str:
        """The text of a field, '' where it has none."""
        return " ".join(self.parts.get(name, []))


@dataclass(frozen=True)
class Words:
    """What is known before a row is read: status words that nobody knows, and perspectives that are published."""

    unknown_statuses: Collection[str] = frozenset()
    perspectives: Collection[str] = frozenset()


class Rows:
    """The actions and goals of the lines of a plan, in their order, and what had to be said on the way.

    headings: field → heading in the file, left to right.
    """

    def __init__(self, lines: Sequence[Line], headings: Mapping[str, str], words: Words) -> None:
        self.actions: list[Action] = []
        self.goals: list[Goal] = []
        self.findings: list[Finding] = []
        self._joined: list[Line] = []
        self._headings, self._words = headings, words
        self._perspective = self._kind = ""
        self._goal: Goal | None = None
        self._area: list[str] = []
        self._unit: list[str] = []
        take = self._take if "title" in headings else self._take_goal
        for line, following in zip(lines, _following(lines), strict=True):
            for text in line.sections:
                self._take_section(line, text)
            take(line, following)
        self._tell_of_joined()

    @property
    def has_perspectives(self) -> bool:
        """Whether the file says, in a column or between its tables, which perspectives there are."""
        return "perspective" in self._headings or any(
            each.perspective for each in (*self.actions, *self.goals)
        )

    def _take(self, line: Line, following: Line | None) -> None:
        """A line of a table of actions; following: the next one that is one or may be."""
        title = line.text("title")
        if line.alone and self._is_known_section(line.alone):
            self._take_section(line, line.alone)
        elif _is_remark(line):
            self._say_not_read(line)
        elif line.has_state:
            if self.actions and self._is_rest(line):
                self._join(line)
            else:
                self._begin(line)
        elif not title and (line.text("verdict") or not any(line.text(name) for name in SAID)):
            self._take_heading(line, following)
        elif title and not goes_on(title) and (self._is_of_another(line) or not self.actions):
            self._begin(line)
        elif self.actions:
            self._join(line)
        else:
            self._say("nothing_above", line, "status")

    def _is_rest(self, line: Line) -> bool:
        """Whether a line with a status or a deadline belongs to the action above all the same.

        It does where it only adds a deadline, and where a page break has cut the words of the status in two.
        """
        status, title = line.text("status"), line.text("title")
        is_cut = goes_on(status) and status in self._words.unknown_statuses
        if self._is_of_another(line):
            return False
        if title:
            return goes_on(title) and is_cut
        return is_cut or not status or normal(status) == normal(self.actions[-1].text("status"))

    def _is_of_another(self, line: Line) -> bool:
        if any(line.text(name) for name in OF_ANOTHER):
            return True
        goal, area = line.text("goal"), line.text("area")
        is_new_goal = (
            goal and not goes_on(goal) and not (self._goal and normal(goal) == normal(self._goal.text))
        )
        return bool(
            is_new_goal or (area and not goes_on(area) and normal(area) != normal(" ".join(self._area)))
        )

    def _begin(self, line: Line) -> None:
        """A new action."""
        self._enter_perspective(line.text("perspective") or self._perspective)
        self._kind = line.text("kind") or self._kind
        kind = KIND_OF.get(normal(self._kind), "")
        if self._kind and not kind:
            self._say("kind", line, "kind", self._kind)
        goal = self._goal_of(line, kind)
        self._area = self._area_of(line)
        if not line.text("title"):
            self._say("missing_title", line, "title")
            return
        parts = {name: [line.text(name)] for name in OF_AN_ACTION if line.text(name)}
        if unit := self._unit_of(line):
            parts["unit"] = unit
        self.actions.append(Action(line, self._perspective, kind, goal, self._area, parts))

    def _goal_of(self, line: Line, kind: str) -> Goal | None:
        """The goal of an action. An assignment has one only where its own row says so, and ends none around it."""
        own = line.text("goal")
        if own and not (self._goal and normal(own) == normal(self._goal.text)):
            goal = self._new_goal(line)
        elif own or kind != "assignment":
            goal = self._goal
        else:
            goal = None
        if goal and kind != "assignment":
            self._goal = goal
        if goal:
            self._add_to_goal(goal, line)
        return goal

    def _area_of(self, line: Line) -> list[str]:
        own = line.text("area")
        return [own] if own and normal(own) != normal(" ".join(self._area)) else self._area

    def _unit_of(self, line: Line) -> list[str]:
        """The unit of a row. Left of the action a blank is a merged cell; right of it, the whole municipality."""
        order = list(self._headings)
        if "unit" in order and order.index("unit") < order.index("title"):
            self._unit = [line.text("unit")] if line.text("unit") else self._unit
            return self._unit
        return [line.text("unit")] if line.text("unit") else []

    def _join(self, line: Line) -> None:
        """Let a line go on from the action above."""
        action = self.actions[-1]
        title = line.text("title")
        if title and not goes_on(title):
            self._say("joined_title", line, "title", title)
        for name in OF_AN_ACTION:
            text = line.text(name)
            if text and normal(text) != normal(action.text(name)):
                action.parts.setdefault(name, []).append(text)
        if action.goal and line.text("goal") and normal(line.text("goal")) != normal(action.goal.text):
            _append(action.goal.paragraphs, line.text("goal"))
        if line.text("area") and normal(line.text("area")) != normal(" ".join(action.area)):
            action.area.append(line.text("area"))
        self._joined.append(line)

    def _take_heading(self, line: Line, following: Line | None) -> None:
        """A line that says only which goal, area or perspective the lines below it belong to."""
        name = next(iter(line.cells), "")
        text = line.text("goal") or line.text("area")
        is_section = line.alone and "perspective" not in self._headings and name in ("goal", "area")
        if text and goes_on(text) and self.actions:
            self._join(line)
        elif following is None and not line.text("verdict"):
            self._say_not_read(line)
        elif is_section and following is not None and following.text(name):
            self._take_section(line, line.alone)
        elif line.cells:
            self._enter_perspective(line.text("perspective") or self._perspective)
            self._kind = line.text("kind") or self._kind
            self._area = self._area_of(line)
            self._unit = [line.text("unit")] if line.text("unit") else self._unit
            if self._goal_of(line, "") is None and line.text("verdict"):
                self._say_not_read(line)
        else:
            self._say_not_read(line)

    def _take_goal(self, line: Line, following: Line | None) -> None:
        """A line of a table of goals without actions; following: the next line with a verdict."""
        text, verdict = line.text("goal"), line.text("verdict")
        is_alone = bool(line.alone and text)
        if line.alone and self._is_known_section(line.alone):
            self._take_section(line, line.alone)
        elif _is_remark(line):
            self._say_not_read(line)
        elif is_alone and goes_on(text) and self.goals:
            _append(self.goals[-1].paragraphs, text)
            self._joined.append(line)
        elif is_alone and "perspective" not in self._headings and following and following.text("goal"):
            self._take_section(line, text)
        elif (is_alone and line.follows_gap) or not line.cells:
            self._say_not_read(line)
        elif text or (verdict and self._goal):
            self._enter_perspective(line.text("perspective") or self._perspective)
            self._goal = self._new_goal(line, [] if text or not self._goal else self._goal.paragraphs)
            self._add_to_goal(self._goal, line)
        elif line.text("comment") and self.goals:
            self.goals[-1].texts["comment"] = " ".join(
                [self.goals[-1].texts.get("comment", ""), line.text("comment")]
            ).strip()
            self._joined.append(line)
        elif line.text("perspective"):
            self._enter_perspective(line.text("perspective"))
        else:
            self._say_not_read(line)

    def _new_goal(self, line: Line, told_above: Sequence[str] = ()) -> Goal:
        own = [text for cell in line.cells.get("goal", ()) for text in paragraphs(cell)]
        goal = Goal(line, self._perspective, own or list(told_above))
        self.goals.append(goal)
        return goal

    def _add_to_goal(self, goal: Goal, line: Line) -> None:
        is_own_row = not line.text("title") and not line.has_state
        for name in ALONE_OF_A_GOAL if is_own_row else OF_A_GOAL:
            text = line.text(name)
            if name == "verdict" and text and normal(goal.texts.get(name, text)) != normal(text):
                self._say("two_verdicts", line, name, text, number=goal.line.number, other=goal.texts[name])
            if text:
                goal.texts.setdefault(name, text)

    def _enter_perspective(self, text: str) -> None:
        if normal(text) != normal(self._perspective):
            # The same name under another perspective is another goal.
            self._goal, self._area = None, []
        self._perspective = text

    def _is_known_section(self, text: str) -> bool:
        return normal(text) in KIND_OF or normal(text) in self._words.perspectives

    def _take_section(self, line: Line, text: str) -> None:
        """What the rows below a lone text are: a kind, or all of a perspective."""
        if normal(text) in KIND_OF:
            self._kind = text
            return
        self._kind = ""
        self._enter_perspective(text.rstrip(" :."))
        self._say("section", line, text=text)

    def _say_not_read(self, line: Line) -> None:
        found = line.alone or next((line.text(name) for name in line.cells), "")
        self._say("not_read", line, text=found[:LONGEST_FOUND])

    def _say(self, rule: str, line: Line, name: str = "", found: str = "", **said: object) -> None:
        column = self._headings.get(name, "")
        self.findings.append(finding(rule, line.sheet, line.number, column, found, **said))

    def _tell_of_joined(self) -> None:
        if self._joined:
            numbers = [str(line.number) for line in self._joined[:ROWS_TOLD]]
            more = ["…"] if len(self._joined) > ROWS_TOLD else []
            sheet = self._joined[0].sheet
            self.findings.append(finding("joined", sheet, numbers=", ".join([*numbers, *more])))


def _following(lines: Sequence[Line]) -> list[Line | None]:
    """For each line the next one with a status, a deadline or a verdict."""
    found: list[Line | None] = []
    next_one = None
    for line in reversed(lines):
        found.append(next_one)
        if line.has_state or line.text("verdict"):
            next_one = line
    return found[::-1]


def _is_remark(line: Line) -> bool:
    return bool(REMARK.match(line.alone))


def _append(texts: list[str], text: str) -> None:
    """Add a line to a cell's paragraphs, within the last one when it goes on there."""
    if texts and goes_on(text):
        texts[-1] += f" {text}"
    else:
        texts.append(text)
