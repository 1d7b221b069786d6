"""Pictures for paper: gaps kept, the same in every thread, nothing loaded before it is needed."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from pages.parts.pieces import Chart, Series
from pages.parts.reports import axes, pictures
from pages.parts.reports.looks import LOOKS
from tests.pages.reports import packs

CHARTS = [packs.lines(), packs.bars(), packs.paired_bars(), packs.stacked(), packs.radar()]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.kind)
def test_pictures_are_drawn_on_white_with_ink(chart: Chart) -> None:
    drawn = Image.open(io.BytesIO(pictures.png(chart, 60))).convert("L")
    assert drawn.getpixel((0, 0)) == 255
    assert drawn.getextrema()[0] < 128
    assert pictures.svg(chart).startswith("<?xml")


def test_pictures_of_many_threads_are_those_of_one() -> None:
    alone = [pictures.png(chart, 40) for chart in CHARTS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda chart: pictures.png(chart, 40), CHARTS * 3)) == alone * 3


def test_a_gap_is_not_drawn_over() -> None:
    whole = Chart("lines", ("a", "b", "c"), (Series("x", (1.0, 1.0, 1.0)),), low=0, high=2)
    gap = Chart("lines", ("a", "b", "c"), (Series("x", (1.0, None, 1.0)),), low=0, high=2)
    assert ink_between(gap) < ink_between(whole) / 4


def ink_between(chart: Chart) -> int:
    """Dark dots in the middle of the figure, where the second of three values is."""
    drawn = Image.open(io.BytesIO(pictures.png(chart, 100))).convert("L")
    middle = drawn.crop((230, 60, 330, 230))
    return sum(count for dark, count in enumerate(middle.histogram()) if dark < 100)


def test_roles_are_told_apart_without_colour() -> None:
    for group in (("own", "comparison", "third", "target"), ("met", "partly", "not_met", "not_assessed")):
        looks = [LOOKS[role] for role in group]
        assert len({look.dash for look in looks}) == len({look.marker for look in looks}) == len(group)
        assert len({look.fill for look in looks}) == len(group)


@pytest.mark.parametrize(("low", "high"), [(0.0, 100.0), (80.5, 86.5), (-1.4, 0.3), (0.0, 123456.0)])
def test_guides_are_few_even_and_within_the_axis(low: float, high: float) -> None:
    found = axes.ticks(low, high)
    assert 2 <= len(found) <= axes.MOST_STEPS + 1
    assert low - 1e-9 <= found[0] and found[-1] <= high + 1e-9
    assert {round(later - earlier, 9) for earlier, later in zip(found, found[1:], strict=False)} == {
        round(axes.step(low, high), 9)
    }


def test_no_library_of_a_format_is_loaded_before_a_file_is_asked_for() -> None:
    asked = (
        "import sys, pages.parts.reports.formats; "
        "print(sorted({'pptx', 'docx', 'typst', 'matplotlib', 'fontTools'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
