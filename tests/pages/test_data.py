"""Page Data: files in, what they change, publishing, undo, old versions, templates, words, and who may do what.

Files are made from the project's own templates and go the whole way: through the process that reads them, to a draft,
to a version in a folder of the test's own.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import access, handing_in, history, source
from pages.parts.freshness import age_rows, freshness_sentence
from pages.parts.review import answered, finding_rows, indicator_rows
from pages.parts.words import TEMPLATES
from queries import clock, permits
from queries.connection import Library
from queries.intake import culling, desk, publishing
from queries.intake.desk import Checked
from queries.intake.outcome import NO_CHANGES, IndicatorChange, Outcome
from queries.intake.reading import Finding, Need, Options
from queries.intake.templates import filled_csv, filled_xlsx, template_tables
from queries.published import published_rows
from queries.versions import EMBEDDED, Store
from tests.pages.conftest import Become, Visit, tables, texts

# Tab → what only it says.
TABS = {
    "Färskhet": "slags uppgifter är aktuella",
    "Läs in": "Filen kontrolleras direkt",
    "Kolada": "nyckeltal för alla kommuner",
    "Grupper": "att jämföra med.",
    "Historik": "Version 0 (den senaste)",
    "Mallar": "En mall är en tabell",
    "Ord": "är inte förklarat",
}
TODAY = date(2026, 11, 22)
Edit = Callable[[pd.DataFrame], pd.DataFrame]


def verdicts(edit: Edit = lambda rows: rows) -> bytes:
    """The published verdicts in their template, after an edit."""
    return filled_csv(edit(published_rows(source.newest(), "goal_verdicts").copy()), "goal_verdicts")


def two_years_wrong() -> bytes:
    """The published verdicts, two of them with a word where a year should stand."""
    lines = verdicts().decode("utf-8-sig").splitlines()
    year = lines[0].split(";").index("År")
    for at, word in ((1, "tjugo"), (2, "i fjol")):
        cells = lines[at].split(";")
        lines[at] = ";".join([*cells[:year], word, *cells[year + 1 :]])
    return "\r\n".join(lines).encode()


def two_goals_met(rows: pd.DataFrame) -> pd.DataFrame:
    """Two goals of the invented municipality go from partly met to met."""
    partly = rows["verdict_raw"].str.startswith("Delvis")
    of_2026 = (rows["municipality_id"] == "9901") & (rows["year"] == 2026) & rows["unit_id"].isna()
    rows.loc[rows.index[of_2026 & partly][:2], "verdict_raw"] = "Uppnått"
    return rows


def handed_in(app: AppTest, content: bytes, name: str = "mål 2026.csv") -> AppTest:
    return app.file_uploader[0].upload(name, content, "text/csv").run()


def press(app: AppTest, label: str) -> AppTest:
    """Click the button with a label."""
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


@pytest.fixture
def desk_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Options]]:
    """Let the check of a file come to given outcomes, one a time; returns the options that it was asked with."""

    def says(*outcomes: Outcome) -> list[Options]:
        asked: list[Options] = []

        def check(*_: Any, options: Options, **__: Any) -> Checked:
            asked.append(options)
            return Checked(outcomes[len(asked) - 1])

        monkeypatch.setattr(desk, "check", check)
        return asked

    return says


class TestTabs:
    @pytest.mark.parametrize("tab", TABS)
    def test_follow_the_link(self, visit: Visit, tab: str):
        app = visit("data.py", data=tab)
        assert [error.message for error in app.exception] == []
        assert [told for told in TABS.values() if told in texts(app)] == [TABS[tab]]

    def test_that_do_not_exist_are_announced(self, visit: Visit):
        assert "”Nonsens” finns inte att välja här." in texts(visit("data.py", data="Nonsens"))


class TestFile:
    def test_is_checked_at_once_and_says_in_political_terms_what_it_changes(
        self, visit: Visit, own_store: Store
    ):
        app = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met))
        shown = texts(app)
        assert "✓ Filen kan publiceras." in shown
        assert "2 mål går från delvis uppnått till uppnått" in shown
        (changed,) = tables(app)
        assert changed["Förut"].str.startswith("Delvis").all()
        assert changed["Nu"].tolist() == ["Uppnått", "Uppnått"]

    def test_is_published_and_undone_and_done_again_with_one_click_each(self, visit: Visit, own_store: Store):
        app = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met))
        app.text_input[0].input("Rättat efter nämnden")
        press(app, "Publicera")
        assert "Version 1 är publicerad." in texts(app)
        assert own_store.manifest(1).note == "Rättat efter nämnden"
        press(app, "Ångra")
        assert "Version 1 är ångrad. Version 2 visas nu." in texts(app)
        press(app, "Gör om")
        assert "Ändringen gäller igen. Version 3 visas nu." in texts(app)
        assert own_store.manifest(3).tables == own_store.manifest(1).tables

    def test_with_errors_tells_row_column_found_and_expected_and_cannot_be_published(
        self, visit: Visit, own_store: Store
    ):
        app = handed_in(visit("data.py", data="Läs in"), two_years_wrong())
        assert "✕ Filen kan inte publiceras: 2 fel." in texts(app)
        first = tables(app)[0].iloc[0]
        assert (first["Slag"], first["Rad"], first["Kolumn"], first["Hittade"]) == (
            "✕ Fel",
            "2",
            "År",
            "tjugo",
        )
        assert "årtal" in first["Väntade"]
        assert "Publicera" not in labels(app)
        assert [each.label for each in app.get("download_button")] == ["Hämta alla som CSV"]

    def test_that_says_nothing_new_has_nothing_to_publish(self, visit: Visit, own_store: Store):
        app = handed_in(visit("data.py", data="Läs in"), verdicts())
        assert "Inget att publicera: allt i filen är redan publicerat." in texts(app)
        assert "Publicera" not in labels(app)

    def test_with_values_for_comparison_tells_by_indicator_what_changes(self, visit: Visit, own_store: Store):
        rows = published_rows(source.newest(), "comparison_values")
        rows = rows[
            (rows["indicator_id"] == "N15428") & (rows["year"] == 2024) & (rows["gender"] == "T")
        ].copy()
        rows.loc[rows["municipality_id"] == "9905", "value"] += 0.5
        new = rows[rows["municipality_id"] == "9906"].assign(year=2020)
        content = filled_csv(pd.concat([rows, new]), "comparison_values")
        app = handed_in(visit("data.py", data="Läs in"), content)
        (shown,) = [table for table in tables(app) if "Största ändring" in table]
        (row,) = shown.to_dict("records")
        assert row["Nyckeltal"].endswith("(N15428)")
        assert (row["Nya"], row["Ändrade"], row["Borttagna"]) == ("1", "1", "0")
        assert " 2024: " in row["Största ändring"] and " → " in row["Största ändring"]
        assert "värden har ändrats, i 1 nyckeltal" in texts(app)

    def test_that_is_dropped_leaves_no_draft(self, visit: Visit, own_store: Store):
        app = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met))
        assert len(list((own_store.folders[-1] / "drafts").iterdir())) == 1
        press(app, "Avbryt och ta bort filen")
        assert list((own_store.folders[-1] / "drafts").iterdir()) == []
        assert "Filen kan publiceras" not in texts(app)

    def test_is_checked_again_when_somebody_else_has_published(self, visit: Visit, own_store: Store):
        mine = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met))
        theirs = handed_in(
            visit("data.py", data="Läs in"), verdicts(lambda rows: rows.tail(3).assign(comment="x"))
        )
        press(theirs, "Publicera")
        press(mine, "Publicera")
        shown = texts(mine)
        assert "Version 1 har publicerats under tiden" in shown
        assert "Filen är nu kontrollerad igen" in shown
        assert own_store.numbers() == [0, 1]
        press(mine, "Publicera")
        assert "Version 2 är publicerad." in texts(mine)

    def test_is_checked_again_when_its_draft_is_gone(self, visit: Visit, own_store: Store):
        app = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met))
        for draft in (own_store.folders[-1] / "drafts").iterdir():
            (draft / "draft.json").unlink()
        press(app, "Publicera")
        assert "Utkastet finns inte längre." in texts(app)
        assert "✓ Filen kan publiceras." in texts(app)

    def test_with_warnings_needs_a_tick(self, visit: Visit, own_store: Store):
        app = handed_in(visit("data.py", data="Läs in"), with_a_sheet_of_notes(), "mål 2026.xlsx")
        assert "! Filen kan publiceras om du godtar 1 varning." in texts(app)
        press(app, "Publicera")
        assert "Filen har varningar som ingen har godtagit. Inget har publicerats." in texts(app)
        app.checkbox[0].check()
        press(app, "Publicera")
        assert "Version 1 är publicerad." in texts(app)

    def test_that_is_handed_in_takes_the_place_of_the_one_before(self, visit: Visit, own_store: Store):
        app = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met))
        handed_in(app, two_years_wrong(), "fel.csv")
        assert "Fil: fel.csv." in texts(app)
        assert list((own_store.folders[-1] / "drafts").iterdir()) == []
        assert files_kept(app) == []

    def test_name_is_text_and_nothing_else(self, visit: Visit, own_store: Store):
        app = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met), "![x](http://x.test).csv")
        assert "Fil: ![x](http:" in texts(app).replace("\\", "")
        assert "http://" not in texts(app)


def test_changes_by_indicator_are_a_row_each_and_a_dash_where_no_number_moved():
    rows = indicator_rows(
        [IndicatorChange("Titel (N1)", 3, 0, 1, ""), IndicatorChange("Annan (N2)", 0, 2, 0, "A: 1 → 2")]
    )
    assert rows.to_dict("records") == [
        {"Nyckeltal": "Titel (N1)", "Nya": 3, "Ändrade": 0, "Borttagna": 1, "Största ändring": "–"},
        {"Nyckeltal": "Annan (N2)", "Nya": 0, "Ändrade": 2, "Borttagna": 0, "Största ändring": "A: 1 → 2"},
    ]


class TestWhatMayNotBeShown:
    def test_is_told_of_also_when_nothing_else_is_new(self, visit: Visit, own_store: Store, desk_says):
        said = (
            "1 uppgift om sjukfrånvaro publiceras inte: färre än elva årsarbetare den månaden i Munsö skola."
        )
        desk_says(Outcome("unchanged", "m.csv", sentences=(said,)))
        shown = texts(handed_in(visit("data.py", data="Läs in"), b"x"))
        assert "Inget att publicera: allt i filen som får visas är redan publicerat." in shown
        assert "Vad publiceras inte?" in shown and said in shown

    def test_is_not_told_of_a_file_that_is_published_already(self, visit: Visit, own_store: Store, desk_says):
        desk_says(Outcome("unchanged", "m.csv", sentences=(NO_CHANGES,)))
        shown = texts(handed_in(visit("data.py", data="Läs in"), b"x"))
        assert "Inget att publicera: allt i filen är redan publicerat." in shown
        assert "Vad publiceras inte?" not in shown


class TestPersonalData:
    def test_is_let_go_of_and_said(self, visit: Visit, own_store: Store, desk_says):
        finding = Finding("error", "personal_data", "inga personnummer", line=4, column="Kommentar")
        desk_says(
            Outcome("rejected", "fil.csv", counts={"error": 1}, findings=(finding,), took_personal_data=True)
        )
        app = handed_in(visit("data.py", data="Läs in"), b"19121212-1212")
        assert "Filen innehöll personuppgifter." in texts(app)
        assert app.session_state["bricka-fil"].handed.file is None
        assert files_kept(app) == []


class TestQuestions:
    NEEDS = (
        Need(
            "columns",
            "Vad innehåller kolumnerna?",
            {"": "Läses inte", "title": "Åtgärd"},
            {"Insats": "title", "X": ""},
        ),
        Need("municipality_id", "Vilken kommun?", {"0125": "Ekerö", "0580": "Linköping"}, "0580"),
        Need("year", "Vilket år?", suggested=2025),
        Need("report_date", "Vilken dag?", suggested="2025-12-31"),
        Need("report_name", "Vad heter uppföljningen?", suggested="Årsuppföljning"),
        Need(
            "report_point", "Vid vilket rapporttillfälle?", {"": "Inget", "Delrapport 1": "Delrapport 1"}, ""
        ),
    )
    SAME = Need(
        "same_as",
        "Är ”Trygga barn” ett nytt namn?",
        {"": "Nytt mål", "N01": "Trygghet"},
        "N01",
        is_required=False,
    )

    def test_stand_with_the_suggestion_chosen_and_the_answers_are_checked(
        self, visit: Visit, own_store: Store, desk_says
    ):
        asked = desk_says(
            Outcome("needs", "plan.csv", needs=self.NEEDS),
            Outcome("unchanged", "plan.csv", asks=(self.SAME,)),
        )
        app = handed_in(visit("data.py", data="Läs in"), b"x")
        assert "? Svara på 6 frågor så kan filen läsas." in texts(app)
        app.text_input[0].input("Verksamhetsberättelse")
        press(app, "Kontrollera igen")
        assert asked[1] == Options(
            asked[0].today,
            columns={"Insats": "title", "X": ""},
            municipality_id="0580",
            year=2025,
            report_date="2025-12-31",
            report_name="Verksamhetsberättelse",
            report_point="",
        )
        assert "Är ”Trygga barn” ett nytt namn?" in [each.label for each in app.selectbox]

    def test_of_a_new_name_are_answered_by_the_name_in_the_file(self):
        options = answered(Options(TODAY), [(self.SAME, "N01")])
        assert options.same_as == {"Trygga barn": "N01"}

    def test_left_empty_stay_open(self):
        assert answered(Options(TODAY), [(self.NEEDS[4], ""), (self.NEEDS[2], None)]) == Options(TODAY)

    def test_may_be_answered_anew(self, visit: Visit, own_store: Store, desk_says):
        asked = desk_says(*[Outcome("needs", "plan.csv", needs=self.NEEDS)] * 3)
        app = handed_in(visit("data.py", data="Läs in"), b"x")
        press(app, "Kontrollera igen")
        press(app, "Ta bort mina svar och fråga igen")
        assert asked[2] == Options(asked[0].today)

    def test_of_rows_that_the_file_lacks_are_theirs_to_keep_or_remove(
        self, visit: Visit, own_store: Store, desk_says
    ):
        asked = desk_says(*[Outcome("unchanged", "plan.csv")] * 2)
        app = handed_in(visit("data.py", data="Läs in"), b"x")
        app.radio[0].set_value(True)
        press(app, "Kontrollera igen")
        assert [options.replace for options in asked] == [False, True]


LEADER = access.Principal({access.EVERYWHERE: "ledning"}, is_signed_in=True)


class TestDoor:
    def test_shows_the_history_without_ways_to_change_anything(
        self, visit: Visit, own_store: Store, become: Become
    ):
        become(LEADER)
        app = visit("data.py", data="Historik")
        assert "Du får inte ångra." in texts(app)
        assert app.file_uploader.len == 0
        assert [label for label in labels(app) if not label.startswith("Visa")] == []

    @pytest.mark.parametrize("tab", ["Läs in", "Ord"])
    def test_of_a_tab_that_is_not_for_the_visitor_leads_to_another(
        self, visit: Visit, own_store: Store, become: Become, tab: str
    ):
        become(LEADER)
        app = visit("data.py", data=tab)
        assert f"”{tab}” finns inte att välja här." in texts(app)
        assert app.file_uploader.len == 0

    def test_stops_what_was_begun_while_it_was_open(self, visit: Visit, own_store: Store, become: Become):
        app = handed_in(visit("data.py", data="Läs in"), verdicts(two_goals_met))
        become(LEADER)
        press(app, "Publicera")
        assert own_store.numbers() == [0]

    def test_lets_the_check_quote_only_what_the_visitor_may_see(
        self, visit: Visit, own_store: Store, become: Become, desk_says
    ):
        become(access.Principal({"0125": "analytiker"}, is_signed_in=True))
        asked = desk_says(Outcome("rejected", "fil.csv"))
        handed_in(visit("data.py", data="Läs in", kommun="Ekerö"), b"x")
        assert [options.quoted for options in asked] == [("0125",)]

    def test_stops_undo_too(self, visit: Visit, published: Store, become: Become):
        app = visit("data.py", data="Historik")
        become(LEADER)
        press(app, "Ångra version 1")
        assert "Du får inte ångra." in texts(app)
        assert published.numbers() == [0, 1]


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with version 1, in which two more goals are met, published as an analyst does it."""
    store = Store((EMBEDDED, tmp_path_factory.mktemp("published") / "exports"))
    rows = two_goals_met(published_rows(Library(store).open(), "goal_verdicts").copy())
    checked = desk.check(io.BytesIO(filled_csv(rows, "goal_verdicts")), "mål.csv", store=store)
    assert checked.outcome.draft_id is not None, checked.outcome
    note = "Rättade bedömningar"
    publishing.publish(store, checked.outcome.draft_id, permit=permits.operator("publish"), note=note)
    return store.folders[-1]


@pytest.fixture
def published(own_store: Store, published_once: Path) -> Store:
    """The test's own copy of that folder."""
    shutil.copytree(published_once, own_store.folders[-1], dirs_exist_ok=True)
    return own_store


class TestHistory:
    def test_tells_who_when_what_and_from_which_file(self, visit: Visit, published: Store):
        shown = texts(visit("data.py", data="Historik")).replace("\\", "")
        for told in ("Version 1 (den senaste)", "analytiker. ”Rättade bedömningar”", "Fil: mål.csv",
                     "2 mål går från delvis uppnått till uppnått", "Version 0"):  # fmt: skip
            assert told in shown

    def test_undoes_and_does_again(self, visit: Visit, published: Store):
        app = press(visit("data.py", data="Historik"), "Ångra version 1")
        assert "Version 1 är ångrad. Version 2 visas nu." in texts(app)
        app = visit("data.py", data="Historik")
        press(app, "Gör om det som ångrades")
        assert published.manifest(3).tables == published.manifest(1).tables

    def test_goes_back_to_any_version(self, visit: Visit, published: Store):
        app = press(visit("data.py", data="Historik"), "Återgå till version 0")
        assert "Version 2 är publicerad med innehållet i version 0." in texts(app)
        assert published.manifest(2).tables == published.manifest(0).tables

    def test_says_when_somebody_else_was_first(self, visit: Visit, published: Store):
        app = visit("data.py", data="Historik")
        publishing.undo(published, permit=permits.operator("undo"))
        press(app, "Ångra version 1")
        assert "Version 2 har publicerats under tiden" in texts(app)
        assert published.numbers() == [0, 1, 2]

    def test_offers_the_file_as_it_was_uploaded(self, visit: Visit, published: Store):
        app = visit("data.py", data="Historik")
        assert "Hämta originalfilen" in [each.label for each in app.get("download_button")]
        original = publishing.original_path(published, 1)
        assert original is not None and history.original_of(1) == original.read_bytes()

    def test_says_of_a_broken_version_that_it_cannot_be_shown(self, visit: Visit, published: Store):
        (published.folders[-1] / "manifests" / "000001.json").write_text("{}", encoding="utf-8")
        shown = texts(visit("data.py", data="Historik"))
        assert "Version 1 kan inte läsas" in shown
        assert "Versionen kan inte visas." in shown

    def test_says_calmly_what_was_removed_and_by_which_decision(self, visit: Visit, published: Store):
        publishing.undo(published, permit=permits.operator("undo"))
        culling.protocol(published, culling.Due((1,), (1,), (), ()), "Plan 2026")
        app = visit("data.py", data="Historik")
        day = clock.today().isoformat()
        shown = texts(app).replace("\\", "")
        assert f"Versionen kan inte visas. Den gallrades {day} enligt ”Plan 2026”." in shown
        assert f"Originalfilen gallrades {day} enligt ”Plan 2026”." in shown
        assert {"Hämta originalfilen", "Visa version 1", "Återgå till version 1"}.isdisjoint(
            each.label for each in (*app.get("download_button"), *app.button)
        )
        notice = texts(visit("data.py", data="Historik", version="1"))
        assert f"Version 1 kan inte visas. Den gallrades {day} enligt ”Plan 2026”." in notice


class TestVersion:
    @pytest.mark.parametrize(
        "page", ["overview.py", "goals.py", "comparison.py", "actions.py", "data.py", "about.py"]
    )
    def test_in_the_link_is_shown_on_every_page_with_a_notice(
        self, visit: Visit, published: Store, page: str
    ):
        shown = texts(visit(page, version="0"))
        assert "Du ser version 0, publicerad 22 november 2026 kl. 01.00 av projektet." in shown
        assert "Den senaste är version 1." in shown

    def test_has_the_numbers_of_its_time(self, visit: Visit, published: Store):
        was, now = (texts(visit("goals.py", **link)) for link in ({"version": "0"}, {}))
        assert "5 av 12 mål är uppnådda" in was
        assert "7 av 12 mål är uppnådda" in now

    def test_that_is_old_cannot_be_published_from(self, visit: Visit, published: Store):
        for tab in ("Läs in", "Historik", "Ord"):
            app = visit("data.py", data=tab, version="0")
            assert handing_in.OLD_IS_SHOWN in texts(app)
            assert app.file_uploader.len == 0
            assert not [
                label for label in labels(app) if label.startswith(("Ångra", "Återgå", "Kontrollera"))
            ]

    def test_is_left_with_one_click(self, visit: Visit, published: Store):
        app = press(visit("goals.py", version="0"), "Visa den senaste")
        assert "Du ser version" not in texts(app)
        assert "7 av 12 mål är uppnådda" in texts(app)

    def test_of_history_is_shown_with_one_click(self, visit: Visit, published: Store):
        assert "Du ser version 0" in texts(press(visit("data.py", data="Historik"), "Visa version 0"))

    @pytest.mark.parametrize("nonsense", ["99", "-1", "tre", "²", "<script>"])
    def test_that_does_not_exist_is_announced(self, visit: Visit, published: Store, nonsense: str):
        shown = texts(visit(version=nonsense))
        assert f"Version ”{nonsense}” finns inte. Sidan visar den senaste." in shown
        assert "Du ser version" not in shown

    def test_that_is_broken_is_announced_and_the_newest_shown(self, visit: Visit, published: Store):
        publishing.undo(published, permit=permits.operator("undo"))
        table = published.manifest(1).tables["goal_verdicts"]
        (published.folders[-1] / "files" / table.file).write_bytes(b"x")
        shown = texts(visit(version="1"))
        assert "Version 1 kan inte visas." in shown
        assert "Du ser version" not in shown

    def test_that_is_newest_and_broken_is_told_of_on_every_page(self, visit: Visit, published: Store):
        (published.folders[-1] / "manifests" / "000001.json").write_text("{}", encoding="utf-8")
        for page in ("overview.py", "goals.py", "about.py"):
            assert "Version 1 kan inte läsas" in texts(visit(page))


class TestWords:
    def test_without_explanation_are_asked_about_and_one_answer_counts_for_all(
        self, visit: Visit, own_store: Store
    ):
        app = visit("data.py", data="Ord")
        assert "1 ord i de publicerade uppgifterna är inte förklarat." in texts(app)
        field = next(each for each in app.selectbox if "Parkerad" in each.label)
        field.set_value("finished")
        press(app, "Kontrollera och publicera")
        assert "1 åtgärd går från öppen till klar" in texts(app)
        press(app, "Publicera")
        shown = texts(app)
        assert "Version 1 är publicerad." in shown
        assert "Alla ord i de publicerade uppgifterna är förklarade." in shown
        assert tables(app)[-1].iloc[0].tolist() == ["Parkerad", "Läge för en åtgärd", "✓ Klar"]
        press(app, "Ångra")
        assert "1 ord i de publicerade uppgifterna är inte förklarat." in texts(app)

    def test_are_not_published_before_anybody_has_said_what_they_mean(self, visit: Visit, own_store: Store):
        app = press(visit("data.py", data="Ord"), "Kontrollera och publicera")
        assert "Välj först vad minst ett ord betyder." in texts(app)


class TestTemplates:
    def test_are_all_offered_with_what_they_hold(self, visit: Visit):
        titles = [template.title for template in template_tables()]
        for title in (titles[0], titles[-1]):
            app = visit("data.py", data="Mallar", mall=title)
            assert next(each for each in app.selectbox if each.label == "Mall").options == titles
            assert "Måste finnas" in tables(app)[0]
            assert len(app.get("download_button")) in (3, 5)

    def test_say_in_swedish_what_each_table_is(self):
        assert {template.table for template in template_tables()} == TEMPLATES.keys()


class TestFreshness:
    AGES = pd.DataFrame(
        [
            {"subject": "mål", "state": "current", "newest_year": 2026, "next_date": date(2026, 12, 1), "title": "Plan"},
            {"subject": "åtgärder", "state": "old", "newest_year": 2020, "next_date": date(2022, 3, 1), "title": "Rapport"},
            {"subject": "utfall per skola", "state": "missing"},
            {"subject": "månadsvärden", "state": "old", "newest_year": 2026, "newest_month": date(2026, 5, 1), "next_date": date(2026, 7, 1), "title": "Ekonomi"},
        ],
        columns=["subject", "state", "newest_year", "newest_month", "next_date", "title", "source_date"],
        dtype=object,
    )  # fmt: skip

    def test_is_said_in_one_sentence(self):
        assert freshness_sentence(self.AGES) == (
            "1 av 4 slags uppgifter är aktuella. Äldre än väntat: åtgärder från 2020 och månadsvärden från maj 2026. "
            "Saknas: utfall per skola."
        )
        assert freshness_sentence(self.AGES.head(1)) == "Alla 1 slags uppgifter är aktuella."

    def test_of_a_missing_kind_names_the_export_that_fills_it(self):
        rows = age_rows(self.AGES)
        assert rows["Läge"].str.replace("\xa0", " ").tolist() == [
            "● Aktuell",
            "! Äldre än väntat",
            "○ Saknas",
            "! Äldre än väntat",
        ]
        assert rows["Källa"].iloc[2].startswith("Fylls av exporten utfall per skola")
        assert rows["Senaste"].tolist() == ["2026", "2020", "–", "maj 2026"]
        assert rows["Nästa väntas"].tolist() == [
            "december 2026",
            "väntades i mars 2022",
            "–",
            "väntades i juli 2026",
        ]

    def test_stands_on_the_first_tab_and_on_the_overview(self, visit: Visit):
        for page in ("data.py", "overview.py"):
            app = visit(page, kommun="Linköping")
            assert "Saknas: bedömning av mål" in texts(app)
            assert any("Läge" in table and "Nästa väntas" in table for table in tables(app))


def test_findings_say_where_what_and_what_was_expected():
    rows = finding_rows(
        [Finding("warning", "x", "ett tal", "Blad1", 12, "Utfall", "abc"), Finding("error", "y", "en rad")]
    )
    assert rows.iloc[0].str.replace("\xa0", " ").tolist() == [
        "! Varning",
        "Blad1",
        "12",
        "Utfall",
        "abc",
        "Ett tal",
    ]
    assert rows.iloc[1].tolist()[1:] == ["–", "–", "–", "–", "En rad"]


def with_a_sheet_of_notes() -> bytes:
    """A filled template in a workbook that also has a sheet which is no template: worth a warning."""
    rows = two_goals_met(published_rows(source.newest(), "goal_verdicts").copy())
    book = openpyxl.load_workbook(io.BytesIO(filled_xlsx(rows, "goal_verdicts")))
    book.create_sheet("Minnesanteckningar").append(["Fråga rektorerna", "om målen"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def files_kept(app: AppTest) -> list[Any]:
    """What the fields for files still hold."""
    return [each.value for each in app.file_uploader if each.value is not None]
