"""Every published export at hand, in one sitting: which reader takes it, what comes of it, and that it stays published.

The files are uploaded in the order an analyst would take them: first whom to follow, then registers and schools, then
figures. Each is published before the next is looked at.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries import goals, permits
from queries.connection import Exports, Library
from queries.intake import drafts, publishing, worker
from queries.intake.outcome import Outcome
from queries.intake.reading import Options
from queries.intake.templates import template_of
from queries.versions import EMBEDDED, Store

TODAY = date(2026, 11, 22)
# Municipalities that the files are about, beside the four that ship with the project.
FOLLOWED = {"1384": "Kungsbacka", "1440": "Ale", "0114": "Upplands Väsby"}
NP = "Grundskola - Resultat nationella prov årskurs 9, provbetyg per kön - Engelska, Matematik och Svenska_svenska som andraspråk"
GRADE_6 = "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E)"
PLAN = {
    "municipality_id": "0580",
    "year": 2020,
    "report_date": "2020-12-31",
    "report_name": "Uppföljning av verksamhetsplan 2020",
    "report_point": "Verksamhetsberättelse",
}
# File → reader, verdict. Warnings are true leaps: few pupils, a test year that went wrong, a school that grew. Those at the end hold nothing new, or nothing that can be published.
FILES = {
    "kolada/municipality.csv": ("kolada_register", "accepted"),
    "kolada/municipality_groups_skola.csv": ("kolada_register", "accepted"),
    "skolverket/Grundskolan - Antal elever per årskurs 2009 Skolenhet.csv": ("skolverket", "accepted"),
    "skolverket/Grundskolan - Antal elever per årskurs 2019 Skolenhet.csv": ("skolverket", "accepted"),
    "skolverket/Grundskolan - Antal elever per årskurs 2020 Skolenhet.csv": ("skolverket", "warnings"),
    "skolverket/Grundskolan - Antal elever per årskurs 2021 Skolenhet.csv": ("skolverket", "warnings"),
    "skolverket/Grundskolan - Antal elever per årskurs 2022 Skolenhet.csv": ("skolverket", "warnings"),
    "skolverket/Grundskolan - Antal elever per årskurs 2023 Skolenhet.csv": ("skolverket", "accepted"),
    "skolverket/Grundskola - Antal elever per årskurs 2024 Kommun.csv": ("skolverket", "accepted"),
    "skolverket/Grundskola - Slutbetyg årskurs 9, samtliga elever 2025 Skolenhet (omsparad i Excel).csv": ("skolverket", "accepted"),
    f"skolverket/{GRADE_6}, samtliga elever 2020 Kommun.csv": ("skolverket", "accepted"),
    f"skolverket/{GRADE_6}, samtliga elever 2023 Kommun.csv": ("skolverket", "accepted"),
    f"skolverket/{GRADE_6}, samtliga elever 2024 Kommun.csv": ("skolverket", "accepted"),
    f"skolverket/{GRADE_6}, samtliga elever 2025 Kommun.csv": ("skolverket", "accepted"),
    f"skolverket/{GRADE_6}, per kön 2025 Kommun.csv": ("skolverket", "accepted"),
    f"skolverket/{GRADE_6}, per kön 2025 Kommun.xlsx": ("skolverket", "accepted"),
    "skolverket/Grundskola - Jämförelse av ämnesbetyg över tid 2025 Kommun_Åk9.csv": ("skolverket", "warnings"),
    "skolverket/Grundskola - Personalstatistik med lärarlegitimation och behörighet 2023 Kommun.csv": ("skolverket", "accepted"),
    f"skolverket/{NP} 2018 Kommun.csv": ("skolverket", "accepted"),
    f"skolverket/{NP} 2019 Kommun.csv": ("skolverket", "warnings"),
    f"skolverket/{NP} 2023 Kommun.csv": ("skolverket", "warnings"),
    f"skolverket/{NP} 2024 Kommun.csv": ("skolverket", "warnings"),
    "skolverket/behorighet_grundskola_2024_25.csv": ("skolverket", "accepted"),
    "skolverket/gymnasiet-avgangselever-2024-25-kungsbacka-UTDRAG.csv": ("skolverket", "accepted"),
    "skolverket/salsa-2018-19-RUBRIKER.csv": ("skolverket", "accepted"),
    "skolverket/skolenkaten-elever-ak8-2022-utdrag.xlsx": ("skolenkaten", "accepted"),
    "skolverket/skolenheter_sthlm_uppsala_2024-12-12.parquet": ("skolverket_api", "warnings"),
    "skolverket/planned-educations-80509560-statistics_gr.json": ("skolverket_api", "accepted"),
    "kolada/salsa_2024_enheter.json": ("salsa", "accepted"),
    "kolada/example_spider_2018.csv": ("kolada", "accepted"),
    "kolada/2024-01-30_KOLADA_data_raw.parquet": ("kolada", "accepted"),
    "kolada/2024-12-12_KOLADA_data_raw.parquet": ("kolada", "accepted"),
    "kolada/kolada_skola_municipality_values.parquet": ("kolada", "accepted"),
    "kolada/sample_14_kommuner.csv": ("kolada", "unchanged"),
    "kolada/kpi_metadata_utbildning.csv": ("kolada_register", "accepted"),
    "kolada/coverage.csv": ("", "rejected"),
    "linkoping-verksamhetsplan-2020.csv": ("plans", "accepted"),
}  # fmt: skip


class Sitting:
    """An analyst's store, and what became of each file."""

    def __init__(self, folder: Path) -> None:
        self.store = Store((EMBEDDED, folder))
        self.outcomes: dict[str, Outcome] = {}

    def hand_in(self, path: Path, name: str, **said: Any) -> Outcome:
        """Check a file and publish it when it may be published."""
        folder = drafts.new_draft_folder(self.store)
        shutil.copy(path, folder / "original")
        base = self.store.newest_whole().manifest.version
        outcome = worker.examine(folder, worker.Request(name, Options(TODAY, **said), self.store, base))
        if outcome.draft_id:
            publishing.publish(
                self.store,
                outcome.draft_id,
                permit=permits.operator("publish"),
                note=name,
                accept_warnings=True,
            )
        else:
            drafts.discard(self.store, folder.name)
        self.outcomes[name] = outcome
        return outcome


@pytest.fixture(scope="module")
def sitting(shared_input: Path, tmp_path_factory: pytest.TempPathFactory) -> Sitting:
    """All files handed in, one after the other."""
    here = tmp_path_factory.mktemp("sitting")
    sitting = Sitting(here / "exports")
    (here / "kommuner.csv").write_bytes(followed_municipalities())
    assert sitting.hand_in(here / "kommuner.csv", "kommuner.csv").verdict == "accepted"
    for name in FILES:
        said: Mapping[str, Any] = PLAN if name.startswith("linkoping") else {}
        sitting.hand_in(shared_input / name, name, **said)
    return sitting


@pytest.fixture(scope="module")
def published(sitting: Sitting) -> Exports:
    """The version that all files together made."""
    return Library(sitting.store).open()


def followed_municipalities() -> bytes:
    """The template for municipalities, filled in with those that are to be followed."""
    columns = [column for column in template_of("municipalities").columns]
    cells = {"kind": "municipality", "register": "sverige", "has_own_data": "ja"}
    rows = [
        [{**cells, "municipality_id": code, "name": name}.get(column.name, "") for column in columns]
        for code, name in FOLLOWED.items()
    ]
    lines = [[column.heading for column in columns], *rows]
    return "\r\n".join(";".join(line) for line in lines).encode("utf-8-sig")


def test_the_list_is_of_all_files_there_are(shared_input: Path) -> None:
    there = {path.relative_to(shared_input).as_posix() for path in shared_input.rglob("*") if path.is_file()}
    assert there - {"SOURCES.md"} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_taken_by_its_reader(sitting: Sitting, name: str) -> None:
    outcome = sitting.outcomes[name]
    assert (outcome.reader, outcome.verdict) == FILES[name], outcome.findings[:3]
    assert outcome.verdict == "rejected" or outcome.counts["error"] == 0


@pytest.mark.parametrize(
    ("municipality_id", "indicator_id", "unit_id", "year", "gender", "operator", "value", "n"),
    [
        ("0125", "N15540", None, 2025, "T", "kommunal", 81.0, 369),
        ("0125", "N15540", None, 2025, "K", "kommunal", 78.0, 173),
        ("0117", "N15505", "Tråsättraskolan", 2025, "T", "kommunal", 243.4, 111),
        ("0117", "N15436", "Tråsättraskolan", 2025, "T", "kommunal", 91.9, 111),
        ("0580", "N15436", None, 2025, "T", "alla", None, None),
    ],
)
def test_what_the_files_say_is_what_is_published(
    published: Exports, municipality_id: str, indicator_id: str, unit_id: str | None, year: int, gender: str,
    operator: str, value: float | None, n: int | None,
) -> None:  # fmt: skip
    cursor = published.connection.cursor()
    cursor.execute(f"use {published.database}")
    found = cursor.execute(
        "select value, n from outcomes left join units using (municipality_id, unit_id) "
        "where municipality_id = ? and indicator_id = ? and units.name is not distinct from ? and year = ? "
        "and gender = ? and outcomes.operator = ?",
        [municipality_id, indicator_id, unit_id, year, gender, operator],
    ).fetchall()
    assert len(found) == 1
    assert value is None or found == [(value, n)]


def test_golden_numbers_stand_after_all_uploads(published: Exports) -> None:
    tally = goals.goal_tally(published, municipality_id="0125", year=2020).iloc[0]
    assert (tally["met"], tally["partly"], tally["not_met"]) == (7, 6, 4)


def test_every_upload_is_a_version_with_its_original(sitting: Sitting, shared_input: Path) -> None:
    entries = publishing.history(sitting.store)
    published = [name for name, outcome in sitting.outcomes.items() if outcome.draft_id]
    assert [entry.original.name for entry in reversed(entries) if entry.original] == published
    for entry in entries:
        if entry.original and entry.original.name in FILES:
            kept = publishing.original_path(sitting.store, entry.version)
            assert kept and kept.read_bytes() == (shared_input / entry.original.name).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        f"skolverket/{GRADE_6}, per kön 2025 Kommun.xlsx",
        "kolada/kolada_skola_municipality_values.parquet",
        "skolverket/skolenkaten-elever-ak8-2022-utdrag.xlsx",
        "linkoping-verksamhetsplan-2020.csv",
    ],
)
def test_a_file_handed_in_again_changes_nothing(sitting: Sitting, shared_input: Path, name: str) -> None:
    said: Mapping[str, Any] = PLAN if name.startswith("linkoping") else {}
    assert sitting.hand_in(shared_input / name, f"again {name}", **said).verdict == "unchanged"
