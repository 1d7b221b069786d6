"""The invented municipality's units, its invented neighbours, and the sources that its figures name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from queries.intake.example.frames import MUNICIPALITY_ID, frame

YEARS = range(2021, 2027)
COUNTRY_ID = "9900"
COUNTY = "Exempellän"


@dataclass(frozen=True)
class Unit:
    """One unit. yearly_intake is pupils a grade, or children in all for a preschool; strength is in standard
    deviations from an ordinary unit, so that one school can be weak and one strong for years."""

    unit_id: str
    name: str
    school_form: str
    area: str
    grades: tuple[int, int]
    yearly_intake: int
    strength: float
    opened_year: int
    closed_year: int | None = None
    successor_unit_id: str | None = None

    def is_open(self, year: int) -> bool:
        """Whether the unit had pupils in the school year that ends in year."""
        return self.closed_year is None or year <= self.closed_year

    def has_grade(self, grade: int) -> bool:
        """Whether the unit teaches this grade of compulsory school."""
        return self.school_form == "grundskola" and self.grades[0] <= grade <= self.grades[1]

    def name_in(self, year: int) -> str:
        """The name the unit had in a year."""
        return OLD_NAME if self.unit_id == RENAMED_SCHOOL and year < 2024 else self.name


NORTH, SOUTH, MIDDLE = "Norra", "Södra", "Mellersta"
STRONG_SCHOOL = "19901101"
WEAK_SCHOOL = "19901103"
SMALL_SCHOOL = "09901108"
CLOSED_SCHOOL = "09901109"
SUCCESSOR_SCHOOL = "19901106"
RENAMED_SCHOOL = "09901110"
UPPER_SECONDARY = "19901301"
OLD_NAME = "Gamla Gläntvägens skola"

SCHOOLS = (
    Unit(STRONG_SCHOOL, "Silverängsbrynets skola", "grundskola", SOUTH, (1, 9), 58, 1.3, 1998),
    Unit("19901102", "Vindbrynsskolan", "grundskola", MIDDLE, (7, 9), 96, 0.1, 1974),
    Unit(WEAK_SCHOOL, "Ljungtjärnshöjdens skola", "grundskola", NORTH, (1, 9), 46, -1.5, 1969),
    Unit("19901104", "Harstensbackens skola", "grundskola", MIDDLE, (1, 6), 44, 0.3, 1981),
    Unit("09901105", "Mossbrynets skola", "grundskola", NORTH, (1, 6), 27, -0.5, 1962),
    Unit(SUCCESSOR_SCHOOL, "Klockängslidens skola", "grundskola", SOUTH, (1, 6), 42, 0.4, 1988),
    Unit("19901107", "Tranlyckehagens skola", "grundskola", SOUTH, (1, 6), 25, 0.6, 2009),
    Unit(SMALL_SCHOOL, "Utskärsviksskolan", "grundskola", NORTH, (1, 9), 8, 0.0, 1955),
    Unit(
        CLOSED_SCHOOL,
        "Kvarnlyckestigens skola",
        "grundskola",
        SOUTH,
        (1, 6),
        15,
        -0.4,
        1958,
        2024,
        SUCCESSOR_SCHOOL,
    ),
    Unit(RENAMED_SCHOOL, "Gläntviksbackens skola", "grundskola", MIDDLE, (1, 9), 38, -0.2, 1977),
    Unit("19901111", "Rönnhagslidens skola", "grundskola", SOUTH, (7, 9), 68, 0.2, 1993),
)
PRESCHOOLS = tuple(
    Unit(
        f"{'0' if number % 3 else '1'}99012{number:02d}",
        f"Förskolan {name}",
        "forskola",
        area,
        (0, 0),
        size,
        strength,
        opened,
    )
    for number, (name, area, size, strength, opened) in enumerate(
        (
            ("Kottlyckan", NORTH, 62, -0.6, 1979),
            ("Humlebrynet", NORTH, 48, 0.2, 1985),
            ("Myrstigsgläntan", NORTH, 34, -0.3, 1972),
            ("Daggkåpsbrynet", NORTH, 71, -0.9, 1991),
            ("Barrlundsstigen", NORTH, 55, 0.1, 2004),
            ("Utskärsvikens småfrö", NORTH, 17, 0.4, 1990),
            ("Lyktgläntan", MIDDLE, 84, 0.0, 2012),
            ("Månviolsbacken", MIDDLE, 66, 0.5, 1996),
            ("Gräshoppslyckan", MIDDLE, 58, -0.2, 1983),
            ("Ormbunksstigen", MIDDLE, 92, 0.3, 2018),
            ("Vattenspegelsgården", MIDDLE, 45, 0.7, 2001),
            ("Kastvindsbrynet", MIDDLE, 51, -0.4, 1976),
            ("Silverängsfröet", SOUTH, 77, 1.1, 2015),
            ("Trollsländebrynet", SOUTH, 63, 0.6, 2007),
            ("Klockängsfröet", SOUTH, 80, 0.2, 1999),
            ("Tranlyckefröet", SOUTH, 49, 0.8, 2010),
            ("Rönnhagsfröet", SOUTH, 57, -0.1, 1994),
            ("Nattviolslyckan", SOUTH, 40, -0.7, 1968),
        ),
        start=1,
    )
)
HIGH_SCHOOL = Unit(
    UPPER_SECONDARY, "Strandängslidens gymnasium", "gymnasieskola", MIDDLE, (0, 0), 112, 0.0, 1971
)
UNITS = (*SCHOOLS, *PRESCHOOLS, HIGH_SCHOOL)

# Invented neighbours: name, county and size (inhabitants in hundreds), which only weighs the country's mean.
NEIGHBOURS = (
    ("Almvidsta", COUNTY, 310), ("Björkstenshamn", COUNTY, 840), ("Dalbrynge", COUNTY, 140),
    ("Ekbrovallen", COUNTY, 520), ("Furutjärna", COUNTY, 95), ("Granlyckeby", COUNTY, 260),
    ("Havstensvik", COUNTY, 180), ("Klarängsbro", COUNTY, 1250), ("Lindvassa", COUNTY, 410),
    ("Askmosseby", "Norra exempellän", 60), ("Blåtjärnsvalla", "Norra exempellän", 45),
    ("Drivmosse", "Norra exempellän", 75), ("Fjällängsby", "Norra exempellän", 110),
    ("Gråstensforsa", "Norra exempellän", 230), ("Isbrynsås", "Norra exempellän", 52),
    ("Kallvattna", "Norra exempellän", 88), ("Myrlunda", "Norra exempellän", 67),
    ("Norrtjärnsbo", "Norra exempellän", 720), ("Renstigsby", "Norra exempellän", 38),
    ("Ängsvidköping", "Västra exempellän", 980), ("Bergslyckan", "Västra exempellän", 150),
    ("Fiskstensund", "Västra exempellän", 270), ("Havrebrynge", "Västra exempellän", 340),
    ("Kvarnvidsta", "Västra exempellän", 190), ("Ljungvassa", "Västra exempellän", 220),
    ("Måsvikshamn", "Västra exempellän", 460), ("Rönnlyckeby", "Västra exempellän", 125),
    ("Skärbrovik", "Västra exempellän", 560), ("Storvassa", "Västra exempellän", 2100),
    ("Vindängsby", "Västra exempellän", 170),
    ("Aspvidsta", "Östra exempellän", 240), ("Brofjärdshamn", "Östra exempellän", 660),
    ("Gläntbrynge", "Östra exempellän", 130), ("Hasselvalla", "Östra exempellän", 390),
    ("Kornlyckan", "Östra exempellän", 105), ("Lövstensköping", "Östra exempellän", 1480),
    ("Rågbrynsås", "Östra exempellän", 85), ("Sandvidsvik", "Östra exempellän", 300),
    ("Tuvmosse", "Östra exempellän", 72), ("Vassängsbro", "Östra exempellän", 350),
)  # fmt: skip
OWN_SIZE = 290
RETRIEVED = dt.date(2026, 11, 19)
NEIGHBOUR_IDS = tuple(f"99{number:02d}" for number in range(2, 2 + len(NEIGHBOURS)))
SIZES: Mapping[str, int] = {
    MUNICIPALITY_ID: OWN_SIZE,
    **{code: size for code, (_, _, size) in zip(NEIGHBOUR_IDS, NEIGHBOURS, strict=True)},
}
SIMILAR = ("9902", "9907", "9910", "9923", "9932", "9939", "9941")
OWN_GROUP = ("9903", "9905", "9909", "9928", "9933")

_SOURCES = (
    ("register", "enhetsregister", dt.date(2026, 9, 15), "Enheter, namn och områden."),
    (
        "malplan",
        "mål- och verksamhetsplan 2021–2026",
        dt.date(2025, 12, 10),
        "Mål, indikatorer och målvärden.",
    ),
    ("forbattringsplan", "förbättringsplan 2021–2026", dt.date(2026, 1, 20), "Förbättringsområden per år."),
    ("maluppfyllelse", "förvaltningens måluppföljning", dt.date(2026, 10, 14), "2026 avser Delrapport 2."),
    ("skolbedomning", "skolornas egna bedömningar av prioriterade mål", dt.date(2026, 9, 30), None),
    ("betyg", "betyg och nationella prov per skola", dt.date(2026, 9, 25), None),
    (
        "franvaro",
        "frånvaro per skola och läsår",
        dt.date(2026, 8, 20),
        "Nytt sätt att registrera från januari 2023.",
    ),
    (
        "enkat",
        "kommunens egen enkät",
        dt.date(2026, 6, 12),
        "Elever i åk 4–9 och vårdnadshavare i förskolan.",
    ),
    ("elevenkat", "statlig elevenkät vartannat år", dt.date(2025, 9, 1), "Åk 5, åk 8 och gymnasiet år 2."),
    ("personal", "personal och sjukfrånvaro per enhet", dt.date(2026, 10, 20), None),
    (
        "medarbetarenkat",
        "kommunens medarbetarenkät",
        dt.date(2026, 4, 30),
        "Svar från grundskolornas medarbetare.",
    ),
    ("klagomal", "klagomålsregister", dt.date(2026, 9, 10), None),
    ("krankningar", "anmälda kränkningar per enhet", dt.date(2026, 9, 10), None),
    ("nyckeltal", "nyckeltal för hela kommunen", dt.date(2026, 10, 5), None),
    ("bokslut", "bokslut per resultatenhet", dt.date(2026, 2, 25), None),
    (
        "prognos",
        "helårsprognos 2026 per resultatenhet",
        dt.date(2026, 11, 10),
        "Prognos efter oktober, inget bokslut.",
    ),
    ("manad", "månadsuppföljning per enhet", dt.date(2026, 11, 12), None),
    ("verksamhetsplan", "verksamhetsplan med aktiviteter och uppdrag", dt.date(2026, 1, 15), None),
    (
        "uppfoljning",
        "uppföljning av verksamhetsplanen",
        dt.date(2026, 10, 14),
        "Läget vid varje rapporttillfälle.",
    ),
    ("arshjul", "rapporttillfällen per år", dt.date(2025, 11, 19), None),
    ("kvalitet", "påpekanden i kvalitetsrapporter", dt.date(2026, 10, 7), None),
    ("diarium", "nämndens diarium och protokoll", dt.date(2026, 11, 18), None),
    ("handelser", "händelser som påverkar jämförbarheten", dt.date(2026, 9, 15), None),
    ("dialogmoten", "anteckningar från dialogmöten", dt.date(2026, 11, 5), None),
    ("jamforelse", "nyckeltal för påhittade kommuner", dt.date(2026, 10, 5), "Ingen verklig kommun ingår."),
    ("grupper", "jämförelsegrupper av påhittade kommuner", dt.date(2026, 1, 31), None),
)


def place_tables() -> dict[str, pd.DataFrame]:
    """sources, municipalities, municipality_groups, units and unit_names."""
    return {
        "sources": frame("sources", map(_source, _SOURCES)),
        "municipalities": _municipalities(),
        "municipality_groups": _groups(),
        "units": frame("units", map(_unit, UNITS)),
        "unit_names": frame("unit_names", [name for unit in UNITS for name in _names(unit)]),
    }


def _source(row: tuple[str, str, dt.date, str | None]) -> dict[str, object]:
    key, title, published, note = row
    return {
        "source_id": f"exempel-{key}",
        "is_official": False,
        "title": f"Påhittade uppgifter: {title}",
        "publisher": "Exempelkommunen (påhittad)",
        "published_date": published,
        "retrieved_date": RETRIEVED,
        "note": note,
    }


def _municipalities() -> pd.DataFrame:
    shared = {"register": "exempel", "has_own_data": False}
    country = {"municipality_id": COUNTRY_ID, "name": "Exempelriket", "kind": "country", **shared}
    own = {
        "municipality_id": MUNICIPALITY_ID,
        "name": "Exempelkommunen",
        "kind": "municipality",
        "county": COUNTY,
        **shared,
        "has_own_data": True,
        "committee": "Barn- och utbildningsnämnden",
    }
    others = [
        {"municipality_id": code, "name": name, "kind": "municipality", "county": county, **shared}
        for code, (name, county, _) in zip(NEIGHBOUR_IDS, NEIGHBOURS, strict=True)
    ]
    return frame("municipalities", [country, own, *others])


def _groups() -> pd.DataFrame:
    in_county = [
        code for code, (_, county, _) in zip(NEIGHBOUR_IDS, NEIGHBOURS, strict=True) if county == COUNTY
    ]
    groups = (
        (
            "exempel-liknande-grundskola-2025",
            "Liknande kommuner grundskola (påhittade), 2025",
            "similar",
            2025,
            SIMILAR,
        ),
        ("exempel-lan", "Exempellän", "county", None, (MUNICIPALITY_ID, *in_county)),
        ("exempel-egen", "Nätverket Ängsbygd (påhittat)", "own", None, OWN_GROUP),
    )
    return frame(
        "municipality_groups",
        [
            {
                "group_id": group_id,
                "title": title,
                "kind": kind,
                "vintage": vintage,
                "for_municipality_id": MUNICIPALITY_ID,
                "member_id": member,
                "source_id": "exempel-grupper",
            }
            for group_id, title, kind, vintage, members in groups
            for member in members
        ],
    )


def _unit(unit: Unit) -> dict[str, object]:
    return {
        "unit_id": unit.unit_id,
        "name": unit.name,
        "school_form": unit.school_form,
        "operator": "kommunal",
        "area": unit.area,
        "opened_year": unit.opened_year,
        "closed_year": unit.closed_year,
        "successor_unit_id": unit.successor_unit_id,
        "source_id": "exempel-register",
    }


def _names(unit: Unit) -> list[dict[str, object]]:
    first = YEARS[0]
    if unit.unit_id == RENAMED_SCHOOL:
        return [
            {"unit_id": unit.unit_id, "name": OLD_NAME, "from_year": first, "to_year": 2023},
            {"unit_id": unit.unit_id, "name": unit.name, "from_year": 2024},
        ]
    return [{"unit_id": unit.unit_id, "name": unit.name, "from_year": first, "to_year": unit.closed_year}]
