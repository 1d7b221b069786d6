"""Page Dialogmöte: agenda, question bank, agreements and the meeting mode; what is written is published and can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import access, meeting_mode, meeting_notes, question_bank, source
from pages.parts.charts.enlarged import FACTOR, HIGHEST, enlarged
from pages.parts.charts.plain import figure
from pages.parts.filters import Filters
from pages.parts.links import labels_of
from pages.parts.meeting_agenda import PAGE_HERE
from pages.parts.meetings import day_of, start_of
from pages.parts.pieces import Chart, Series
from pages.parts.question_bank import FINDERS, Raised, raised
from pages.parts.question_bank_shown import key_of, once
from queries import contradictions, dialogue, effects, findings, places, registers
from queries.connection import Exports
from queries.dialogue import Meeting
from queries.published import published_rows
from queries.versions import Store
from tests.pages.conftest import Become, Visit, tables, texts
from tests.pages.test_data import labels, press

PAGE = "dialogue.py"
WEAK = "Ljungtjärnshöjdens skola"
COMING, NEWEST = Meeting("spring", 2027), Meeting("autumn", 2026, date(2026, 10, 27))


def chosen(
    exports: Exports, municipality_id: str = "9901", unit_id: str | None = None, area: str = ""
) -> Filters:
    """The filters of a visit, without one."""
    names = places.municipalities(exports).set_index("municipality_id")["name"]
    units = places.units(exports, municipality_id=municipality_id)
    named = labels_of(units)
    found = Filters(
        municipality_id, names[municipality_id], None, municipality_id == "9901", unit_id, named.get(unit_id),
        None, tuple(named.items()),
    )  # fmt: skip
    of_area = tuple(units.loc[units["area"] == area, "unit_id"])
    return replace(found, area=area, area_unit_ids=of_area) if area else found


def said(app: AppTest) -> str:
    """The running text without Markdown's escapes."""
    return texts(app).replace("\\", "")


def field(app: AppTest, key: str) -> object:
    """The first widget whose key begins so."""
    everything = (*app.text_area, *app.text_input, *app.checkbox, *app.date_input, *app.selectbox)
    return next(each for each in everything if str(each.key).startswith(key))


def published_questions() -> dict[str, dict[str, object]]:
    rows = published_rows(source.newest(), "meeting_questions")
    rows = rows.astype(object).where(rows.notna(), None)
    return {row["question_id"]: row for row in rows.to_dict("records")}


def headings_of(app: AppTest) -> list[str]:
    return [heading.value.replace("\\", "") for heading in app.header]


class TestAgenda:
    def test_begins_with_what_was_agreed_last_time_and_what_came_of_it(self, visit: Visit):
        app = visit(PAGE, skola=WEAK)
        headings = headings_of(app)
        assert headings[:2] == ["1. Förra mötet", "Vad kom vi överens om förra gången, och vad blev det?"]
        assert headings[2] == "2. Frågor"
        words = "Vårens dialogmöten, 20 mars 2026: 2 överenskommelser. Utfallet är redovisat för 2 och inte för någon."
        assert words in said(app)

    @pytest.mark.parametrize(
        ("link", "shown"),
        [
            ({}, "Exempelkommunen · alla skolor · hösten 2026"),
            ({"mote": "våren 2025", "omrade": "Norra"}, "Exempelkommunen · Norra · våren 2025"),
            ({"skola": WEAK, "omrade": "Södra"}, f"Exempelkommunen · {WEAK} · hösten 2026"),
            ({"ar": "2024"}, "Exempelkommunen · alla skolor · hösten 2024"),
            ({"kommun": "Ekerö"}, "Ekerö · alla skolor · "),
        ],
    )
    def test_says_in_words_which_meeting_it_is_and_with_whom(self, visit: Visit, link: dict, shown: str):
        assert shown in said(visit(PAGE, **link))

    def test_says_of_a_meeting_that_is_not_there_what_it_shows_instead(self, visit: Visit):
        app = visit(PAGE, mote="hösten 1999")
        assert "”hösten 1999” finns inte att välja här. Sidan visar i stället hösten 2026." in said(app)

    def test_brings_along_what_was_not_answered_and_for_how_long(self, visit: Visit):
        (questions,) = [table for table in tables(visit(PAGE, mote="våren 2027")) if "Fråga" in table]
        row = questions[questions["Till"] == WEAK].iloc[0]
        assert (row["Läge"], row["Svar"]) == ("○ Obesvarad", "Väntar sedan 27 oktober 2025, i 3 möten")

    def test_of_one_unit_has_no_point_about_what_units_share(self, visit: Visit):
        assert "3. Gemensamt" in headings_of(visit(PAGE))
        assert "Gemensamt" not in said(visit(PAGE, skola=WEAK))

    def test_by_who_may_not_write_can_be_read_and_not_written(self, visit: Visit, become: Become):
        become(access.Principal({access.EVERYWHERE: "politiker"}, is_signed_in=True))
        for tab in ("Dagordning", "Frågebank", "Överenskommelser"):
            app = visit(PAGE, dialog=tab)
            assert "Du får inte skriva på dialogmöten." in said(app)
            assert not [label for label in labels(app) if label.startswith(("Kontrollera", "Lägg till"))]


@pytest.mark.parametrize(
    ("link", "is_shown"),
    [
        ("/atgarder?kommun=Eker%C3%B6&version=0", True),
        ("https://example.org/atgarder?kommun=x", False),
        ("//example.org/a?b=c", False),
        ("javascript:alert(1)", False),
        ("/atgarder?a=b) [x](https://example.org", False),
        ("", False),
    ],
)
def test_only_links_to_pages_here_are_links_on_the_agenda(link: str, is_shown: bool):
    assert bool(PAGE_HERE.fullmatch(link)) is is_shown


class TestWriting:
    def test_a_question_of_the_bank_is_picked_published_answered_and_undone(
        self, visit: Visit, own_store: Store
    ):
        app = visit(PAGE, dialog="Frågebank", mote="våren 2027", skola=WEAK, amne="Frånvaro")
        field(app, "fraga|investigation_low").check()
        app = press(app, "Lägg till på dagordningen våren 2027")
        assert "Filen kan publiceras." in said(app)
        app = press(app, "Publicera")
        assert "Version 1 är publicerad." in said(app)
        (new,) = [row for key, row in published_questions().items() if key == "spring-2027-19901103-1"]
        assert (new["rule_id"], new["unit_id"], new["meeting_date"]) == (
            "investigation_low", "19901103", date(2027, 3, 20),
        )  # fmt: skip
        assert "version=0" in new["link"]
        assert new["source_id"].startswith("mall-meeting_questions-")

        app = visit(PAGE, mote="våren 2027", skola=WEAK)
        assert "2 frågor väntar på svar." in said(app)
        assert f"]({new['link']})" in texts(app), "what the question rests on is one click away"
        field(app, "besvara-spring-2027-19901103-1").input("Alla utreds\nföre juni.")
        app = press(press(app, "Kontrollera och publicera svaren"), "Publicera")
        assert "Version 2 är publicerad." in said(app)
        assert published_questions()["spring-2027-19901103-1"]["answer"] == "Alla utreds före juni."
        app = press(app, "Ångra")
        assert "Version 2 är ångrad" in said(app)
        assert published_questions()["spring-2027-19901103-1"]["answer"] is None

    def test_a_question_on_the_agenda_is_not_offered_again(self, visit: Visit, own_store: Store):
        app = visit(PAGE, dialog="Frågebank", skola=WEAK, amne="Frånvaro")
        field(app, "fraga|").check()
        press(press(app, "Lägg till på dagordningen hösten 2026"), "Publicera")
        app = visit(PAGE, dialog="Frågebank", skola=WEAK)
        assert "1 fråga står redan på dagordningen." in said(app)
        assert not [box for box in app.checkbox if "investigation_low" in box.key]

    def test_an_own_question_goes_to_the_area_that_is_chosen(self, visit: Visit, own_store: Store):
        app = visit(PAGE, omrade="Norra")
        field(app, "egen-fraga-").input("Hur går det?")
        press(press(app, "Kontrollera och publicera frågan"), "Publicera")
        new = published_questions()["autumn-2026-norra-1"]
        assert (new["area"], new["unit_id"], new["rule_id"], new["question"]) == (
            "Norra", None, "own", "Hur går det?",
        )  # fmt: skip

    def test_agreements_and_what_came_of_them_are_written_down(self, visit: Visit, own_store: Store):
        link = {"dialog": "Överenskommelser", "mote": "våren 2027", "skola": WEAK}
        app = visit(PAGE, **link)
        field(app, "ny-amne").input("studiero")
        field(app, "ny-text").input("Två vuxna i klassrummet.")
        app = press(press(app, "Kontrollera och publicera överenskommelsen"), "Publicera")
        assert "Version 1 är publicerad." in said(app)
        app = visit(PAGE, **link)
        untold = field(app, "utfall-autumn-2026-19901103")
        untold.input("Klart.")
        press(press(app, "Kontrollera och publicera utfallen"), "Publicera")
        rows = published_rows(source.newest(), "agreements").set_index("agreement_id")
        assert rows.loc["spring-2027-19901103-1", "agreed"] == "Två vuxna i klassrummet."
        told = rows.loc[untold.key.removeprefix("utfall-")]
        assert (told["outcome"], told["source_id"]) == ("Klart.", "exempel-dialogmoten")

    def test_says_what_is_missing_before_anything_is_checked(self, visit: Visit, own_store: Store):
        app = press(visit(PAGE), "Kontrollera och publicera svaren")
        assert "Skriv först svaret på minst en fråga." in said(app)
        app = press(visit(PAGE, dialog="Frågebank"), "Lägg till på dagordningen hösten 2026")
        assert "Kryssa först för minst en fråga" in said(app)
        app = press(visit(PAGE, dialog="Överenskommelser"), "Kontrollera och publicera överenskommelsen")
        assert "Skriv ämnet, överenskommelsen och mötesdagen först." in said(app)
        assert own_store.numbers() == [0]

    def test_a_personal_number_in_an_answer_is_refused_and_not_kept(self, visit: Visit, own_store: Store):
        app = visit(PAGE, omrade="Norra")
        field(app, "egen-fraga-").input("Hur går det för 19121212-1212?")
        app = press(app, "Kontrollera och publicera frågan")
        assert "personuppgifter" in said(app)
        assert "Publicera" not in labels(app)


class TestNotes:
    def test_ids_go_on_where_the_round_and_unit_left_off(self, exports: Exports):
        noted = [meeting_notes.own_question(chosen(exports, unit_id="19901103"), text) for text in "ab"]
        rows = meeting_notes.new_rows(
            exports,
            chosen(exports),
            Meeting("autumn", 2025),
            date(2025, 10, 27),
            meeting_notes.QUESTIONS,
            noted,
        )
        taken = set(published_rows(exports, "meeting_questions")["question_id"])
        assert rows["question_id"].is_unique
        assert not taken & set(rows["question_id"])
        assert all(each.startswith("autumn-2025-19901103-") for each in rows["question_id"])

    def test_a_meeting_day_is_suggested_from_the_last_of_its_kind(self):
        assert day_of([COMING, NEWEST, Meeting("spring", 2024, date(2024, 2, 29))], COMING) == date(
            2027, 2, 28
        )
        assert day_of([COMING, NEWEST], COMING) is None
        assert day_of([COMING, NEWEST], NEWEST) == date(2026, 10, 27)

    def test_the_newest_meeting_told_of_is_shown_first_else_the_one_to_come(self):
        assert start_of([COMING, NEWEST], None) == NEWEST
        assert start_of([COMING, NEWEST], 2025) == COMING


class TestBank:
    def test_every_rule_has_words_and_a_finder(self, exports: Exports):
        assert set(dialogue.question_rules(exports)["rule_id"]) == set(FINDERS)

    @pytest.mark.parametrize("municipality_id", ["0117", "0125", "0580", "2581", "9901"])
    def test_every_question_has_its_words_filled_in_and_a_link(self, exports: Exports, municipality_id: str):
        found = raised(exports, chosen(exports, municipality_id), COMING)
        assert found
        for each in found:
            assert each.question.endswith(("?", "”")), each
            assert "{" not in each.question + each.evidence
            assert "nan" not in each.evidence.lower().split(), each
            assert each.link.startswith("/") and f"version={exports.version}" in each.link

    def test_it_asks_what_the_other_pages_show(self, exports: Exports):
        found = raised(exports, chosen(exports), COMING)
        counts = {rule: sum(each.rule_id == rule for each in found) for rule in FINDERS}
        of = {"municipality_id": "9901"}
        agreed = registers.agreement_register(exports, **of)
        overdue = effects.effect_ledger(exports, **of)
        remarks = findings.finding_list(exports, **of, kinds=["weakness"])
        remarks = remarks[(remarks["year"] == remarks["year"].max()) & (remarks["years_in_a_row"] >= 2)]
        assert counts["agreement_untold"] == int((~agreed["is_told"]).sum())
        assert counts["evaluation_overdue"] == int((overdue["effect_state"] == "overdue").sum())
        assert counts["standing_without_effect"] == int(remarks["effect"].isna().sum())
        assert counts["late_action"] + counts["contradiction"] >= len(
            contradictions.contradictions(exports, **of)
        )

    def test_an_agreement_is_not_asked_about_at_its_own_meeting(self, exports: Exports):
        asked = [
            each for each in raised(exports, chosen(exports), NEWEST) if each.rule_id == "agreement_untold"
        ]
        assert asked
        assert not [each for each in asked if "hösten 2026" in each.question]

    def test_of_a_unit_asks_that_unit_only_and_of_an_area_its_units(self, exports: Exports):
        units = places.units(exports, municipality_id="9901").set_index("unit_id")["area"]
        unit = raised(exports, chosen(exports, unit_id="19901103"), COMING)
        assert {each.unit_id for each in unit} == {"19901103"}
        area = raised(exports, chosen(exports, area="Norra"), COMING)
        assert {units[each.unit_id] for each in area if each.unit_id} == {"Norra"}

    def test_a_hidden_share_is_never_asked_about(self, exports: Exports, monkeypatch: pytest.MonkeyPatch):
        everything = {"questions": {"years_in_a_row": 2, "investigated": 101.0}}
        real = question_bank.settings()
        monkeypatch.setattr(question_bank, "settings", lambda: {**real, **everything})
        asked = [
            each for each in raised(exports, chosen(exports), COMING) if each.rule_id == "investigation_low"
        ]
        assert asked
        assert "09901105" not in {each.unit_id for each in asked}

    def test_the_same_question_stands_once(self):
        one = Raised("r", "Ämne", "Varför?", "Därför.", "/", None)
        assert once([one, replace(one, evidence="En gång till."), replace(one, unit_id="u")]) == [
            one, replace(one, unit_id="u"),
        ]  # fmt: skip
        assert key_of(one) == ("r", "Varför?", "")


class TestMeetingMode:
    def test_shows_one_point_with_its_number_and_the_ways_on(self, visit: Visit):
        app = visit(PAGE, lage="mote", punkt="2", skola=WEAK)
        assert "2 av " in said(app)
        assert [title.value for title in app.title] == ["När är planen för att nå resultatkravet klar?"]
        assert labels(app)[-3:] == ["Föregående", "Nästa", "Avsluta"]

    def test_steps_on_and_back_and_out(self, visit: Visit):
        app = press(visit(PAGE, skola=WEAK), "Visa i mötesläge")
        assert app.query_params["lage"] == "mote" and app.query_params["punkt"] == "1"
        app = press(app, "Nästa")
        assert app.query_params["punkt"] == "2"
        app = press(press(app, "Föregående"), "Avsluta")
        assert "lage" not in app.query_params
        assert app.title[0].value == "Dialogmöte"

    @pytest.mark.parametrize(
        ("asked", "shown"), [(None, 1), ("3", 3), ("0", 1), ("99", 9), ("tre", 1), ("²", 1), ("-1", 1)]
    )
    def test_shows_the_nearest_point_there_is(self, asked: str | None, shown: int):
        assert meeting_mode.asked_number(asked, 9) == shown

    def test_figures_are_larger_and_never_higher_than_the_wall(self):
        chart = Chart("bars", ("a", "b"), (Series("s", (1.0, 2.0)),))
        usual, large = figure(chart), enlarged(figure(chart))
        assert large.layout.font.size == usual.layout.font.size * FACTOR
        assert large.layout.height == min(usual.layout.height * FACTOR, HIGHEST)
        assert len(large.data) == len(usual.data)


class TestQuestions:
    def test_16_what_was_agreed_last_autumn_stands_first(self, visit: Visit):
        app = visit(PAGE, dialog="Överenskommelser")
        words = "Höstens dialogmöten, 27 oktober 2025: 13 överenskommelser. Utfallet är redovisat för 11 och inte för 2."
        assert words in said(app)

    def test_20_themes_that_units_share_stand_on_the_agenda(self, visit: Visit):
        words = "2 teman av 8 påpekas på flera enheter 2026: frånvaro (2 enheter) och lokaler (2 enheter)."
        assert words in said(visit(PAGE))
