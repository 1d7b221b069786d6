"""Every Swedish word on screen for a code in the data, and how numbers and dates are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from queries import clock

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
NO_BREAK = "\u00a0"
DASH = "–"
# A colon is a sign of Markdown only before a letter; labels of fields are read aloud with what stands before a sign.
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$^=-]|:(?=[\w:]))")
NUMBERED = re.compile(r"^(\d+)\.")
# What looks like an address becomes a link also without Markdown's signs: a letter without width keeps its parts apart.
ADDRESS = re.compile(r"((?<=:)//|(?<=www)\.|(?<=@))(?=\w)", re.IGNORECASE)
NO_LINK = "\u2060"
# Signs that no sentence holds: they end lines, colour terminals, or turn the direction of what stands around them.
UNWRITTEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Mark:
    """How a code is shown: shape, word for one, word in a legend, and the role its colour has in the theme."""

    shape: str
    word: str
    colour: str

    @property
    def shown(self) -> str:
        """Shape and word, as tables show it."""
        return f"{self.shape}{NO_BREAK}{self.word}"


VERDICTS = {
    "met": Mark("●", "Uppnått", "met"),
    "partly": Mark("◐", "Delvis uppnått", "partly"),
    "not_met": Mark("○", "Ej uppnått", "not_met"),
    "not_assessed": Mark("–", "Ej bedömt", "not_assessed"),
}
IN_PLAN = {"in_plan": Mark("■", "I planen", "muted")}
OUTCOMES = {
    "finished": Mark("✓", "Klar", "met"),
    "open": Mark("▶", "Öppen", "own"),
    "late": Mark("!", "Försenad", "not_met"),
    "closed_undone": Mark("✕", "Genomförs ej", "not_assessed"),
}
STATUSES = {
    "finished": Mark("✓", "Klar", "met"),
    "ongoing": Mark("▶", "Pågår", "own"),
    "remaining": Mark("▷", "Kvarstår", "partly"),
    "not_started": Mark("□", "Ej påbörjad", "comparison"),
    "unknown": Mark("?", "Okänt ord", "muted"),
    "closed_undone": Mark("✕", "Genomförs ej", "not_assessed"),
}
EFFECT_STATES = {
    "told": Mark("●", "Effekt redovisad", "met"),
    "overdue": Mark("!", "Utvärdering förfallen", "not_met"),
    "untold": Mark("○", "Effekt ej redovisad", "partly"),
    "planned": Mark("□", "Utvärdering planerad", "own"),
    "no_indicator": Mark("–", "Utan indikator", "not_assessed"),
}
CHANGES_OF_ACTIONS = {"new": "Ny", "vanished": "Försvunnen", "changed": "Ändrad"}
MOMENTS = {
    "dialogue_autumn": "Dialogmöte på hösten",
    "dialogue_spring": "Dialogmöte på våren",
    "report_back": "Utlovad återrapport",
}
QUARTERS = {
    "best_quarter": Mark("▲", "Bland de 25 % bästa", "own"),
    "middle": Mark("■", "I mitten", "muted"),
    "worst_quarter": Mark("▼", "Bland de 25 % sämsta", "comparison"),
}
# Against one comparison: arrows, so that nobody takes position for verdict.
POSITIONS = {
    "better": Mark("▲", "Bättre", "own"),
    "equal": Mark("=", "Lika", "muted"),
    "worse": Mark("▼", "Sämre", "comparison"),
}
KINDS = {"activity": "Aktivitet", "assignment": "Uppdrag från fullmäktige", "area": "Utvecklingsområde"}
FINDING_KINDS = {"weakness": "Svaghet", "strength": "Styrka"}
# What became of a report, and of a question, promise or demand. "Never" says that no source tells of any treatment.
REPORT_STATES = {
    "never": Mark("!", "Aldrig behandlad", "not_met"),
    "undated": Mark("?", "Dag framgår inte", "muted"),
    "treated": Mark("✓", "Behandlad", "met"),
}
ITEM_STATES = {
    "overdue": Mark("!", "Förfallen", "not_met"),
    "open": Mark("▷", "Öppen", "partly"),
    "answered": Mark("✓", "Besvarad", "met"),
}
# The four parts that a unit reports each month, and how a missing one is written where there is little room.
DIMENSIONS = {
    "prestationer": "Prestationer",
    "kvalitet": "Kvalitet",
    "personal": "Personal",
    "ekonomi": "Ekonomi",
}
DIMENSIONS_SHORT = {"prestationer": "Pr", "kvalitet": "Kv", "personal": "Pe", "ekonomi": "Ek"}
REPORTED = {
    "complete": Mark("●", "Allt rapporterat", "muted"),
    "incomplete": Mark("!", "En eller flera delar saknas", "not_met"),
    "missing": Mark("✕", "Hela månaden saknas", "not_met"),
}
# The unit of what is reported monthly; measures that are not here are shown as plain numbers.
MEASURE_UNITS = {
    "barn": "barn",
    "elever": "elever",
    "närvaro": "%",
    "sjukfrånvaro": "%",
    "årsarbetare": "årsarbetare",
    "kostnad": "kr",
}
REQUIREMENT_STATES = {
    True: Mark("!", "Bryter kravet", "not_met"),
    False: Mark("✓", "Når kravet", "met"),
}
CAPITAL_STATES = {
    "intact": Mark("●", "Intakt", "met"),
    "reduced": Mark("◐", "Minskat", "partly"),
    "used_up": Mark("○", "Förbrukat", "not_met"),
    "unknown": Mark("–", "Går inte att säga", "not_assessed"),
}
PLAN_STATES = {True: Mark("!", "Utan plan", "not_met"), False: Mark("▷", "Har plan", "own")}
MEETINGS = {"autumn": "Höstens dialogmöten", "spring": "Vårens dialogmöten"}
# Whether any source tells what came of an agreement.
OUTCOME_STATES = {True: Mark("✓", "Redovisat", "met"), False: Mark("○", "Ej redovisat", "muted")}
ANSWER_STATES = {True: Mark("✓", "Besvarad", "met"), False: Mark("○", "Obesvarad", "muted")}
# Roles, as part of a sentence.
ROLES = {"anonym": "besökare", "politiker": "politiker", "ledning": "ledning", "analytiker": "analytiker"}
# What a search finds: its heading, and the words for one and for many.
HITS = {
    "goal": ("Mål", "mål", "mål"),
    "action": ("Åtgärder", "åtgärd", "åtgärder"),
    "finding": ("Påpekanden och styrkor", "påpekande eller styrka", "påpekanden och styrkor"),
    "report": ("Rapporter till nämnden", "rapport", "rapporter"),
    "item": ("Frågor och löften", "fråga eller löfte", "frågor och löften"),
    "agreement": ("Överenskommelser", "överenskommelse", "överenskommelser"),
    "indicator": ("Nyckeltal", "nyckeltal", "nyckeltal"),
    "unit": ("Skolor och förskolor", "skola eller förskola", "skolor och förskolor"),
    "word": ("Ordlista", "ord i ordlistan", "ord i ordlistan"),
}
# What falls due on a day: the word in a table, and the words for one and for many.
DEADLINES = {
    "report_point": ("Rapporttillfälle", "rapporttillfälle", "rapporttillfällen"),
    "report_back": ("Återrapport", "återrapport", "återrapporter"),
    "promise": ("Löfte till nämnden", "löfte till nämnden", "löften till nämnden"),
    "action": ("Åtgärd", "åtgärd", "åtgärder"),
    "remark": ("Nästa steg efter påpekande", "nästa steg efter ett påpekande", "nästa steg efter påpekanden"),
    "evaluation": ("Utvärdering", "utvärdering", "utvärderingar"),
}
ITEM_KINDS = {"question": "Fråga", "promise": "Löfte", "demand": "Yrkande"}
REPORT_KINDS = {"SKA": "SKA (förut pedagogiskt bokslut)"}
ORDINALS = (
    "",
    "första",
    "andra",
    "tredje",
    "fjärde",
    "femte",
    "sjätte",
    "sjunde",
    "åttonde",
    "nionde",
    "tionde",
)
CHANGES = {"new": "Nytt", "renamed": "Nytt namn", "returned": "Åter", "kept": "Kvar"}
# What became of a goal after its last year in the plan, and the mark of a prioritised one.
AFTERWARDS = {"dropped": Mark("✕", "Utgår", "not_assessed"), "untold": Mark("?", "Sägs inte", "muted")}
PRIORITY = Mark("★", "Prioriterat", "own")
# The steering chain: its levels, what stands at a link, and what is missing where it breaks.
LEVELS = {
    "council": "KF-mål",
    "committee": "Nämndmål",
    "indicator": "Indikator",
    "unit": "Enhet",
    "action": "Åtgärd",
}
LINK_STATES = {
    **VERDICTS,
    **OUTCOMES,
    "reached": Mark("●", "Når målvärdet", "met"),
    "not_reached": Mark("○", "Når inte målvärdet", "not_met"),
    "unsaid": Mark("–", "Går inte att säga", "not_assessed"),
    "no_target": Mark("!", "Inget målvärde", "not_met"),
    "no_value": Mark("!", "Inget värde", "not_met"),
    "missing": Mark("!", "Saknas", "not_met"),
}
BREAKS = {
    "no_council_goal": "KF-mål",
    "no_indicator": "Indikator",
    "no_value": "Värde",
    "no_target": "Målvärde",
    "no_action": "Åtgärd",
    "no_goal": "Mål",
}
# An outcome against the planned path of targets. Signs, so that nobody takes pace for verdict or position.
STANDINGS = {
    "before": Mark("+", "Före", "met"),
    "on": Mark("=", "I takt", "muted"),
    "behind": Mark("−", "Efter", "not_met"),
    "reached": Mark("●", "Når målvärdet", "met"),
    "not_reached": Mark("○", "Når inte målvärdet", "not_met"),
    "unsaid": Mark("–", "Går inte att säga", "not_assessed"),
    "no_target": Mark("–", "Inget målvärde i år", "not_assessed"),
    "no_value": Mark("!", "Inget utfall", "not_assessed"),
}
SCHOOL_FORMS = {
    "forskola": "Förskola",
    "grundskola": "Grundskola",
    "gymnasieskola": "Gymnasieskola",
    "vuxenutbildning": "Vuxenutbildning",
    "annan": "Annan verksamhet",
}
SCHOOL_FORM_COUNTS = {
    "forskola": ("förskola", "förskolor"),
    "grundskola": ("grundskola", "grundskolor"),
    "gymnasieskola": ("gymnasieskola", "gymnasieskolor"),
    "vuxenutbildning": ("vuxenutbildning", "vuxenutbildningar"),
    "annan": ("annan enhet", "andra enheter"),
}
DIRECTIONS = {"up": "högre är bättre", "down": "lägre är bättre", "none": "värderas inte"}
OPERATORS = {">=": "minst", "<=": "högst", "=": ""}
MARKERS = {
    "..": "Visas inte: för litet underlag",
    ".": "Uppgift saknas",
    "~100": "Nära 100 %",
    "~0": "Nära 0 %",
    "cancelled": "Ställdes in",
}
# Why a unit has no value of its own in a year, where no marker says it.
GAPS = {
    "closed": "enheten är stängd",
    "not_opened": "enheten fanns inte än",
    "not_per_unit": "finns inte för någon enhet",
    "never": "enheten har inga värden",
    "missing": "uppgift saknas",
}
# Kolada's own markers for a missing value, and ours for a value that was never published.
STATUS_OF_MISSING = {
    "Missing": "Bortfall",
    "Not applicable": "Ej tillämplig",
    "Privacy": "Sekretess: underlaget är för litet",
    "not_published": "Inget publicerat värde",
    "not_by_gender": "Delas inte upp på kön",
}
# The scales that places are drawn on; which one is in use is always said.
SCALES = {"rka": "RKA:s skala 0–100", "rank": "rangskala 0–100"}
# What a check of a file came to, and what it found.
FILE_VERDICTS = {
    "accepted": Mark("✓", "Filen kan publiceras", "met"),
    "warnings": Mark("!", "Filen kan publiceras om varningarna godtas", "partly"),
    "rejected": Mark("✕", "Filen kan inte publiceras", "not_met"),
    "needs": Mark("?", "Filen behöver svar", "muted"),
    "unchanged": Mark("–", "Inget att publicera", "muted"),
}
SEVERITIES = {
    "error": Mark("✕", "Fel", "not_met"),
    "warning": Mark("!", "Varning", "partly"),
    "notice": Mark("○", "Upplysning", "muted"),
}
AGES = {
    "current": Mark("●", "Aktuell", "met"),
    "old": Mark("!", "Äldre än väntat", "partly"),
    "missing": Mark("○", "Saknas", "muted"),
}
WORD_KINDS = {"status": "Läge för en åtgärd", "verdict": "Bedömning av ett mål"}
# What the log of events calls what was done, and who did it.
EVENTS = {
    "signed_in": "Loggade in",
    "signed_out": "Loggade ut",
    "published": "Publicerade",
    "undone": "Ångrade",
    "restored": "Återgick till en tidigare version",
    "culled": "Gallrade",
    "exported": "Hämtade en fil",
    "refused": "Nekades",
}
# What a table's template holds, by table of the data model.
TEMPLATES = {
    "sources": "En rad per dokument eller uttag som uppgifterna kommer från.",
    "added_words": "En rad per ord som ni har förklarat: vad källans ord för läge eller bedömning betyder.",
    "indicator_register": "En rad per nyckeltal i utgivarens egen lista, med titel och nästa publicering.",
    "municipalities": "En rad per kommun.",
    "municipality_groups": "En rad per grupp av kommuner och medlem i den.",
    "units": "En rad per skola, förskola eller annan enhet, med det namn den har nu.",
    "unit_names": "En rad per enhet och namn som den har haft.",
    "goals": "En rad per mål och år som det stod i en plan.",
    "goal_verdicts": "En rad per bedömning av ett mål, med källans eget ord.",
    "goal_indicators": "En rad per mål och nyckeltal som mäter det.",
    "targets": "En rad per nyckeltal, enhet och år med ett beslutat målvärde.",
    "outcomes": "En rad per nyckeltal, enhet, år och kön med ett utfall.",
    "actions": "En rad per åtgärd: aktivitet, uppdrag eller område.",
    "action_reports": "En rad per åtgärd och uppföljning av den, med källans eget ord för läget.",
    "report_points": "En rad per år och rapporttillfälle.",
    "findings": "En rad per påpekande och år, med vad som hände sedan.",
    "reports": "En rad per rapport som ska nå nämnden.",
    "committee_items": "En rad per fråga, löfte eller krav i nämnden.",
    "events": "En rad per händelse som en tidslinje måste visa.",
    "monthly_values": "En rad per enhet, månad och mått.",
    "unit_results": "En rad per enhet och år: resultatkrav och eget kapital.",
    "agreements": "En rad per punkt som ett dialogmöte kom överens om.",
    "meeting_questions": "En rad per fråga på dagordningen till ett dialogmöte, med svaret.",
    "comparison_values": "En rad per nyckeltal, kommun, år och kön, som det är publicerat för jämförelse.",
}
GENDERS = {"T": "alla", "K": "flickor", "M": "pojkar"}
STAGES = {"f-3": "åk F–3", "4-6": "åk 4–6", "7-9": "åk 7–9", "gymnasiet": "gymnasiet"}
TERMS = {"ht": "höstterminen", "vt": "vårterminen"}


def is_empty(value: Any) -> bool:
    """Whether a cell holds nothing."""
    if value is None or value is pd.NA:
        return True
    # A list in a cell is never empty in this sense; a missing number or date is unlike itself.
    return not isinstance(value, str) and not hasattr(value, "__len__") and bool(value != value)


def text(value: Any, otherwise: str = DASH) -> str:
    """A cell as text, or the dash."""
    return otherwise if is_empty(value) or value == "" else UNWRITTEN.sub(" ", str(value))


def number(value: Any, decimals: int | None = 1) -> str:
    """1234.5 → '1 234,5'. Halves round away from zero, as people do by hand."""
    if is_empty(value):
        return DASH
    exponent = Decimal(1).scaleb(-(decimals or 0))
    rounded = Decimal(str(value)).quantize(exponent, rounding=ROUND_HALF_UP)
    written = f"{rounded:,.{decimals or 0}f}".replace(",", NO_BREAK).replace(".", ",")
    return written.replace("-", "−")


def number_or_none(value: Any, decimals: int) -> float | None:
    """A number rounded as it is written, for figures; None for an empty cell."""
    if is_empty(value):
        return None
    exponent = Decimal(1).scaleb(-decimals)
    return float(Decimal(str(value)).quantize(exponent, rounding=ROUND_HALF_UP))


def quantity(value: Any, unit: Any, decimals: int | None = 1) -> str:
    """A number with its unit: '45,9 %', '229,1 poäng'."""
    if is_empty(value):
        return DASH
    return f"{number(value, decimals)}{NO_BREAK}{unit}" if text(unit, "") else number(value, decimals)


def measured(value: Any, marker: Any, unit: Any, decimals: int | None = 1) -> str:
    """A value, or the words for why there is none."""
    return quantity(value, unit, decimals) if not is_empty(value) else MARKERS.get(text(marker, ""), DASH)


def target(operator: Any, value: Any, unit: Any, decimals: int | None = 1) -> str:
    """'minst 80 %'."""
    return DASH if is_empty(value) else f"{OPERATORS[operator]} {quantity(value, unit, decimals)}".strip()


def percent(part: int, whole: int) -> str:
    """A share as text; 17 of 37 → '45,9 %'."""
    return quantity(Decimal(100 * int(part)) / Decimal(int(whole)), "%") if whole else DASH


def day(value: Any) -> str:
    """'31 december 2020'."""
    if is_empty(value):
        return DASH
    found = value if isinstance(value, date) else pd.Timestamp(value).date()
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def month_of(value: Any) -> str:
    """'oktober 2026'."""
    return DASH if is_empty(value) else day(value).split(" ", 1)[1]


def kronor(value: Any) -> str:
    """An amount as it is spoken of: '598,9 mnkr', '−853 tkr'."""
    if is_empty(value):
        return DASH
    return quantity(value / 1e6, "mnkr") if abs(value) >= 1e6 else quantity(value / 1e3, "tkr", 0)


def moment(written: str) -> str:
    """A moment of a manifest as clocks in Sweden show it: '22 november 2026 kl. 14.05'."""
    local = clock.in_sweden(written)
    return f"{day(local.date())} kl. {local:%H.%M}"


def year_of(year: Any, period: Any = "calendar_year") -> str:
    """A year as it is spoken of: '2020', 'läsåret 2019/20' for the school year, 'oktober 2019' for what is counted then."""
    if is_empty(year):
        return DASH
    whole = int(year)
    spoken = {"school_year": f"läsåret {whole - 1}/{whole % 100:02d}", "october": f"oktober {whole}"}
    return spoken.get(str(period), str(whole))


def short_year(year: Any, period: Any = "calendar_year") -> str:
    """A year where there is little room: '2020', '2019/20' for the school year, 'okt. 2019'."""
    return year_of(year, period).removeprefix("läsåret ").replace("oktober", "okt.")


def years_in_words(years: Sequence[int]) -> str:
    """[2019, 2020] → '2019 och 2020'; [2021, 2022, 2023, 2025] → '2021–2023 och 2025'."""
    runs: list[list[int]] = []
    for year in sorted(int(year) for year in years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts = [[f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(year) for year in run] for run in runs]
    return listed([part for run in parts for part in run])


def in_a_row(run: int) -> str:
    """1 → 'första året', 3 → 'tredje året i rad'."""
    nth = ORDINALS[run] if run < len(ORDINALS) else f"{run}:e"
    return f"{nth} året i rad" if run > 1 else f"{nth} året"


def listed(parts: Sequence[str]) -> str:
    """['a', 'b', 'c'] → 'a, b och c'."""
    parts = list(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} och {parts[-1]}" if parts else ""


def counted(count: int, one: str, many: str) -> str:
    """'1 mål', '3 åtgärder': the number and the right form."""
    return f"{number(count, 0)}{NO_BREAK}{one if count == 1 else many}"


def upper_first(sentence: str) -> str:
    """The sentence with a capital first letter, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]


def lower_first(name: str) -> str:
    """A name as it stands inside a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def md(value: Any, otherwise: str = DASH) -> str:
    """A cell as text that Markdown leaves alone: names in the data may hold links, images or formulas."""
    on_one_line = ADDRESS.sub(rf"{NO_LINK}\1", text(value, otherwise).replace("\n", " ").strip(" "))
    escaped = MARKDOWN.sub(r"\\\1", on_one_line)
    # A number and a full stop at the start would become a list with a number of its own.
    return NUMBERED.sub(r"\1\\.", escaped)
