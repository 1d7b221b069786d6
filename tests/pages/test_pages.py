"""Every page and tab renders for every kind of choice, and shows the numbers that the questions give."""

from __future__ import annotations

import json

import pytest

from pages.parts.words import number
from queries import actions, comparison, goals
from queries.connection import Exports
from tests.pages.conftest import Visit, tables, texts

PAGES = {
    "overview.py": [{}],
    "goals.py": [
        {"flik": tab} for tab in ("Läget", "Underlag per mål", "Styrkedja", "Per skola", "Över åren")
    ]
    + [{"flik": "Styrkedja", "gren": goal} for goal in ("Utbildning som öppnar vägar", "finns inte")],
    "comparison.py": [
        {"del": part} for part in ("Kommunen mot andra", "Ett nyckeltal", "Mål och läge", "Skola mot skola")
    ]
    + [
        {"vy": "Lista"},
        {"vy": "Tabell"},
        {"profil": "Trygghet och studiero"},
        {"skala": "Rang bland kommunerna"},
    ]
    + [{"jamfor": ["Fem år tidigare", "Riket (vägt medel)", "finns inte"]}, {"kon": "Flickor"}]
    + [{"profil": "Egna val", "valda": ["N15419", "N15505", "N15034"]}, {"profil": "Egna val"}]
    + [{"del": "Ett nyckeltal", "nyckeltal": "N15613", "kon": "Pojkar"}],
    "actions.py": [{"dela": by} for by in ("Typ", "Perspektiv", "Mål", "Område", "Skola", "Rapporttillfälle")]
    + [{"visa": shown} for shown in ("Alla", "Försenade", "Klara", "Genomförs ej")]
    + [
        {"uppfoljning": tab}
        for tab in (
            "Inför mötet",
            "Kommande",
            "Flyttade datum",
            "Frågor att ställa",
            "Effekt",
            "Försvunna",
            "Finns inte",
        )
    ]
    + [{"uppfoljning": "Inför mötet", "mote": "Delrapport 1, 30 april 2026", "skal": "Nya"}]
    + [
        {"uppfoljning": "Frågor att ställa", "omrade": "Ekonomi"},
        {"uppfoljning": "Effekt", "omrade": "finns inte"},
    ]
    + [{"uppfoljning": "Effekt", "effekt": "Utvärdering förfallen"}],
    "recurring.py": [
        {"minne": tab}
        for tab in (
            "Påpekanden",
            "Vad som saknas",
            "Styrkor och svagheter",
            "Rapporter",
            "Frågor och löften",
            "Uppdrag",
            "Dialogmöten",
        )
    ]
    + [
        {"tema": "Frånvaro"},
        {"minne": "Vad som saknas", "saknas": "Effekt"},
        {"minne": "Rapporter", "slag": "MMiS"},
    ],
    "school.py": [
        {"skoldel": tab} for tab in ("Skolan i bilder", "Mina skolor", "Närvaro", "Enkät", "Klagomål")
    ]
    + [{"skoldel": "Mina skolor", "minaskolor": ["Utskärsviksskolan", "finns inte"]}],
    "month.py": [
        {"manad": tab}
        for tab in (
            "Rapporterat",
            "Utfall och prognos",
            "Resultatkrav och kapital",
            "Barn per årsarbetare",
            "Stora avvikelser",
        )
    ]
    + [
        {"rapportmanad": "september 2026"},
        {"rapportmanad": "finns inte"},
        {"manad": "Utfall och prognos", "matt": "Närvaro"},
        {"manad": "Utfall och prognos", "matt": "finns inte"},
    ],
    "dialogue.py": [
        {"dialog": tab} for tab in ("Dagordning", "Frågebank", "Överenskommelser", "Underlag", "Finns inte")
    ]
    + [{"mote": "våren 2025", "omrade": "Norra"}, {"mote": "hösten 1999", "omrade": "finns inte"}]
    + [{"lage": "mote", "punkt": "3"}, {"dialog": "Frågebank", "amne": "finns inte"}],
    "data.py": [{"data": tab} for tab in ("Färskhet", "Läs in", "Historik", "Mallar", "Ord")],
    "about.py": [
        {"om": tab}
        for tab in (
            "Så läser du",
            "Ordlista",
            "Nyckeltal",
            "Små grupper",
        )
    ],
    "search.py": [{}, {"q": "skolor"}, {"q": "studiero", "traffar": "finns inte"}],
    "accessibility.py": [{}],
    "privacy.py": [{}],
}
# What they say is the same whatever is chosen.
THE_SAME_FOR_ALL = ("about.py", "accessibility.py", "privacy.py", "data.py")
CHOICES = {
    "the invented municipality": {},
    "one of its schools": {"skola": "Vindbrynsskolan", "ar": "2025"},
    "a preschool": {"skola": "Förskolan Kottlyckan"},
    "goals without actions": {"kommun": "Ekerö", "ar": "2020"},
    "a school without anything": {"kommun": "Ekerö", "skola": "Munsö skola"},
    "actions without verdicts": {"kommun": "Linköping"},
    "actions without goals": {"kommun": "Piteå", "ar": "2018"},
    "remarks only": {"kommun": "Österåker"},
    "a year before all goals": {"kommun": "Ekerö", "ar": "2010"},
    "nonsense": {"kommun": "<script>", "skola": "![x](http://x.test)", "ar": "0"},
}
# So is most of what Data says.
LINKS = [
    (page, tab, name)
    for page, tabs in PAGES.items()
    for tab in tabs
    for name in (CHOICES if page not in THE_SAME_FOR_ALL or tab == {"data": "Färskhet"} else ["nonsense"])
]


@pytest.mark.parametrize(("page", "tab", "choice"), LINKS)
def test_every_page_and_tab_renders_without_an_error(visit: Visit, page: str, tab: dict, choice: str) -> None:
    app = visit(page, **CHOICES[choice], **tab)
    assert [error.message for error in app.exception] == []
    assert len(app.title) == 1
    assert app.text or app.table or app.header


def test_overview_of_ekero_opens_with_seven_of_seventeen_goals_met(visit: Visit) -> None:
    assert "7 av 17 mål är uppnådda, 6 delvis och 4 inte." in texts(visit(kommun="Ekerö", ar="2020"))


def test_the_counts_on_screen_are_those_of_the_question(visit: Visit, exports: Exports) -> None:
    tally = goals.goal_tally(exports, municipality_id="0125", year=2020).iloc[0]
    first = tables(visit("goals.py", kommun="Ekerö", ar="2020"))[0].iloc[0]
    shown = [int(first[word]) for word in ("Uppnått", "Delvis uppnått", "Ej uppnått", "Ej bedömt", "Summa")]
    assert shown == [int(tally[column]) for column in ("met", "partly", "not_met", "not_assessed", "total")]


def test_unnamed_verdicts_are_said_to_be_unnamed(visit: Visit) -> None:
    app = visit("goals.py", kommun="Ekerö", ar="2020")
    assert "För 14 av 17 bedömningar säger källan inte vilket mål de gäller." in texts(app)


def test_linkoping_shows_activities_and_assignments_apart(visit: Visit) -> None:
    app = visit("actions.py", kommun="Linköping")
    assert (
        "20 av 45 åtgärder är klara (44,4 %), 22 är öppna och 3 genomförs inte. Alla öppna är försenade."
        in texts(app)
    )
    rows = tables(app)[0].set_index("Typ")
    assert rows.loc["Aktivitet", ["Klara", "Öppna", "Genomförs ej", "Summa"]].tolist() == [
        "17",
        "17",
        "3",
        "37",
    ]
    assert rows.loc["Uppdrag från fullmäktige", ["Klara", "Öppna", "Genomförs ej", "Summa"]].tolist() == [
        "3",
        "5",
        "0",
        "8",
    ]


def test_three_of_twelve_due_at_delrapport_2_are_done(visit: Visit) -> None:
    rows = tables(visit("actions.py", kommun="Linköping", dela="Rapporttillfälle"))[0].set_index(
        "Rapporttillfälle"
    )
    assert rows.loc["Delrapport 2", ["Klara", "Öppna", "Summa"]].tolist() == ["3", "9", "12"]


def test_pitea_has_one_late_area(visit: Visit) -> None:
    app = visit("actions.py", kommun="Piteå", ar="2018", visa="Försenade")
    assert "1 av de öppna är försenad." in texts(app)
    late = next(table for table in tables(app) if "Åtgärd" in table)
    assert len(late) == 1
    assert late.iloc[0]["Klart till"] == "31 december 2017"


def test_a_disagreement_between_verdict_and_outcome_is_said(visit: Visit) -> None:
    app = visit("goals.py")
    assert "Bedömning och utfall säger olika saker för 2 mål." in texts(app)
    listed = next(table for table in tables(app) if "Källans ord" in table)
    assert listed["Utfall mot målvärde"].str.contains("stämmer inte med bedömningen").sum() == 2


def test_invented_figures_are_marked_on_every_page_that_shows_them(visit: Visit) -> None:
    for page in ("overview.py", "goals.py", "comparison.py", "actions.py"):
        assert "Påhittade uppgifter." in texts(visit(page))
        assert "Påhittade uppgifter." not in texts(visit(page, kommun="Ekerö"))


def test_an_unknown_value_in_a_link_is_announced(visit: Visit) -> None:
    shown = texts(visit(kommun="Ekerö", skola="Lönnskolan", ar="1999"))
    assert "”Lönnskolan” är inte en skola i Ekerö" in shown
    assert "”1999” är inte ett år med uppgifter för Ekerö" in shown
    assert "alla skolor och det senaste året" in shown


def test_a_choice_without_rows_says_which_export_would_fill_it(visit: Visit) -> None:
    shown = texts(visit("actions.py", kommun="Ekerö"))
    assert (
        "Inga åtgärder är rapporterade för Ekerö. Exporten *åtgärder med status* fyller den här delen."
        in shown
    )


def test_every_figure_has_a_text_alternative_with_its_numbers(visit: Visit) -> None:
    for page, tabs in PAGES.items():
        for tab in tabs:
            for figure in visit(page, **tab).get("plotly_chart"):
                assert any(character.isdigit() for character in figure.proto.alt), (page, tab)


def test_the_spider_draws_the_values_of_the_question(visit: Visit, exports: Exports) -> None:
    values = comparison.spider_values(exports, municipality_id="0125", year=2018)
    own = values[(values["role"] == "own") & (values["good_direction"] != "none")].sort_values("position")
    figure = json.loads(visit("comparison.py", kommun="Ekerö", ar="2018").get("plotly_chart")[0].proto.spec)
    line = next(trace for trace in figure["data"] if trace.get("name") == "Ekerö")
    drawn = [None if value != value else value for value in own["scaled"].astype(float)]
    assert line["r"] == [*drawn, drawn[0]]
    assert "fill" not in line


def test_kolada_is_never_named_as_the_source_of_what_was_worked_out(visit: Visit) -> None:
    captions = [caption.value for caption in visit("comparison.py", kommun="Ekerö", ar="2018").caption]
    assert any("Egen bearbetning av data från Kolada" in caption for caption in captions)
    assert not any("Källa: Kolada" in caption for caption in captions)


def test_the_late_actions_come_first_among_the_open(visit: Visit, exports: Exports) -> None:
    listed = actions.action_list(exports, municipality_id="9901")
    late = int(listed["is_late"].sum())
    shown = next(table for table in tables(visit("actions.py")) if "Åtgärd" in table)
    assert shown["Läge"].head(late).tolist() == ["! Försenad"] * late
    assert "! Försenad" not in shown["Läge"].iloc[late:].tolist()


def test_numbers_on_screen_are_swedish(visit: Visit) -> None:
    rows = tables(visit("comparison.py", kommun="Ekerö", ar="2018"))
    compared = next(rows for rows in rows if "Läge mot andra" in rows)
    cost = compared[compared["Nyckeltal"].str.startswith("Kostnad")].iloc[0]
    assert number(109897, 0).replace("\xa0", " ") in cost["Ekerö"]
