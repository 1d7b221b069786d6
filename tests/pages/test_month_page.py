"""Page Månad: gaps that are seen, sums that say whom they are of, and the committee's questions in words."""

from __future__ import annotations

import datetime as dt

import pytest

from pages.parts import deviations, economy, own_capital, reporting, staffing
from pages.parts.charts.months import dimension_matrix, unit_matrix
from pages.parts.filters import Filters
from pages.parts.words import DIMENSIONS
from queries import months
from queries.connection import Exports
from tests.pages.conftest import Visit, tables, texts

MOST_JSON = 60_000
SCHOOL, SCHOOL_ID = "Ljungtjärnshöjdens skola", "19901103"


def example(year: int | None = None, unit: str | None = None, unit_id: str | None = None) -> Filters:
    return Filters("9901", "Exempelkommunen", None, True, unit_id, unit, year, ())


def osteraker() -> Filters:
    return Filters("0117", "Österåker", None, False, None, None, None, ())


def plain(sentence: str) -> str:
    return sentence.replace("\xa0", " ")


def test_the_units_that_lack_a_part_this_month_are_named_with_what_they_lack(exports: Exports) -> None:
    piece = reporting.reporting_piece(exports, example())
    assert piece.sentence == (
        "I oktober 2026 saknar 4 av 29 enheter minst en av de fyra delarna: Förskolan Barrlundsstigen "
        "(kvalitet och personal), Förskolan Kastvindsbrynet (personal), Ljungtjärnshöjdens skola (ekonomi) "
        "och Utskärsviksskolan (hela månaden)."
    )
    assert len(piece.rows) == 4


def test_a_month_that_everybody_reported_says_so(exports: Exports) -> None:
    piece = reporting.reporting_piece(exports, example(), dt.date(2026, 1, 1))
    assert piece.sentence == "Alla 29 enheter har rapporterat de fyra delarna för januari 2026."
    assert piece.is_empty


def test_a_single_unit_is_told_of_also_when_nothing_is_missing(exports: Exports) -> None:
    piece = reporting.reporting_piece(exports, example(None, SCHOOL, SCHOOL_ID), dt.date(2026, 9, 1))
    assert piece.sentence == f"{SCHOOL} har rapporterat alla fyra delarna för september 2026."
    assert piece.rows.iloc[0]["Saknas"] == "inget"


def test_a_missing_month_and_a_missing_part_have_marks_of_their_own(exports: Exports) -> None:
    figure = unit_matrix(months.reported_months(exports, municipality_id="9901"))
    complete, incomplete, missing = figure.data
    assert set(complete["text"]) == {"●"}
    assert sorted(incomplete["text"]) == ["Ek", "Ek", "Ek", "Kv", "Kv<br>Pe", "Pe"]
    assert list(missing["text"]) == ["✕", "✕"]
    assert sum(len(trace["x"]) for trace in figure.data) == 290
    assert len(figure.to_json()) < MOST_JSON


def test_one_units_grid_has_its_four_parts(exports: Exports) -> None:
    figure = dimension_matrix(months.reported_months(exports, municipality_id="9901", unit_ids=[SCHOOL_ID]))
    assert [note["text"] for note in figure.layout["annotations"]] == list(DIMENSIONS.values())
    missing = figure.data[2]
    assert (list(missing["x"]), len(figure.data[0]["x"])) == ([10], 39)


def test_a_sum_that_is_not_whole_says_who_is_missing(exports: Exports) -> None:
    piece = economy.months_piece(exports, example())
    assert "Summan är inte hel: Förskolan Lyktgläntan, " in piece.sentence
    october = piece.rows[piece.rows["Månad"] == "Oktober 2026"].iloc[0]
    assert october["Enheter"] == "27 av 29"
    assert any(
        remark.startswith("Oktober 2026: 27 av 29 enheter. Saknas, och ingår inte: ")
        for remark in piece.remarks
    )


def test_a_month_that_one_unit_lacks_is_a_gap_in_its_line_and_never_nought(exports: Exports) -> None:
    piece = economy.months_piece(exports, example(None, SCHOOL, SCHOOL_ID))
    outcome = piece.chart.series[0]
    assert outcome.values[-1] is None and all(outcome.values[:-1])
    assert piece.rows[piece.rows["Månad"] == "Oktober 2026"].iloc[0]["Utfall (tkr)"] == "saknas"
    assert "Enheter" not in piece.rows


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("närvaro", "ovägt medel av 27 enheter"),
        ("barn", "mot budgeterade 987"),
        ("sjukfrånvaro", "%"),
        ("elever", "elever"),
    ],
)
def test_other_measures_say_what_they_are(exports: Exports, measure: str, words: str) -> None:
    assert words in plain(economy.months_piece(exports, example(), measure).sentence)


FEW = "Sjukfrånvaro visas inte för enheter med färre än elva årsarbetare under månaden."


def test_sick_leave_says_that_small_units_are_left_out(exports: Exports) -> None:
    piece = economy.months_piece(exports, example(), "sjukfrånvaro")
    assert piece.remarks[0] == FEW
    assert FEW not in economy.months_piece(exports, example(), "närvaro").remarks


def test_a_month_whose_sick_leave_may_not_be_shown_is_not_called_missing(exports: Exports) -> None:
    small = example(2025, "Förskolan Gräshoppslyckan", "19901209")
    rows = economy.months_piece(exports, small, "sjukfrånvaro").rows
    cells = rows["Utfall (%)"].tolist()
    assert "visas inte" in cells and "saknas" not in cells and "Enheter" not in rows
    assert cells[-1] not in ("visas inte", "saknas")


def test_a_unit_without_shown_sick_leave_says_why_the_measure_is_not_there(visit: Visit) -> None:
    small = visit("month.py", skola="Utskärsviksskolan", manad="Utfall och prognos")
    assert FEW in texts(small)
    assert "Sjukfrånvaro" not in small.selectbox(key="matt").options
    large = visit("month.py", skola=SCHOOL, manad="Utfall och prognos")
    assert FEW not in texts(large)
    assert "Sjukfrånvaro" in large.selectbox(key="matt").options


def test_forecasts_are_judged_only_by_units_with_a_whole_year(exports: Exports) -> None:
    piece = economy.accuracy_piece(exports, example())
    assert piece.sentence.startswith("2025 låg prognosen för året i januari ")
    assert piece.remarks == (
        "Räknat på 28 av 29 enheter: de som har utfall för alla tolv månader 2025.",
        "Ingår inte: Förskolan Tranlyckefröet.",
        "2026 räknas när alla tolv månader har utfall.",
    )


def test_osteraker_has_a_path_without_results(exports: Exports) -> None:
    piece = own_capital.requirement_path_piece(exports, osteraker())
    assert plain(piece.sentence) == (
        "Resultatkravet för Österåker är +1 % 2019, +2 % 2020 och +3 % 2021. Resultat och omsättning saknas, "
        "så det går inte att säga om kravet nås."
    )
    result, required = piece.chart.series
    assert (result.values, required.values) == ((None,) * 3, (1.0, 2.0, 3.0))


def test_who_breaks_the_requirement_comes_with_years_in_a_row_and_the_last_closed_year(
    exports: Exports,
) -> None:
    piece = own_capital.requirement_piece(exports, example())
    said = plain(piece.sentence)
    assert said.startswith("2026 (prognos) bryter 16 av 29 enheter resultatkravet.")
    assert "Ljungtjärnshöjdens skola (−3,9 procentenheter, sjätte året i rad)" in said
    assert piece.remarks == (
        "2026 är en prognos. I det senaste bokslutet, 2025, bröt 12 av 29 enheter kravet.",
    )
    assert piece.rows["Läge"].str.startswith("!").tolist() == [True] * 16 + [False] * 13


def test_own_capital_is_shown_as_the_sum_it_is(exports: Exports) -> None:
    piece = own_capital.capital_piece(exports, example(2025))
    first = {name: plain(cell) for name, cell in piece.rows.iloc[0].items()}
    assert first["Ingående + resultat − uttag (tkr)"] == "−2 213 − 954 − 0"
    assert (first["Utgående (tkr)"], first["Läge"]) == ("−3 167", "○ Förbrukat")
    assert "intakt på 27 av 29 enheter" in plain(piece.sentence)


def test_both_sides_of_5_2_are_said_together(exports: Exports) -> None:
    said = plain(staffing.staffing_piece(exports, example()).sentence)
    assert said == (
        "2026 har Exempelkommunen 5,1 barn per årsarbetare med statsbidrag och 5,4 utan. "
        "Målet, högst 5,2, hålls med men inte utan statsbidrag."
    )


def test_a_source_that_does_not_say_how_it_counted_is_not_made_to_have_said_it(exports: Exports) -> None:
    piece = staffing.staffing_piece(exports, osteraker())
    assert plain(piece.sentence) == (
        "2020 har Österåker 5,2 barn per årsarbetare: målet, högst 5,2, hålls. "
        "Källan skiljer inte på med och utan statsbidrag, så om målet hålls utan går inte att säga."
    )
    assert piece.remarks == ("Nuvarande nivå enligt protokollet; hur den räknats anges inte.",)


def test_deviations_without_a_plan_come_first_and_the_plan_is_shown_as_it_was_told(exports: Exports) -> None:
    piece = deviations.deviation_piece(exports, example())
    assert piece.rows["Plan"].str.startswith("!").tolist() == [True] * 4 + [False]
    assert "underskottet är återställt vid utgången av 2028" in piece.rows.iloc[-1]["Plan"]
    assert any(remark.startswith("Regeln: ") and "200\xa0000 kr" in remark for remark in piece.remarks)


@pytest.mark.parametrize(
    "make",
    [
        reporting.reporting_piece,
        reporting.reporting_grid_piece,
        economy.months_piece,
        economy.forecast_piece,
        economy.accuracy_piece,
        own_capital.requirement_piece,
        own_capital.capital_piece,
        staffing.staffing_units_piece,
        deviations.deviation_piece,
    ],
)
def test_a_municipality_without_months_is_told_which_export_would_fill_it(exports: Exports, make) -> None:
    piece = make(exports, osteraker())
    assert piece.is_empty and "Exporten ”" in piece.sentence


def test_the_area_of_a_meeting_is_summed_over_its_units(exports: Exports) -> None:
    area = Filters(
        "9901", "Exempelkommunen", None, True, None, None, None, (), "Norra", ("19901103", "09901105")
    )
    assert "Norra" in own_capital.requirement_path_piece(exports, area).sentence
    assert len(own_capital.requirement_piece(exports, area).rows) == 2
    assert economy.months_piece(exports, area).rows["Enheter"].iloc[0] == "2 av 2"


def test_a_month_can_be_asked_for_in_the_link(visit: Visit) -> None:
    app = visit("month.py", rapportmanad="september 2026")
    assert "I september 2026 saknar 1 av 29 enheter" in texts(app)
    assert tables(app)[0].iloc[0].tolist() == ["Rönnhagslidens skola", "hela månaden", "augusti 2026"]


def test_an_unknown_measure_in_the_link_is_said(visit: Visit) -> None:
    assert "”vinst” finns inte att välja här" in texts(
        visit("month.py", manad="Utfall och prognos", matt="vinst")
    )
