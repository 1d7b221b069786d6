"""The actions of a plan as rows of actions, action_reports and report_points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from queries.intake.plans import registers
from queries.intake.plans.cells import normal
from queries.intake.plans.deadlines import USUAL_POINTS, deadline_of, report_back_of, report_point_of
from queries.intake.plans.headings import normal_heading
from queries.intake.plans.identity import ToldAction, known_actions
from queries.intake.plans.plan import Cells, Plan, place
from queries.intake.plans.rows import KIND_OF, Action, Goal
from queries.intake.reading import stage

# Column → field of the file.
ACTION_FIELDS = {
    "action_id": "title", "title": "title", "kind": "kind", "goal_id": "goal", "area": "area", "unit_id": "unit",
    "perspective": "perspective", "owner_role": "owner_role", "given_by": "given_by", "indicator_id": "indicator",
}  # fmt: skip
REPORT_FIELDS = {
    "action_id": "title", "status_raw": "status", "due_text": "due", "due_date": "due", "due_report_point": "due",
    "evaluation_date": "due", "report_back_date": "report_back", "effect": "effect", "comment": "comment",
}  # fmt: skip
# Where a new report is promised beside a column of its own.
PROMISING = ("due", "status", "comment")


def stage_actions(plan: Plan, goal_ids: Mapping[Goal, str]) -> None:
    """Stage one row per action, one per action for the report, and the report points that are new with the year."""
    unit_id = plan.unit_lookup()
    told = [_told(plan, action, goal_ids, unit_id) for action in plan.rows.actions]
    published = {row["action_id"]: row for row in registers.published_actions(plan.base, plan.options)}
    same_report = [action_id for action_id, row in published.items() if row["is_same_report"]]
    found = known_actions(told, list(published.values()), same_report, plan.year, plan.options.same_as)
    plan.asks += found.asks
    before = [published.get(action_id) for action_id in found.ids]
    _stage_actions(plan, told, found.ids, before)
    _stage_reports(plan, found.ids, before)
    _tell(plan, told, found.worded_anew)


def _told(
    plan: Plan, action: Action, goal_ids: Mapping[Goal, str], unit_id: Callable[[str], str]
) -> ToldAction:
    # A column called Uppdrag holds assignments; one called Aktivitet or Åtgärd may hold anything that is done.
    of_heading = KIND_OF.get(normal(normal_heading(plan.headings["title"])), "")
    return ToldAction(
        title=action.text("title"),
        kind=action.kind or (of_heading if of_heading in ("assignment", "area") else ""),
        goal_id=goal_ids[action.goal] if action.goal else "",
        area=" ".join(action.area),
        unit_id=unit_id(action.text("unit")),
        perspective=action.perspective,
        due_text=action.text("due"),
        status_raw=action.text("status"),
    )


def _stage_actions(
    plan: Plan, told: Sequence[ToldAction], ids: Sequence[str], before: Sequence[Mapping[str, Any] | None]
) -> None:
    actions = plan.rows.actions
    roles = plan.roles([(action.line, action.text("owner_role")) for action in actions])
    indicators = plan.indicators([(action.line, action.text("indicator")) for action in actions])
    rows = [
        {
            **plan.same,
            # An action goes on from the plan it first stood in.
            "year": row["year"] if row else plan.year,
            "action_id": action_id,
            "kind": each.kind or (row["kind"] if row else "activity"),
            "goal_id": each.goal_id,
            "perspective": each.perspective,
            "area": each.area,
            "unit_id": each.unit_id,
            "title": each.title,
            "owner_role": role,
            "given_by": action.text("given_by"),
            "indicator_id": indicator_ids[0] if indicator_ids else None,
            **place(action.line),
        }
        for action, each, action_id, row, role, indicator_ids in zip(
            actions, told, ids, before, roles, indicators, strict=True
        )
    ]
    plan.stage("actions", rows, ACTION_FIELDS, always=["kind"])


def _stage_reports(plan: Plan, ids: Sequence[str], before: Sequence[Mapping[str, Any] | None]) -> None:
    calendar = registers.calendar_before(plan.base, plan.municipality_id, plan.year)
    points = [row["report_point"] for row in calendar]
    rows = [
        _report_row(plan, action, action_id, row, points)
        for action, action_id, row in zip(plan.rows.actions, ids, before, strict=True)
    ]
    if plan.options.report_point is None:
        rows = [{name: cell for name, cell in row.items() if name != "report_point"} for row in rows]
    always = ["status_raw", *(["report_back_date"] if any(row["report_back_date"] for row in rows) else [])]
    plan.stage("action_reports", rows, REPORT_FIELDS, always=always)
    if not calendar or calendar[0]["year"] != plan.year:
        _stage_report_points(plan, rows, points)


def _report_row(
    plan: Plan, action: Action, action_id: str, before: Mapping[str, Any] | None, points: Sequence[str]
) -> Cells:
    due = action.text("due")
    point = report_point_of(due, plan.year, points)
    days = deadline_of("" if point else due)
    # Without a column for it the status of this day, if any is published, stays; else the source gives no word.
    published = before["status_raw"] if before and before["is_of_the_day"] else ""
    return {
        **plan.same,
        "action_id": action_id,
        "report_date": plan.options.report_date,
        "report_name": plan.options.report_name,
        "report_point": plan.options.report_point,
        "status_raw": action.text("status") if plan.has("status") else published,
        "due_text": due,
        "due_date": days.due_date,
        "due_report_point": point,
        "evaluation_date": days.evaluation_date,
        "report_back_date": _report_back(action),
        "effect": action.text("effect"),
        "comment": action.text("comment"),
        **place(action.line),
    }


def _report_back(action: Action) -> date | None:
    asked = report_back_of(action.text("report_back"), is_asked=True)
    return asked or next(filter(None, (report_back_of(action.text(name)) for name in PROMISING)), None)


def _stage_report_points(plan: Plan, reports: Sequence[Cells], points: Sequence[str]) -> None:
    """The report points that a year without a calendar names, in the order of the year before or of the usual ones."""
    order = {point: position for position, point in enumerate(points or USUAL_POINTS, 1)}
    named = {report["due_report_point"] for report in reports} | {plan.options.report_point}
    rows = [
        {**plan.same, "report_point": point, "position": position}
        for point, position in order.items()
        if point in named
    ]
    if rows:
        plan.staged.append(stage(plan.base.connection, "report_points", rows, only_missing=True))


def _tell(plan: Plan, told: Sequence[ToldAction], worded_anew: int) -> None:
    """What the analyst should know of statuses, deadlines, and titles that are alike or worded anew."""
    actions = plan.rows.actions
    for action in actions if plan.has("status") else ():
        if not action.text("status"):
            plan.say("missing_status", action.line, "status")
    if not plan.has("status"):
        plan.say("no_status")
    plan.tell_unknown_words("status", [(action.line, action.text("status")) for action in actions])
    calendar = registers.calendar_before(plan.base, plan.municipality_id, plan.year)
    points = [row["report_point"] for row in calendar]
    in_words = [action for action in actions if _is_only_words(action.text("due"), plan.year, points)]
    if in_words:
        first = in_words[0]
        plan.say("due_in_words", first.line, "due", count=len(in_words), text=first.text("due"))
    told_first: dict[tuple[str, ...], Action] = {}
    for action, each in zip(actions, told, strict=True):
        twin = told_first.setdefault((normal(each.title), each.place, each.kind, each.unit_id), action)
        if twin is not action:
            plan.say("same_action_twice", action.line, "title", each.title, number=twin.line.number)
    if worded_anew:
        plan.say("worded_anew", count=worded_anew)


def _is_only_words(due: str, year: int, points: Sequence[str]) -> bool:
    return bool(due) and deadline_of(due).due_date is None and report_point_of(due, year, points) is None
