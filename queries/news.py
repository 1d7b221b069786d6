"""What is new between two published versions, in the same sentences that told of it before it was published."""

from __future__ import annotations

import pandas as pd

from queries.connection import Exports
from queries.findings import finding_list
from queries.intake.preview import named, of_municipality
from queries.registers import agreement_register, committee_register, report_register

# Tables whose changes the sentences of a preview tell.
TOLD_BY_PREVIEW = {"goals", "goal_verdicts", "actions", "action_reports", "outcomes", "comparison_values"}

# Question, key, what a row is called, the words for new ones, the column that fills in time and the words for that.
REGISTERS = (
    (
        report_register, "report_id", "title", ("ny rapport till nämnden", "nya rapporter till nämnden"),
        "treated_date", ("rapport har behandlats", "rapporter har behandlats"),
    ),
    (
        committee_register, "item_id", "text", ("ny fråga eller nytt löfte", "nya frågor och löften"),
        "answer", ("fråga eller löfte har fått svar", "frågor och löften har fått svar"),
    ),
    (
        agreement_register, "agreement_id", "agreed", ("ny överenskommelse", "nya överenskommelser"),
        "outcome", ("överenskommelse har fått ett utfall", "överenskommelser har fått ett utfall"),
    ),
)  # fmt: skip


def news(before: Exports, after: Exports, municipality_id: str) -> list[str]:
    """What differs for a municipality, a Swedish sentence each: goals first, then actions, years, remarks and registers."""
    return [
        *of_municipality(before, after, municipality_id, TOLD_BY_PREVIEW),
        *_of_remarks(before, after, municipality_id),
        *_of_registers(before, after, municipality_id),
    ]


def _of_remarks(before: Exports, after: Exports, municipality_id: str) -> list[str]:
    then, now = (finding_list(exports, municipality_id=municipality_id) for exports in (before, after))
    new = _new(then, now, "finding_id")
    weak, strong = new[new["kind"] == "weakness"], new[new["kind"] == "strength"]
    return [
        *named("nytt påpekande", "nya påpekanden", list(weak["theme"])),
        *named("ny styrka", "nya styrkor", list(strong["theme"])),
    ]


def _of_registers(before: Exports, after: Exports, municipality_id: str) -> list[str]:
    """New rows, and those that have got what was waited for: a treatment, an answer, an outcome."""
    told: list[str] = []
    for ask, key, title, new_words, waited_for, told_words in REGISTERS:
        then, now = (ask(exports, municipality_id=municipality_id) for exports in (before, after))
        told += named(*new_words, list(_new(then, now, key)[title]))
        waiting = set(then.loc[then[waited_for].isna(), key])
        told += named(*told_words, list(now.loc[now[key].isin(waiting) & now[waited_for].notna(), title]))
    return told


def _new(then: pd.DataFrame, now: pd.DataFrame, key: str) -> pd.DataFrame:
    return now[~now[key].isin(set(then[key]))]
