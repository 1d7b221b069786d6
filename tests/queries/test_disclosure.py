"""The privacy gate: what it hides, what it leaves, and that nothing hidden can be worked out.

Shares are given as persons of pupils and turned into percent with one decimal, as Skolverket gives them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

# Beside this file, however the tests are started.
sys.path.insert(0, str(Path(__file__).parent))

from differencing_attack import attack

from queries.disclosure import gate
from queries.small_groups import Limits

INDICATORS = pd.DataFrame(
    [
        ("share", "share", False, "kunskap"),
        ("mean", "mean", False, "kunskap"),
        ("cost", "amount", False, "ekonomi"),
        ("survey", "share", True, "trygghet"),
        ("sick", "mean", False, "personal"),
        ("staff_survey", "mean", True, "personal"),
    ],
    columns=["indicator_id", "value_kind", "is_survey", "dimension"],
)
KINDS = {"share": "share", "mean": "mean", "survey": "share", "sick": "mean"}
LIMITS = Limits()
SHARED_INPUT = Path(__file__).parents[2].parent / "shared" / "input" / "skolverket"
COMPLEMENTARY = "Visas inte: skulle avslöja ett annat dolt värde"


def row(
    unit_id, persons, n, *, gender="T", operator="kommunal", marker="", indicator="share", note=None, **other
):
    """One outcome. persons of n for shares; the value itself for the other kinds."""
    value = persons
    if persons is not None and n and KINDS.get(indicator) == "share":
        value = round(100 * persons / n, 1)
    return {
        "municipality_id": "9901",
        "indicator_id": indicator,
        "unit_id": unit_id,
        "year": 2024,
        "gender": gender,
        "operator": operator,
        "value": None if marker else value,
        "marker": marker,
        "note": note,
        "n": n,
        "source_id": "s",
    } | other


def table(*rows):
    frame = pd.DataFrame(list(rows))
    return frame.assign(value=frame["value"].astype("float64"), n=frame["n"].astype("Int32"))


def gated(*rows, limits=LIMITS):
    return gate(table(*rows), INDICATORS, limits)


def markers(*rows, limits=LIMITS):
    return gated(*rows, limits=limits)["marker"].tolist()


def demanded(found, protection):
    """Persons of room per hidden row: its own pupils at most, and one where nobody knows how many it has."""
    return found["n"].astype("float64").fillna(1).clip(upper=protection)


def assert_nothing_can_be_worked_out(shown, **reader):
    found = attack(shown, KINDS, **reader)
    assert not found["width"].isna().any(), "the visible figures contradict each other"
    told = found[found["width"] < demanded(found, 4) - 1e-5]
    assert told.empty, told.to_string()


def test_result_of_nine_pupils_in_a_school_is_not_shown():
    shown = gated(row("a", 6, 9)).iloc[0]
    assert (shown["marker"], shown["note"]) == ("..", "Visas inte: färre än tio elever")
    assert pd.isna(shown["value"])


def test_result_of_ten_pupils_in_a_school_is_shown():
    shown = gated(row("a", 5, 10)).iloc[0]
    assert (shown["value"], shown["marker"]) == (50.0, "")


def test_municipality_has_a_lower_limit_than_a_school():
    assert markers(row(None, None, 4, marker="", indicator="mean", value=12.0)) == [".."]
    assert markers(row(None, 12.0, 5, indicator="mean")) == [""]
    assert markers(row("a", 12.0, 5, indicator="mean")) == [".."]


def test_survey_counts_answers_at_both_levels():
    few = gated(row("a", 2, 4, indicator="survey")).iloc[0]
    assert (few["marker"], few["note"]) == ("..", "Visas inte: färre än fem svar")
    assert markers(row("a", 5, 10, indicator="survey")) == [""]
    assert markers(row(None, 2, 4, indicator="survey")) == [".."]


def test_four_pupils_from_the_end_is_told_as_near_the_end():
    above = gated(row("a", 26, 30)).iloc[0]
    below = gated(row("a", 4, 30)).iloc[0]
    assert (above["marker"], above["note"]) == ("~100", "Nära 100 %: högst fyra elever når inte")
    assert (below["marker"], below["note"]) == ("~0", "Nära 0 %: högst fyra elever når")
    assert pd.isna(above["value"])
    assert pd.isna(below["value"])


def test_every_pupil_and_no_pupil_are_near_the_end_as_well():
    assert markers(row("a", 30, 30)) == ["~100"]
    assert markers(row("a", 0, 30)) == ["~0"]


def test_five_pupils_from_the_end_is_shown():
    assert markers(row("a", 25, 30)) == [""]
    assert markers(row("a", 5, 30)) == [""]


def test_too_few_pupils_goes_before_near_the_end():
    assert markers(row("a", 9, 9)) == [".."]


def test_near_the_end_is_not_told_where_the_ends_meet():
    """With eight pupils '~0' after a refused '~100' would mean none to three: the marker would tell too
    much."""
    shown = gated(row(None, 7, 8))
    assert shown["marker"].tolist() == [".."]
    assert shown["note"].tolist() == ["Visas inte: högst fyra elever från 0 eller 100 %"]


def test_mean_has_no_near_end():
    assert markers(row("a", 9.9, 30, indicator="mean")) == [""]


def test_amount_passes_unchanged():
    before = table(
        row("a", 131_000.0, None, indicator="cost"), row("a", 1.0, 2, indicator="cost", gender="K")
    )
    pd.testing.assert_frame_equal(gate(before, INDICATORS, LIMITS), before)


def test_share_without_number_of_pupils_is_hidden():
    shown = gated(row("a", 87.0, None, indicator="share"), row("b", 12.0, None, indicator="mean"))
    assert shown["marker"].tolist() == ["..", ".."]
    assert set(shown["note"]) == {"Visas inte: antalet elever saknas i underlaget"}
    assert shown["value"].isna().all()


def sick_leave(unit_id, value, n):
    return row(unit_id, value, n, indicator="sick")


@pytest.mark.parametrize("unit_id", ["a", None])
def test_sick_leave_of_ten_posts_is_not_shown_for_a_unit_nor_for_a_municipality(unit_id):
    few = gated(sick_leave(unit_id, 6.1, 10)).iloc[0]
    assert (few["marker"], few["note"]) == ("..", "Visas inte: färre än elva årsarbetare")
    assert pd.isna(few["value"])
    assert markers(sick_leave(unit_id, 6.1, 11)) == [""]


def test_sick_leave_without_number_of_posts_is_hidden():
    shown = gated(sick_leave("a", 6.1, None)).iloc[0]
    assert (shown["marker"], shown["note"]) == ("..", "Visas inte: antalet årsarbetare saknas i underlaget")


def test_a_survey_among_staff_counts_answers():
    few = gated(row("a", 61.0, 4, indicator="staff_survey")).iloc[0]
    assert few["note"] == "Visas inte: färre än fem svar"
    assert markers(row("a", 61.0, 5, indicator="staff_survey")) == [""]


def test_sick_leave_of_a_single_small_unit_cannot_be_worked_out_from_the_total():
    units = [
        sick_leave("a", 9.4, 6),
        sick_leave("b", 6.1, 20),
        sick_leave("c", 7.2, 40),
        sick_leave("d", 5.0, 30),
    ]
    whole = sum(each["value"] * each["n"] for each in units) / 96
    shown = gated(*units, sick_leave(None, whole, 96))
    assert shown["marker"].tolist() == ["..", "..", "", "", ""]
    assert shown["note"].tolist()[:2] == ["Visas inte: färre än elva årsarbetare", COMPLEMENTARY]
    assert_nothing_can_be_worked_out(shown, every_school_listed=False)


def test_indicators_that_do_not_say_what_they_are_about_stop_the_publishing():
    with pytest.raises(KeyError, match="dimension"):
        gate(table(sick_leave("a", 6.1, 20)), INDICATORS.drop(columns="dimension"), LIMITS)


def test_number_of_pupils_stays():
    assert gated(row("a", 6, 9), row("b", 26, 30))["n"].tolist() == [9, 30]


def test_old_note_that_may_tell_the_number_goes_with_the_value():
    assert "6 av 9" not in gated(row("a", 6, 9, note="6 av 9 elever"))["note"].iloc[0]


def test_note_of_a_shown_value_stays():
    assert gated(row("a", 20, 30, note="Ny mätmetod"))["note"].tolist() == ["Ny mätmetod"]


@pytest.mark.parametrize("marker", ["..", "~100", "~0", ".", "cancelled"])
def test_source_marker_stays_apart_from_zero(marker):
    shown = gated(
        row("a", None, 30, marker=marker, note="källans ord"),
        row("b", 15, 30),
        row("c", 15, 30),
        row(None, 45, 90),
    )
    first = shown.iloc[0]
    assert (first["marker"], first["note"], first["n"]) == (marker, "källans ord", 30)
    assert pd.isna(first["value"])
    assert not (shown["value"] == 0).any()


def test_cancelled_year_hides_nothing_else():
    assert markers(
        row("a", None, None, marker="cancelled"), row("b", 15, 30), row("c", 20, 30), row(None, 35, 60)
    ) == ["cancelled", "", "", ""]


def test_value_hidden_by_the_source_cannot_be_worked_out_from_its_siblings():
    shown = gated(row("a", None, 12, marker=".."), row("b", 15, 30), row("c", 12, 24), row(None, 34, 66))
    assert shown["marker"].tolist().count("..") == 2
    assert shown["marker"].iloc[3] == "", "the municipality's total is the last to go"
    assert_nothing_can_be_worked_out(shown)


def test_all_thirteen_hidden_independent_results_are_protected():
    """Skolverket, åk 6: the number of pupils of each hidden independent school is total minus municipal, and
    so is the result. (Total, municipal) numbers as in the real file; the results are made up."""
    pairs = [(45, 44), (74, 73), (37, 32), (179, 175), (200, 196), (44, 43), (128, 126)]
    pairs += [(31, 28), (42, 40), (53, 51), (68, 65), (110, 109), (26, 17)]
    rows = []
    for place, (everyone, municipal) in enumerate(pairs):
        own = {"municipality_id": f"{place:04d}"}
        rows += [
            row(None, round(everyone * 0.7), everyone, operator="alla", **own),
            row(None, round(municipal * 0.7), municipal, **own),
            row(None, None, None, operator="enskild", marker="..", **own),
        ]
    before = table(*rows)
    naive = attack(before, KINDS)
    assert len(naive) == 13
    assert (naive["width"] < 1e-6).all(), "without the gate all thirteen are recovered"
    shown = gate(before, INDICATORS, LIMITS)
    assert len(attack(shown, KINDS)) > 13
    assert_nothing_can_be_worked_out(shown)
    totals = shown[shown["operator"] == "alla"]
    assert totals["marker"].tolist()[2:5] == ["", "", ""], (
        "four or five hidden pupils: hiding one more row is enough"
    )
    assert totals["marker"].iloc[0] == "..", (
        "one pupil gives the municipal row no room, so the total goes as well"
    )


def real_outcomes():
    """Åk 6 per gender, 2024/25, every municipality: share with A to E in all subjects, with Skolverket's own
    dots."""
    path = next(SHARED_INPUT.glob("Grundskola - Betyg årskurs 6*per kön 2025 Kommun.xlsx"), None)
    if path is None:
        pytest.skip(
            f"Skolverket's åk 6 file is not here ({SHARED_INPUT}); the built case above covers the same trap"
        )
    sheet = openpyxl.load_workbook(path, read_only=True)["Statistik"]
    operators = {"Samtliga": "alla", "Kommunal": "kommunal", "Enskild": "enskild"}
    rows = []
    for cells in sheet.iter_rows(min_row=9, values_only=True):
        if cells[4] not in operators:
            continue
        for gender, n, value in (("K", cells[5], cells[7]), ("M", cells[10], cells[12])):
            marker = value if isinstance(value, str) else ""
            count = None if isinstance(n, str) else n
            one = row(
                None, None, count, gender=gender, operator=operators[cells[4]], municipality_id=cells[1]
            )
            rows.append(one | {"value": None if marker else value, "marker": marker})
    return table(*rows)


def test_real_hidden_independent_results_are_protected():
    before = real_outcomes()
    naive = attack(before, KINDS)
    assert len(naive) > 13
    assert (naive["width"] < 1).sum() > 13, "the file as published gives hidden results away"
    shown = gate(before, INDICATORS, LIMITS)
    assert_nothing_can_be_worked_out(shown)
    from_source = before["marker"] != ""
    assert (shown.loc[from_source, "marker"] == before.loc[from_source, "marker"]).all()


def test_girls_are_hidden_with_the_boys_or_the_total():
    shown = gated(
        row("a", 4, 8, gender="K"), row("a", 10, 20, gender="M"), row("a", 14, 28), row("b", 14, 28)
    )
    assert shown["marker"].tolist() == ["..", "..", "", ""]
    assert shown["note"].iloc[1] == COMPLEMENTARY


def test_only_hidden_school_takes_the_smallest_other_school_with_it():
    assert markers(
        row("a", 4, 8), row("b", 14, 28), row("c", 10, 20), row("d", 30, 60), row(None, 58, 116)
    ) == [
        "..",
        "",
        "..",
        "",
        "",
    ]


def test_two_hidden_schools_protect_each_other():
    assert markers(row("a", 4, 8), row("b", 4, 9), row("c", 10, 20), row(None, 18, 37)) == [
        "..",
        "..",
        "",
        "",
    ]


def test_hidden_sibling_of_two_pupils_is_too_little_room_for_one_of_eight():
    shown = gated(row("a", 4, 8), row("b", 1, 2), row("c", 10, 20), row("d", 30, 60), row(None, 45, 90))
    assert shown["marker"].tolist() == ["..", "..", "..", "", ""]
    assert_nothing_can_be_worked_out(shown)


def test_schools_without_a_municipal_row_are_not_added_up():
    assert markers(row("a", 4, 8), row("b", 14, 28), row("c", 10, 20)) == ["..", "", ""]


def test_pupils_of_no_school_in_the_table_leave_room():
    """Ten pupils of the municipality are at no school listed: that remainder alone hides the small school."""
    assert markers(row("a", 4, 8), row("b", 14, 28), row(None, 24, 46)) == ["..", "", ""]


def test_few_pupils_of_no_school_leave_too_little_room():
    shown = gated(row("a", 4, 8), row("b", 14, 28), row("c", 14, 29), row(None, 33, 66))
    assert shown["marker"].tolist() == ["..", "..", "", ""]


def test_boys_without_a_row_of_their_own_are_protected():
    """Total and girls give the boys, row or no row."""
    assert ".." in markers(row("a", 16, 28), row("a", 10, 20, gender="K"))


def test_independent_schools_without_a_row_of_their_own_are_protected():
    assert ".." in markers(row(None, 60, 103, operator="alla"), row(None, 58, 100))
    assert markers(row(None, 75, 150, operator="alla"), row(None, 55, 100)) == ["", ""]


def test_pupils_of_neither_gender_are_a_group_too():
    shown = gated(
        row("a", 31, 63, indicator="survey"),
        row("a", 15, 30, gender="K", indicator="survey"),
        row("a", 15, 30, gender="M", indicator="survey"),
    )
    assert ".." in shown["marker"].tolist()


def test_units_told_under_the_municipal_operator_add_up_to_a_row_for_all():
    shown = gated(row("a", 4, 8), row("b", 14, 28), row("c", 14, 30), row(None, 32, 66, operator="alla"))
    assert shown["marker"].tolist() == ["..", "..", "", ""]


def test_near_the_end_cannot_be_made_exact_by_girls_and_boys():
    shown = gated(row("a", 36, 40), row("a", 20, 20, gender="K"), row("a", 16, 20, gender="M"))
    assert shown["marker"].tolist() == ["~100", "~100", "~100"]
    shown = gated(row("a", 33, 40), row("a", 19, 20, gender="K"), row("a", 14, 20, gender="M"))
    assert shown["marker"].iloc[1] == "~100"
    assert shown["marker"].tolist() != ["", "~100", ""]
    assert_nothing_can_be_worked_out(shown)


def test_hidden_mean_cannot_be_subtracted():
    shown = gated(
        row("a", 6.0, 8, indicator="mean"),
        row("b", 7.0, 30, indicator="mean"),
        row("c", 6.0, 20, indicator="mean"),
        row(None, (48 + 210 + 120) / 58, 58, indicator="mean"),
    )
    assert shown["marker"].tolist() == ["..", "", "..", ""]
    assert_nothing_can_be_worked_out(shown)


def test_rounded_means_do_not_make_the_gate_hide_everything():
    """The parts of a rounded mean never add up exactly, and the school without girls gives two sums for its
    boys."""
    shown = gated(
        *(row(unit, 6.3, 40, indicator="mean", gender=gender) for unit in "bcd" for gender in "KM"),
        *(row(unit, 6.3, 80, indicator="mean") for unit in "bcd"),
        row("a", 6.4, 12, indicator="mean"),
        row("a", 6.4, 12, indicator="mean", gender="M"),
        row("a", None, 0, indicator="mean", gender="K", marker="."),
        row("e", 5.0, 9, indicator="mean", gender="K"),
        row("e", 6.1, 24, indicator="mean", gender="M"),
        row("e", 5.8, 33, indicator="mean"),
        row(None, 6.2, 129, indicator="mean", gender="K"),
        row(None, 6.3, 156, indicator="mean", gender="M"),
        row(None, 6.2, 285, indicator="mean"),
    )
    assert 2 <= (shown["marker"] == "..").sum() <= 5
    assert_nothing_can_be_worked_out(shown, mean_rounding=0.05)


def test_indicators_years_and_municipalities_do_not_hide_for_each_other():
    alone = [row("b", 14, 28), row("c", 10, 20), row(None, 24, 48)]
    elsewhere = [
        row("a", 4, 8, year=2023),
        row("a", 4, 8, indicator="survey"),
        row("a", 4, 8, municipality_id="0125"),
    ]
    assert markers(*alone, *elsewhere)[:3] == ["", "", ""]


def test_rows_order_columns_and_types_are_kept():
    before = table(row("b", 4, 8), row(None, 24, 48), row("a", 20, 40)).set_index(pd.Index([7, 3, 3]))
    before["extra"] = ["x", "y", "z"]
    untouched = before.copy()
    shown = gate(before, INDICATORS, LIMITS)
    pd.testing.assert_frame_equal(before, untouched)
    assert shown.columns.tolist() == before.columns.tolist()
    assert shown.index.tolist() == [7, 3, 3]
    assert shown["unit_id"].fillna("").tolist() == ["b", "", "a"]
    assert shown.drop(columns=["value", "marker", "note"]).equals(
        before.drop(columns=["value", "marker", "note"])
    )
    assert shown["value"].dtype == before["value"].dtype


def test_empty_table_stays_empty():
    assert gate(table(row("a", 4, 8)).iloc[:0], INDICATORS, LIMITS).empty


def test_order_of_the_rows_does_not_decide_what_is_hidden():
    before = random_municipality(units=8, indicators=1, years=1)
    first = gate(before, INDICATORS, LIMITS)
    turned = gate(before.iloc[::-1], INDICATORS, LIMITS).iloc[::-1]
    pd.testing.assert_frame_equal(first, turned)


def test_limits_are_settings():
    assert Limits.from_settings({"disclosure": {"pupils_per_school": 15}}).pupils_per_school == 15
    assert Limits.from_settings({}) == Limits()
    assert markers(row("a", 7, 14), limits=Limits(pupils_per_school=15)) == [".."]
    assert markers(sick_leave("a", 6.1, 14), limits=Limits(employees=15)) == [".."]
    with pytest.raises(ValueError, match="pupils_per_schol"):
        Limits.from_settings({"disclosure": {"pupils_per_schol": 15}})
    with pytest.raises(ValueError, match="heltal"):
        Limits.from_settings({"disclosure": {"protection": "4"}})


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([row("a", 20, 40), row("a", 21, 40)], "twice"),
        ([row("a", 20, 40) | {"marker": ".."}], "beside a marker"),
        ([row("a", None, 40)], "beside a marker"),
        ([row("a", None, 40, marker="*")], "unknown marker"),
        ([row("a", 41, 40)], "outside"),
        ([row("a", 20, 40, gender="F")], "gender"),
        ([row("a", 20, 40, operator="statlig")], "operator"),
        ([row("a", 20, 40, indicator="other")], "unknown indicators"),
        ([row("", 20, 40)], "empty text"),
        ([row("a", 20, 40, municipality_id=None)], "no municipality"),
    ],
)
def test_rows_that_break_the_rules_stop_the_publishing(rows, fault):
    with pytest.raises(ValueError, match=fault):
        gated(*rows)


def random_municipality(units, indicators, years, seed=1):
    """Sums that agree, at school, operator and municipality level, for girls, boys and all."""
    random = np.random.default_rng(seed)
    rows = []
    for indicator in range(indicators):
        for year in range(years):
            sums: dict[tuple, np.ndarray] = {}
            for unit in range(units):
                operator = "enskild" if unit % 4 == 0 else "kommunal"
                for gender, n in zip("KM", random.integers(8, 60, 2), strict=True):
                    persons = np.array([random.binomial(n, 0.8), n])
                    for level, owner in ((f"{unit:08d}", operator), (None, operator), (None, "alla")):
                        for each in (gender, "T"):
                            sums[level, owner, each] = sums.get((level, owner, each), 0) + persons
            rows += [
                row(
                    unit,
                    *map(int, counts),
                    gender=gender,
                    operator=owner,
                    year=2019 + year,
                    indicator_id=f"i{indicator}",
                )
                for (unit, owner, gender), counts in sums.items()
            ]
    frame = table(*rows)
    return frame if indicators > 1 else frame.assign(indicator_id="share")


def test_large_municipality_takes_seconds():
    before = random_municipality(units=30, indicators=18, years=6)
    names = pd.DataFrame({"indicator_id": before["indicator_id"].unique(), "value_kind": "share"}).assign(
        is_survey=False, dimension="kunskap"
    )
    started = time.process_time()
    gate(before, names, LIMITS)
    # Measured about 8 s on a busy machine, hidden cells in all 108 tables; the margin is for slower ones.
    assert time.process_time() - started < 30


def test_most_of_a_large_municipality_is_still_shown():
    shown = gate(random_municipality(units=30, indicators=1, years=1), INDICATORS, LIMITS)
    extra = (shown["note"] == COMPLEMENTARY).sum()
    own = (shown["marker"] != "").sum() - extra
    assert extra <= own
    assert (shown.loc[shown["unit_id"].isna(), "marker"] == "").all()


@st.composite
def tables(draw, kind, *, near=False, complete=False):
    """A municipality with up to six schools; some rows are missing or dotted by the source, some pupils
    belong to no school, and the levels that are given differ. complete: no row is missing and all pupils
    are listed."""
    persons = st.integers(0, 24).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    sums: dict[tuple, np.ndarray] = {}
    schools = draw(st.lists(st.tuples(st.booleans(), persons, persons), min_size=1, max_size=6))
    homeless = ((0, 0), (0, 0)) if complete or draw(st.booleans()) else draw(st.tuples(persons, persons))
    members = [(f"{place:08d}", *school) for place, school in enumerate(schools)] + [(None, True, *homeless)]
    for unit, is_municipal, girls, boys in members:
        operator = "kommunal" if is_municipal else "enskild"
        levels = {(unit, operator), (None, operator), (None, "alla")}
        for gender, count in (("K", girls), ("M", boys)):
            for level in levels:
                for each in (gender, "T"):
                    sums[*level, each] = sums.get((*level, each), 0) + np.array(count)
    rows = []
    for (unit, operator, gender), (reached, n) in sorted(sums.items(), key=str):
        fate = draw(st.sampled_from(["kept"] * 12 + ["missing", "dotted", "dotted without n", "near"]))
        if n == 0 or (fate == "missing" and not complete):
            continue
        own = {"gender": gender, "operator": operator, "indicator": kind}
        if fate == "near" and near and n - reached <= 4:
            rows.append(row(unit, None, int(n), marker="~100", **own))
        elif fate in ("kept", "near", "missing"):
            value = int(reached) if kind == "share" else 10 * reached / n
            rows.append(row(unit, value, int(n), **own))
        else:
            rows.append(row(unit, None, int(n) if fate == "dotted" else None, marker="..", **own))
    assume(rows)
    return table(*rows)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables("share", near=True))
def test_no_hidden_share_can_be_worked_out(before):
    shown = gate(before, INDICATORS, LIMITS)
    assert_nothing_can_be_worked_out(shown, every_school_listed=False)
    assert ((shown["marker"] == "") <= (before["marker"] == "")).all()
    kept = shown["marker"] == ""
    assert (shown.loc[kept, "value"] == before.loc[kept, "value"]).all()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables("share", near=True, complete=True))
def test_no_hidden_share_can_be_worked_out_where_every_school_is_listed(before):
    assert_nothing_can_be_worked_out(gate(before, INDICATORS, LIMITS), every_school_listed=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables("mean"))
def test_no_hidden_mean_can_be_worked_out(before):
    full_marks = table(row("a", 10.0, 50, indicator="mean", year=2020))
    shown = gate(pd.concat([before, full_marks], ignore_index=True), INDICATORS, LIMITS)
    assert_nothing_can_be_worked_out(shown, every_school_listed=False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables("share"), st.integers(1, 7), st.integers(0, 6), st.integers(0, 8))
def test_other_limits_hold_as_well(before, protection, near_end, fewest):
    limits = Limits(fewest, fewest, fewest, fewest, near_end, protection)
    found = attack(gate(before, INDICATORS, limits), KINDS, near_end=near_end, every_school_listed=False)
    assert (found["width"] >= demanded(found, protection) - 1e-5).all()
