"""Slow and obvious twins of the questions: lists, dicts and loops, and nothing of the SQL.

A twin takes tables as lists of rows (dicts), exactly as published, and the word tables as they stand in data/.
Where a twin and its question differ, one of them is wrong, and the twin is the one that can be read aloud.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from queries.connection import settings

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

CLOSED = ("finished", "closed_undone")
VERDICTS = ("met", "partly", "not_met", "not_assessed")
STATUSES = ("ongoing", "remaining", "not_started", "unknown")


def read_word(text: str, words: Iterable[tuple[str, str]], otherwise: str) -> str:
    """What a source's words mean: the longest known word that the text begins with, else otherwise."""
    plain = " ".join(text.split()).lower()
    best, meaning = "", otherwise
    for word, code in sorted(words, key=lambda pair: pair[1]):
        known = word.strip().lower()
        if len(known) > len(best) and plain.startswith(known) and not _goes_on(plain, len(known)):
            best, meaning = known, code
    return meaning


def _goes_on(text: str, place: int) -> bool:
    return place < len(text) and unicodedata.category(text[place])[0] in "LN"


def goal_tally(
    tables: Tables, municipality_id: str, year: int, unit_ids: Sequence[str] = (), by: str = "total"
) -> dict[str, dict[str, int]]:
    """Group → verdict → number of goals."""
    goals = committee_goals(tables, municipality_id, year)
    counted = []
    named = set()
    unnamed = 0
    for row in verdicts(tables, municipality_id, year):
        if row["goal_id"] is not None and row["goal_id"] not in goals:
            continue
        if unit_ids:
            wanted = row["unit_id"] in unit_ids
        else:
            wanted = (row["unit_id"] is not None) == (by == "unit")
        if not wanted:
            continue
        counted.append((row["goal_id"], row["unit_id"], row["verdict"]))
        if row["goal_id"] is None:
            unnamed += 1
        else:
            named.add(row["goal_id"])
    if not unit_ids and by != "unit":
        silent = sorted(goal_id for goal_id in goals if goal_id not in named)
        # A verdict without a name stands for one of the silent goals, so that one is assessed after all.
        left = max(0, len(goals) - len(named) - unnamed)
        counted += [(goal_id, None, "not_assessed") for goal_id in silent[:left]]
    answer: dict[str, dict[str, int]] = {}
    for goal_id, unit_id, verdict in counted:
        perspective = goals[goal_id]["perspective"] if goal_id is not None else None
        group = {"perspective": perspective or "Perspektiv anges inte", "unit": unit_id}.get(by, "Alla mål")
        counts = answer.setdefault(group, dict.fromkeys((*VERDICTS, "total"), 0))
        counts[verdict if verdict in VERDICTS else "not_assessed"] += 1
        counts["total"] += 1
    return answer


def committee_goals(tables: Tables, municipality_id: str, year: int) -> dict[str, Row]:
    """The committee's goals of a year by goal_id."""
    return {
        row["goal_id"]: row
        for row in tables["goals"]
        if row["municipality_id"] == municipality_id and row["year"] == year and row["level"] == "committee"
    }


def verdicts(tables: Tables, municipality_id: str, year: int) -> list[dict[str, Any]]:
    """The verdicts of a year, with the canonical one."""
    words = [(row["word"], row["verdict"]) for row in tables["verdict_words"]]
    return [
        {**row, "verdict": read_word(row["verdict_raw"], words, "not_assessed")}
        for row in tables["goal_verdicts"]
        if row["municipality_id"] == municipality_id and row["year"] == year
    ]


def computed_verdicts(
    tables: Tables, municipality_id: str, year: int, unit_id: str | None = None
) -> dict[str, tuple[int, int, int, str | None]]:
    """goal_id → number of indicators, of those with an answer, of those that reach the target, and the verdict."""
    answer = {}
    for goal_id in committee_goals(tables, municipality_id, year):
        indicator_ids = [
            row["indicator_id"]
            for row in tables["goal_indicators"]
            if row["municipality_id"] == municipality_id and row["goal_id"] == goal_id
        ]
        answers = [is_reached(tables, municipality_id, each, unit_id, year) for each in indicator_ids]
        known = [each for each in answers if each is not None]
        if not known:
            verdict = None
        elif all(known):
            verdict = "met"
        elif any(known):
            verdict = "partly"
        else:
            verdict = "not_met"
        answer[goal_id] = (len(answers), len(known), known.count(True), verdict)
    return answer


def is_reached(
    tables: Tables, municipality_id: str, indicator_id: str, unit_id: str | None, year: int
) -> bool | None:
    """Whether an outcome reaches its target, or None where that cannot be said."""
    here = (municipality_id, indicator_id, unit_id, year)
    targets = [row for row in tables["targets"] if _place(row) == here]
    # Independent schools never decide for the municipality; its own schools go before all schools.
    outcomes = [
        row
        for row in tables["outcomes"]
        if _place(row) == here
        and row["gender"] == "T"
        and (unit_id is not None or row["operator"] != "enskild")
    ]
    outcomes.sort(key=lambda row: row["operator"] != "kommunal")
    if not targets or not outcomes:
        return None
    target, outcome = targets[0], outcomes[0]
    low, high = _between(outcome)
    if low is None or high is None:
        return None
    if target["operator"] == ">=":
        reached_at_least, reached_at_most = low >= target["target_value"], high >= target["target_value"]
    elif target["operator"] == "<=":
        reached_at_least, reached_at_most = low <= target["target_value"], high <= target["target_value"]
    else:
        return outcome["value"] == target["target_value"] if outcome["value"] is not None else None
    return reached_at_least if reached_at_least == reached_at_most else None


def _place(row: Row) -> tuple[Any, ...]:
    return row["municipality_id"], row["indicator_id"], row["unit_id"], row["year"]


def _between(outcome: Row) -> tuple[float | None, float | None]:
    """The lowest and the highest that the value can be: "nära 100 %" is at most so many pupils from the end."""
    if outcome["marker"] == "":
        return outcome["value"], outcome["value"]
    if outcome["marker"] not in ("~100", "~0") or not outcome["n"]:
        return None, None
    width = 100.0 * settings()["disclosure"]["near_end"] / outcome["n"]
    return (100 - width, 100.0) if outcome["marker"] == "~100" else (0.0, width)


def action_states(tables: Tables, municipality_id: str, year: int) -> list[dict[str, Any]]:
    """The actions reported in a year as their last report of it tells: status, lateness, slips."""
    words = [(row["word"], row["status"]) for row in tables["status_words"]]
    points = {
        (row["year"], row["report_point"]): row
        for row in tables["report_points"]
        if row["municipality_id"] == municipality_id
    }
    states = []
    for action in tables["actions"]:
        if action["municipality_id"] != municipality_id:
            continue
        reports = sorted(
            (
                row
                for row in tables["action_reports"]
                if row["municipality_id"] == municipality_id and row["action_id"] == action["action_id"]
            ),
            key=lambda row: row["report_date"],
        )
        of_year = [place for place, report in enumerate(reports) if report["year"] == year]
        if not of_year:
            continue
        so_far = reports[: of_year[-1] + 1]
        last = so_far[-1]
        status = read_word(last["status_raw"], words, "unknown")
        deadlines = [deadline(report) for report in so_far]
        states.append(
            {
                **action,
                "year": year,
                "status": status,
                "report_date": last["report_date"],
                "due_date": last["due_date"],
                "due_report_point": last["due_report_point"],
                "is_open": status not in CLOSED,
                "is_late": status not in CLOSED and is_overdue(last, points),
                "first_deadline": deadlines[0],
                "count_moved": sum(
                    1
                    for before, after in zip(deadlines, deadlines[1:], strict=False)
                    if before is not None and after is not None and before != after
                ),
                "count_reports": len(so_far),
            }
        )
    return states


def deadline(report: Row) -> str | None:
    """What a report names as the deadline: a date, else a report point, else its words."""
    if report["due_date"] is not None:
        return str(report["due_date"])
    return report["due_report_point"] if report["due_report_point"] is not None else report["due_text"]


def is_overdue(report: Row, points: Mapping[tuple[int, str], Row]) -> bool:
    """Whether the deadline of a report had passed when it was written."""
    if report["due_date"] is not None:
        return report["due_date"] < report["report_date"]
    due = points.get((report["year"], report["due_report_point"]))
    own = points.get((report["year"], report["report_point"]))
    return due is not None and own is not None and due["position"] <= own["position"]


def action_tally(
    tables: Tables,
    municipality_id: str,
    year: int,
    unit_ids: Sequence[str] = (),
    kinds: Sequence[str] = (),
    by: str = "total",
) -> dict[str, dict[str, int]]:
    """Group → what became of the actions → number of them."""
    goal_names = {
        row["goal_id"]: row["name"]
        for row in tables["goals"]
        if row["municipality_id"] == municipality_id and row["year"] == year
    }
    unit_names = {
        row["unit_id"]: row["name"] for row in tables["units"] if row["municipality_id"] == municipality_id
    }
    group_of: dict[str, Callable[[Row], str]] = {
        "kind": lambda state: state["kind"],
        "perspective": lambda state: state["perspective"] or "Perspektiv anges inte",
        "goal": lambda state: goal_names.get(state["goal_id"], "Utan mål"),
        "area": lambda state: state["area"] or "Område anges inte",
        "unit": lambda state: unit_names.get(state["unit_id"], "Hela kommunen"),
        "report_point": _time_of,
    }
    answer: dict[str, dict[str, int]] = {}
    for state in action_states(tables, municipality_id, year):
        if (unit_ids and state["unit_id"] not in unit_ids) or (kinds and state["kind"] not in kinds):
            continue
        group = group_of.get(by, lambda _: "Alla åtgärder")(state)
        names = ("finished", "open", "closed_undone", "total", *STATUSES, "late")
        counts = answer.setdefault(group, dict.fromkeys(names, 0))
        counts[state["status"]] += 1
        counts["open"] += state["is_open"]
        counts["late"] += state["is_late"]
        counts["total"] += 1
    return answer


def _time_of(state: Row) -> str:
    if state["due_report_point"] is not None:
        return state["due_report_point"]
    return "Ingen tidpunkt" if state["due_date"] is None else "Eget datum"


def heirs(tables: Tables, municipality_id: str) -> dict[str, str]:
    """Unit → the unit that its remarks go on at: its last successor, or itself. A ring ends before its first unit."""
    successors = {
        row["unit_id"]: row["successor_unit_id"]
        for row in tables["units"]
        if row["municipality_id"] == municipality_id
    }
    answer = {}
    for unit_id in successors:
        passed = [unit_id]
        while successors.get(passed[-1]) is not None and successors[passed[-1]] not in passed:
            passed.append(successors[passed[-1]])
        answer[unit_id] = passed[-1]
    return answer


def remarks(
    tables: Tables, municipality_id: str, year: int, unit_ids: Sequence[str] = (), kind: str | None = None
) -> list[dict[str, Any]]:
    """The remarks up to a year, each with the unit it is about today as "now"."""
    goes_on = heirs(tables, municipality_id)
    found = []
    for row in tables["findings"]:
        if row["municipality_id"] != municipality_id or row["year"] > year:
            continue
        now = goes_on.get(row["unit_id"], row["unit_id"])
        # Only a unit that is known goes on somewhere; an unknown code is asked for by itself.
        if unit_ids and row["unit_id"] not in unit_ids and now not in unit_ids:
            continue
        if kind is None or row["kind"] == kind:
            found.append({**row, "now": now})
    return found


def islands(years: Iterable[int]) -> list[list[int]]:
    """Years in order, cut where a year is missing: {2021, 2022, 2024} → [[2021, 2022], [2024]]."""
    answer: list[list[int]] = []
    for year in sorted(set(years)):
        if answer and answer[-1][-1] == year - 1:
            answer[-1].append(year)
        else:
            answer.append([year])
    return answer


def recurring_themes(
    tables: Tables, municipality_id: str, year: int, unit_ids: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    """Theme → the years it stands in, how many in a row by the newest of them, and the effects that are told."""
    by_theme: dict[str, list[Row]] = {}
    for row in remarks(tables, municipality_id, year, unit_ids, "weakness"):
        by_theme.setdefault(row["theme"], []).append(row)
    newest = max((row["year"] for row in remarks(tables, municipality_id, year)), default=None)
    answer = {}
    for theme, rows in by_theme.items():
        runs = islands(row["year"] for row in rows)
        answer[theme] = {
            "years": [each for run in runs for each in run],
            "years_in_a_row": len(runs[-1]),
            "newest_year": runs[-1][-1],
            "is_standing": runs[-1][-1] == newest,
            "count_units": len({row["now"] for row in rows} - {None}),
            "effects": {row["effect"] for row in rows if row["effect"] is not None},
            "source_ids": sorted({row["source_id"] for row in rows}),
        }
    return answer


def finding_years(
    tables: Tables, municipality_id: str, year: int, unit_ids: Sequence[str] = (), by: str = "theme"
) -> dict[tuple[str, str | None, int], dict[str, Any]]:
    """(theme, unit or None, year) → the run that the year belongs to and what is told that year."""
    groups: dict[tuple[str, str | None], list[Row]] = {}
    for row in remarks(tables, municipality_id, year, unit_ids, "weakness"):
        groups.setdefault((row["theme"], row["now"] if by == "unit" else None), []).append(row)
    answer = {}
    for (theme, unit_id), rows in groups.items():
        for number, run in enumerate(islands(row["year"] for row in rows), start=1):
            for position, of_year in enumerate(run, start=1):
                told = [row for row in rows if row["year"] == of_year]
                answer[theme, unit_id, of_year] = {
                    "run_number": number,
                    "run_first": run[0],
                    "run_last": run[-1],
                    "run_length": len(run),
                    "place_in_run": position,
                    "count_remarks": len(told),
                    "count_units": len({row["now"] for row in told} - {None}),
                    "is_effect_told": any(row["effect"] is not None for row in told),
                    "source_ids": sorted({row["source_id"] for row in told}),
                }
    return answer


def finding_list(
    tables: Tables,
    municipality_id: str,
    year: int,
    unit_ids: Sequence[str] = (),
    themes: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """Finding → for how many years it has stood, the state of its action, and which links are missing."""
    actions = {
        row["action_id"]: row for row in tables["actions"] if row["municipality_id"] == municipality_id
    }
    states = _last_states(tables, municipality_id, year)
    every = remarks(tables, municipality_id, year, unit_ids)
    answer = {}
    for row in every:
        if (themes and row["theme"] not in themes) or (kinds and row["kind"] not in kinds):
            continue
        same = {
            other["year"]
            for other in every
            if all(other[name] == row[name] for name in ("theme", "kind", "now"))
        }
        in_a_row = 1
        while row["year"] - in_a_row in same:
            in_a_row += 1
        action, state = actions.get(row["action_id"]), states.get(row["action_id"])
        owner = row["owner_role"] or (action["owner_role"] if action else None)
        due = state and (state["due_date"] or state["due_report_point"] or state["due_text"])
        answer[row["finding_id"]] = {
            "theme": row["theme"],
            "year": row["year"],
            "years_in_a_row": in_a_row,
            "action_title": action["title"] if action else None,
            "action_status": state["status"] if state else None,
            "action_is_late": state["is_late"] if state else None,
            "owner_role": owner,
            "is_without_action": action is None,
            "is_without_effort": action is None and row["effort"] is None,
            "is_without_owner": owner is None,
            "is_without_date": row["due_date"] is None and not due,
        }
    return answer


def _last_states(tables: Tables, municipality_id: str, year: int) -> dict[str, Row]:
    reports = {
        (row["action_id"], row["report_date"]): row
        for row in tables["action_reports"]
        if row["municipality_id"] == municipality_id
    }
    years = sorted({row["year"] for row in reports.values() if row["year"] <= year})
    # Later years last, so that the last known state stays.
    return {
        state["action_id"]: {
            **state,
            "due_text": reports[state["action_id"], state["report_date"]]["due_text"],
        }
        for each in years
        for state in action_states(tables, municipality_id, each)
    }


def themes_without(
    tables: Tables, municipality_id: str, year: int, unit_ids: Sequence[str] = ()
) -> dict[str, dict[str, int]]:
    """Theme of the newest year with anything told → how many of its weaknesses lack each link."""
    newest = max((row["year"] for row in remarks(tables, municipality_id, year)), default=None)
    chains = finding_list(tables, municipality_id, year, unit_ids)
    answer: dict[str, dict[str, int]] = {}
    for row in remarks(tables, municipality_id, year, unit_ids, "weakness"):
        if row["year"] != newest:
            continue
        lacks = {name: row[name] is None for name in ("decision", "effect", "cause", "next_step")}
        lacks |= {
            name: chains[row["finding_id"]][f"is_without_{name}"]
            for name in ("action", "effort", "owner", "date")
        }
        counts = answer.setdefault(
            row["theme"], {"count_remarks": 0, **{f"without_{name}": 0 for name in lacks}}
        )
        counts["count_remarks"] += 1
        for name, is_lacking in lacks.items():
            counts[f"without_{name}"] += is_lacking
    return answer


def strengths_and_weaknesses(
    tables: Tables, municipality_id: str, year: int, unit_ids: Sequence[str] = ()
) -> dict[tuple[str, int], dict[str, int]]:
    """(theme, year) → how many strengths and weaknesses are told."""
    answer: dict[tuple[str, int], dict[str, int]] = {}
    for row in remarks(tables, municipality_id, year, unit_ids):
        counts = answer.setdefault((row["theme"], row["year"]), {"count_strengths": 0, "count_weaknesses": 0})
        counts["count_strengths" if row["kind"] == "strength" else "count_weaknesses"] += 1
    return answer


def report_register(tables: Tables, municipality_id: str, year: int | None) -> dict[str, tuple[str, str]]:
    """Report → the name in use for its kind, and whether it was treated."""
    in_use = {
        "pedagogiskt bokslut": "SKA",
        "ska": "SKA",
        "mmis": "MMiS",
        "med målen i sikte": "MMiS",
        "revision": "revisionsgranskning",
        "delrapport": "delårsrapport",
    }
    answer = {}
    for row in tables["reports"]:
        if row["municipality_id"] != municipality_id or (year is not None and row["year"] > year):
            continue
        kind = row["kind"].strip().lower()
        state = "never"
        if row["treated_date"] is not None:
            state = "treated"
        elif row["decision"] is not None or row["paragraph"] is not None:
            state = "undated"
        answer[row["report_id"]] = (in_use.get(kind, kind), state)
    return answer


def agreement_register(
    tables: Tables, municipality_id: str, year: int | None, unit_ids: Sequence[str]
) -> dict[str, tuple[Any, bool]]:
    """Agreement → the day of its meeting, and whether anybody tells what came of it."""
    return {
        row["agreement_id"]: (row["meeting_date"], row["outcome"] is not None)
        for row in tables["agreements"]
        if row["municipality_id"] == municipality_id
        and (year is None or row["meeting_date"].year <= year)
        and (not unit_ids or row["unit_id"] in unit_ids)
    }


def committee_register(
    tables: Tables, municipality_id: str, year: int | None, as_of: Any
) -> dict[str, tuple[str, int | None]]:
    """Question, promise or demand → its state, and how many days it is overdue."""
    answer: dict[str, tuple[str, int | None]] = {}
    for row in tables["committee_items"]:
        if row["municipality_id"] != municipality_id:
            continue
        if year is not None and row["raised_date"].year > year:
            continue
        if row["answer"] is not None or row["answered_date"] is not None:
            answer[row["item_id"]] = ("answered", None)
        elif row["due_date"] is not None and row["due_date"] < as_of:
            answer[row["item_id"]] = ("overdue", (as_of - row["due_date"]).days)
        else:
            answer[row["item_id"]] = ("open", None)
    return answer


def assignment_register(
    tables: Tables, municipality_id: str, year: int | None, unit_ids: Sequence[str] = ()
) -> dict[str, tuple[str | None, bool | None]]:
    """Assignment → its status and whether it is late, as last reported."""
    until = 9999 if year is None else year
    states = _last_states(tables, municipality_id, until)
    return {
        row["action_id"]: (state["status"], state["is_late"])
        if (state := states.get(row["action_id"]))
        else (None, None)
        for row in tables["actions"]
        if row["municipality_id"] == municipality_id
        and row["kind"] == "assignment"
        and row["year"] <= until
        and (not unit_ids or row["unit_id"] in unit_ids)
    }


def scale_to_100(value: float | None, low: float, high: float, good_direction: str) -> float | None:
    """RKA's recipe: low is 0, high is 100, what lies outside is cut, and low-is-good is turned round."""
    if value is None or good_direction not in ("up", "down") or high <= low:
        return None
    share = (value - low) / (high - low) * 100
    share = share if good_direction == "up" else 100 - share
    return min(100.0, max(0.0, share))


def rank_of(value: Row | None, good_direction: str) -> int | None:
    """The place of a published value, 1 the best; equal values share a place."""
    beyond = {"up": "count_higher", "down": "count_lower"}.get(good_direction)
    if value is None or beyond is None or value[beyond] is None:
        return None
    return value[beyond] + 1


def quarter_of(rank: int | None, n: int | None) -> str | None:
    """Which quarter of the n municipalities a rank lies in."""
    if rank is None or n is None:
        return None
    if rank / n <= 0.25:
        return "best_quarter"
    return "worst_quarter" if rank / n > 0.75 else "middle"


def rank_to_100(count_better: int | None, n: int | None) -> float | None:
    """The rank scale: the best is 100, the worst 0; beyond the worst is still 0."""
    if count_better is None or n is None or n < 2:
        return None
    return max(0.0, 100 * (n - 1 - count_better) / (n - 1))


def spider_values(
    tables: Tables,
    municipality_id: str,
    year: int | None = None,
    profile_id: str = "grundskola",
    indicator_ids: Sequence[str] = (),
    compare_with: Sequence[str] = ("medel",),
    gender: str = "T",
) -> dict[tuple[str, str], dict[str, Any]]:
    """(indicator_id, choice) → year, value, members, status, rank, quarter and place on both scales.

    The municipality itself is the choice 'own', its target 'target'.
    """
    known = Register(tables, municipality_id, gender)
    if known.register is None:
        return {}
    indicators = {row["indicator_id"]: row for row in tables["indicators"]}
    spokes = [row["indicator_id"] for row in tables["profiles"] if row["profile_id"] == profile_id]
    answer = {}
    for indicator_id in (each for each in indicator_ids or spokes if each in indicators):
        indicator = indicators[indicator_id]
        spoke_year = year or known.newest_year(indicator_id, municipality_id)
        spread = known.spread(indicator_id, spoke_year)
        for choice in ("own", *compare_with, "target"):
            back = {"ar-1": 1, "ar-5": 5}.get(choice, 0)
            value_year = spoke_year - back if spoke_year else None
            found = known.place(choice, indicator_id, value_year)
            if found is not None:
                placed = known.placed(found, indicator, value_year)
                ends = (spread["p2_5"], spread["p97_5"]) if spread else (0, 0)
                scaled = scale_to_100(found["value"], *ends, indicator["good_direction"])
                answer[indicator_id, choice] = {"year": spoke_year, **placed, "scaled": scaled}
    return answer


class Register:
    """What is published of the municipalities of one register, for one gender, and how they are spread."""

    def __init__(self, tables: Tables, municipality_id: str, gender: str) -> None:
        self.tables, self.home, self.gender = tables, municipality_id, gender
        registers = {row["municipality_id"]: row["register"] for row in tables["municipalities"]}
        self.register = registers.get(municipality_id)
        self.places = [place for place, register in registers.items() if register == self.register]
        self.countries = {
            row["municipality_id"] for row in tables["municipalities"] if row["kind"] == "country"
        }
        self.values = {
            (row["indicator_id"], row["municipality_id"], row["year"]): row
            for row in tables["comparison_values"]
            if row["gender"] == gender
        }
        self.of_indicator: dict[str, list[Row]] = {}
        for row in self.values.values():
            self.of_indicator.setdefault(row["indicator_id"], []).append(row)

    def newest_year(self, indicator_id: str, municipality_id: str, upto: int = 9999) -> int | None:
        """The newest year with a value."""
        years = [
            row["year"]
            for row in self.of_indicator.get(indicator_id, ())
            if row["municipality_id"] == municipality_id and row["value"] is not None and row["year"] <= upto
        ]
        return max(years, default=None)

    def spread(self, indicator_id: str, year: int | None) -> Row | None:
        """How the municipalities of the register are spread."""
        for row in self.tables["comparison_distributions"]:
            key = (row["register"], row["indicator_id"], row["year"], row["gender"])
            if key == (self.register, indicator_id, year, self.gender):
                return row
        return None

    def members(self, choice: str) -> list[str]:
        """The municipalities of this register that a choice consists of."""
        group = [row["member_id"] for row in self.tables["municipality_groups"] if row["group_id"] == choice]
        return [place for place in (group or [choice]) if place in self.places]

    def place(self, choice: str, indicator_id: str, year: int | None) -> Row | None:
        """What a choice has for an indicator and year, with who it consists of; None when there is no such choice."""
        if choice == "medel":
            spread = self.spread(indicator_id, year)
            return {
                "value": spread["mean"] if spread else None,
                "count_members": spread["n"] if spread else None,
            }
        if choice == "target":
            return self._target(indicator_id, year)
        if choice in ("own", "ar-1", "ar-5"):
            return {**self.values.get((indicator_id, self.home, year), {"value": None}), "is_own": True}
        members = self.members(choice)
        if not members:
            return None
        found = [self.values.get((indicator_id, member, year), {"value": None}) for member in members]
        values = [row["value"] for row in found if row["value"] is not None]
        counts = {"count_members": len(values), "count_of_members": len(members)}
        if len(members) == 1:
            return {**found[0], **counts}
        return {"value": sum(values) / len(values) if values else None, **counts}

    def _target(self, indicator_id: str, year: int | None) -> Row | None:
        key = (self.home, indicator_id, None, year)
        for row in self.tables.get("targets", ()):
            of_row = (row["municipality_id"], row["indicator_id"], row["unit_id"], row["year"])
            if of_row == key and self.gender == "T":
                return {"value": row["target_value"]}
        return None

    def placed(self, found: Row, indicator: Row, year: int | None) -> dict[str, Any]:
        """Value, reason, rank, quarter and place on the rank scale, among the municipalities of a year."""
        among = self.spread(indicator["indicator_id"], year)
        n = among["n"] if among else None
        better = rank_of(found if "count_higher" in found else None, indicator["good_direction"])
        is_single = better is not None
        rank = better
        if rank is None and found.get("count_higher") is None:
            rank = self._would_rank(found["value"], indicator, year, n)
        return {
            "value": found["value"],
            "status": self._reason(found, indicator),
            "count_members": None if found.get("is_own") else found.get("count_members"),
            "count_of_members": None if found.get("is_own") else found.get("count_of_members"),
            "rank": rank if is_single else None,
            "quarter": quarter_of(rank, n) if is_single else None,
            "percentile": rank_to_100(None if rank is None else rank - 1, n),
        }

    def _would_rank(self, value: float | None, indicator: Row, year: int | None, n: int | None) -> int | None:
        others = [
            row["value"]
            for row in self.of_indicator.get(indicator["indicator_id"], ())
            if row["year"] == year
            and row["municipality_id"] in self.places
            and row["municipality_id"] not in self.countries
            and row["value"] is not None
        ]
        if value is None or len(others) != n:
            return None
        beyond = {
            "up": [other for other in others if other > value],
            "down": [other for other in others if other < value],
        }
        better = beyond.get(indicator["good_direction"])
        return None if better is None else len(better) + 1

    def _reason(self, found: Row, indicator: Row) -> str:
        if found.get("status") is not None:
            return found["status"]
        if found["value"] is not None:
            return ""
        listed = {row["indicator_id"]: row["is_by_gender"] for row in self.tables["indicator_register"]}
        is_told_apart = listed.get(indicator["indicator_id"], True)
        return "not_published" if self.gender == "T" or is_told_apart else "not_by_gender"


def indicator_history(
    tables: Tables, municipality_id: str, indicator_id: str, compare_with: Sequence[str], gender: str = "T"
) -> dict[tuple[int, str], dict[str, Any]]:
    """(year, choice) → value, reason, rank, quarter, spread, target and what breaks the series."""
    known = Register(tables, municipality_id, gender)
    indicator = next((row for row in tables["indicators"] if row["indicator_id"] == indicator_id), None)
    told = [year for each, place, year in known.values if each == indicator_id and place in known.places]
    if indicator is None or not told:
        return {}
    answer = {}
    for year in range(min(told), max(told) + 1):
        spread = known.spread(indicator_id, year) or {}
        target = known.place("target", indicator_id, year) or {}
        for choice in ("own", *(each for each in compare_with if not each.startswith("ar-"))):
            found = known.place(choice, indicator_id, year)
            if found is not None:
                placed = known.placed(found, indicator, year)
                answer[year, choice] = {
                    **{name: placed[name] for name in ("value", "status", "rank", "quarter")},
                    **{name: spread.get(name) for name in ("n", "p25", "p50", "p75")},
                    "target_value": target.get("value"),
                    "break_note": _break_note(tables, known, indicator, year),
                }
    return answer


def _break_note(tables: Tables, known: Register, indicator: Row, year: int) -> str | None:
    notes = sorted(
        row["note"]
        for row in tables["series_breaks"]
        if (row["indicator_id"], int(row["year"])) == (indicator["indicator_id"], year)
        and known.register == "sverige"
    )
    for row in tables["events"]:
        start = row["start_date"]
        autumn = indicator["period"] == "school_year" and start.month >= 8
        if (row["municipality_id"], row["indicator_id"], row["kind"]) == (
            known.home, indicator["indicator_id"], "new_method",
        ) and start.year + autumn == year:  # fmt: skip
            notes.append(row["label"])
    return " ".join(notes) or None


def goal_positions(
    tables: Tables, municipality_id: str, year: int, against: str
) -> dict[tuple[str, str], dict[str, Any]]:
    """(goal_id, indicator_id) → verdict, year of the value, the two values, position, contrast and rank."""
    known = Register(tables, municipality_id, "T")
    indicators = {row["indicator_id"]: row for row in tables["indicators"]}
    verdict_of = {
        row["goal_id"]: row["verdict"]
        for row in verdicts(tables, municipality_id, year)
        if row["unit_id"] is None
    }
    goals = {
        row["goal_id"]
        for row in tables["goals"]
        if (row["municipality_id"], row["year"], row["level"]) == (municipality_id, year, "committee")
    }
    answer = {}
    for link in tables["goal_indicators"]:
        goal_id, indicator_id = link["goal_id"], link["indicator_id"]
        indicator = indicators.get(indicator_id)
        newest = known.newest_year(indicator_id, municipality_id, year)
        if (
            link["municipality_id"] != municipality_id
            or goal_id not in goals
            or not indicator
            or newest is None
        ):
            continue
        own = known.place("own", indicator_id, newest)
        other = (known.place(against, indicator_id, newest) or {}).get("value")
        verdict = verdict_of.get(goal_id, "not_assessed")
        position = _position(own["value"], other, indicator["good_direction"])
        contrast = None
        if verdict == "met" and position == "worse":
            contrast = "met_but_worse"
        if verdict in ("partly", "not_met") and position == "better":
            contrast = "not_met_but_better"
        placed = known.placed(own, indicator, newest)
        answer[goal_id, indicator_id] = {
            "verdict": verdict, "value_year": newest, "value": own["value"], "other_value": other,
            "position": position, "contrast": contrast, "rank": placed["rank"], "quarter": placed["quarter"],
        }  # fmt: skip
    return answer


def _position(own: float, other: float | None, good_direction: str) -> str | None:
    if other is None or good_direction not in ("up", "down"):
        return None
    if own == other:
        return "equal"
    return "better" if (own > other) == (good_direction == "up") else "worse"
