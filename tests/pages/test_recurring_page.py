"""Page Samma påpekande: every empty link is said, registers say what was never done, and gaps stay gaps."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pages.parts import missing_links, remarks_in_words, standing_remarks
from pages.parts.charts.themes import theme_matrix
from pages.parts.sentences import of_themes
from pages.parts.words import in_a_row
from queries import findings, registers
from queries.connection import Exports
from tests.pages.conftest import Visit, tables, texts

PAGE = "recurring.py"
SIX = ("Lokaler", "Utemiljö", "Studiero", "Frånvaro", "Andel förskollärare", "Kompetensutveckling")


def named(app: object, column: str) -> pd.DataFrame:
    """The first table of a page with a column of that name."""
    return next(table for table in tables(app) if column in table)


def said(app: object) -> str:
    """The page's running text, with Markdown's escapes taken away."""
    return texts(app).replace("\\", "")


@pytest.mark.parametrize("theme", SIX)
def test_each_standing_theme_of_osteraker_is_said_to_lack_effect_and_cause(visit: Visit, theme: str) -> None:
    rows = named(visit(PAGE, kommun="Österåker"), "Står i").set_index("Påpekande")
    row = rows.loc[f"{theme} (hela kommunen)"]
    assert row["Står i"] == "2019 och 2020 (andra året i rad)"
    assert "Effekt ej redovisad" in row["Insats och effekt"]
    assert "Orsak saknas i källorna" in row["Orsak och nästa steg"]


def test_every_link_of_a_chain_is_told_or_said_to_be_missing(visit: Visit) -> None:
    shown = said(visit(PAGE, kommun="Österåker", tema="Frånvaro"))
    for words in (
        "**Påpekande:** ”Problematisk frånvaro finns kvar.”",
        "**Beslut:** Analysen noterades till protokollet 2020-09-28.",
        "**Åtgärd:** Ingen åtgärd kopplad. Insats: Rektorerna samarbetar med socialförvaltningen.",
        "**Effekt:** Effekt ej redovisad. Uppgift utan siffror: Trenden sägs vara positiv",
        "**Orsak:** Orsak saknas i källorna",
        "ansvarig saknas",
    ):
        assert words in shown


def test_a_remark_without_anything_says_so_for_every_link(visit: Visit) -> None:
    shown = said(visit(PAGE, kommun="Österåker", ar="2019"))
    for words in (
        remarks_in_words.NO_DECISION,
        remarks_in_words.NO_ACTION,
        remarks_in_words.NO_CAUSE,
        remarks_in_words.NO_STEP,
        "Inget påpekande står kvar två år i rad.",
    ):
        assert words in shown


def test_a_linked_action_stands_with_its_state_in_the_chain(visit: Visit, exports: Exports) -> None:
    listed = findings.finding_list(exports, municipality_id="9901", year=2026, themes=["studiero"])
    title = listed.loc[listed["year"] == 2026, "action_title"].dropna().iloc[0]
    assert title in said(visit(PAGE, tema="Studiero"))


def test_the_figure_joins_years_in_a_row_and_leaves_gaps_between_islands(exports: Exports) -> None:
    years = findings.finding_years(exports, municipality_id="9901")
    own = years[years["theme"] == "utemiljö"]
    figure = theme_matrix(own, range(2021, 2027))
    silent, line, *shapes = figure.data
    assert list(silent.x) == [2024]
    assert list(line.x) == [2021, 2023, None, 2025, 2026, None]
    assert sorted(year for trace in shapes for year in trace.x) == [2021, 2022, 2023, 2025, 2026]


def test_a_year_with_a_told_effect_has_a_shape_of_its_own(exports: Exports) -> None:
    years = findings.finding_years(exports, municipality_id="9901")
    *_, without, told = theme_matrix(years[years["theme"] == "kompetensutveckling"], range(2021, 2027)).data
    assert (without.marker.symbol, told.marker.symbol) == ("circle", "diamond")
    assert list(told.x) == [2023]


def test_a_theme_cannot_bring_markup_into_the_figure(exports: Exports) -> None:
    years = findings.finding_years(exports, municipality_id="0117")
    spoilt = years.assign(theme="<a href='http://x.test'>lokaler</a>").drop_duplicates("year")
    assert "<a href" not in json.dumps(theme_matrix(spoilt, [2019, 2020]).to_dict(), default=str)


@pytest.mark.parametrize(
    ("run", "words"), [(1, "första året"), (3, "tredje året i rad"), (12, "12:e året i rad")]
)
def test_years_in_a_row_are_counted_in_words(run: int, words: str) -> None:
    assert in_a_row(run) == words


def test_a_theme_that_no_longer_stands_is_not_said_to_stand() -> None:
    themes = pd.DataFrame(
        {"theme": ["a", "b"], "years_in_a_row": [4, 2], "is_standing": [False, True], "effect": [None, "ja"]}
    )
    assert of_themes(themes) == "1 påpekande står kvar minst två år i rad: b. En effekt är redovisad."


def test_news_tell_new_themes_those_that_came_back_and_those_that_are_gone() -> None:
    themes = pd.DataFrame({"theme": ["ny", "åter", "borta"], "newest_year": [2020, 2020, 2019]})
    years = pd.DataFrame(
        {
            "theme": ["ny", "åter", "åter", "borta"],
            "year": [2020, 2018, 2020, 2019],
            "place_in_run": [1, 1, 1, 1],
            "run_number": [1, 1, 2, 1],
        }
    )
    assert standing_remarks.of_news(themes, years) == (
        "Nytt i källorna 2020: ny. Tillbaka efter ett uppehåll: åter. Inte längre med sedan 2019: borta."
    )


def test_what_is_missing_is_counted_by_remark_and_listed(visit: Visit) -> None:
    app = visit(PAGE, kommun="Österåker", minne="Vad som saknas")
    assert (
        "6 påpekanden i 6 teman 2020: 6 saknar kopplad åtgärd, 5 saknar ansvarig och 6 saknar datum."
        in said(app)
    )
    assert named(app, "Utan åtgärd")["Utan åtgärd"].tolist() == ["1 av 1"] * 6
    assert set(named(app, "Insats i ord")["Tema"]) == {f"{theme}, andra året i rad" for theme in SIX}


@pytest.mark.parametrize("link", missing_links.LINKS)
def test_the_list_of_what_is_missing_is_as_long_as_its_count(
    visit: Visit, exports: Exports, link: str
) -> None:
    count = int(findings.themes_without(exports, municipality_id="9901")[missing_links.LINKS[link][0]].sum())
    app = visit(PAGE, minne="Vad som saknas", saknas=link)
    listed = [table for table in tables(app) if "Insats i ord" in table]
    assert sum(len(table) for table in listed) == count


def test_strengths_stand_beside_weaknesses_and_shared_themes_are_told(visit: Visit) -> None:
    app = visit(PAGE, minne="Styrkor och svagheter")
    row = named(app, "Styrkor").set_index("Tema").loc["Studiero"]
    assert row["Styrkor"] == "Tydliga rutiner ger lugna lektioner."
    assert "påpekas på minst två enheter 2026: frånvaro och lokaler." in said(app)


def test_the_report_that_was_never_treated_stands_first(visit: Visit) -> None:
    app = visit(PAGE, kommun="Österåker", minne="Rapporter")
    assert "1 av 3 rapporter har aldrig behandlats: Systematiskt kvalitetsarbete (SKA) 2018/19." in said(app)
    rows = named(app, "Behandlad")
    assert rows.iloc[0][["Läge", "Avser"]].tolist() == ["! Aldrig behandlad", "2018/19"]
    assert "förut pedagogiskt bokslut" in rows.iloc[0]["Rapport"]
    assert "28 september 2020. Dnr PU 2020/0076, KSPU § 11:3. Noterades" in rows.iloc[1]["Behandlad"]


def test_questions_without_an_answer_stand_first_with_the_day_they_were_due(visit: Visit) -> None:
    app = visit(PAGE, kommun="Piteå", minne="Frågor och löften")
    rows = named(app, "Svar")
    assert set(rows["Läge"]) == {"! Förfallen"}
    assert set(rows["Svar"]) == {"Svar saknas, skulle komma 30 juni 2018"}


def test_a_register_can_be_held_to_one_kind(visit: Visit) -> None:
    rows = named(visit(PAGE, kommun="Österåker", minne="Frågor och löften", fragor="Löfte"), "Svar")
    assert len(rows) == 3
    assert rows["Fråga eller löfte"].str.startswith("Löfte: ").all()


def test_assignments_name_their_giver(visit: Visit, exports: Exports) -> None:
    app = visit(PAGE, kommun="Linköping", minne="Uppdrag")
    assert "8 uppdrag: 3 är klara och 5 är öppna, varav 5 försenade." in said(app)
    found = registers.assignment_register(exports, municipality_id="0580")
    assert sorted(named(app, "Givare")["Uppdrag"]) == sorted(found["title"])


@pytest.mark.parametrize(
    ("tab", "kommun", "export"),
    [
        ("Påpekanden", "Linköping", "påpekanden ur kvalitetsrapporter"),
        ("Frågor och löften", "Ekerö", "frågor, löften och yrkanden"),
        ("Uppdrag", "Österåker", "åtgärder med status"),
        ("Dialogmöten", "Ekerö", "överenskommelser vid dialogmöten"),
    ],
)
def test_an_empty_register_says_which_export_fills_it(
    visit: Visit, tab: str, kommun: str, export: str
) -> None:
    assert f"Exporten *{export}" in said(visit(PAGE, kommun=kommun, minne=tab))
