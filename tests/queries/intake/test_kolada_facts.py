"""What ships of Kolada: the embedded municipalities, the members of their groups, and the list of indicators."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from queries.intake.kolada_facts import (
    COUNTRY,
    EMBEDDED_MUNICIPALITIES,
    METADATA,
    indicator_register,
    kolada_indicators,
    municipalities,
    municipality_groups,
    shipped_values,
    write_facts,
)
from queries.versions import DATA

FACTS = DATA / "sample" / "facts" / "kolada"
TABLES = (
    "comparison_values",
    "comparison_distributions",
    "indicator_register",
    "municipalities",
    "municipality_groups",
)
EMBEDDED = set(EMBEDDED_MUNICIPALITIES.values())
MOST_ROWS = 15_000


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(table: str) -> pd.DataFrame:
    """One embedded table, an empty cell as an empty text."""
    return pd.read_csv(FACTS / f"{table}.csv", dtype=str, keep_default_na=False)


def lists(*groups: tuple[str, str, dict[str, str]]) -> pd.DataFrame:
    """Kolada's list of groups: id, title, and members with their names."""
    return pd.DataFrame(
        [
            {"group_id": code, "group_title": title, "member_id": member, "member_title": name}
            for code, title, members in groups
            for member, name in members.items()
        ]
    )


LISTS = lists(
    ("G1", "Liknande kommuner grundskola, Ekerö, 2023", {"0114": "Upplands Väsby"}),
    ("G2", "Liknande kommuner grundskola, Ekerö, 2024", {"0115": "Vallentuna", "0117": "Österåker"}),
    ("G3", "Liknande kommuner grundskola, Vallentuna, 2024", {"0125": "Ekerö"}),
    ("G4", "Liknande kommuner äldreomsorg, Ekerö, 2024", {"0120": "Värmdö"}),
    ("G96092", "Resultatnätverket R9 (ovägt medel)", {"0580": "Linköping", "0680": "Jönköping"}),
    ("G5", "Stockholms läns kommuner (ovägt medel)", {"0115": "Vallentuna"}),
    ("G6", "Nordvästkommunerna i Stockholms län (ovägt medel)", {"0680": "Jönköping"}),
)


def test_only_the_newest_similar_group_of_a_school_form_is_kept():
    groups = municipality_groups(LISTS)
    assert groups.groupby("group_id")["member_id"].agg(list).to_dict() == {
        "G2": ["0115", "0117"],
        "r9": ["0580", "0680"],
    }
    similar = groups[groups["group_id"] == "G2"].iloc[0]
    assert (similar["kind"], similar["vintage"], similar["for_municipality_id"]) == (
        "similar",
        "2024",
        "0125",
    )


def test_a_group_of_ones_own_choice_has_our_name_and_no_year():
    own = municipality_groups(LISTS).query("kind == 'own'")
    assert set(own["title"]) == {"R9"}
    assert own["vintage"].isna().all()


def test_members_without_figures_of_their_own_become_municipalities_with_name_and_county():
    places = municipalities(LISTS, municipality_groups(LISTS)).set_index("municipality_id")
    assert list(places.index) == [COUNTRY, "0115", "0680"]
    assert places.loc["0115", ["name", "county"]].tolist() == ["Vallentuna", "Stockholms län"]
    assert pd.isna(places.loc["0680", "county"])


def test_of_a_member_only_girls_and_boys_together_ship():
    values = pd.DataFrame(
        [(code, gender) for code in ("0125", "0115", "0114", COUNTRY) for gender in ("T", "K")],
        columns=["municipality_id", "gender"],
    )
    shipped = shipped_values(values, municipality_groups(LISTS)).to_records(index=False).tolist()
    assert shipped == [("0125", "T"), ("0125", "K"), ("0115", "T"), (COUNTRY, "T"), (COUNTRY, "K")]


METADATA_ROW = {
    "id": "N1",
    "title": "Elever,  kommunala skolor, andel (%) (-2024)",
    "description": "Koladas egna ord.",
    "is_divided_by_gender": "True",
    "has_ou_data": "False",
    "publication_date": "2026-09-25",
    "prel_publication_date": None,
    "publ_period": "2026",
}


def test_the_register_has_titles_without_double_blanks_and_none_of_koladas_descriptions():
    (row,) = indicator_register(pd.DataFrame([METADATA_ROW]), ["N1"]).to_dict("records")
    assert row["title"] == "Elever, kommunala skolor, andel (%) (-2024)"
    assert (row["ended_year"], row["is_by_gender"], row["has_unit_values"]) == ("2024", "true", "false")
    assert row["description"] is None


def test_an_indicator_that_kolada_does_not_list_is_refused():
    with pytest.raises(KeyError, match="N2"):
        indicator_register(pd.DataFrame([METADATA_ROW]), ["N1", "N2"])


def test_the_embedded_tables_are_what_the_command_writes(tmp_path, shared_input):
    write_facts(shared_input / "kolada", tmp_path, kolada_indicators())
    for name in TABLES:
        assert (tmp_path / f"{name}.csv").read_text() == (FACTS / f"{name}.csv").read_text(), name


def test_every_title_is_koladas_own(shared_input):
    listed = {row["id"]: row for row in rows_of(shared_input / "kolada" / METADATA)}
    own = {row["indicator_id"]: row["title"] for row in rows_of(DATA / "indicators.csv")}
    assert {id: own[id] for id in kolada_indicators()} == {
        id: " ".join(listed[id]["title"].split()) for id in kolada_indicators()
    }


def test_the_embedded_values_are_those_of_the_four_the_country_and_their_groups():
    values, groups = facts("comparison_values"), facts("municipality_groups")
    assert set(values["municipality_id"]) == {*EMBEDDED, COUNTRY, *groups["member_id"]}
    assert ((values["value"] == "") == (values["status"] != "")).all()
    assert set(values["indicator_id"]) <= set(kolada_indicators())
    assert set(values[~values["municipality_id"].isin({*EMBEDDED, COUNTRY})]["gender"]) == {"T"}
    assert len(values) <= MOST_ROWS


def test_each_embedded_municipality_has_seven_similar_ones_for_every_school_form():
    similar = facts("municipality_groups").query("kind == 'similar'")
    sizes = similar.groupby(["for_municipality_id", "title"]).size()
    assert set(sizes.index.get_level_values(0)) == EMBEDDED
    assert len(sizes) == 3 * len(EMBEDDED)
    assert set(sizes) == {7}
    assert set(similar["vintage"]) == {"2024"}


def test_the_register_lists_every_indicator_that_kolada_publishes_here():
    register = facts("indicator_register")
    own = {row["indicator_id"]: row for row in rows_of(DATA / "indicators.csv")}
    assert register["indicator_id"].tolist() == sorted(kolada_indicators())
    assert (register["description"] == "").all()
    for row in register.itertuples():
        assert row.title == own[row.indicator_id]["title"]
        ended = re.search(r"\(-(\d{4})\)", row.title)
        assert row.ended_year == (ended[1] if ended else "")
