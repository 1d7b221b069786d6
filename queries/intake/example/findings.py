"""Remarks that stand year after year, and the few whose effect is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from queries.intake.example.frames import frame
from queries.intake.example.places import (
    CLOSED_SCHOOL,
    RENAMED_SCHOOL,
    SMALL_SCHOOL,
    STRONG_SCHOOL,
    SUCCESSOR_SCHOOL,
    UNITS,
    WEAK_SCHOOL,
)
from queries.intake.example.reporting import Action

_UNIT_ID = {unit.name: unit.unit_id for unit in UNITS}
VINDBRYN, HARSTEN = _UNIT_ID["Vindbrynsskolan"], _UNIT_ID["Harstensbackens skola"]
MOSSBRYN, TRANLYCKE = _UNIT_ID["Mossbrynets skola"], _UNIT_ID["Tranlyckehagens skola"]
RONNHAG, KOTTLYCKAN = _UNIT_ID["Rönnhagslidens skola"], _UNIT_ID["Förskolan Kottlyckan"]
DAGGKAPA, MANVIOL = _UNIT_ID["Förskolan Daggkåpsbrynet"], _UNIT_ID["Förskolan Månviolsbacken"]
NATTVIOL = _UNIT_ID["Förskolan Nattviolslyckan"]


@dataclass(frozen=True)
class Remark:
    """One remark and the years it was made. told: year → what was said of the effect."""

    theme: str
    years: tuple[int, ...]
    text: str
    unit_id: str | None = None
    cause: str | None = None
    decision: str | None = None
    effort: str | None = None
    told: Mapping[int, str] | None = None
    claim: str | None = None
    next_step: str | None = None
    owner_role: str | None = None
    goal_id: str | None = None
    kind: str = "weakness"


REMARKS = (
    Remark("lokaler", (2021, 2022, 2023, 2024, 2025, 2026),
           "Matsal och grupprum är för små för antalet elever.",
           VINDBRYN, "Elevantalet växte efter nya bostäder i området.", "Behovet togs in i lokalplanen.",
           "Paviljong med fyra klassrum", next_step="Förstudie om utbyggnad", owner_role="Lokalstrateg",
           goal_id="N08"),
    Remark("lokaler", (2023, 2024, 2025), "Ventilationen klarar inte fulla klasser.", WEAK_SCHOOL,
           "Anläggningen är från skolans byggår.", "Nämnden beställde åtgärd av fastighetsbolaget.",
           "Byte av fläktar",
           {2025: "Luftflödet mättes före och efter och når nu kravet i 14 av 16 klassrum."},
           owner_role="Lokalstrateg", goal_id="N11"),
    Remark("lokaler", (2021, 2023, 2024), "Lokalerna är slitna och dåligt anpassade för förskola.", NATTVIOL,
           effort="Ommålning och nya våtrum"),
    Remark("lokaler", (2025, 2026), "Trångt när två skolor blev en.", SUCCESSOR_SCHOOL,
           "Sammanslagningen skedde innan tillbyggnaden var klar.", "Tillbyggnad beslutad.",
           "Tillfälliga klassrum",
           {2026: "Antalet elever per klassrum gick från 27 till 23."}, owner_role="Rektor", goal_id="N08"),
    Remark("utemiljö", (2022, 2023, 2025, 2026), "Skolgården saknar skugga och platser för äldre elever.",
           RENAMED_SCHOOL, next_step="Medborgardialog om skolgården", owner_role="Rektor"),
    Remark("utemiljö", (2021, 2022, 2023), "Gården är liten och sliten.", KOTTLYCKAN,
           "Gården delas med bostadshus.",
           effort="Ny sandlåda och odling", claim="Barnen leker mer varierat."),
    Remark("utemiljö", (2025, 2026), "Fler gårdar behöver solskydd.", decision="Inventering av alla gårdar.",
           owner_role="Verksamhetschef förskola", goal_id="N01"),
    Remark("studiero", (2021, 2022, 2023, 2024, 2025, 2026),
           "Elever säger att det sällan är lugnt på lektionerna.",
           None, "Många lärarbyten och olika rutiner i olika klassrum.",
           "Nämnden prioriterar målet om studiero.",
           "Gemensam lektionsstart och ledarskapsutbildning",
           claim="Lärarna märker att starten har blivit lugnare.",
           next_step="Följa upp med lektionsbesök", owner_role="Verksamhetschef grundskola", goal_id="N03"),
    Remark("studiero", (2022, 2023, 2024, 2025), "Studieron är lägre än på kommunens andra skolor.",
           WEAK_SCHOOL,
           None, "Extra stöd till skolans ledning.", "Två lärare på lektioner i årskurs 7",
           owner_role="Rektor",
           goal_id="N03"),
    Remark("studiero", (2023, 2024), "Oro vid byten mellan lokaler.", RONNHAG, "Långa avstånd mellan husen.",
           "Schemat läggs om.", "Färre lokalbyten",
           {2024: "Sena ankomster per vecka gick från 58 till 31 enligt skolans egen räkning."},
           owner_role="Rektor"),
    Remark("frånvaro", (2021, 2022, 2023, 2024, 2025, 2026),
           "Många elever har hög frånvaro utan påbörjad utredning.",
           None, "Rutinen följs olika på skolorna.", "Utredning ska påbörjas inom fyra veckor.",
           "Närvarotrappa",
           claim="Samarbetet med elevhälsan har blivit bättre.", next_step="Redovisa andel utredda per skola",
           owner_role="Chef för elevhälsan", goal_id="N06"),
    Remark("frånvaro", (2022, 2023, 2025, 2026), "Frånvaron är högst i kommunen.", WEAK_SCHOOL,
           decision="Särskild uppföljning varje månad.", effort="Närvaroteam", owner_role="Rektor",
           goal_id="N06"),
    Remark("frånvaro", (2023, 2024), "Frånvaron ökade när skolan skulle läggas ned.", CLOSED_SCHOOL,
           "Oro inför flytten."),
    Remark("frånvaro", (2024, 2026), "Få elever gör att enstaka fall syns tydligt.", SMALL_SCHOOL),
    Remark("andel förskollärare", (2021, 2022, 2023, 2024, 2025, 2026),
           "Andelen legitimerade förskollärare minskar.",
           None, "Fler går i pension än som utbildas i länet.", "Plan för kompetensförsörjning antagen.",
           "Utbildning av barnskötare på arbetstid", next_step="Avtal med lärosäte",
           owner_role="HR-chef", goal_id="N09"),
    Remark("andel förskollärare", (2023, 2024, 2025), "En förskollärare på två avdelningar.", DAGGKAPA,
           effort="Delad tjänst mellan två förskolor"),
    Remark("andel förskollärare", (2022, 2024), "Svårt att rekrytera till Norra området.", KOTTLYCKAN,
           "Långa resvägar.", "Rekryteringstillägg prövas.", "Tillägg och resebidrag", owner_role="HR-chef"),
    Remark("kompetensutveckling", (2021, 2022, 2023), "Tid saknas för gemensam kompetensutveckling.", None,
           "Studiedagarna användes till annat.", "Två dagar per år avsätts.", "Gemensamma studiedagar",
           {2023: "Andelen lärare som deltog gick från 61 till 88 procent."}, owner_role="HR-chef",
           goal_id="N09"),
    Remark("kompetensutveckling", (2025, 2026), "Fritidshemmens personal har få utbildningar.", None,
           decision="Ingår i planen från 2025.", next_step="Utbildning i två steg", owner_role="HR-chef",
           goal_id="N09"),
    Remark("kompetensutveckling", (2022, 2023), "Nya lärare saknar mentor.", MOSSBRYN, owner_role="Rektor",
           effort="Mentorer från grannskola"),
    Remark("likvärdig bedömning", (2022, 2023, 2024, 2025, 2026),
           "Betygen i matematik är oftare högre än provbetygen.",
           None, "Ämneslagen är små och bedömer var för sig.", "Prov rättas gemensamt.",
           "Sambedömning i tre ämnen",
           next_step="Följa skillnaden per skola", owner_role="Verksamhetschef grundskola", goal_id="N04"),
    Remark("likvärdig bedömning", (2024, 2025), "Stor skillnad mellan betyg och prov i svenska.",
           RENAMED_SCHOOL,
           effort="Extern medbedömare"),
    Remark("likvärdig bedömning", (2022, 2023), "Bedömningen skiljer mellan två arbetslag.", HARSTEN,
           "Arbetslagen använder olika material.", "Gemensamt material.", "Bedömningsstöd",
           {2023: "Båda arbetslagen använder samma material enligt rektors uppföljning."},
           owner_role="Rektor"),
    Remark("språkutveckling", (2021, 2023, 2024, 2025, 2026), "Barn kommer till skolan med svag svenska.",
           None,
           "Fler barn deltar få timmar i förskolan.", "Språkplan för alla förskolor.", "Högläsning varje dag",
           claim="Personalen ser att barnens ordförråd växer.", next_step="Kartläggning inför skolstart",
           owner_role="Verksamhetschef förskola", goal_id="N05"),
    Remark("språkutveckling", (2025, 2026), "Studiehandledning på modersmål räcker inte till.", VINDBRYN,
           decision="Tjänst utlyses.", owner_role="Rektor", goal_id="N04"),
    Remark("språkutveckling", (2023, 2024), "Läsningen i årskurs 1 behöver följas tätare.", TRANLYCKE,
           effort="Läsverkstad", told={2024: "Två avstämningar per läsår genomförs nu, mot en tidigare."},
           owner_role="Rektor", goal_id="N05"),
    Remark("studiero", (2022, 2024, 2025, 2026), "Tydliga rutiner ger lugna lektioner.", STRONG_SCHOOL,
           kind="strength"),
    Remark("språkutveckling", (2024, 2026), "Språkarbetet är väl genomtänkt.", MANVIOL, kind="strength"),
    Remark("frånvaro", (2025, 2026), "Utredningar påbörjas snabbt.", STRONG_SCHOOL, kind="strength"),
)  # fmt: skip


def findings(actions: Sequence[Action]) -> pd.DataFrame:
    """One row per remark and year, with the year's first action for the same goal and unit if any."""
    rows = [row for number, remark in enumerate(REMARKS, start=1) for row in _rows(number, remark, actions)]
    return frame("findings", rows)


def _rows(number: int, remark: Remark, actions: Sequence[Action]) -> Iterator[dict[str, object]]:
    for place, year in enumerate(remark.years):
        # The first year nothing has been done yet, and nobody has asked why.
        is_new = place == 0
        yield {
            "finding_id": f"P{number:02d}-{year}",
            "year": year,
            "theme": remark.theme,
            "unit_id": remark.unit_id,
            "kind": remark.kind,
            "text": remark.text,
            "cause": None if is_new else remark.cause,
            "decision": None if is_new else remark.decision,
            "action_id": None if is_new else _action_for(remark, year, actions),
            "effort": None if is_new else remark.effort,
            "effect": (remark.told or {}).get(year),
            "claim": remark.claim if year == remark.years[-1] else None,
            "next_step": remark.next_step if year >= 2024 else None,
            "owner_role": remark.owner_role,
            "due_date": dt.date(year + 1, 6, 15) if remark.next_step and year >= 2024 and place % 2 else None,
            "source_id": "exempel-kvalitet",
        }


def _action_for(remark: Remark, year: int, actions: Sequence[Action]) -> str | None:
    if remark.goal_id is None:
        return None
    fitting = [
        action
        for action in actions
        if action.year == year
        and action.goal.goal_id == remark.goal_id
        and action.unit_id in (remark.unit_id, None)
    ]
    return (
        min(fitting, key=lambda action: (action.unit_id is None, action.action_id)).action_id
        if fitting
        else None
    )
