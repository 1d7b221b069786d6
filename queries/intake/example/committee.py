"""What reached the committee, what it asked, what was agreed at meetings, and what a time line must show."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import chain

import pandas as pd

from queries.intake.example.frames import Row, frame
from queries.intake.example.places import (
    CLOSED_SCHOOL,
    RENAMED_SCHOOL,
    SMALL_SCHOOL,
    STRONG_SCHOOL,
    SUCCESSOR_SCHOOL,
    UNITS,
    UPPER_SECONDARY,
    WEAK_SCHOOL,
    YEARS,
)
from queries.intake.example.questions import area_agreements, meeting_questions
from queries.intake.example.reporting import TODAY

COMMITTEE = "Barn- och utbildningsnämnden"
NEVER_TREATED = ("SKA", 2023)
# (kind, title, delivered month and day, treated month and day); the year is the one the report is about.
_YEARLY = (
    ("SKA", "Sammanfattande analys av läsåret {before}/{short}", (9, 24), (10, 15)),
    ("MMiS", "Med målen i sikte: uppföljning av alla utförare {year}", (10, 6), (11, 12)),
    ("delårsrapport", "Delrapport 1 {year}", (5, 12), (5, 27)),
    ("delårsrapport", "Delrapport 2 {year}", (10, 8), (10, 22)),
)
_AFTER_YEAR = (
    ("kvalitetsrapport", "Kvalitetsrapport {year}", (2, 10), (2, 25)),
    ("verksamhetsberättelse", "Verksamhetsberättelse {year}", (2, 3), (2, 25)),
)
_AUDITS = (
    (2022, "Granskning av arbetet mot skolfrånvaro", (2022, 11, 4), (2022, 12, 14), "§ 118",
     "Nämnden svarar revisorerna och ger uppdrag om gemensam rutin."),
    (2024, "Granskning av nämndens uppföljning av ekonomin", (2024, 9, 2), (2024, 10, 23), "§ 97",
     "Nämnden godkänner svaret till revisorerna."),
    (2026, "Granskning av lokalplaneringen för skolor", (2026, 9, 18), (2026, 10, 22), "§ 91",
     "Nämnden tar in rekommendationerna i planen för 2027."),
)  # fmt: skip
_DECISIONS = (
    "Nämnden lägger rapporten till handlingarna.",
    "Nämnden godkänner rapporten och begär en fördjupning om frånvaro.",
    "Nämnden tar del av rapporten och lyfter den till höstens dialogmöten.",
)

# (kind, raised, reference, text, answer, answered, due)
_ITEMS: tuple[tuple[str, dt.date, str, str, str | None, dt.date | None, dt.date | None], ...] = (
    ("question", dt.date(2023, 3, 22), "§ 31", "Hur många elever med hög frånvaro saknar påbörjad utredning?",
     "Andelen med påbörjad utredning redovisas per skola i kvalitetsrapporten.", dt.date(2023, 5, 24),
     dt.date(2023, 5, 24)),
    ("promise", dt.date(2023, 10, 18), "§ 88", "Medarbetarenkätens resultat redovisas för nämnden.",
     "Redovisat vid sammanträdet.", dt.date(2024, 2, 21), dt.date(2024, 2, 21)),
    ("demand", dt.date(2023, 11, 22), "§ 104",
     "Den sammanfattande analysen för läsåret 2022/23 ska behandlas.",
     None, None, dt.date(2024, 2, 21)),
    ("question", dt.date(2024, 2, 21), "§ 14", "Vad kostar flytten till Klockängsliden jämfört med kalkylen?",
     "Kostnaden blev 0,4 miljoner kronor högre än kalkylen.", dt.date(2024, 5, 22), dt.date(2024, 5, 22)),
    ("promise", dt.date(2024, 5, 22), "§ 49", "Barn per årsarbetare redovisas med och utan statsbidrag.",
     "Redovisas i månadsuppföljningen från september.", dt.date(2024, 9, 25), dt.date(2024, 9, 25)),
    ("question", dt.date(2024, 10, 23), "§ 99", "Vilken effekt har närvarotrappan haft?", None, None,
     dt.date(2025, 3, 19)),
    ("demand", dt.date(2025, 2, 19), "§ 12", "Ta fram en plan för skugga på alla skolgårdar.",
     "Planen ingår i lokalplanen för 2026.", dt.date(2025, 11, 19), dt.date(2025, 9, 24)),
    ("question", dt.date(2025, 4, 23), "§ 40", "Varför är betygen i matematik oftare högre än provbetygen?",
     "Förvaltningen pekar på små ämneslag. Sambedömning startar i höst.", dt.date(2025, 6, 11), dt.date(2025,
                                                                                                        6,
                                                                                                        11)),
    ("promise", dt.date(2025, 9, 24), "§ 81", "Rektorerna i Norra området kommer till nämnden.",
     "Rektorerna deltog.", dt.date(2025, 11, 19), dt.date(2025, 11, 19)),
    ("question", dt.date(2026, 2, 25), "§ 17", "Vilka enheter klarar inte resultatkravet två år i rad?",
     "Listan lämnades med Delrapport 1.", dt.date(2026, 5, 27), dt.date(2026, 5, 27)),
    ("demand", dt.date(2026, 4, 22), "§ 38", "Redovisa orsaken till att andelen förskollärare minskar.",
     None, None,
     dt.date(2026, 9, 23)),
    ("promise", dt.date(2026, 5, 27), "§ 52", "Elevernas svar om tillit till vuxna mäts i egen enkät.", None,
     None,
     dt.date(2026, 12, 16)),
    ("question", dt.date(2026, 9, 23), "§ 79", "Hur påverkar mobilfri skoldag studieron?", None, None,
     dt.date(2026, 12, 16)),
    ("promise", dt.date(2026, 10, 22), "§ 92", "Helårsprognosen redovisas per enhet i november.",
     "Redovisad vid sammanträdet.", dt.date(2026, 11, 18), dt.date(2026, 11, 18)),
)  # fmt: skip

# (start, end, label, kind, indicator, unit)
_EVENTS: tuple[tuple[dt.date, dt.date | None, str, str, str | None, str | None], ...] = (
    (dt.date(2021, 3, 1), dt.date(2021, 6, 11), "Nationella prov genomfördes inte våren 2021", "cancelled",
     "L07", None),
    (dt.date(2021, 3, 1), dt.date(2021, 6, 11), "Nationella prov genomfördes inte våren 2021", "cancelled",
     "L08", None),
    (dt.date(2023, 1, 9), None, "Frånvaro registreras per lektion i nytt system", "new_method", "L01", None),
    (dt.date(2023, 1, 9), None, "Frånvaro registreras per lektion i nytt system", "new_method", "L02", None),
    (dt.date(2023, 1, 9), None, "Frånvaro registreras per lektion i nytt system", "new_method", "L04", None),
    (dt.date(2022, 10, 3), dt.date(2025, 6, 13), "Ärenden om flytten räknas bort", "excluded", "L13", None),
    (dt.date(2024, 7, 1), None, "Kvarnlyckestigens skola går upp i Klockängslidens skola", "other", None,
     CLOSED_SCHOOL),
    (dt.date(2024, 7, 1), None, "Tar emot elever från Kvarnlyckestigens skola", "other", None,
     SUCCESSOR_SCHOOL),
    (dt.date(2024, 1, 8), None, "Skolan byter namn till Gläntviksbackens skola", "other", None,
     RENAMED_SCHOOL),
    (dt.date(2025, 8, 18), None, "Ny rektor", "other", None, WEAK_SCHOOL),
    (dt.date(2021, 1, 11), dt.date(2021, 4, 1), "Undervisning på distans i årskurs 7–9", "other", None, None),
    (dt.date(2024, 10, 15), None, "Lärarnas tjänster hämtas ur ett nytt personalsystem", "new_method", "N15034",
     None),
    (dt.date(2020, 3, 17), dt.date(2022, 4, 1), "Pandemin: elever stannar hemma vid minsta symtom", "other", "L01",
     None),
    (dt.date(2025, 2, 3), dt.date(2025, 6, 12), "Anmälningar om en chattgrupp räknas bort", "excluded", "L49",
     WEAK_SCHOOL),
    (dt.date(2024, 3, 1), None, "Enkäten till vårdnadshavare har nya frågor", "new_method", "L12", None),
)  # fmt: skip

_AUTUMN_TOPICS = (
    ("resultatkrav", "Enheten lämnar plan för att nå resultatkravet."),
    ("kvalitet", "Rektor följer upp studiero med lektionsbesök varje månad."),
    ("personal", "Två tjänster utlyses gemensamt med grannenheten."),
    ("volym", "Antalet platser anpassas till prognosen."),
    ("kvalitet", "Sambedömning i matematik genomförs med grannskolan."),
    ("närvaro", "Utredning påbörjas inom fyra veckor för alla elever över gränsen."),
)
_SPRING_TOPICS = (
    ("överskott", "En tredjedel av överskottet används till läromedel."),
    ("underskott", "Underskottet återställs inom två år."),
    ("sjukfrånvaro", "Rektor får stöd av HR i tidiga samtal."),
    ("lokaler", "Behovet av grupprum tas in i lokalplanen."),
    ("utemiljö", "Enheten lämnar förslag på skugga på gården."),
)
_OUTCOMES = (
    "Genomfört som överenskommet.",
    "Delvis genomfört, fortsätter nästa läsår.",
    "Genomfört, följs upp av områdeschef.",
    "Inte genomfört, nytt samtal är bokat.",
)
_MEETINGS = tuple(
    meeting
    for year in range(2023, 2027)
    for meeting in (("spring", dt.date(year, 3, 20)), ("autumn", dt.date(year, 10, 27)))
)
_ALWAYS_MET = (STRONG_SCHOOL, WEAK_SCHOOL, SMALL_SCHOOL, UPPER_SECONDARY)


def committee_tables(seed: int) -> dict[str, pd.DataFrame]:
    """reports, committee_items, events, agreements and meeting_questions."""
    return {
        "reports": frame("reports", _reports(random.Random(f"{seed}-reports"))),
        "committee_items": frame("committee_items", map(_item, enumerate(_ITEMS, start=1))),
        "events": frame("events", map(_event, enumerate(_EVENTS, start=1))),
        "agreements": frame(
            "agreements", chain(_agreements(random.Random(f"{seed}-agreements")), area_agreements())
        ),
        "meeting_questions": frame(
            "meeting_questions", meeting_questions(random.Random(f"{seed}-meeting-questions"))
        ),
    }


def _reports(rng: random.Random) -> Iterator[Row]:
    for year in YEARS:
        for kind, title, delivered, treated in _YEARLY:
            yield _report(kind, title, year, dt.date(year, *delivered), dt.date(year, *treated), rng)
        for kind, title, delivered, treated in _AFTER_YEAR:
            if year < YEARS[-1]:
                yield _report(
                    kind, title, year, dt.date(year + 1, *delivered), dt.date(year + 1, *treated), rng
                )
    for year, title, delivered, treated, paragraph, decision in _AUDITS:
        row = _report("revisionsgranskning", title, year, dt.date(*delivered), dt.date(*treated), rng)
        yield {**row, "paragraph": paragraph, "decision": decision}


def _report(
    kind: str, title: str, year: int, delivered: dt.date, treated: dt.date, rng: random.Random
) -> dict[str, object]:
    name = title.format(year=year, before=year - 1, short=f"{year % 100:02d}")
    paragraph, decision = f"§ {rng.randrange(8, 120)}", rng.choice(_DECISIONS)
    is_treated = (kind, year) != NEVER_TREATED
    return {
        "report_id": f"{kind}-{delivered.isoformat()}",
        "kind": kind,
        "title": name,
        "year": year,
        "recipient": COMMITTEE,
        "delivered_date": delivered,
        "treated_date": treated if is_treated else None,
        "paragraph": paragraph if is_treated else None,
        "decision": decision if is_treated else None,
        "source_id": "exempel-diarium",
    }


def _item(numbered: tuple[int, tuple[object, ...]]) -> Row:
    number, (kind, raised, reference, text, answer, answered, due) = numbered
    return {
        "item_id": f"A{number:02d}",
        "kind": kind,
        "raised_date": raised,
        "reference": reference,
        "text": text,
        "answer": answer,
        "answered_date": answered,
        "due_date": due,
        "source_id": "exempel-diarium",
    }


def _event(numbered: tuple[int, tuple[object, ...]]) -> Row:
    number, (start, end, label, kind, indicator_id, unit_id) = numbered
    return {
        "event_id": f"H{number:02d}",
        "start_date": start,
        "end_date": end,
        "label": label,
        "kind": kind,
        "indicator_id": indicator_id,
        "unit_id": unit_id,
        "source_id": "exempel-handelser",
    }


def _agreements(rng: random.Random) -> Iterator[Row]:
    for kind, day in _MEETINGS:
        topics = _AUTUMN_TOPICS if kind == "autumn" else _SPRING_TOPICS
        others = [
            unit.unit_id for unit in UNITS if unit.is_open(day.year) and unit.unit_id not in _ALWAYS_MET
        ]
        met: tuple[str | None, ...] = (None, *_ALWAYS_MET, *rng.sample(others, 4))
        for unit_id in met:
            for topic, agreed in rng.sample(topics, 2 if unit_id in _ALWAYS_MET else 1):
                number = f"{kind}-{day.year}-{unit_id or 'alla'}-{topic}"
                outcome, told = _outcome(day, rng)
                yield {
                    "agreement_id": number
                    if topic != "kvalitet"
                    else f"{number}-{topics.index((topic, agreed))}",
                    "meeting_kind": kind,
                    "meeting_date": day,
                    "unit_id": unit_id,
                    "topic": topic,
                    "agreed": agreed if unit_id else agreed.replace("Enheten", "Varje enhet"),
                    "outcome": outcome,
                    "outcome_date": told,
                    "source_id": "exempel-dialogmoten",
                }
    yield _plan_of_a_unit_below_its_requirement()


def _plan_of_a_unit_below_its_requirement() -> Row:
    return {
        "agreement_id": f"autumn-2026-{RENAMED_SCHOOL}-underskott",
        "meeting_kind": "autumn",
        "meeting_date": dt.date(2026, 10, 27),
        "unit_id": RENAMED_SCHOOL,
        "topic": "underskott",
        "agreed": "Två tomma klassrum lämnas och underskottet är återställt vid utgången av 2028.",
        "source_id": "exempel-dialogmoten",
    }


def _outcome(day: dt.date, rng: random.Random) -> tuple[str | None, dt.date | None]:
    told = day + dt.timedelta(days=rng.choice((140, 160, 210)))
    # What was agreed this autumn has come to nothing yet, and some older points were never followed up.
    return (rng.choice(_OUTCOMES), told) if told <= TODAY and rng.random() < 0.78 else (None, None)
