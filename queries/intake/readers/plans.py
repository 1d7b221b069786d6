"""Plans and follow-ups: tables of actions or goals from Stratsys, Hypergene, Word or a spreadsheet.

No two municipalities call their columns the same. What a column holds is told by data/heading_words.csv, and asked
about where a heading is not known there. Whose plan it is, and which report, is always asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from queries.intake.plans import questions, registers
from queries.intake.plans.action_rows import stage_actions
from queries.intake.plans.goal_rows import stage_goal_indicators, stage_goals, stage_verdicts
from queries.intake.plans.headings import (
    ONLY_WHEN_TOLD,
    Headings,
    columns_of,
    find_headings,
    guesses,
    is_of_actions,
    told_headings,
    widest_row,
    with_titles,
)
from queries.intake.plans.lines import Line, lines_of, named_columns
from queries.intake.plans.messages import finding
from queries.intake.plans.plan import Plan
from queries.intake.plans.rows import Rows, Words
from queries.intake.reading import Base, Finding, Options, Reading, Refused
from queries.intake.sheets import Book

READER = "plans"
# The largest plan seen has some hundred rows. They are walked through one by one.
MOST_ROWS = 20_000


def recognise(book: Book) -> str | None:
    """'tabell med mål och åtgärder' or the like, when a row of headings near the top makes such a table."""
    row = next(find_headings(book), None)
    return _title({guess.field for guess in guesses(row.named).values()}) if row else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """Goals, verdicts on them, actions and the report of each, with the ids of those that are published already.

    Sheets with the same headings are read together. Asks first for what neither file nor options say. Raises Refused
    when no sheet has a row that could be headings, when one is too long to be a plan, or when nothing stands below.
    """
    rows = _headed_alike(book, options)
    columns, open_ones = columns_of(rows[0], options.columns)
    needs = [need for need in [questions.columns_need(columns, open_ones)] if need]
    needs += questions.plan_needs(questions.place_of(book, rows[0]), base, options)
    title = _title(set(columns.values()))
    if needs:
        return Reading(READER, title, needs=needs)
    plan, findings = _plan(rows, with_titles(columns), base, options)
    _stage(plan)
    return Reading(
        READER,
        title,
        plan.source,
        plan.staged,
        [*findings, *plan.rows.findings, *plan.findings, *_left_out(book, rows, columns, options)],
        asks=[*plan.asks, questions.columns_ask(columns)],
    )


def _headed_alike(book: Book, options: Options) -> list[Headings]:
    """The rows of headings to read: that of the first sheet that is a plan, and those that are the same.

    Raises Refused when there is none, or when a sheet is too long to be a plan.
    """
    found = (
        list(told_headings(book, options.columns))
        or list(find_headings(book))
        or list(filter(None, [widest_row(book)]))
    )
    if not found:
        raise Refused(finding("no_headings"))
    alike = [row for row in found if row.signature == found[0].signature]
    for row in alike:
        if row.sheet.rows > MOST_ROWS:
            raise Refused(finding("too_many_rows", row.sheet.name, count=row.sheet.rows, most=MOST_ROWS))
    return [named_columns(row) for row in alike]


def _plan(
    rows: Sequence[Headings], columns: Mapping[str, str], base: Base, options: Options
) -> tuple[Plan, list[Finding]]:
    """The rows of all sheets put together, and what was said of cells outside their tables."""
    lines: list[Line] = []
    findings: list[Finding] = []
    for row in rows:
        read_lines, said = lines_of(row, columns)
        lines += read_lines
        findings += said
    headings = {field: heading for heading, field in reversed(columns.items()) if field}
    ordered = {field: headings[field] for field in dict.fromkeys(columns.values()) if field}
    words = Words(
        registers.unknown_words(base, "status", filter(None, (line.text("status") for line in lines))),
        registers.perspectives(base, options.municipality_id or ""),
    )
    return Plan(
        base, options, Rows(lines, ordered, words), ordered, registers.source_of(base, options)
    ), findings


def _stage(plan: Plan) -> None:
    goal_ids = stage_goals(plan)
    stage_goal_indicators(plan, goal_ids)
    stage_verdicts(plan, goal_ids)
    if plan.rows.actions:
        stage_actions(plan, goal_ids)
    if not plan.staged and not plan.rows.findings:
        raise Refused(finding("no_rows"))


def _left_out(
    book: Book, rows: Sequence[Headings], columns: Mapping[str, str], options: Options
) -> Iterator[Finding]:
    """The columns and sheets that are not read, unless the analyst has said so of them."""
    first = rows[0]
    for heading, field in columns.items():
        if not field and heading not in options.columns:
            is_of_names = guesses([heading])[heading].field in ONLY_WHEN_TOLD
            rule = "column_of_names" if is_of_names else "column_not_read"
            yield finding(rule, first.sheet.name, first.line or None, heading, heading)
    for other in book.sheets:
        if other.rows and other not in [row.sheet for row in rows]:
            yield finding("sheet_not_read", other.name)


def _title(fields: Collection[str]) -> str:
    goals = "mål" if "goal" in fields else ""
    actions = "åtgärder" if is_of_actions(fields) else ""
    return f"Tabell med {' och '.join(filter(None, [goals, actions])) or 'plan'}"
