"""What is said of a plan, in Swedish, in one place.

A text that begins with a capital letter is a sentence of its own; another ends "Här väntades …".
"""

from __future__ import annotations

from queries.intake.reading import Finding, Severity

MESSAGES: dict[str, tuple[Severity, str]] = {
    "no_headings": ("error", "Ingen rad med rubriker hittades, till exempel Åtgärd, Slutdatum och Status."),
    "too_many_rows": (
        "error",
        "Bladet har {count} rader. En plan med fler än {most} läses inte: är det rätt fil?",
    ),
    "no_rows": ("error", "Under rubrikerna finns ingen rad med en åtgärd eller ett mål."),
    "too_many_cells": (
        "error",
        "Raden har fler celler än rubrikraden, som har {count}. En avgränsare inne i en text behöver citattecken "
        "runt texten.",
    ),
    "outside_table": ("warning", "Texten står utanför tabellens kolumner och läses inte."),
    "column_not_read": ("notice", "Kolumnen har ingen plats bland uppgifterna och läses inte."),
    "column_of_names": (
        "notice",
        "Kolumnen läses inte, eftersom den kan innehålla namn på personer. Har den bara roller kan den kopplas till "
        "Ansvarig roll.",
    ),
    "sheet_not_read": ("notice", "Bladet har andra rubriker än det som läses, och läses inte."),
    "section": ("notice", "”{text}” lästes som en rubrik: raderna under den får det som perspektiv."),
    "not_read": ("notice", "”{text}” är varken en åtgärd eller ett mål. Raden läses inte."),
    "joined": ("notice", "Dessa rader lästes som fortsättning på raden ovanför: {numbers}."),
    "joined_title": (
        "warning",
        "Raden har varken status eller slutdatum och lästes som fortsättning på raden ovanför. Är den en egen åtgärd "
        "behöver den ett av dem.",
    ),
    "nothing_above": ("error", "en status eller ett slutdatum; ingen rad finns ovanför att fortsätta"),
    "missing_title": ("error", "en åtgärd; raden har en status eller ett slutdatum"),
    "kind": ("error", "aktivitet, uppdrag eller område"),
    "two_verdicts": ("error", "samma bedömning som på målets andra rader; på rad {number} står ”{other}”"),
    "missing_status": ("warning", "ett ord för läget; utan det räknas åtgärden som öppen"),
    "no_status": ("notice", "Filen har ingen kolumn för status. Nya åtgärder räknas som öppna."),
    "unknown_status": (
        "notice",
        "ett känt ord för läget; tills det är förklarat räknas åtgärderna med det ({count}) som öppna",
    ),
    "unknown_verdict": (
        "notice",
        "ett känt ord för bedömningen; tills det är förklarat räknas målen med det ({count}) som ej bedömda",
    ),
    "due_in_words": (
        "notice",
        "Slutdatum som bara är ord: {count}, till exempel ”{text}”. De visas som de står men kan inte bli försenade.",
    ),
    "same_action_twice": (
        "warning",
        "Samma åtgärd står på rad {number}. De läses som två; ska det vara en, ta bort den ena raden.",
    ),
    "worded_anew": (
        "notice",
        "Åtgärder med annan lydelse än i den publicerade rapporten: {count}. De kändes igen på sin plats i planen och "
        "på ord och slutdatum som de har gemensamma.",
    ),
    "person_names": (
        "warning",
        "Celler som ser ut att innehålla namn på personer: {count}. De har inte lästs in; här hör bara roller hemma.",
    ),
    "unknown_indicator": ("warning", "ett nyckeltal ur data/indicators.csv; kopplingen till det läses inte in"),
}  # fmt: skip


def finding(
    rule: str, sheet: str = "", line: int | None = None, column: str = "", found: str = "", **said: object
) -> Finding:
    """What a rule says of a place. said: what is put into its text."""
    severity, text = MESSAGES[rule]
    return Finding(severity, rule, text.format(**said), sheet, line, column, found)
