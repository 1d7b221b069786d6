"""Where the invented municipalities lie on each Kolada indicator: plausible levels, no real values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCHOOL_YEARS = (2021, 2022, 2023, 2024, 2025, 2026)
ODD_YEARS = (2021, 2023, 2025)
# Spring 2021 had no national tests.
TEST_YEARS = (2022, 2023, 2024, 2025, 2026)
# What belongs to a calendar year is published the year after.
CALENDAR_YEARS = (2021, 2022, 2023, 2024, 2025)


@dataclass(frozen=True)
class Level:
    """mean and spread over municipalities in 2021, change a year, and how far girls lie above boys (gap).

    has_own_upper_secondary: only municipalities that run an upper secondary school of their own can have a value.
    """

    mean: float
    spread: float
    trend: float = 0.0
    gap: float | None = None
    years: tuple[int, ...] = SCHOOL_YEARS
    direction: int = 1
    lowest: float = 0.0
    highest: float = 100.0
    decimals: int = 1
    small_cells: float = 0.0
    has_own_upper_secondary: bool = False
    is_cost: bool = False


def _cost(mean: float, spread: float, trend: float, *, has_own_upper_secondary: bool = False) -> Level:
    """Kronor a pupil and calendar year: neither high nor low is good."""
    return Level(
        mean,
        spread,
        trend,
        years=CALENDAR_YEARS,
        direction=0,
        highest=2 * mean,
        decimals=0,
        has_own_upper_secondary=has_own_upper_secondary,
        is_cost=True,
    )


LEVELS: Mapping[str, Level] = {
    "N11008": _cost(168_000, 11_000, 6_000),
    "N11010": Level(5.2, 0.4, -0.03, direction=-1, highest=8),
    "N11032": _cost(171_000, 12_000, 6_000),
    "N11050": Level(46, 9, -0.4),
    "N11051": Level(36, 12, -0.2, small_cells=0.12),
    "N11052": Level(48, 10, -0.4),
    "N11102": Level(5.3, 0.4, -0.03, direction=-1, highest=8),
    "N11810": Level(42, 9, -0.4),
    "N11821": Level(94.5, 2.6, 0.3, highest=99.4),
    "N15008": _cost(128_000, 11_000, 4_300),
    "N15027": _cost(126_000, 10_000, 4_200),
    "N15030": Level(84, 5, -0.3, 4),
    "N15034": Level(11.8, 1.1, 0.05, direction=-1, highest=20),
    "N15419": Level(72, 8, -0.3, 7),
    "N15428": Level(83.5, 5.5, -0.3, 2),
    "N15436": Level(82.5, 6, -0.3, 4),
    "N15452": Level(72, 6.5, -0.2, 9, TEST_YEARS),
    "N15454": Level(65, 7, -0.2, 1, TEST_YEARS),
    "N15485": Level(87, 4.5, -0.2, 2, small_cells=0.03),
    "N15488": Level(91, 3.5, -0.2, 6, small_cells=0.04),
    "N15505": Level(221, 13, 0.3, 26, highest=320),
    "N15540": Level(77, 6, -0.3, 6),
    "N15569": Level(9, 4, -0.1, -3, TEST_YEARS, 0, 0.5, small_cells=0.08),
    "N15570": Level(27, 7, 0.2, 7, TEST_YEARS, 0, small_cells=0.05),
    "N15571": Level(2.5, 1.0, 0.0, -0.5, TEST_YEARS, 0, 0.3, small_cells=0.3),
    "N15572": Level(38, 9, 0.4, 7, TEST_YEARS, 0, small_cells=0.03),
    "N15573": Level(12, 4.5, -0.1, -5, TEST_YEARS, 0, 0.5, small_cells=0.06),
    "N15574": Level(15, 5, 0.1, 4, TEST_YEARS, 0, 0.5, small_cells=0.06),
    "N15603": Level(62, 6.5, -0.2, -6, ODD_YEARS, small_cells=0.05),
    "N15613": Level(84, 4, -0.4, -7, ODD_YEARS, small_cells=0.05),
    "N15614": Level(79, 5, -0.3, -4, ODD_YEARS, small_cells=0.05),
    "N15629": Level(74, 6, -0.3, -3, ODD_YEARS, small_cells=0.05),
    "N15633": Level(57, 6.5, -0.2, -8, ODD_YEARS, small_cells=0.05),
    "N15643": Level(79, 5, -0.4, -10, ODD_YEARS, small_cells=0.05),
    "N15644": Level(63, 6, -0.3, -9, ODD_YEARS, small_cells=0.05),
    "N15659": Level(60, 7, -0.3, -6, ODD_YEARS, small_cells=0.05),
    "N15722": Level(91, 3.2, -0.2, -2, small_cells=0.04),
    "N15813": Level(70, 6.5, -0.2),
    "N15814": Level(71, 6.5, -0.2),
    "N15816": Level(55, 9, 0.7, direction=0),
    "N15820": Level(54, 9, 0.8, direction=0),
    "N15823": Level(
        6.5, 2.4, -0.3, direction=0, years=(2021, 2022, 2023, 2024, 2025), lowest=0.8, small_cells=0.15
    ),
    "N15902": Level(7, 2.5, -0.3, -0.6, direction=0, lowest=0.8, small_cells=0.05),
    "N17005": _cost(142_000, 9_000, 4_000),
    "N17007": _cost(138_000, 14_000, 4_300, has_own_upper_secondary=True),
    "N17461": Level(72.5, 5, 0.3, 5),
    "N17467": Level(73, 6, 0.3, 5, small_cells=0.06, has_own_upper_secondary=True),
    "N17538": Level(52, 8, 0.1, 15),
    "N17625": Level(8, 2.4, 0.2, -2.5, direction=-1, lowest=1),
    "N17663": Level(68, 6, -0.2, -4, ODD_YEARS, small_cells=0.25, has_own_upper_secondary=True),
    "N17673": Level(87, 4, -0.2, -5, ODD_YEARS, small_cells=0.25, has_own_upper_secondary=True),
    "N17691": Level(
        14.1, 0.5, 0.02, 0.9, lowest=10, highest=20, small_cells=0.06, has_own_upper_secondary=True
    ),
    "N17813": Level(79, 8, 0.2, small_cells=0.08),
    "N17826": Level(84, 5, -0.2, has_own_upper_secondary=True),
    "U15200": Level(78.5, 2.6, 0.1, 1.5),
    "U15461": Level(0.5, 3.6, 0.0, direction=1, years=(2021, 2022, 2023, 2024), lowest=-15, highest=15),
}
