"""What ships of Kolada: four municipalities and the country, those they are compared with, and the list of indicators.

    python -m queries.intake.kolada_facts KOLADA FOLDER

reads the files of a folder with Kolada's values and lists, and writes one CSV file a table into another folder. How
the embedded municipalities lie is counted among all municipalities; only these and the members of their groups ship.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from queries.intake.kolada import COUNTRY, comparison_distributions, comparison_values
from queries.versions import DATA

VALUES = "kolada_skola_municipality_values.parquet"
GROUPS = "municipality_groups_skola.csv"
METADATA = "kpi_metadata_utbildning.csv"
# The day Kolada's lists were fetched; the values name their own.
LISTS = "kolada-2026-03-23"
EMBEDDED_MUNICIPALITIES = {"Österåker": "0117", "Ekerö": "0125", "Linköping": "0580", "Piteå": "2581"}
SCHOOL_FORMS = ("grundskola", "förskola", "gymnasieskola")
SIMILAR = rf"Liknande kommuner (?:{'|'.join(SCHOOL_FORMS)}), (?P<name>[^,]+), (?P<vintage>\d{{4}})"
COUNTY = r"(?P<county>\S+(?: \S+)? län)s kommuner \(ovägt medel\)"
ENDED = r"\(- ?(\d{4})\)"
# Kolada's group → its id and name here, and whose it is.
OWN_GROUPS = {"G96092": ("r9", "R9", "0580")}
GROUP_COLUMNS = ["group_id", "title", "kind", "vintage", "for_municipality_id", "member_id", "source_id"]


def kolada_indicators() -> list[str]:
    """The indicators of data/indicators.csv that Kolada publishes."""
    indicators = pd.read_csv(DATA / "indicators.csv", dtype=str)
    return indicators.loc[indicators["source"] == "Kolada", "indicator_id"].tolist()


def municipality_groups(lists: pd.DataFrame) -> pd.DataFrame:
    """One row per group and member: the newest similar municipalities of each embedded one, and the own groups.

    lists holds Kolada's groups with group_id, group_title, member_id and member_title.
    """
    similar = lists.join(lists["group_title"].str.extract(f"^{SIMILAR}$"))
    similar = similar[similar["name"].isin(EMBEDDED_MUNICIPALITIES)].assign(kind="similar")
    # One group a municipality and school form: what stands before the year is the same over the years.
    same = similar["group_title"].str.slice(stop=-len("2024"))
    similar = similar[similar["vintage"] == similar.groupby(same)["vintage"].transform("max")]
    similar["for_municipality_id"] = similar["name"].map(EMBEDDED_MUNICIPALITIES)
    own = lists[lists["group_id"].isin(OWN_GROUPS)].assign(kind="own")
    named = pd.DataFrame.from_dict(
        OWN_GROUPS, orient="index", columns=["id", "group_title", "for_municipality_id"]
    )
    own = own.drop(columns="group_title").join(named, on="group_id").assign(group_id=lambda rows: rows["id"])
    groups = pd.concat([own, similar]).rename(columns={"group_title": "title"}).assign(source_id=LISTS)
    return groups.sort_values(["kind", "title", "member_id"], ignore_index=True)[GROUP_COLUMNS]


def municipalities(lists: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """One row for the country and one per member of a group that is not embedded with figures of its own."""
    counties = lists.join(lists["group_title"].str.extract(f"^{COUNTY}$")).dropna(subset="county")
    members = lists.drop_duplicates("member_id").set_index("member_id")["member_title"]
    others = sorted(set(groups["member_id"]) - set(EMBEDDED_MUNICIPALITIES.values()))
    places = pd.DataFrame({"municipality_id": others, "name": members.loc[others].to_numpy()})
    places["kind"] = "municipality"
    places["county"] = places["municipality_id"].map(counties.set_index("member_id")["county"])
    country = pd.DataFrame([{"municipality_id": COUNTRY, "name": "Riket", "kind": "country"}])
    rows = pd.concat([country, places], ignore_index=True).assign(register="sverige", has_own_data="false")
    return rows[["municipality_id", "name", "kind", "register", "county", "has_own_data"]]


def indicator_register(metadata: pd.DataFrame, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """One row per indicator as Kolada lists it, without Kolada's description. Raises KeyError for an unknown id."""
    listed = metadata.set_index("id").loc[list(indicator_ids)]
    title = listed["title"].str.split().str.join(" ")
    columns = {
        "title": title,
        "description": None,
        "is_by_gender": listed["is_divided_by_gender"].str.lower(),
        "has_unit_values": listed["has_ou_data"].str.lower(),
        "next_publication_date": listed["publication_date"],
        "preliminary_date": listed["prel_publication_date"],
        "publication_period": listed["publ_period"],
        "ended_year": title.str.extract(ENDED)[0],
        "source_id": LISTS,
    }
    return pd.DataFrame(columns).rename_axis("indicator_id").sort_index().reset_index()


def shipped_values(values: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """The rows of the embedded municipalities and the country, and those of both genders together of group members."""
    embedded = values["municipality_id"].isin([*EMBEDDED_MUNICIPALITIES.values(), COUNTRY])
    member = values["municipality_id"].isin(groups["member_id"]) & (values["gender"] == "T")
    return values[embedded | member]


def write_facts(kolada: Path, folder: Path, indicator_ids: Sequence[str]) -> None:
    """Write the embedded tables of a folder of Kolada's files into a folder, as CSV."""
    lists = pd.read_csv(kolada / GROUPS, dtype=str, encoding="utf-8-sig")
    metadata = pd.read_csv(kolada / METADATA, dtype=str, encoding="utf-8-sig")
    values = comparison_values(kolada / VALUES, indicator_ids)
    groups = municipality_groups(lists)
    tables = {
        "comparison_values": shipped_values(values, groups),
        "comparison_distributions": comparison_distributions(values, "sverige"),
        "indicator_register": indicator_register(metadata, indicator_ids),
        "municipalities": municipalities(lists, groups),
        "municipality_groups": groups,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        rows.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m queries.intake.kolada_facts")
    parser.add_argument("kolada", type=Path, help=f"folder with {VALUES}, {GROUPS} and {METADATA}")
    parser.add_argument("folder", type=Path, help="where the CSV files are written")
    arguments = parser.parse_args()
    write_facts(arguments.kolada, arguments.folder, kolada_indicators())
