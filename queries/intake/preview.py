"""What an upload changes: in the words of a politician, and row by row.

The sentences come from the same questions as the pages, asked of the published version and of the version to come,
so what the preview says is what the pages will show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb
import pandas as pd

from queries import actions, goals, places
from queries.connection import SQL, Exports, settings
from queries.intake.base import published
from queries.intake.model import Table, tables
from queries.intake.outcome import NO_CHANGES, TableChange
from queries.intake.small_staffs import LEFT_OUT
from queries.small_groups import POSTS, Limits, in_words

VERDICT_WORDS = {
    "met": "uppnått",
    "partly": "delvis uppnått",
    "not_met": "ej uppnått",
    "not_assessed": "ej bedömt",
}
STATE_WORDS = {"finished": "klar", "open": "öppen", "closed_undone": "genomförs ej"}
# Table → singular and plural of what its rows are called in a sentence.
NAMES = {
    "sources": ("källa", "källor"),
    "added_words": ("ordförklaring", "ordförklaringar"),
    "indicator_register": ("nyckeltal i listan", "nyckeltal i listan"),
    "municipalities": ("kommun", "kommuner"),
    "municipality_groups": ("gruppmedlem", "gruppmedlemmar"),
    "units": ("skola eller förskola", "skolor och förskolor"),
    "unit_names": ("skolnamn", "skolnamn"),
    "goals": ("mål i en plan", "mål i planer"),
    "goal_verdicts": ("bedömning", "bedömningar"),
    "goal_indicators": ("koppling mellan mål och nyckeltal", "kopplingar mellan mål och nyckeltal"),
    "targets": ("målvärde", "målvärden"),
    "outcomes": ("utfall", "utfall"),
    "actions": ("åtgärd", "åtgärder"),
    "action_reports": ("rapport om en åtgärd", "rapporter om åtgärder"),
    "report_points": ("rapporttillfälle", "rapporttillfällen"),
    "findings": ("påpekande", "påpekanden"),
    "reports": ("rapport", "rapporter"),
    "committee_items": ("ärende", "ärenden"),
    "events": ("händelse", "händelser"),
    "monthly_values": ("månadsvärde", "månadsvärden"),
    "unit_results": ("ekonomiskt resultat", "ekonomiska resultat"),
    "agreements": ("överenskommelse", "överenskommelser"),
    "meeting_questions": ("fråga till ett dialogmöte", "frågor till dialogmöten"),
    "comparison_values": ("värde för jämförelse", "värden för jämförelse"),
}
NEUTER = (
    "indicator_register", "unit_names", "goals", "targets", "outcomes", "report_points", "findings", "committee_items", "monthly_values",
    "unit_results", "comparison_values",
)  # fmt: skip
ONE = {"new": "ny", "changed": "ändrad", "removed": "borttagen"}
ONE_NEUTER = {"new": "nytt", "changed": "ändrat", "removed": "borttaget"}
MANY = {"new": "nya", "changed": "ändrade", "removed": "borttagna"}
# Worked out here: their changes follow from others and are not told again.
WORKED_OUT = ("comparison_distributions",)
# Told by indicator instead (queries/intake/revisions.py).
TOLD_BY_INDICATOR = ("comparison_values",)
WORKED_OUT_COLUMNS = ("count_higher", "count_lower")
# The cell that says most of a row that is new or gone.
MAIN_COLUMN = {
    "sources": "title",
    "added_words": "meaning",
    "indicator_register": "title",
    "municipalities": "name",
    "municipality_groups": "title",
    "units": "name",
    "unit_names": "name",
    "goals": "name",
    "goal_verdicts": "verdict_raw",
    "targets": "target_value",
    "outcomes": "value",
    "actions": "title",
    "action_reports": "status_raw",
    "report_points": "point_date",
    "findings": "text",
    "reports": "title",
    "committee_items": "text",
    "events": "label",
    "monthly_values": "value",
    "unit_results": "result",
    "agreements": "agreed",
    "meeting_questions": "question",
    "comparison_values": "value",
}
# Rows of the difference that are kept to look at; all are counted.
ROWS_KEPT = 2_000
NAMED = 5


def changes_of(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> list[TableChange]:
    """One entry per table that differs, in the order of the data model."""
    found = []
    for table in (tables()[name] for name in tables() if name in set(names) and name not in WORKED_OUT):
        rows = connection.execute(
            f"select change, count(*) from ({_differences(connection, table)}) group by change"
        ).fetchall()
        counted = dict(rows)
        change = TableChange(
            table.name, counted.get("new", 0), counted.get("changed", 0), counted.get("removed", 0)
        )
        if change.new or change.changed or change.removed:
            found.append(change)
    return found


def rows_changed(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> pd.DataFrame:
    """One row per changed cell, new row or removed row: Slag, Ändring, Vad, Kolumn, Förut, Nu. The first ROWS_KEPT
    of each table, in the order of its key."""
    labels = _labels(connection)
    headings = _headings(connection)
    rows: list[dict[str, str]] = []
    for table in (tables()[name] for name in tables() if name in set(names) and name not in WORKED_OUT):
        found = connection.execute(
            f"select * from ({_differences(connection, table)}) limit {ROWS_KEPT}"
        ).to_arrow_table()
        for row in found.to_pylist():
            rows += _cells(table, row, labels, headings)
    return pd.DataFrame(rows, columns=["Slag", "Ändring", "Vad", "Kolumn", "Förut", "Nu"])


def sentences(
    before: Exports,
    after: Exports,
    changes: Sequence[TableChange],
    said: Sequence[str],
    about: Collection[str] | None = None,
) -> list[str]:
    """What changes for the politicians, most important first. said: what is known of the file itself. about: the
    municipalities whose rows it changes, where that is known; a word with another meaning concerns all."""
    if not changes:
        return [NO_CHANGES]
    touched = {change.table for change in changes}
    places_of: dict[str, list[str]] = {}
    followed = places.municipalities(after).to_dict("records")
    for place in followed:
        if about is not None and "added_words" not in touched and place["municipality_id"] not in about:
            continue
        for sentence in of_municipality(before, after, place["municipality_id"], touched):
            places_of.setdefault(sentence, []).append(place["name"])
    told = [
        f"{_and(names)}: {sentence[:1].lower()}{sentence[1:]}" if len(followed) > 1 else sentence
        for sentence, names in places_of.items()
    ]
    return [*told, *said, *_of_rows(changes)]


def of_municipality(before: Exports, after: Exports, municipality_id: str, touched: set[str]) -> list[str]:
    """What differs between two versions in goals, actions and years of a municipality, most important first.

    touched: the tables that may differ. Of the others nothing is asked.
    """
    told: list[str] = []
    if touched & {"goals", "goal_verdicts", "added_words"}:
        told += _of_goals(before, after, municipality_id)
    if touched & {"actions", "action_reports", "added_words", "report_points"}:
        told += _of_actions(before, after, municipality_id)
    if touched & {"outcomes", "comparison_values"}:
        told += _of_years(before, after, municipality_id)
    return told


def _of_goals(before: Exports, after: Exports, municipality_id: str) -> list[str]:
    """'3 mål går från delvis uppnått till uppnått.' New and dropped goals by name.

    A year that was there is compared with itself, a new one with the newest before it.
    """
    earlier, later = (_goals_of(exports, municipality_id) for exports in (before, after))
    known = {goal for of_year in earlier.values() for goal in of_year}
    told: list[str] = []
    for year, now in sorted(later.items(), reverse=True):
        compared = year if year in earlier else max((each for each in earlier if each < year), default=None)
        then = earlier.get(compared, {}) if compared is not None else {}
        since = f" jämfört med {compared}" if compared not in (None, year) else ""
        told += _turns(then, now, since)
        told += named("nytt mål", "nya mål", [now[goal][1] for goal in now.keys() - known])
        gone = [then[goal][1] for goal in then.keys() - now.keys()]
        told += named(f"mål har försvunnit{since}", f"mål har försvunnit{since}", gone)
    for year in earlier.keys() - later.keys():
        told.append(f"Planen för {year} har försvunnit.")
    return told


def _turns(then: Mapping[str, tuple[str, str]], now: Mapping[str, tuple[str, str]], since: str) -> list[str]:
    counted = Counter(
        (then[goal][0], now[goal][0]) for goal in then.keys() & now.keys() if then[goal][0] != now[goal][0]
    )
    return [
        f"{_counted(count, 'mål', 'mål')} går från {VERDICT_WORDS[old]} till {VERDICT_WORDS[new]}{since}."
        for (old, new), count in counted.most_common()
    ]


def _goals_of(exports: Exports, municipality_id: str) -> dict[int, dict[str, tuple[str, str]]]:
    """Year → goal → verdict and name, for every goal that a page can show."""
    found: dict[int, dict[str, tuple[str, str]]] = {}
    for year in _years(exports, municipality_id, "goals") | _years(exports, municipality_id, "verdicts"):
        rows = goals.goal_list(exports, municipality_id=municipality_id, year=year)
        for position, row in enumerate(rows.to_dict("records")):
            goal = row["goal_id"] if isinstance(row["goal_id"], str) else f"unnamed {position}"
            verdict = row["verdict"] if isinstance(row["verdict"], str) else "not_assessed"
            found.setdefault(year, {})[goal] = (verdict, str(row["name"]))
    return found


def _of_actions(before: Exports, after: Exports, municipality_id: str) -> list[str]:
    """'2 åtgärder går från öppen till klar. 2 åtgärder har försvunnit: …'"""
    earlier, later = (_states(exports, municipality_id) for exports in (before, after))
    turns = Counter(
        (earlier[action][0], later[action][0])
        for action in earlier.keys() & later.keys()
        if earlier[action][0] != later[action][0]
    )
    told = [
        f"{_counted(count, 'åtgärd', 'åtgärder')} går från {STATE_WORDS[old]} till {STATE_WORDS[new]}."
        for (old, new), count in turns.most_common()
    ]
    told += named("ny åtgärd", "nya åtgärder", [later[action][1] for action in later.keys() - earlier.keys()])
    return told + _vanished(earlier, later)


def _vanished(earlier: Mapping[str, tuple], later: Mapping[str, tuple]) -> list[str]:
    """Actions of the newest report before that the newest report now does not mention."""
    last_before = max((state[2] for state in earlier.values()), default=None)
    last_now = max((state[2] for state in later.values()), default=None)
    gone = [earlier[action][1] for action in earlier.keys() - later.keys()]
    if last_before is not None and last_now is not None and last_now > last_before:
        gone += [
            earlier[action][1]
            for action in earlier.keys() & later.keys()
            if earlier[action][2] == last_before
            and earlier[action][0] == "open"
            and later[action][2] < last_now
        ]
    return named("åtgärd har försvunnit", "åtgärder har försvunnit", gone)


def _states(exports: Exports, municipality_id: str) -> dict[str, tuple]:
    """action → open, finished or closed_undone, title, day of its last report."""
    found = {}
    for year in sorted(_years(exports, municipality_id, "actions")):
        rows = actions.action_list(exports, municipality_id=municipality_id, year=year)
        for row in rows.to_dict("records"):
            state = "open" if row["is_open"] else row["status"]
            found[row["action_id"]] = (state, str(row["title"]), row["report_date"])
    return found


def _of_years(before: Exports, after: Exports, municipality_id: str) -> list[str]:
    told = []
    for subject, words in (("outcomes", "utfall"), ("comparison", "jämförelser")):
        new = _years(after, municipality_id, subject) - _years(before, municipality_id, subject)
        if new:
            listed = ", ".join(str(year) for year in sorted(new))
            told.append(f"{_counted(len(new), 'nytt år', 'nya år')} med {words}: {listed}.")
    return told


def _years(exports: Exports, municipality_id: str, subject: str) -> set[int]:
    rows = places.years(exports, municipality_id=municipality_id)
    return {int(year) for year in rows.loc[rows["subject"] == subject, "year"]}


def _of_rows(changes: Sequence[TableChange]) -> list[str]:
    """'Utfall: 14 ändrade.' 'Målvärde: 1 nytt.'"""
    told = []
    # Where figures come from is told beside each of them.
    for change in changes:
        if (change.table == "sources" and len(changes) > 1) or change.table in TOLD_BY_INDICATOR:
            continue
        one, many = NAMES[change.table]
        forms = ONE_NEUTER if change.table in NEUTER else ONE
        parts = [
            f"{count} {forms[kind] if count == 1 else MANY[kind]}"
            for kind, count in (("new", change.new), ("changed", change.changed), ("removed", change.removed))
            if count
        ]
        name = one if change.new + change.changed + change.removed == 1 else many
        told.append(f"{name[:1].upper()}{name[1:]}: {', '.join(parts)}.")
    return told


def missing_units(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """'Munsö skola saknas i filen.' One sentence for all units that had values before and are not in the file."""
    connection.execute(f"create or replace temp view rows_of_file as select * from {relation}")
    sql = (SQL / "intake" / "missing_units.sql").read_text(encoding="utf-8")
    names = [row[0] for row in connection.execute(sql).fetchall()]
    if not names:
        return []
    if len(names) <= NAMED:
        return [f"{_and(names)} saknas i filen."]
    return [f"{len(names)} skolor och förskolor saknas i filen, bland dem {_and(names[:NAMED])}."]


def left_out(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """'3 uppgifter om sjukfrånvaro publiceras inte: färre än elva årsarbetare den månaden i Munsö skola.' One sentence for
    units with too few full-time posts, and one for those whose posts nobody tells."""
    fewest = in_words(Limits.from_settings(settings()).employees)
    found = connection.execute(
        "select is_untold, count(*), list(distinct coalesce(units.name, unit_id)) "
        f"from {LEFT_OUT} left join {published(connection, 'units')} as units using (municipality_id, unit_id) "
        "group by is_untold order by is_untold"
    ).fetchall()
    return [
        f"{_counted(count, 'uppgift', 'uppgifter')} om sjukfrånvaro publiceras inte: "
        + (
            f"det framgår inte hur många {POSTS} som fanns den månaden i {_some(sorted(names))}. "
            f"Läs in {POSTS} i samma fil eller före."
            if is_untold
            else f"färre än {fewest} {POSTS} den månaden i {_some(sorted(names))}."
        )
        for is_untold, count, names in found
    ]


def _some(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return _and(names)
    return f"{len(names)} enheter, bland dem {_and(names[:NAMED])}"


def _differences(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    """SQL: one row per row that differs: change, then every column as text before and after."""
    merged = published(connection, table.name)
    same = " and ".join(f"earlier.{name} is not distinct from later.{name}" for name in table.key)
    told = [name for name in table.columns if name not in WORKED_OUT_COLUMNS]
    differs = " or ".join(f"earlier.{name} is distinct from later.{name}" for name in told)
    cells = ", ".join(
        f"earlier.{name}::text as before_{name}, later.{name}::text as after_{name}" for name in told
    )
    order = ", ".join(f"coalesce(later.{name}, earlier.{name})" for name in table.key)
    return (
        f"select case when earlier.is_there is null then 'new' when later.is_there is null then 'removed' "
        f"else 'changed' end as change, {cells} "
        f"from (select *, 1 as is_there from base.{table.name}) as earlier "
        f"full join (select *, 1 as is_there from {merged}) as later on {same} "
        f"where {differs} order by {order}"
    )


def _cells(
    table: Table, row: Mapping[str, str | None], labels: Mapping[tuple, str], headings: Mapping[tuple, str]
) -> list[dict[str, str]]:
    change = row["change"]
    side = "before" if change == "removed" else "after"
    what = " · ".join(_label(name, row, side, labels) for name in table.key if row[f"{side}_{name}"])
    shared = {"Slag": NAMES[table.name][0].capitalize(), "Ändring": ONE[change], "Vad": what}
    if change != "changed":
        main = MAIN_COLUMN.get(table.name, table.key[-1])
        cell = row[f"{side}_{main}"] or row.get(f"{side}_marker") or row.get(f"{side}_status") or ""
        before, after = (cell, "") if change == "removed" else ("", cell)
        return [{**shared, "Kolumn": headings.get((table.name, main), main), "Förut": before, "Nu": after}]
    return [
        {
            **shared,
            "Kolumn": headings.get((table.name, name), name),
            "Förut": row[f"before_{name}"] or "",
            "Nu": row[f"after_{name}"] or "",
        }
        for name in table.columns
        if name not in WORKED_OUT_COLUMNS and row[f"before_{name}"] != row[f"after_{name}"]
    ]


def _label(name: str, row: Mapping[str, str | None], side: str, labels: Mapping[tuple, str]) -> str:
    code = row[f"{side}_{name}"] or ""
    municipality = row.get(f"{side}_municipality_id") or ""
    return labels.get((name, municipality, code)) or labels.get((name, "", code)) or code


def _labels(connection: duckdb.DuckDBPyConnection) -> dict[tuple, str]:
    """(column, municipality or '', code) → what people call it."""
    queries = {
        "municipality_id": f"select '', municipality_id, name from {published(connection, 'municipalities')}",
        "unit_id": f"select municipality_id, unit_id, name from {published(connection, 'units')}",
        "indicator_id": "select '', indicator_id, short_name from words.indicators",
        "goal_id": f"select municipality_id, goal_id, arg_max(name, year) from {published(connection, 'goals')} group by all",
        "action_id": f"select municipality_id, action_id, title from {published(connection, 'actions')}",
    }
    return {
        (name, municipality, code): label
        for name, query in queries.items()
        for municipality, code, label in connection.execute(query).fetchall()
    }


def _headings(connection: duckdb.DuckDBPyConnection) -> dict[tuple, str]:
    rows = connection.execute('select "table", "column", heading from words.templates').fetchall()
    return {(table, column): heading for table, column, heading in rows}


def named(one: str, many: str, names: Sequence[str]) -> list[str]:
    """'2 nya mål: ”A” och ”B”.' Longer lists are cut; of none nothing is said."""
    if not names:
        return []
    quoted = [f"”{name}”" for name in sorted(names)[:NAMED]]
    rest = " med flera" if len(names) > NAMED else ""
    return [f"{_counted(len(names), one, many)}: {_and(quoted)}{rest}."]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} och {names[-1]}"
