"""Page Comparison: choices that the link carries, sentences that follow the figures, and what is said of gaps."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import comparing, links, one_indicator, positions, tables
from pages.parts.charts.comparison import clicked_indicator
from queries import comparison, permits, places, search
from queries.connection import Exports, Library
from queries.intake import desk, publishing
from queries.versions import Store
from tests.pages.conftest import Visit, texts
from tests.pages.conftest import tables as shown_tables

EKERO, LINKOPING, EXAMPLE = "0125", "0580", "9901"
COUNTRY = "Riket (vägt medel)"


def words(app: AppTest) -> str:
    """All running text without Markdown's escapes."""
    return texts(app).replace("\\", "")


def own(values: pd.DataFrame) -> pd.DataFrame:
    return values[values["role"] == "own"]


def traces(app: object) -> dict[str, dict]:
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    return {trace["name"]: trace for trace in figure["data"] if trace.get("name")}


class TestChoices:
    def test_up_to_three_comparisons_are_drawn_beside_the_own_line(self, visit: Visit):
        chosen = ["R9", COUNTRY, "Piteå"]
        app = visit("comparison.py", kommun="Linköping", ar="2018", jamfor=chosen)
        assert {"Linköping", "R9", "Riket", "Piteå"} <= set(traces(app))

    def test_what_cannot_be_chosen_is_taken_out_and_said(self, visit: Visit):
        app = visit("comparison.py", kommun="Ekerö", jamfor=[COUNTRY, "Atlantis"])
        assert "”Atlantis” finns inte att välja här" in words(app)
        assert app.multiselect(key="jamfor").value == [COUNTRY]

    def test_a_choice_of_which_nothing_is_left_becomes_the_default(self, visit: Visit):
        app = visit("comparison.py", kommun="Ekerö", jamfor=["Atlantis"])
        assert app.multiselect(key="jamfor").value == [comparing.MEAN]

    def test_the_order_of_picking_changes_nothing(self, visit: Visit):
        one = visit("comparison.py", kommun="Ekerö", ar="2018", jamfor=[COUNTRY, "Piteå"])
        other = visit("comparison.py", kommun="Ekerö", ar="2018", jamfor=["Piteå", COUNTRY])
        assert one.get("plotly_chart")[0].proto.spec == other.get("plotly_chart")[0].proto.spec

    def test_the_scale_is_named_whichever_it_is(self, visit: Visit):
        assert "Skalan är RKA:s, 0–100." in words(visit("comparison.py", kommun="Ekerö"))
        app = visit("comparison.py", kommun="Ekerö", skala="Rang bland kommunerna")
        assert "Skalan är rangen bland kommunerna" in words(app)

    def test_own_picks_are_drawn_in_the_order_of_the_indicators(self, visit: Visit, exports: Exports):
        picks = [
            links.indicator_label(row.title, row.indicator_id) for row in picked(exports, EKERO).itertuples()
        ]
        app = visit(
            "comparison.py", kommun="Ekerö", ar="2018", profil=comparing.OWN_CHOICE, valda=picks[::-1]
        )
        values = comparison.spider_values(
            exports,
            municipality_id=EKERO,
            year=2018,
            indicator_ids=tuple(picked(exports, EKERO)["indicator_id"]),
        )
        assert traces(app)["Ekerö"]["r"][: len(picks)] == own(values)["scaled"].tolist()

    def test_fewer_than_three_own_picks_ask_for_more(self, visit: Visit):
        app = visit("comparison.py", kommun="Ekerö", profil=comparing.OWN_CHOICE)
        assert "Välj minst tre nyckeltal" in words(app)
        assert not app.get("plotly_chart")

    def test_a_clicked_point_names_its_indicator_whatever_was_clicked_before(self, exports: Exports):
        values = comparison.spider_values(exports, municipality_id=EKERO, year=2018)
        clicked = {"selection": {"points": [{"customdata": "N15505"}]}}
        assert clicked_indicator(clicked, values) == "N15505"
        assert clicked_indicator({"selection": {"points": []}}, values) is None
        assert clicked_indicator({"selection": {"points": [{"customdata": "N99999"}]}}, values) is None
        assert clicked_indicator(None, values) is None


def picked(exports: Exports, municipality_id: str) -> pd.DataFrame:
    values = own(comparison.spider_values(exports, municipality_id=municipality_id, year=2018))
    known = values[values["value"].notna() & (values["good_direction"] != "none")].head(4)
    order = comparison.comparable_indicators(exports, municipality_id=municipality_id)
    return order[order["indicator_id"].isin(known["indicator_id"])]


class TestLinks:
    def test_an_id_becomes_the_label_that_the_list_has(self, exports: Exports):
        now = links.current_query(exports, "del=Ett+nyckeltal&nyckeltal=N15505")
        assert now is not None and "N15505" in now and "merit" in now

    def test_a_label_with_an_earlier_title_is_followed_by_its_id(self, exports: Exports):
        before = links.current_query(exports, "nyckeltal=Det+gamla+namnet+%28N15505%29")
        assert before == links.current_query(exports, "nyckeltal=N15505")

    def test_several_picks_stay_several(self, exports: Exports):
        now = links.current_query(exports, "valda=N15505&valda=N15419&kommun=0125")
        assert now is not None and now.count("valda=") == 2
        assert links.current_query(exports, now) is None

    def test_what_is_no_indicator_is_left_to_the_page_to_tell_of(self, exports: Exports):
        assert links.current_query(exports, "nyckeltal=X99999") is None


class TestSentences:
    def test_the_population_is_said_for_each_spoke_where_they_differ(self, exports: Exports):
        values = own(comparison.spider_values(exports, municipality_id=EXAMPLE, profile_id="personal"))
        said = positions.of_population(values)
        for population, rows in values.groupby("population"):
            assert population in said
            assert all(name in said for name in rows["short_name"])

    def test_a_year_that_differs_is_said_with_its_indicator(self, exports: Exports):
        values = own(comparison.spider_values(exports, municipality_id=EKERO))
        said = positions.of_population(values)
        assert "Året är 2019, utom för Kostnad åk 1–9 (2018)." in said

    @pytest.mark.parametrize(
        ("status", "n", "said"),
        [
            ("Missing", 280, "bortfall (uppgiften har inte kommit in) för Ekerö"),
            ("Privacy", 280, "sekretess: underlaget är för litet för Ekerö"),
            ("Not applicable", 280, "ej tillämplig (kan inte räknas ut för kommunen) för Ekerö"),
            ("Missing", None, "ingen kommun har ett värde 2018"),
            ("not_published", None, "inga värden finns här för 2018, Kolada ska leverera dem"),
            ("not_by_gender", None, "delas inte upp på kön för Ekerö"),
        ],
    )
    def test_each_reason_for_a_gap_has_words_of_its_own(self, status: str, n: int | None, said: str):
        row = {
            "role": "own", "short_name": "Spoke", "place_name": "Ekerö", "value": None, "status": status, "n": n,
            "year": 2018, "value_year": 2018, "good_direction": "up", "publisher": "Kolada",
            "count_members": None, "count_of_members": None,
        }  # fmt: skip
        assert positions.of_gaps(pd.DataFrame([row])) == [f"Spoke: {said}"]

    def test_a_mean_of_fewer_than_all_members_is_said(self):
        row = {
            "role": "comparison", "short_name": "Spoke", "place_name": "R9", "value": 71.0, "status": "", "n": 290,
            "year": 2018, "value_year": 2018, "good_direction": "up", "publisher": "Kolada",
            "count_members": 7, "count_of_members": 9,
        }  # fmt: skip
        assert positions.of_gaps(pd.DataFrame([row])) == ["R9, Spoke: medel av 7 av 9 kommuner"]

    def test_a_total_outside_girls_and_boys_is_pointed_out(self):
        shape = {"year": 2017, "unit": "%", "decimals": 1, "period": "calendar_year", "status": ""}
        genders = pd.DataFrame(
            [
                {**shape, "gender": gender, "value": value}
                for gender, value in (("T", 96.2), ("K", 95.0), ("M", 95.1))
            ]
        )
        said = one_indicator.of_genders(genders)
        assert "flickor 95,0\u00a0%, pojkar 95,1\u00a0%" in said
        assert "2017 ligger värdet för alla utanför båda" in said

    def test_a_missing_total_is_pointed_out(self):
        shape = {"year": 2017, "unit": "%", "decimals": 1, "period": "calendar_year", "status": ""}
        genders = pd.DataFrame(
            [
                {**shape, "gender": gender, "value": value}
                for gender, value in (("T", None), ("K", 95.0), ("M", 95.1))
            ]
        )
        assert "Värdet för alla saknas i källan 2017." in one_indicator.of_genders(genders)

    def test_the_next_publication_says_when_its_day_has_passed(self, exports: Exports):
        about = places.indicators(exports).set_index("indicator_id").loc["N15419"]
        day = pd.Timestamp(about["next_publication_date"]).date()
        assert "har passerat" not in one_indicator.publication(about, day)
        assert "har passerat" in one_indicator.publication(about, date(day.year + 1, 1, 1))

    def test_an_ended_series_says_its_last_year(self, exports: Exports):
        about = places.indicators(exports).set_index("indicator_id").loc["N15419"].copy()
        about["ended_year"] = 2024
        assert one_indicator.publication(about, date(2026, 1, 1)) == "Serien är avslutad: sista året är 2024."


class TestPages:
    def test_the_table_says_the_same_values_as_the_figure(self, visit: Visit, exports: Exports):
        values = comparison.spider_values(exports, municipality_id=EKERO, year=2018)
        app = visit("comparison.py", kommun="Ekerö", ar="2018", vy="Tabell")
        found = next(rows for rows in shown_tables(app) if "Läge mot andra" in rows)
        expected = tables.comparison_rows(values)
        assert found["Ekerö"].tolist() == [cell.replace("\u00a0", " ") for cell in expected["Ekerö"]]
        assert found["Plats"].iloc[0] == "47 av 289"

    def test_means_without_a_place_on_the_rank_scale_are_told_of(self, visit: Visit):
        app = visit("comparison.py", kommun="Ekerö", ar="2018", skala="Rang bland kommunerna")
        assert "kan inte placeras på rangskalan" in words(app)
        example = visit("comparison.py", skala="Rang bland kommunerna")
        assert "kan inte placeras på rangskalan" not in words(example)

    def test_one_indicator_shows_its_breaks_and_what_it_means(self, visit: Visit):
        app = visit(
            "comparison.py", kommun="Ekerö", **{"del": "Ett nyckeltal"}, nyckeltal=label_of("N15419", visit)
        )
        assert len(app.get("plotly_chart")) >= 3
        assert "Brott i serien" in words(app)
        assert "Källa: Kolada, nyckeltal N15419." in words(app)

    def test_raw_values_name_kolada_and_ranks_are_own_work(self, visit: Visit):
        app = visit(
            "comparison.py", kommun="Ekerö", **{"del": "Ett nyckeltal"}, nyckeltal=label_of("N15419", visit)
        )
        # The last is the foot of every page.
        lines = [caption.value for caption in app.caption][:-1]
        assert [line.split(" ")[0].replace("\\", "") for line in lines] == ["Egen", "Egen", "Källa:"]

    def test_verdict_and_position_are_marks_of_different_shape(self, visit: Visit):
        app = visit("comparison.py", **{"del": "Mål och läge"})
        rows = next(rows for rows in shown_tables(app) if "Bedömning" in rows)
        assert set(rows["Bedömning"].str[0]) <= set("●◐○–")
        assert set(rows["Läge"].str[0]) <= set("▲▼=–")

    def test_a_municipality_without_linked_goals_says_what_is_missing(self, visit: Visit):
        app = visit("comparison.py", kommun="Piteå", **{"del": "Mål och läge"})
        assert "kopplat till ett nyckeltal som kan jämföras" in words(app)


def label_of(indicator_id: str, visit: Visit) -> str:
    options = (
        visit("comparison.py", kommun="Ekerö", **{"del": "Ett nyckeltal"}).selectbox(key="nyckeltal").options
    )
    return next(option for option in options if option.endswith(f"({indicator_id})"))


PUPILS = """Statistik från Skolverket, https://www.skolverket.se

Grundskola - Antal elever per årskurs
Valt läsår: 2023/24

Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Elever, årskurs 1-9
Påhittade skolan;10000001;Ekerö;0125;Kommunal;Ekerö kommun;2120000050;620
Andra skolan;10000002;Ekerö;0125;Kommunal;Ekerö kommun;2120000050;..
"""


class TestOfUnitsOnly:
    @pytest.fixture
    def file_of_schools(self, own_store: Store, tmp_path: Path) -> Exports:
        """A published file that has pupils per school and none for the municipality."""
        path = tmp_path / "elever.csv"
        path.write_text(PUPILS, encoding="utf-8-sig")
        draft_id = desk.check(path, path.name, store=own_store).outcome.draft_id
        publishing.publish(own_store, draft_id, permit=permits.operator("publish"), note="")
        return Library(own_store).open()

    def test_can_be_picked_and_is_told_school_by_school(self, file_of_schools: Exports, visit: Visit):
        link = {"del": "Ett nyckeltal", "nyckeltal": "Elever i årskurs 1–9, antal (S410)"}
        app = visit("comparison.py", kommun="Ekerö", **link)
        assert "har värden för skolor men inget som kan visas för Ekerö som helhet" in words(app)
        assert "1 av 2 skolor har ett värde som kan visas läsåret 2023/24." in words(app)
        assert any("620" in table.to_string() for table in shown_tables(app))

    def test_is_found_where_it_is_shown(self, file_of_schools: Exports):
        hits = search.search_hits(file_of_schools, municipality_id=EKERO, asked="Elever i årskurs 1–9, antal")
        assert hits.set_index("thing_id").loc["S410", "detail"] == "valued"

    def test_is_not_offered_for_comparison_with_others(self, file_of_schools: Exports):
        asked = {"municipality_id": EKERO}
        units = set(comparison.unit_only_indicators(file_of_schools, **asked)["indicator_id"])
        compared = set(comparison.comparable_indicators(file_of_schools, **asked)["indicator_id"])
        assert "S410" in units
        assert units & compared == set()

    def test_are_none_where_the_municipality_has_a_value_too(self, exports: Exports):
        assert comparison.unit_only_indicators(exports, municipality_id=EXAMPLE).empty
