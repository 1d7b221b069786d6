"""What a new fetch changes among the values for comparison, told by indicator; at the end two real fetches."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import permits
from queries.connection import settings
from queries.intake import checking, desk, merging, publishing, revisions
from queries.intake.embedded import table_definitions
from queries.intake.outcome import IndicatorChange, Outcome
from queries.intake.reading import Base, Options, Reading, stage
from queries.versions import Manifest, Store
from tests.conftest import write_table
from tests.queries.intake.conftest import TODAY, own_table

KEY = ("indicator_id", "municipality_id", "year", "gender")
# Indicators of the two real fetches that are not about schools: Kolada's own titles of 2026-03-23.
NOT_OF_SCHOOLS = {
    "N00943": "Föräldrapenningdagar som tas ut av män, andel av antal dagar (%)",
    "N00945": "Tillfälliga föräldrapenningdagar (VAB) som tas ut av män, andel av antal dagar (%)",
    "N07907": "Trångboddhet i flerbostadshus, enligt norm 2, andel (%)",
    "N07914": "Trångboddhet i flerbostadshus, enligt norm 3, andel (%)",
    "N09805": "Aktivitetstillfällen för barn och unga i kommunala bibliotek, antal/1000 inv 0-18 år",
    "N09811": "Barnbokslån i kommunala bibliotek, antal/barn 0-17 år",
    "N09890": "Elever i musik- eller kulturskola, 6-15 år, andel (%)",
    "U07417": "Anmälda stöld- och tillgreppsbrott, antal/100 000 inv",
    "U07452": "Anmälda brott om skadegörelse, antal/100 000 inv",
    "U09800": "Deltagartillfällen i idrottsföreningar, antal/inv 7-20 år",
    "U09808": "Deltagartillfällen i idrottsföreningar, antal/inv 13-20 år",
}


def published_rows(base: Base, indicator_id: str, year: int) -> list[dict[str, Any]]:
    """Published values of the invented municipalities as a file would tell them, girls and boys together."""
    columns = ", ".join(f"{name}::text as {name}" for name in (*KEY, "value", "source_id"))
    return base.rows(
        f"select {columns}, nullif(status, '') as status from base.comparison_values where indicator_id = $id "
        "and year = $year and gender = 'T' and municipality_id like '99%' order by municipality_id",
        id=indicator_id,
        year=year,
    )


def told(
    base: Base, rows: Sequence[Mapping[str, Any]], *, replaces: bool = False
) -> tuple[list[str], list[IndicatorChange]]:
    """The sentences and the table about a file with these rows."""
    staged = stage(base.connection, "comparison_values", rows)
    checking.check(base.connection, Reading("test", "Test", staged=[staged]), TODAY, has_typed_numbers=True)
    assert checking.counts(base.connection)["error"] == 0
    assert "comparison_values" in merging.merge(base.connection, [staged], replace=replaces)
    changes = revisions.value_changes(base.connection)
    said = revisions.sentences(base.connection, changes, checking.typed(staged))
    return [each.replace("\u00a0", " ") for each in said], revisions.by_indicator(changes)


def of_values(said: Sequence[str]) -> list[str]:
    return [each for each in said if "fjärdedelen" not in each]


def test_values_that_have_changed_are_counted_among_those_that_could_have(base: Base) -> None:
    rows = published_rows(base, "N15428", 2024)
    assert len(rows) > 30
    rows[3]["value"] = str(float(rows[3]["value"]) + 2.5)
    said, (change,) = told(base, rows)
    assert of_values(said)[0].startswith(f"1 av {len(rows)} värden har ändrats, i 1 nyckeltal: N15428 ")
    assert (change.new, change.changed, change.removed) == (0, 1, 0)
    before, _, after = change.largest.partition(": ")[2].partition(" → ")
    assert float(after.replace(",", ".")) == pytest.approx(float(before.replace(",", ".")) + 2.5)


def test_a_value_that_is_gone_and_one_that_has_come_are_changes_that_say_so(base: Base) -> None:
    rows = published_rows(base, "N15428", 2024)
    rows[3] |= {"value": None, "status": "Privacy"}
    own_table(base, "base.comparison_values")
    base.connection.execute(
        "update base.comparison_values set value = null, status = 'Missing' where indicator_id = 'N15428' "
        "and year = 2024 and gender = 'T' and municipality_id in ($found, $reason)",
        {"found": rows[4]["municipality_id"], "reason": rows[5]["municipality_id"]},
    )
    rows[5] |= {"value": None, "status": "Not applicable"}
    said, (change,) = told(base, rows)
    assert [each.partition(", i ")[0] for each in of_values(said)] == [
        f"2 av {len(rows)} värden har ändrats",
        "1 av de ändrade värdena har tagits tillbaka",
        "1 av de ändrade värdena saknades förut.",
        "1 värde saknas som förut, men av ett annat skäl (bortfall, ej tillämplig eller sekretess).",
    ]
    assert (change.changed, change.largest) == (2, "")


def test_new_values_and_those_that_a_whole_lacks_are_counted(base: Base) -> None:
    rows = published_rows(base, "N15428", 2024)
    new = [{**row, "year": "2027"} for row in rows[:3]]
    own_table(base, "base.comparison_values")
    base.connection.execute("update base.comparison_values set year = 2020 where year = 2027")
    said, (change,) = told(base, [*rows[1:], *new], replaces=True)
    assert "3 nya värden för jämförelse, i 1 nyckeltal." in said
    removed = base.rows(
        "select count(*) as n from base.comparison_values where indicator_id = 'N15428' and year = 2024"
    )
    assert change == replace(change, new=3, changed=0, removed=removed[0]["n"] - len(rows) + 1)


def test_only_the_indicators_that_changed_most_are_named(base: Base) -> None:
    ids = [
        row["indicator_id"]
        for row in base.rows(
            "select indicator_id from base.comparison_values where municipality_id = '9902' and year = 2024 "
            "and gender = 'T' and value is not null group by all order by 1 limit 8"
        )
    ]
    rows = [row for code in ids for row in published_rows(base, code, 2024) if row["value"]]
    for place, code in enumerate(ids, 1):
        for row in [row for row in rows if row["indicator_id"] == code][:place]:
            row["value"] = str(float(row["value"]) * 0.99)
    said, changes = told(base, rows)
    assert [change.changed for change in changes] == list(range(len(ids), 0, -1))
    first = of_values(said)[0]
    assert "i 8 nyckeltal, mest i " in first
    assert [code in first for code in ids] == [False, False, *[True] * 6]


def test_a_followed_municipality_that_goes_to_another_quarter_is_told(base: Base) -> None:
    rows = published_rows(base, "N15428", 2024)
    values = sorted(float(row["value"]) for row in rows if row["value"] and row["municipality_id"] != "9900")
    (own,) = [row for row in rows if row["municipality_id"] == "9901"]
    is_best = float(own["value"]) > values[len(values) // 2]
    own["value"] = str(values[0] - 1 if is_best else values[-1] + 1)
    said, _ = told(base, rows)
    to = "den sämsta fjärdedelen" if is_best else "den bästa fjärdedelen"
    assert any(
        each.startswith("Exempelkommunen går från ")
        and f"till {to} i N15428 " in each
        and each.endswith(" 2024.")
        for each in said
    ), said


def test_values_as_they_were_fetched_another_day_are_no_change(base: Base) -> None:
    rows = [{**row, "source_id": "kolada-2026-03-23"} for row in published_rows(base, "N15428", 2024)]
    staged = stage(base.connection, "comparison_values", rows)
    checking.check(base.connection, Reading("test", "Test", staged=[staged]), TODAY, has_typed_numbers=True)
    assert merging.merge(base.connection, [staged], replace=False) == set()


@pytest.fixture(scope="module")
def real_fetches(shared_input: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """What the checks of both came to, the first published before the second, with no other values around them."""
    kolada, folder = shared_input / "kolada", tmp_path_factory.mktemp("fetches")
    store = nothing_but_places(folder, pd.read_csv(kolada / "municipality.csv", dtype=str))
    titles = pd.read_csv(kolada / "kpi_metadata_utbildning.csv", dtype=str)
    others = pd.DataFrame(
        [
            {"id": code, "title": title, "is_divided_by_gender": "True", "has_ou_data": "False"}
            for code, title in NOT_OF_SCHOOLS.items()
        ]
    )
    pd.concat([titles, others]).to_csv(folder / "kpi.csv", index=False)
    files = [folder / "kpi.csv", *sorted(kolada.glob("2024-*_KOLADA_data_raw.parquet"))]
    return [handed_in(store, path) for path in files][1:]


def handed_in(store: Store, path: Path) -> Outcome:
    """Check a file, say how long it took, and publish it."""
    began = time.perf_counter()
    outcome = desk.check(path, path.name, store=store, options=Options(TODAY)).outcome
    print(f"{path.name}: {time.perf_counter() - began:.1f} s")
    assert outcome.draft_id, outcome.findings[:3]
    publishing.publish(
        store, outcome.draft_id, permit=permits.operator("publish"), note="", accept_warnings=True
    )
    return outcome


class TestRealFetches:
    """The values of 23 indicators as Kolada gave them in January and in December 2024."""

    def test_the_first_is_all_new(self, real_fetches):
        assert sum(change.new for change in real_fetches[0].by_indicator) == 127_600
        assert len(real_fetches[0].by_indicator) == 23

    def test_the_second_revises_7760_of_127600_values_of_three_indicators(self, real_fetches):
        said = [each.replace("\u00a0", " ") for each in real_fetches[1].sentences]
        assert said[0] == (
            "7 760 av 127 600 värden har ändrats, i 3 nyckeltal: U07417 Anmälda stöld- och tillgreppsbrott (3 770), "
            "U07452 Anmälda brott om skadegörelse (3 770) och "
            "N17813 Lärare med pedagogisk högskoleexamen i gymnasieskola, läges… (220)."
        )
        assert "11 310 nya värden för jämförelse, i 21 nyckeltal." in said
        assert {
            change.title.rpartition("(")[2][:-1]: change.changed
            for change in real_fetches[1].by_indicator
            if change.changed
        } == {"U07417": 3_770, "U07452": 3_770, "N17813": 220}
        assert sum(change.new for change in real_fetches[1].by_indicator) == 138_910 - 127_600


def nothing_but_places(folder: Path, places: pd.DataFrame) -> Store:
    """A version 0 with Kolada's municipalities and nothing else."""
    store = Store((folder / "sample", folder / "exports"))
    (folder / "sample").mkdir()
    embedded = Store(store.folders[:1])
    rows = [
        {
            "municipality_id": place["id"],
            "name": place["title"],
            "kind": "municipality",
            "register": "sverige",
            "has_own_data": False,
        }
        for place in places[places["type"] == "K"].to_dict("records")
    ]
    tables = {
        name: write_table(embedded, name, rows if name == "municipalities" else [])
        for name in table_definitions()
    }
    told = ("2026-11-01T12:00:00+00:00", "projektet", "", settings()["disclosure"])
    embedded.commit(Manifest(0, None, *told, tables))
    return store
