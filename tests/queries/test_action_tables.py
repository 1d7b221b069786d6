"""Action tables as exported: merged cells, HTML, page breaks, and status words that carry a reason."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.intake.action_tables import UnreadableActionTable, plain_text, read_action_table

PROJECT = Path(__file__).parents[2]
EXPORT = PROJECT.parent / "shared" / "input" / "linkoping-verksamhetsplan-2020.csv"
WORDS = PROJECT / "data" / "status_words.csv"
CLEAN = PROJECT / "queries" / "sql" / "clean" / "action_reports.sql"
HEADING = "Perspektiv;Typ;Nämndmål;Aktivitet;Slutdatum 2020;Status;Kommentar"


def status_of(texts: list[str]) -> list[tuple[str, str | None]]:
    """Each text read through the word table by the project's own SQL: (status, reason)."""
    connection = duckdb.connect(":memory:")
    connection.execute("create schema published")
    words = pd.read_csv(WORDS, dtype=str)
    reports = pd.DataFrame(
        {
            "municipality_id": "0001",
            "action_id": [f"{number:06}" for number in range(len(texts))],
            "report_date": pd.Timestamp("2020-12-31"),
            "status_raw": texts,
        }
    )
    for name, table in (("status_words", words), ("action_reports", reports)):
        connection.register("incoming", table)
        connection.execute(f"create table published.{name} as select * from incoming")
    select = CLEAN.read_text(encoding="utf-8")
    return connection.execute(f"select status, status_reason from ({select}) order by action_id").fetchall()


def status_twin(text: str) -> str:
    """The status by plain Python: the longest known word that the text begins with."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        words = {row["word"]: row["status"] for row in csv.DictReader(file)}
    normal = " ".join(text.split()).lower()
    fitting = [
        word for word in words if normal.startswith(word) and not normal[len(word) : len(word) + 1].isalnum()
    ]
    return words[max(fitting, key=len)] if fitting else "unknown"


@pytest.fixture
def table_of(tmp_path):
    """Writes lines under the heading as an export, and reads it."""

    def read(*lines: str, heading: str = HEADING, encoding: str = "utf-8-sig") -> pd.DataFrame:
        path = tmp_path / "export.csv"
        path.write_bytes("\r\n".join([heading, *lines, ""]).encode(encoding))
        return read_action_table(path)

    return read


@pytest.mark.skipif(
    not EXPORT.exists(), reason="The real export of 2020 lies beside the project, and is not here."
)
def test_the_real_export_gives_the_known_tally():
    table = read_action_table(EXPORT)
    table["status"] = [status for status, _ in status_of(table["status_raw"].tolist())]
    activities, assignments = (table[table["kind"] == kind] for kind in ("activity", "assignment"))
    assert Counter(activities["status"]) == {
        "finished": 17,
        "ongoing": 10,
        "remaining": 7,
        "closed_undone": 3,
    }
    assert Counter(activities["status_raw"])["Ej genomfört"] == 1
    assert Counter(activities["status_raw"])["Ej aktuellt"] == 2
    assert Counter(assignments["status"]) == {"finished": 3, "ongoing": 3, "remaining": 2}
    assert Counter(activities["perspective"]) == {
        "Medborgare": 9,
        "Ekonomi": 6,
        "Verksamhet": 7,
        "Medarbetare": 15,
    }
    assert Counter(activities["due_text"]) == {
        "Delrapport 1": 1,
        "Delrapport 2": 12,
        "Verksamhetsberättelse": 24,
    }


@pytest.mark.skipif(
    not EXPORT.exists(), reason="The real export of 2020 lies beside the project, and is not here."
)
def test_the_embedded_facts_follow_the_real_export_row_by_row():
    table = read_action_table(EXPORT)
    facts = PROJECT / "data" / "sample" / "facts" / "linkoping"
    actions = pd.read_csv(facts / "actions.csv", dtype=str)
    reports = pd.read_csv(facts / "action_reports.csv", dtype=str)
    assert actions["action_id"].tolist() == reports["action_id"].tolist()
    assert actions["perspective"].tolist() == table["perspective"].tolist()
    assert actions["kind"].tolist() == table["kind"].tolist()
    assert reports["status_raw"].tolist() == table["status_raw"].tolist()
    assert reports["due_text"].tolist() == table["due_text"].tolist()


def test_blank_goal_cells_take_the_goal_above(table_of):
    table = table_of(
        "Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;Pågår;",
        ";;;Prognos;Delrapport 2;Pågår;",
    )
    assert table["goal"].tolist() == ["Balans", "Balans"]
    assert table["perspective"].tolist() == ["Ekonomi", "Ekonomi"]
    assert table["kind"].tolist() == ["activity", "activity"]


def test_an_assignment_gets_no_goal_and_does_not_end_the_goal_around_it(table_of):
    table = table_of(
        "Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;Pågår;",
        "Ekonomi;Strategiskt utvecklingsuppdrag;;Avtal;Delrapport 1;Pågår;",
        "Ekonomi;Nämndmål;;Prognos;Delrapport 2;Pågår;",
    )
    assert table["goal"].fillna("-").tolist() == ["Balans", "-", "Balans"]


def test_a_goal_is_not_carried_into_another_perspective(table_of):
    table = table_of(
        "Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;Pågår;",
        "Verksamhet;Strategiskt utvecklingsuppdrag;;Klimat;Delrapport 1;Pågår;",
        "Verksamhet;Nämndmål;;Portal;Delrapport 2;Pågår;",
    )
    assert table["goal"].isna().tolist() == [False, True, True]


def test_a_row_split_by_a_page_break_is_one_action(table_of):
    table = table_of(
        "Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;Pågår;Försenat på grund av",
        ";;och kontroll;av bidrag;;;pandemin.",
        "Ekonomi;Nämndmål;;Prognos;Delrapport 2;Genomfört;",
    )
    assert table["title"].tolist() == ["Översyn av bidrag", "Prognos"]
    assert table["comment"].iloc[0] == "Försenat på grund av pandemin."
    assert table["goal"].tolist() == ["Balans och kontroll", "Balans och kontroll"]


def test_a_goal_repeated_after_the_page_break_is_not_doubled(table_of):
    table = table_of("Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;Pågår;", ";;Balans;av bidrag;;;")
    assert table["goal"].tolist() == ["Balans"]


def test_an_action_with_a_deadline_but_no_status_is_kept_and_counts_as_open(table_of):
    table = table_of("Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;;")
    assert table["status_raw"].tolist() == [""]
    assert status_of([""]) == [("unknown", None)]


def test_html_and_non_breaking_spaces_leave_plain_text(table_of):
    title = '"<ul style=""x""><li>Plan&nbsp;A</li><li>Plan B</li></ul>"'
    table = table_of(f"Ekonomi;Nämndmål;Balans;{title};Delrapport\u00a01;Pågår;<p>Klar<b>t</b></p>")
    assert table["title"].tolist() == ["Plan A Plan B"]
    assert table["due_text"].tolist() == ["Delrapport 1"]
    assert table["comment"].tolist() == ["Klart"]


def test_a_lone_less_than_sign_is_not_taken_for_html():
    assert plain_text("Mål: < 5,2 barn & färre") == "Mål: < 5,2 barn & färre"


def test_columns_are_found_by_name_whatever_their_order(table_of):
    table = table_of(
        "Pågår;Översyn;Ekonomi;Nämndmål;Balans;;Delrapport 1",
        heading="Status;Aktivitet;Perspektiv;Typ;Nämndmål;Kommentar;Slutdatum 2024",
    )
    assert table["title"].tolist() == ["Översyn"]
    assert table["due_text"].tolist() == ["Delrapport 1"]


def test_a_missing_column_is_named_with_what_was_found(table_of):
    with pytest.raises(UnreadableActionTable, match=r"rad 1.*Status.*Hittade: Perspektiv.*Väntade"):
        table_of("Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;;", heading=HEADING.replace("Status", "Läge"))


def test_an_unquoted_semicolon_is_refused_with_its_row(table_of):
    with pytest.raises(UnreadableActionTable, match=r"export\.csv, rad 2: 8 celler"):
        table_of("Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;Pågår;Plan finns; start 2021")


def test_a_line_break_inside_quotes_stays_one_row(table_of):
    table = table_of('Ekonomi;Nämndmål;Balans;"Översyn\nav bidrag; plan";Delrapport 1;Pågår;')
    assert table["title"].tolist() == ["Översyn av bidrag; plan"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Ekonomi;Önskemål;Balans;Översyn;Delrapport 1;Pågår;", "rad 2: kolumnen Typ är ”Önskemål”"),
        ("Ekonomi;Nämndmål;Balans;;Delrapport 1;Pågår;", "rad 2: kolumnen Aktivitet är tom"),
        (";;;fortsättning;;;", "rad 2: kolumnen Status är tom"),
    ],
)
def test_a_row_that_cannot_be_an_action_is_refused(table_of, line, message):
    with pytest.raises(UnreadableActionTable, match=message):
        table_of(line)


def test_another_encoding_is_refused_in_swedish(table_of):
    with pytest.raises(UnreadableActionTable, match="inte sparad som UTF-8"):
        table_of("Ekonomi;Nämndmål;Balans;Översyn;Delrapport 1;Pågår;", encoding="cp1252")


def test_the_reason_inside_a_status_is_kept_apart_from_the_word():
    assert status_of(["Kvarstår pga Coronapandemin"]) == [("remaining", "pga Coronapandemin")]


def test_the_longest_known_word_decides_and_leaves_no_reason():
    assert status_of(["Pågår enligt tidsplan."]) == [("ongoing", None)]
    assert status_of(["Pågår med avvikelse"]) == [("remaining", None)]
    assert status_of(["Genomfört delvis"]) == [("ongoing", None)]


@pytest.mark.parametrize("text", ["Pågår", "Pågående", "pågår.", " PÅGÅR ", "Insatsen pågår och alla deltar"])
def test_synonyms_of_ongoing_are_ongoing(text):
    assert status_of([text])[0][0] == "ongoing"


@pytest.mark.parametrize("text", ["Ej genomfört", "Ej aktuellt", "Utgår", "Avbruten"])
def test_closed_without_being_done_is_not_open(text):
    assert status_of([text])[0][0] == "closed_undone"


@pytest.mark.parametrize("text", ["Vi får se", "Klargöra roller", ""])
def test_an_unknown_word_is_unknown_and_gives_no_reason(text):
    assert status_of([text]) == [("unknown", None)]


def test_every_word_stands_once_and_in_normal_form():
    words = pd.read_csv(WORDS, dtype=str)
    assert words["word"].is_unique
    assert (words["word"] == words["word"].str.casefold().str.strip(" .")).all()
    assert set(words["status"]) == {"finished", "ongoing", "remaining", "not_started", "closed_undone"}


def test_two_reports_with_the_same_text_stay_two():
    assert len(status_of(["Pågår", "Pågår", "Pågår"])) == 3


words_in_table = pd.read_csv(WORDS, dtype=str)["word"].tolist()
some_text = st.lists(
    st.one_of(st.sampled_from(words_in_table), st.text("aåk pågr.,-\u00a0", max_size=8)),
    min_size=1,
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(some_text, st.sampled_from(["", " ", ". ", ", "])), min_size=1, max_size=20))
def test_the_word_table_reads_as_its_plain_twin(drawn):
    texts = [separator.join(parts) for parts, separator in drawn]
    assert [status for status, _ in status_of(texts)] == [status_twin(text) for text in texts]
