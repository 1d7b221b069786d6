"""What a row must fulfil, as data: a predicate in SQL that finds the bad cells, and in Swedish what was expected.

A predicate sees the typed columns of the row, each column's own text as <column>_text, and of the row's indicator
indicator_unit and indicator_kind (share, mean, amount). $year is the year of the upload.
Types, words a column may hold, empty cells and keys follow from queries/sql/tables.sql and need no rule here.
"""

from __future__ import annotations

from dataclasses import dataclass

from queries.intake.reading import Severity


@dataclass(frozen=True)
class Rule:
    """One rule for one column of one table ('*' = every table that has the column)."""

    table: str
    column: str
    code: str
    bad: str
    expected: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Register:
    """A column whose values must be known: published already, in the same file, or a word table of the project."""

    column: str
    known: str
    expected: str


OF_KIND = {
    "integer": "ett heltal, t.ex. 25",
    "double": "ett tal, t.ex. 81,5",
    "date": "ett datum, t.ex. 2025-06-30",
    "boolean": "ja eller nej",
    "text": "en text",
}
YEAR = "ett årtal med fyra siffror eller ett läsår, t.ex. 2025 eller 2024/25"
# Years of plans may lie ahead; years of results may not.
PLANNED = ("targets", "goals", "report_points", "actions")

RULES = (
    Rule("*", "year", "year_early", "year < 1990", "ett årtal från 1990 och framåt"),
    Rule("*", "year", "year_late", "year > $year + 10", "ett årtal som inte ligger så långt fram"),
    Rule("*", "municipality_id", "code", "not regexp_full_match(municipality_id, '[0-9]{4}')",
         "en kommunkod med fyra siffror, t.ex. 0125; en inledande nolla får inte tappas"),
    Rule("*", "unit_id", "code", "regexp_matches(unit_id, '[0-9][.,][0-9]*[eE]')",
         "en skolenhetskod; Excel har skrivit om den, formatera kolumnen som text"),
    Rule("outcomes", "value", "share", "indicator_kind = 'share' and (value < 0 or value > 100)", "en andel från 0 till 100 procent"),
    Rule("outcomes", "value", "mean", "indicator_kind = 'mean' and value < 0", "ett medelvärde från 0 och uppåt"),
    Rule("outcomes", "value", "value_or_marker", "value_text is null and marker_text is null",
         "ett värde, eller i kolumnen för markering varför det saknas (.. för litet underlag, . uppgift saknas)"),
    Rule("outcomes", "value", "value_and_marker", "value_text is not null and marker_text is not null",
         "antingen ett värde eller en markering, inte båda"),
    Rule("outcomes", "n", "negative", "n < 0", "ett antal från 0 och uppåt"),
    Rule("comparison_values", "value", "share", "indicator_kind = 'share' and (value < 0 or value > 100)", "en andel från 0 till 100 procent"),
    Rule("comparison_values", "value", "value_or_status", "value_text is null and status_text is null",
         "ett värde, eller en status som säger varför det saknas"),
    Rule("comparison_values", "value", "value_and_status", "value_text is not null and status_text is not null",
         "antingen ett värde eller en status, inte båda"),
    Rule("*", "value", "percent", "value_text like '%\\%' escape '\\' and indicator_unit <> '%'", "ett tal utan procenttecken"),
    Rule("*", "value", "no_percent", "regexp_full_match(value_text, '.*[0-9] ?[a-zåäö].*')", "ett tal utan enhet"),
    Rule("*", "target_value", "share", "indicator_kind = 'share' and (target_value < 0 or target_value > 100)", "en andel från 0 till 100 procent"),
    Rule("goals", "parent_goal_id", "own_parent", "parent_goal_id = goal_id", "ett annat mål än målet självt"),
    Rule("events", "end_date", "order", "end_date < start_date", "en dag efter startdagen"),
    Rule("unit_names", "to_year", "order", "to_year < from_year", "ett år från och med det första"),
    Rule("units", "closed_year", "order", "closed_year < opened_year", "ett år efter det då enheten öppnade"),
    Rule("action_reports", "report_date", "future", "report_date > $today", "en dag som har varit"),
    Rule("action_reports", "report_date", "early", "report_date < date '1990-01-01'", "en dag från 1990 och framåt"),
    Rule("monthly_values", "month", "future", "month > $today and kind = 'outcome'", "en månad som har varit; framtida månader kan ha budget eller prognos"),
    Rule("monthly_values", "month", "first_day", "day(month) <> 1", "den första dagen i månaden, t.ex. 2025-09-01"),
    Rule("added_words", "meaning", "meaning",
         "(kind = 'status' and meaning not in ('finished', 'ongoing', 'remaining', 'not_started', 'closed_undone'))"
         " or (kind = 'verdict' and meaning not in ('met', 'partly', 'not_met', 'not_assessed'))",
         "en betydelse som hör till slaget: klar, pågår, kvarstår, ej påbörjad, genomförs ej; eller uppnått, delvis uppnått, ej uppnått, ej bedömt"),
)  # fmt: skip

RESULTS = ("outcomes", "comparison_values", "goal_verdicts", "action_reports", "findings", "unit_results")
# läsår 2026/27 is written 2027 while it is still 2026.
RULES += tuple(
    Rule(table, "year", "year_ahead", "year > $year + 1", "ett år som har varit") for table in RESULTS
)

REGISTERS = (
    Register("municipality_id", "municipalities", "en kommun som finns här"),
    Register("indicator_id", "indicators", "ett nyckeltal ur data/indicators.csv"),
    Register("unit_id", "units", "en skola eller förskola som finns här"),
    Register("successor_unit_id", "units", "en skola eller förskola som finns här"),
    Register("goal_id", "goals", "ett mål som finns här"),
    Register("parent_goal_id", "goals", "ett mål som finns här"),
    Register("action_id", "actions", "en åtgärd som finns här"),
    Register("source_id", "sources", "en källa som finns här"),
)
# A register never refers to itself.
OWN_REGISTER = {
    "municipalities": ("municipality_id",),
    "units": ("unit_id",),
    "goals": ("goal_id",),
    "actions": ("action_id",),
    "sources": ("source_id",),
    "indicator_register": ("indicator_id",),
}
# A column that a table may also have from another register: (table, column) → that register, and what was expected.
ALSO_KNOWN = {
    ("comparison_values", "indicator_id"): (
        "indicator_register",
        "ett nyckeltal ur data/indicators.csv eller ur Koladas lista över nyckeltal",
    ),
}
# Whose register is one for each municipality.
PER_MUNICIPALITY = ("units", "goals", "actions")
