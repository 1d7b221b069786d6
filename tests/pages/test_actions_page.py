"""Page Åtgärder over time: what its tabs say, and the figures of moved deadlines and of effects."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.parts.action_tables import how_far, move_rows, outcome_since, when
from pages.parts.charts.actions import MOST_ROWS, effect_bars, moved_deadlines
from pages.parts.words import EFFECT_STATES
from queries import action_times, actions, effects
from queries.connection import Exports
from tests.pages.conftest import Visit, tables, texts

EXAMPLE = "9901"


def tab(visit: Visit, name: str, **link: str):
    """The page with one of its tabs open."""
    return visit("actions.py", uppfoljning=name, **link)


def table_with(app, column: str) -> pd.DataFrame:
    """The first table of a page that has a column."""
    return next(table for table in tables(app) if column in table)


def test_pitea_is_promised_nine_report_backs_in_june(visit: Visit):
    app = tab(visit, "Inför mötet", kommun="Piteå", ar="2018", mote="Återrapport juni 2018, 30 juni 2018")
    assert "9 återrapporter är utlovade." in texts(app)
    assert len(table_with(app, "Utlovat")) == 9


def test_a_meeting_names_what_is_promised_and_what_is_late_beside_the_action(visit: Visit):
    app = tab(visit, "Inför mötet", kommun="Piteå", ar="2018")
    late = table_with(app, "Varför")
    assert late.loc[late["Läge"] == "! Försenad", "Klart till"].tolist() == ["31 december 2017"]


def test_one_report_alone_shows_no_move_and_says_why(visit: Visit):
    app = tab(visit, "Flyttade datum", kommun="Linköping")
    assert "Ingen av 45 åtgärder har fått en ny tidpunkt i de rapporter som finns." in texts(app)
    assert "Det finns bara en rapport." in texts(app)


def test_questions_never_pass_a_verdict_and_quote_the_report(visit: Visit):
    asked = table_with(tab(visit, "Frågor att ställa"), "Fråga")
    assert asked["Fråga"].str.endswith("?").all()
    assert asked["Rapporten säger"].str.startswith("”").all()
    assert (asked["Bredvid"] != "–").all()


def test_effects_say_that_they_do_not_say_why_and_which_band_counts_as_unchanged(visit: Visit):
    said = texts(tab(visit, "Effekt"))
    assert "Det säger inte varför." in said
    assert "En ändring på högst 2,0 procentenheter, eller 2,0 % för annat än procent" in said


@pytest.mark.parametrize("word", ["förbättr", "tack vare", "orsak", "ledde till", "berodde"])
def test_no_word_on_an_effect_claims_a_cause(exports: Exports, word: str):
    ledger = effects.effect_ledger(exports, municipality_id=EXAMPLE, year=2026)
    assert not any(word in outcome_since(row).lower() for row in ledger.to_dict("records"))


def test_a_choice_that_is_no_tab_is_announced(visit: Visit):
    app = tab(visit, "Nonsens")
    assert "”Nonsens” finns inte att välja här. Sidan visar i stället läget." in texts(app)


@pytest.mark.parametrize(
    ("deadline", "shown"),
    [
        ("2026-09-30", "30 september 2026"),
        ("Delrapport 2", "Delrapport 2"),
        ("Löpande", "Löpande"),
        (None, "Datum saknas"),
    ],
)
def test_a_deadline_is_read_as_a_day_a_report_point_or_words(deadline, shown):
    assert when(deadline) == shown


@pytest.mark.parametrize(
    ("days", "steps", "shown"),
    [
        (92, 1, "92 dagar senare"),
        (-1, None, "1 dag tidigare"),
        (None, 1, "1 rapporttillfälle senare"),
        (None, None, "Går inte att räkna"),
    ],
)
def test_how_far_a_deadline_moved_is_told_in_days_where_both_ends_have_one(days, steps, shown):
    assert how_far({"days_moved": days, "steps_moved": steps}).replace("\xa0", " ") == shown


@pytest.fixture
def moves(exports: Exports) -> pd.DataFrame:
    return action_times.action_moves(exports, municipality_id=EXAMPLE, year=2026)


@pytest.fixture
def timeline(exports: Exports) -> pd.DataFrame:
    return action_times.action_timeline(exports, municipality_id=EXAMPLE, year=2026)


def test_the_figure_runs_from_the_first_deadline_to_the_one_that_holds(moves, timeline):
    figure = moved_deadlines(moves, timeline)
    go.Figure(figure.to_dict())
    lines = [trace for trace in figure.data if trace["mode"] == "lines"]
    assert len(lines) == MOST_ROWS
    first = moves.iloc[0]
    assert [lines[0]["x"][0], lines[0]["x"][-1]] == [
        pd.Timestamp(first["first_deadline_day"]),
        pd.Timestamp(moves[moves["action_id"] == first["action_id"]].iloc[-1]["deadline_day"]),
    ]
    assert [text.split("<br>")[0] for text in figure.layout.xaxis.ticktext] == ["D1", "D2", "V"]


def test_moves_without_any_day_leave_the_figure_empty_and_stay_in_the_table(moves, timeline):
    without = moves.assign(first_deadline_day=None, deadline_day=None, deadline_day_before=None)
    figure = moved_deadlines(without, timeline.iloc[:0])
    assert [len(trace["x"]) for trace in figure.data] == [0, 0, 0]
    assert len(move_rows(without)) == len(moves)


def test_the_bars_of_effects_have_the_numbers_of_the_ledger(exports: Exports):
    ledger = effects.effect_ledger(exports, municipality_id=EXAMPLE, year=2026)
    counts = {state: int((ledger["effect_state"] == state).sum()) for state in EFFECT_STATES}
    figure = effect_bars(counts)
    go.Figure(figure.to_dict())
    assert list(figure.data[0]["x"]) == list(counts.values())
    assert sum(counts.values()) == len(ledger)


@pytest.mark.parametrize("tab", ["Läget", "Inför mötet", "Frågor att ställa", "Effekt"])
def test_every_list_can_be_held_to_one_area(visit: Visit, exports: Exports, tab: str) -> None:
    known = actions.action_areas(exports, municipality_id="0580")
    titles = actions.action_list(exports, municipality_id="0580").set_index("action_id")["title"]
    inside = set(titles.reindex(known.loc[known["area"] == "Ekonomi", "action_id"]).dropna())
    app = visit("actions.py", kommun="Linköping", uppfoljning=tab, omrade="Ekonomi")
    shown = next(rows for rows in tables(app) if "Åtgärd" in rows)
    assert len(shown)
    assert set(shown["Åtgärd"]) <= inside
