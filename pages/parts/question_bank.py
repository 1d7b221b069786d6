"""The question bank: what the other pages show that somebody should be asked about, each with what it rests on.

A rule has its words in data/question_rules.csv and a finder here. A finder looks at the answers of the other pages and
says who should be asked, which numbers and words fill the rule's sentences, and which page shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from pages.parts.comparing import in_a_sentence
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.words import (
    CAPITAL_STATES,
    EFFECT_STATES,
    VERDICTS,
    counted,
    day,
    in_a_row,
    is_empty,
    listed,
    lower_first,
    month_of,
    number,
    quantity,
    text,
    upper_first,
    year_of,
)
from queries import (
    actions,
    chain,
    clock,
    comparison,
    contradictions,
    dialogue,
    effects,
    findings,
    places,
    registers,
)
from queries.attendance import investigation_coverage
from queries.connection import Exports, settings
from queries.dialogue import Meeting
from queries.months import large_deviations, reported_months
from queries.results import unit_economy

# A quotation longer than this is cut in what a question rests on: the page that it links to has the whole.
LONGEST_QUOTE = 160
# What the committee has asked or been promised, as a sentence names it.
ASKED_AND_PROMISED = {"question": "frågan", "promise": "löftet", "demand": "yrkandet"}


@dataclass(frozen=True)
class Found:
    """What a finder has found: whom to ask, the words for the rule's placeholders, and the page and choices that show it."""

    words: Mapping[str, str]
    page: str
    choices: Mapping[str, str] = field(default_factory=dict)
    unit_id: str | None = None


@dataclass(frozen=True)
class Raised:
    """One question of the bank: the rule that raised it, its words, what it rests on, and the link that shows that."""

    rule_id: str
    topic: str
    question: str
    evidence: str
    link: str
    unit_id: str | None


@dataclass(frozen=True)
class Asked:
    """What finders look at. year is the newest of a subject where none is chosen."""

    opened: Exports
    chosen: Filters
    meeting: Meeting

    def year(self, subject: str) -> int | None:
        """The chosen year, or the newest with anything of a subject."""
        return self.chosen.year or places.newest_year(self.opened, self.chosen.municipality_id, subject)

    @property
    def of(self) -> dict[str, Any]:
        """Municipality, year and units as most questions take them."""
        return {
            "municipality_id": self.chosen.municipality_id,
            "year": self.chosen.year,
            "unit_ids": self.chosen.unit_ids,
        }

    @property
    def is_whole(self) -> bool:
        """Whether the question is about the whole municipality, which goals and registers belong to."""
        return not self.chosen.unit_ids


def raised(opened: Exports, chosen: Filters, meeting: Meeting) -> list[Raised]:
    """Every question that the rules raise for the chosen unit, area or all, in the order of the rules.

    A rule without a finder raises nothing, nor does a finder without a rule.
    """
    asked = Asked(opened, chosen, meeting)
    return [
        Raised(
            rule["rule_id"],
            rule["topic"],
            rule["question"].format_map(found.words),
            upper_first(rule["evidence"].format_map(found.words)),
            link_to(opened, chosen, found),
            found.unit_id,
        )
        for rule in as_records(dialogue.question_rules(opened))
        if rule["rule_id"] in FINDERS
        for found in FINDERS[rule["rule_id"]](asked)
    ]


def link_to(opened: Exports, chosen: Filters, found: Found) -> str:
    """The page that shows what a question rests on, in the version that it was raised from."""
    unit = dict(chosen.units).get(found.unit_id or "", chosen.unit)
    choices = {
        "kommun": chosen.municipality,
        **({"skola": unit} if unit else {}),
        **({"ar": str(chosen.year)} if chosen.year else {}),
        **found.choices,
        "version": str(opened.version),
    }
    return f"/{found.page}?{urlencode(choices, quote_via=quote)}"


def agreement_untold(asked: Asked) -> Iterator[Found]:
    """Agreements of earlier rounds that no source tells the outcome of."""
    rows = registers.agreement_register(
        asked.opened,
        municipality_id=asked.chosen.municipality_id,
        unit_ids=asked.chosen.unit_ids,
        area=asked.chosen.area,
    )
    for row in as_records(rows[~rows["is_told"]]):
        meeting = Meeting(row["meeting_kind"], row["meeting_date"].year)
        if meeting.round < asked.meeting.round:
            words = {"topic": text(row["topic"]), "meeting": meeting.name, "agreed": text(row["agreed"])}
            choices = {"mote": meeting.name, "dialog": "Överenskommelser"}
            yield Found(words, "dialogmote", choices, _code(row["unit_id"]))


def committee_unanswered(asked: Asked) -> Iterator[Found]:
    """What the committee asked and was promised, and has no answer to in time."""
    if not asked.is_whole:
        return
    rows = registers.committee_register(
        asked.opened,
        municipality_id=asked.chosen.municipality_id,
        year=asked.chosen.year,
        as_of=clock.today(),
    )
    for row in as_records(rows[rows["state"] == "overdue"]):
        words = {
            "kind": ASKED_AND_PROMISED[row["kind"]],
            "text": text(row["text"]),
            "raised": day(row["raised_date"]),
            "reference": text(row["reference"]),
            "due": day(row["due_date"]),
        }
        yield Found(words, "aterkommande", {"minne": "Frågor och löften"})


def late_action(asked: Asked) -> Iterator[Found]:
    """Actions that are open although their time had come when they were last reported."""
    for row in _actions_of(asked):
        if row["is_late"]:
            words = {
                "title": text(row["title"]),
                "reported": day(row["report_date"]),
                "due": text(row["due_report_point"], text(row["due_text"], "ett okänt datum"))
                if is_empty(row["due_date"])
                else day(row["due_date"]),
                "moved": f"flyttad {counted(int(row['count_moved']), 'gång', 'gånger')}"
                if row["count_moved"]
                else "inte flyttad",
            }
            yield Found(
                words, "atgarder", {"visa": "Försenade", "atgard": _action(row)}, _code(row["unit_id"])
            )


def contradiction(asked: Asked) -> Iterator[Found]:
    """What reports say against themselves, by the rules of data/contradiction_rules.csv."""
    year = asked.year("actions")
    if year is None:
        return
    told = {row["action_id"]: row for row in _actions_of(asked)}
    rows = contradictions.contradictions(
        asked.opened,
        municipality_id=asked.chosen.municipality_id,
        year=year,
        unit_ids=asked.chosen.unit_ids,
    )
    for row in as_records(rows):
        action = told[row["action_id"]]
        # When a late action will be done is what late_action asks.
        if row["rule_id"] == "open_without_new_date" and action["is_late"]:
            continue
        quoted = "" if is_empty(row["quote"]) else f" och ”{_cut(text(row['quote']).rstrip('.'))}”"
        words = {
            "title": text(row["title"]),
            "asked": text(row["question"]),
            "name": text(row["rule_name"]),
            "reported": day(row["report_date"]),
            "status": text(row["status_raw"]),
            "quote": quoted,
        }
        choices = {"uppfoljning": "Frågor att ställa"}
        yield Found(words, "atgarder", choices, _code(action["unit_id"]))


def evaluation_overdue(asked: Asked) -> Iterator[Found]:
    """Actions whose evaluation should have been made and that nobody has told the effect of."""
    year = asked.year("actions")
    if year is None:
        return
    rows = effects.effect_ledger(
        asked.opened,
        municipality_id=asked.chosen.municipality_id,
        year=year,
        unit_ids=asked.chosen.unit_ids,
    )
    for row in as_records(rows[rows["effect_state"] == "overdue"]):
        words = {"title": text(row["title"]), "evaluation": day(row["evaluation_date"])}
        choices = {"uppfoljning": "Effekt", "effekt": EFFECT_STATES["overdue"].word}
        yield Found(words, "atgarder", choices, _code(row["unit_id"]))


def standing_without_effect(asked: Asked) -> Iterator[Found]:
    """Remarks that stand year after year and that no source tells an effect of."""
    for row in _standing(asked):
        if is_empty(row["effect"]):
            yield _of_remark(row, {"text": _cut(text(row["text"]))})


def standing_without_owner(asked: Asked) -> Iterator[Found]:
    """Remarks that stand year after year and that nobody answers for, or that have no date."""
    for row in _standing(asked):
        lacking = [
            word
            for column, word in (("is_without_owner", "ansvarig"), ("is_without_date", "datum"))
            if row[column]
        ]
        if lacking:
            yield _of_remark(row, {"lacking": listed(lacking)})


def met_but_worse(asked: Asked) -> Iterator[Found]:
    """Goals that are met although those who are alike do better."""
    return _contrasts(asked, "met_but_worse")


def not_met_but_better(asked: Asked) -> Iterator[Found]:
    """Goals that are not fully met although those who are alike do worse."""
    return _contrasts(asked, "not_met_but_better")


def goal_without_indicator(asked: Asked) -> Iterator[Found]:
    """Goals that no indicator measures."""
    return _breaks(asked, "no_indicator")


def indicator_without_value(asked: Asked) -> Iterator[Found]:
    """Indicators of a goal without an outcome for the year, unless the publisher has said why."""
    return _breaks(asked, "no_value")


def indicator_without_target(asked: Asked) -> Iterator[Found]:
    """Indicators of a goal without a target for the year."""
    return _breaks(asked, "no_target")


def goal_without_action(asked: Asked) -> Iterator[Found]:
    """Goals that no action is to lead to."""
    return _breaks(asked, "no_action")


def missing_dimension(asked: Asked) -> Iterator[Found]:
    """Units that lack one of the four dimensions in the newest month."""
    rows = reported_months(asked.opened, **asked.of)
    for row in as_records(rows[rows["is_newest_month"] & rows["is_incomplete"]]):
        words = {
            "missing": listed(list(row["missing"])),
            "month": month_of(row["month"]),
        }
        yield Found(words, "manad", {"manad": "Rapporterat"}, _code(row["unit_id"]))


def deviation_without_plan(asked: Asked) -> Iterator[Found]:
    """Units that are far from their budget or their result requirement and that have no plan for it."""
    rows = large_deviations(asked.opened, **asked.of)
    for row in as_records(rows[rows["is_without_plan"]]):
        words = {"deviation": listed(_deviations(row))}
        yield Found(words, "manad", {"manad": "Stora avvikelser"}, _code(row["unit_id"]))


def requirement_broken(asked: Asked) -> Iterator[Found]:
    """Units whose result, or the forecast of it, lies below the requirement in the newest year."""
    rows = unit_economy(asked.opened, **asked.of)
    newest = rows[(rows["year"] == rows["year"].max()) & rows["unit_id"].notna()]
    for row in as_records(newest[newest["is_below_requirement"].fillna(False).astype(bool)]):
        words = {
            "kind": "prognosen för" if row["is_forecast"] else "resultatet",
            "year": str(row["year"]),
            "result": quantity(row["result_percent"], "%"),
            "requirement": quantity(row["requirement_percent"], "%"),
            "run": in_a_row(int(row["years_in_a_row"])),
            "capital": CAPITAL_STATES[row["capital_state"]].word.lower(),
        }
        yield Found(words, "manad", {"manad": "Resultatkrav och kapital"}, _code(row["unit_id"]))


def investigation_low(asked: Asked) -> Iterator[Found]:
    """Units where few of the pupils over the absence limit have an investigation; a hidden share is never asked about."""
    rows = investigation_coverage(asked.opened, **asked.of)
    for row in as_records(rows[rows["value"] < settings()["questions"]["investigated"]]):
        words = {
            "value": quantity(row["value"], "%"),
            "whole": quantity(row["municipality_value"], "%"),
            "year": year_of(row["year"], "school_year"),
        }
        yield Found(words, "skola", {"skoldel": "Närvaro"}, _code(row["unit_id"]))


def _deviations(row: Mapping[str, Any]) -> list[str]:
    """What is far off: the costs, the result, or both."""
    said = []
    if row["is_large_cost"]:
        way = "över" if row["deviation"] > 0 else "under"
        said.append(
            f"kostnaden är {quantity(abs(row['deviation_percent']), '%')} {way} budget efter "
            f"{counted(int(row['count_months']), 'månad', 'månader')}"
        )
    if row["is_far_below_requirement"]:
        what = "prognosen" if row["is_forecast"] else "resultatet"
        said.append(f"{what} ligger {number(abs(row['over_percent']))} procentenheter under resultatkravet")
    return said


def _actions_of(asked: Asked) -> Sequence[Mapping[str, Any]]:
    year = asked.year("actions")
    if year is None:
        return []
    of = {"municipality_id": asked.chosen.municipality_id, "unit_ids": asked.chosen.unit_ids}
    return as_records(actions.action_list(asked.opened, **of, year=year))


def _standing(asked: Asked) -> Iterator[Mapping[str, Any]]:
    rows = findings.finding_list(
        asked.opened,
        municipality_id=asked.chosen.municipality_id,
        year=asked.chosen.year,
        unit_ids=asked.chosen.unit_ids,
        kinds=["weakness"],
    )
    stands = settings()["questions"]["years_in_a_row"]
    newest = rows[(rows["year"] == rows["year"].max()) & (rows["years_in_a_row"] >= stands)]
    yield from as_records(newest)


def _of_remark(row: Mapping[str, Any], words: Mapping[str, str]) -> Found:
    said = {
        "theme": lower_first(str(row["theme"])),
        "run": in_a_row(int(row["years_in_a_row"])),
        "year": str(row["year"]),
        **words,
    }
    return Found(said, "aterkommande", {"tema": upper_first(str(row["theme"]))}, _code(row["unit_now_id"]))


def _contrasts(asked: Asked, contrast: str) -> Iterator[Found]:
    year = asked.year("verdicts")
    if year is None or not asked.is_whole:
        return
    against = _alike(asked)
    rows = comparison.goal_positions(
        asked.opened, municipality_id=asked.chosen.municipality_id, year=year, against=against
    )
    for row in as_records(rows[rows["contrast"] == contrast]):
        unit, decimals = row["unit"], int(row["decimals"])
        words = {
            "goal": text(row["name"]),
            "verdict": VERDICTS[row["verdict"]].word.lower(),
            "indicator": text(row["title"]),
            "value": quantity(row["value"], unit, decimals),
            "other": quantity(row["other_value"], unit, decimals),
            "place": in_a_sentence(text(row["place_name"])),
            "years": year_of(row["value_year"], row["period"]),
        }
        yield Found(words, "jamforelse", {"del": "Mål och läge"})


def _alike(asked: Asked) -> str:
    """The code of the newest group of similar municipalities, as page Jämförelse starts with; else the mean of all."""
    found = comparison.comparison_choices(asked.opened, municipality_id=asked.chosen.municipality_id)
    similar = found[found["title"].str.startswith("Liknande")]
    return "medel" if similar.empty else str(similar.iloc[0]["choice_id"])


def _breaks(asked: Asked, kind: str) -> Iterator[Found]:
    year = asked.chosen.year or chain.chain_year(asked.opened, asked.chosen.municipality_id)
    if year is None or not asked.is_whole:
        return
    rows = chain.broken_links(asked.opened, municipality_id=asked.chosen.municipality_id, year=year)
    for row in as_records(rows[rows["kind"] == kind]):
        # Why a test was cancelled is known, and nobody can be asked for its result.
        if row["marker"] == "cancelled":
            continue
        words = {
            "goal": text(row["goal_name"]),
            "indicator": text(row["indicator_title"]),
            "year": str(year),
            "who": text(row["who"], "ingen som källan nämner"),
        }
        yield Found(words, "maluppfyllelse", {"flik": "Styrkedja"})


def _action(row: Mapping[str, Any]) -> str:
    return f"{text(row['title'])} ({row['action_id']})"


def _code(value: Any) -> str | None:
    return None if is_empty(value) else str(value)


def _cut(quoted: str) -> str:
    return quoted if len(quoted) <= LONGEST_QUOTE else f"{quoted[: LONGEST_QUOTE - 1].rstrip()}…"


FINDERS: Mapping[str, Callable[[Asked], Iterator[Found]]] = {
    finder.__name__: finder
    for finder in (
        agreement_untold,
        committee_unanswered,
        late_action,
        contradiction,
        evaluation_overdue,
        standing_without_effect,
        standing_without_owner,
        met_but_worse,
        not_met_but_better,
        goal_without_indicator,
        indicator_without_value,
        indicator_without_target,
        goal_without_action,
        missing_dimension,
        deviation_without_plan,
        requirement_broken,
        investigation_low,
    )
}
