"""Page Goals: the steering chain, what breaks it, the planned path, and goals over years, as a reader meets them."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pages.parts import chain_tables, goals_over_years, planned_for
from pages.parts.charts.chain import ROOT, chain_boxes
from pages.parts.charts.goals import goal_matrix
from pages.parts.tables import history_rows
from queries import chain, goals
from queries.connection import Exports
from tests.pages.conftest import Visit, tables, texts

EKERO, OSTERAKER, EXAMPLE = "0125", "0117", "9901"


def words(app: object) -> str:
    """All running text without Markdown's escapes."""
    return texts(app).replace("\\", "")


def boxes(links: pd.DataFrame, *, is_whole: bool = True) -> dict:
    return chain_boxes(links, "Kommunen", is_whole=is_whole).data[0].to_plotly_json()


@pytest.fixture(scope="module")
def links(exports: Exports) -> pd.DataFrame:
    return chain.steering_chain(exports, municipality_id=EXAMPLE, year=2026)


class TestPicture:
    def test_every_link_is_a_box_under_its_own(self, links):
        drawn = boxes(links)
        assert drawn["ids"] == [ROOT, *links["node_id"]]
        assert drawn["parents"] == ["", *(parent or ROOT for parent in links["parent_id"])]

    def test_what_is_missing_is_an_empty_box_with_words(self, links):
        drawn = boxes(links)
        place = drawn["ids"].index("goal:N08/no_indicator")
        assert drawn["labels"][place] == "! Indikator<br>saknas"
        assert drawn["marker"]["line"]["width"][place] == 2

    def test_boxes_of_the_last_column_first_seen_are_equally_tall(self, links):
        drawn = boxes(links)
        goals_drawn = [
            height
            for node, height in zip(drawn["ids"], drawn["values"], strict=True)
            if node.startswith("goal:N") and "/" not in node
        ]
        assert set(goals_drawn) == {1.0}
        assert drawn["values"][0] == len(goals_drawn) == 12

    def test_what_hangs_under_a_box_fills_it(self, links):
        drawn = boxes(links)
        under: dict[str, float] = {}
        for parent, height in zip(drawn["parents"], drawn["values"], strict=True):
            under[parent] = under.get(parent, 0) + height
        for node, height in zip(drawn["ids"], drawn["values"], strict=True):
            assert node not in under or under[node] == pytest.approx(height), node

    def test_a_goal_tells_how_many_links_break_under_it(self, links):
        drawn = boxes(links)
        assert "! 2\xa0brutna led" in drawn["labels"][drawn["ids"].index("goal:N01")]
        assert "brut" not in drawn["labels"][drawn["ids"].index("goal:N03")]

    def test_a_name_from_the_data_is_never_read_as_html(self, links):
        hostile = links.assign(name="<a href='x'>x</a>", short_name="<a href='x'>x</a>")
        drawn = boxes(hostile)
        assert not any("<a " in told for told in (*drawn["labels"], *drawn["hovertext"]))

    def test_a_branch_is_what_hangs_under_its_goal(self, links):
        branch = chain_tables.branch_of(links, "goal:N04")
        assert set(branch["goal_id"]) == {"N04"}
        assert set(branch.loc[branch["level"] == "indicator", "parent_id"]) == {""}
        assert len(branch) == (links["goal_id"] == "N04").sum() - 1


class TestWords:
    def test_of_a_chain_count_what_is_there(self, exports):
        links = chain.steering_chain(exports, municipality_id=OSTERAKER)
        assert chain_tables.of_chain(links) == "2\xa0KF-mål och 1\xa0indikator"

    def test_of_breaks_tell_how_many_of_which_kind(self, exports):
        breaks = chain.broken_links(exports, municipality_id=EXAMPLE, year=2026)
        assert chain_tables.of_breaks(breaks).replace("\xa0", " ") == (
            "Kedjan bryts på 5 ställen: 1 mål saknar indikator, 3 indikatorer saknar värde "
            "och 1 indikator saknar målvärde."
        )
        assert chain_tables.of_breaks(breaks.head(0)) == "Kedjan är hel: inget led saknas."

    @pytest.mark.parametrize(
        ("standing", "distance", "unit", "said"),
        [
            ("behind", -1.2, "%", "− 1,2 procentenheter efter den planerade takten"),
            ("before", 1.0, "%", "+ 1,0 procentenhet före den planerade takten"),
            ("before", 0.1, "barn/årsarbetare", "+ 0,1 barn/årsarbetare före den planerade takten"),
            ("on", 0.0, "%", "= I den planerade takten"),
            ("no_value", None, "%", "! Inget utfall"),
        ],
    )
    def test_of_a_distance_are_in_percentage_points_between_shares(self, standing, distance, unit, said):
        row = {"standing": standing, "distance": distance, "unit": unit, "decimals": 1}
        assert chain_tables.standing(row).replace("\xa0", " ") == said

    def test_of_a_path_name_its_years(self, exports):
        path = chain.planned_path(exports, municipality_id=EXAMPLE, year=2026)
        shown = chain_tables.path_rows(path, 2026).set_index("Indikator")["Planerad takt"]
        told = shown[shown.index.str.contains("betygskriterierna i alla ämnen, kommunala")].iloc[0]
        assert told.replace("\xa0", " ") == "minst 77,0 · 78,0 · 79,0 % (2026–2028)"

    def test_of_a_cancelled_test_ask_nobody_for_the_value(self, exports):
        breaks = chain.broken_links(exports, municipality_id=EXAMPLE, year=2021)
        who = chain_tables.break_rows(breaks)["Vem ska leverera"][breaks["marker"] == "cancelled"]
        assert len(who) == 2
        assert who.str.startswith("Ingen: ").all()

    def test_of_a_value_from_the_municipality_name_the_role_that_answers_for_the_goal(self):
        row = {"kind": "no_value", "goal_number": "6", "goal_name": "Närvaro", "indicator_id": "L01"}
        row |= {"indicator_title": "Frånvaro", "marker": "", "note": None, "action_title": None}
        row |= {"who": "Kommunens egen uppföljning", "owner_role": "Skolchef"}
        shown = chain_tables.break_rows(pd.DataFrame([row])).iloc[0]
        assert shown["Vem ska leverera"] == "Kommunens egen uppföljning (Skolchef)"
        assert shown["Var"] == "Frånvaro (målet 6. Närvaro)"


class TestChainTab:
    def test_lists_every_broken_link_with_who_should_deliver(self, visit: Visit):
        app = visit("goals.py", flik="Styrkedja")
        listed = next(rows for rows in tables(app) if "Vem ska leverera" in rows)
        assert listed["Saknas"].tolist() == ["! Indikator", "! Värde", "! Värde", "! Värde", "! Målvärde"]
        assert listed["Vem ska leverera"].tolist()[0] == "Ekonomichef"
        assert listed["Vem ska leverera"].tolist()[1] == "Kolada. Enkäten görs vartannat år."

    def test_indents_the_list_by_level(self, visit: Visit):
        rows = next(
            table.value for table in visit("goals.py", flik="Styrkedja").table if "Styrkedja" in table.value
        )
        names = {
            level: rows.loc[rows["Led"].str.replace("\\", "") == level, "Styrkedja"]
            for level in ("KF-mål", "Nämndmål", "Indikator")
        }
        depth = {level: {len(name) - len(name.lstrip("\xa0")) for name in names[level]} for level in names}
        assert depth == {"KF-mål": {0}, "Nämndmål": {4}, "Indikator": {8}}

    def test_leaves_schools_to_the_branches_and_the_download(self, visit: Visit):
        whole = next(rows for rows in tables(visit("goals.py", flik="Styrkedja")) if "Styrkedja" in rows)
        branch = visit("goals.py", flik="Styrkedja", gren="Varje lektion präglas av studiero")
        of_branch = next(rows for rows in tables(branch) if "Styrkedja" in rows)
        assert "Enhet" not in set(whole["Led"])
        assert "Enhet" in set(of_branch["Led"])

    def test_says_when_a_link_names_an_unknown_goal(self, visit: Visit):
        app = visit("goals.py", flik="Styrkedja", gren="Månen är en ost")
        assert "”Månen är en ost” finns inte att välja här. Sidan visar i stället alla mål." in words(app)

    def test_of_osteraker_shows_council_goals_and_the_path_of_5_2(self, visit: Visit):
        app = visit("goals.py", flik="Styrkedja", kommun="Österåker")
        assert "Kedjan bryts på 3 ställen: 1 mål saknar indikator och 2 mål saknar åtgärd." in words(app)
        path = next(rows for rows in tables(app) if "Planerad takt" in rows)
        assert path.iloc[0]["Läge"] == "= I den planerade takten"

    def test_of_one_school_has_its_own_figures_only(self, visit: Visit, exports: Exports):
        app = visit("goals.py", flik="Styrkedja", skola="Vindbrynsskolan")
        figure = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]
        schools = {node.split("/")[2] for node in figure["ids"] if node.count("/") == 2}
        assert schools == {"19901102"}

    def test_without_anything_says_which_export_fills_it(self, visit: Visit):
        shown = words(visit("goals.py", flik="Styrkedja", kommun="Ekerö", ar="2010"))
        assert "Inga mål eller åtgärder finns för Ekerö" in shown


class TestOverYears:
    def test_ekero_adds_up_to_17_and_asks_what_does_not_agree(self, visit: Visit):
        said = words(visit("goals.py", flik="Över åren", kommun="Ekerö"))
        assert "7 uppnådda + 6 delvis + 4 ej uppnådda = 17 mål" in said
        assert "2021 behålls de 5 prioriterade målen från 2020, men mål 13 är nytt bland dem." in said
        assert "Staben sägs ha tre förbättringsområden för 2021, men två räknas upp. Vilket stämmer?" in said

    def test_ekero_prioritises_six_goals_of_which_one_is_new(self, visit: Visit):
        said = words(visit("goals.py", flik="Över åren", kommun="Ekerö"))
        assert "Prioriterade 2021: mål 1, 8, 9, 10, 13 (nytt) och 14." in said

    def test_a_goal_that_a_list_of_priorities_leaves_out_is_not_said_to_be_dropped(self, exports: Exports):
        history = goals.goal_history(exports, municipality_id=EKERO)
        assert history["afterwards"].dropna().tolist() == ["untold"]
        row = history_rows(history[history["level"] == "committee"]).set_index("Mål")
        assert row.filter(like="universitet", axis=0)["2021"].tolist() == ["?\xa0Sägs inte"]

    def test_a_dropped_goal_is_marked_in_the_plan_that_it_is_not_in(self, exports: Exports):
        history = goals.goal_history(exports, municipality_id=EXAMPLE)
        committee = history[history["level"] == "committee"]
        figure = goal_matrix(committee)
        ends = next(trace for trace in figure.data if list(trace.text) == ["✕"])
        assert list(ends.x) == [2023]
        assert any("utgår 2023" in note.text for note in figure.layout.annotations)
        rows = history_rows(committee).set_index("Mål")
        assert rows.loc["Alla lektioner registreras samma dag", "2023"] == "✕\xa0Utgår"
        assert rows.loc["Alla lektioner registreras samma dag", "2024"] == "inte i planen"

    def test_each_prioritised_goal_has_a_star_beside_its_verdict(self, exports: Exports):
        history = goals.goal_history(exports, municipality_id=EKERO)
        committee = history[history["level"] == "committee"]
        stars = next(trace for trace in goal_matrix(committee).data if "★" in (trace.text or [""])[0])
        assert len(stars.x) == int(committee["is_priority"].sum()) == 11

    @pytest.mark.parametrize(
        ("changed", "asked"),
        [
            ({}, []),
            ({"count_unnamed": 2}, ["Vilka mål gäller de 2 bedömningar"]),
            ({"count_verdicts": 3}, ["Varför saknas de andra?"]),
            ({"priorities": ["mål 1", "mål 2"], "added": ["mål 2"]}, ["mål 2 är nytt bland dem"]),
            ({"priorities": ["mål 2"], "added": ["mål 2"], "dropped": ["mål 1"]}, []),
        ],
    )
    def test_only_what_does_not_add_up_is_asked(self, changed, asked):
        year = {"year": 2021, "met": 2, "partly": 1, "not_met": 1, "not_assessed": 0, "count_verdicts": 4}
        year |= {"count_unnamed": 0, "count_goals": 4, "plan_before": 2020, "priorities": ["mål 1"]}
        found = goals_over_years.questions_of({**year, "added": [], "dropped": [], **changed})
        assert [part in question for part, question in zip(asked, found, strict=True)] == [True] * len(asked)


class TestPlans:
    def test_stand_beside_each_goal_that_is_not_met(self, visit: Visit):
        planned = next(rows for rows in tables(visit("goals.py")) if "Planerat" in rows)
        of_goal = planned[planned["Mål"] == "Medarbetare mår bra på jobbet"]
        assert of_goal["Bedömning"].tolist() == ["○ Ej uppnått"] * 2
        assert of_goal["Planerat"].tolist() == [
            "! Införa gemensam rutin för rehabilitering",
            "Se över arbetsuppgifter som kan tas bort",
        ]

    def test_are_said_to_be_missing_where_no_action_is_open(self, publish):
        shape = {"municipality_id": EKERO, "goal_id": "m", "year": 2020, "source_id": "k"}
        exports = publish(
            goals=[{**shape, "level": "committee", "name": "Studiero", "is_priority": False}],
            goal_verdicts=[{**shape, "verdict_id": "1", "verdict_raw": "ej uppnått"}],
        )
        found = goals.unmet_goals(exports, municipality_id=EKERO, year=2020)
        assert planned_for.of_plans(found).replace("\xa0", " ") == (
            "1 mål är inte helt uppnått. Ingen öppen åtgärd finns för Studiero."
        )
        assert planned_for.plan_rows(found)["Planerat"].tolist() == [planned_for.NOTHING_PLANNED]
