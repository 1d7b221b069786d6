"""The privacy gate over parts of a whole, as stages of a school, and over numbers that tell another result's numerator."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

# Beside this file, however the tests are started.
sys.path.insert(0, str(Path(__file__).parent))

from test_disclosure import row, table

from queries.disclosure import (
    COMPLEMENTARY,
    ONLY_MUNICIPALITY,
    TELLING_NUMBER,
    UNTESTED,
    gate,
    looked_at_with,
    with_relations,
)
from queries.small_groups import Limits
from queries.versions import DATA, EMBEDDED, Store

MEASURES = pd.DataFrame(
    [
        ("all", "over_20", None, "ht"),
        ("low", "over_20", "f-3", "ht"),
        ("middle", "over_20", "4-6", "ht"),
        ("high", "over_20", "7-9", "ht"),
        ("looked_into", "investigated", None, "ht"),
        ("rate", "registration", None, None),
        ("rate_low", "registration", "f-3", None),
    ],
    columns=["indicator_id", "kind", "stage", "term"],
)
INDICATORS = with_relations(
    pd.DataFrame(
        [
            (name, "amount" if "rate" in name else "share", False, "narvaro")
            for name in MEASURES["indicator_id"]
        ],
        columns=["indicator_id", "value_kind", "is_survey", "dimension"],
    ),
    MEASURES,
)
PLAIN = ["indicator_id", "value_kind", "is_survey", "dimension"]
LIMITS = Limits()
STAGES = ("low", "middle", "high")
HIDDEN = ("..", "~100", "~0")
Counts = dict[str, dict[str, tuple[int, int]]]


def share(indicator, unit_id, persons, n, **other):
    """One outcome of a measure: persons of n."""
    value = {} if other.get("marker") else {"value": round(100 * persons / n, 1)}
    return row(unit_id, persons, n, indicator=indicator, **other) | value


def municipality(schools: Counts, *, with_unit_stages: bool = True) -> pd.DataFrame:
    """school → stage → persons of n, as the rows of a whole municipality."""
    rows, sums = [], {}
    for school, stages in schools.items():
        for stage, count in stages.items():
            for place, name in ((school, stage), (school, "all"), (None, stage), (None, "all")):
                sums[place, name] = tuple(np.add(sums.get((place, name), (0, 0)), count))
    for (place, name), (persons, n) in sums.items():
        if n and (with_unit_stages or place is None or name == "all"):
            rows.append(share(name, place, int(persons), int(n)))
    return table(*rows)


def gated(before: pd.DataFrame) -> pd.DataFrame:
    return gate(before, INDICATORS, LIMITS)


def of(shown: pd.DataFrame, indicator: str, unit_id: str | None) -> pd.Series:
    places = shown["unit_id"].isna() if unit_id is None else shown["unit_id"] == unit_id
    return shown[(shown["indicator_id"] == indicator) & places].iloc[0]


LARGE = {"low": (30, 100), "middle": (30, 100), "high": (30, 100)}


def test_a_stage_of_a_school_is_never_shown_however_many_pupils_it_has():
    shown = gated(municipality({"a": LARGE, "b": LARGE}))
    for stage in STAGES:
        assert (of(shown, stage, "a")["marker"], of(shown, stage, "a")["note"]) == ("..", ONLY_MUNICIPALITY)
        assert pd.isna(of(shown, stage, "a")["value"])
        assert of(shown, stage, None)["value"] == 30.0
    assert of(shown, "all", "a")["value"] == 30.0


def test_a_stage_of_a_school_is_hidden_also_where_the_measure_is_an_amount():
    rows = table(row("a", 95.0, None, indicator="rate_low"), row(None, 96.0, None, indicator="rate_low"))
    shown = gated(rows)
    assert shown["marker"].tolist() == ["..", ""]


def test_a_stage_without_a_whole_of_its_own_is_hidden_for_units_too():
    orphan = MEASURES[MEASURES["indicator_id"] != "all"]
    indicators = with_relations(INDICATORS[PLAIN], orphan)
    shown = gate(table(share("low", "a", 30, 100), share("low", None, 60, 200)), indicators, LIMITS)
    assert shown["marker"].tolist() == ["..", ""]


def test_a_gap_of_the_source_in_a_schools_stage_keeps_its_own_reason():
    shown = gated(
        table(share("low", "a", None, None, marker=".", note="Mäts inte"), share("low", None, 60, 200))
    )
    assert shown.iloc[0][["marker", "note"]].tolist() == [".", "Mäts inte"]


@pytest.mark.parametrize(
    ("persons", "n", "marker"), [(1, 4, ".."), (2, 60, "~0"), (58, 60, "~100"), (20, 60, "")]
)
def test_a_stage_of_the_municipality_obeys_the_limits_for_small_groups(persons: int, n: int, marker: str):
    shown = gated(municipality({"a": {"low": (30, 100), "high": (persons, n)}}))
    assert of(shown, "high", None)["marker"] == marker or of(shown, "high", None)["marker"] == ".."
    assert (of(shown, "high", None)["marker"] == "") == (marker == "")


def test_a_stage_that_one_school_has_gives_away_nothing_that_the_school_does_not_show():
    shown = gated(municipality({"only": {"high": (3, 8)}, "a": {"low": (30, 100)}, "b": {"low": (30, 90)}}))
    assert of(shown, "all", "only")["marker"] == ".."
    # Eight pupils would be enough for a municipality, but they are all of one school.
    assert of(shown, "high", None)["marker"] == ".."


def test_a_stage_that_one_school_has_is_shown_where_the_school_is():
    shown = gated(municipality({"only": {"high": (40, 300)}, "a": LARGE, "b": LARGE}))
    assert of(shown, "all", "only")["value"] == 13.3
    assert of(shown, "high", None)["marker"] == ""


def test_a_hidden_school_cannot_be_found_by_taking_the_other_schools_from_its_stage():
    schools = {
        "a": {"high": (2, 8)},
        "b": {"high": (40, 120)},
        "c": {"low": (30, 90)},
        "d": {"low": (20, 95)},
    }
    before = municipality(schools)
    assert widest_told(gated(before), before) is None


def test_stages_of_units_that_nobody_delivered_keep_the_municipalitys_hidden_beside_a_hidden_school():
    schools = {
        "a": {"high": (2, 8)},
        "b": {"high": (40, 120)},
        "c": {"low": (30, 90)},
        "d": {"low": (20, 95)},
    }
    shown = gated(municipality(schools, with_unit_stages=False))
    assert of(shown, "high", None)["note"] == of(shown, "low", None)["note"] == UNTESTED


def test_stages_of_units_that_nobody_delivered_are_no_obstacle_where_every_school_is_shown():
    shown = gated(municipality({"a": LARGE, "b": LARGE}, with_unit_stages=False))
    assert (shown["marker"] == "").all()


def test_stages_that_leave_out_a_small_group_do_not_tell_it():
    """Six pupils in neither stage that is told: the whole minus its stages would be theirs."""
    before = municipality({"a": {"low": (30, 100), "middle": (30, 100), "high": (5, 6)}})
    shown = gated(before[before["indicator_id"] != "high"].reset_index(drop=True))
    whole, *stages = (of(shown, name, None)["marker"] for name in ("all", "low", "middle"))
    assert whole == ".." or ".." in stages


def test_a_number_that_tells_a_hidden_numerator_goes_with_the_value():
    before = table(
        share("all", "a", 3, 60), share("all", "b", 30, 60), share("all", None, 33, 120),
        share("looked_into", "a", 1, 3), share("looked_into", "b", 15, 30), share("looked_into", None, 16, 33),
    )  # fmt: skip
    shown = gated(before)
    assert of(shown, "all", "a")["marker"] != "" and of(shown, "all", "b")["marker"] != ""
    for school in "ab":
        told = of(shown, "looked_into", school)
        assert (told["marker"], told["note"]) == ("..", TELLING_NUMBER)
        assert pd.isna(told["n"]) and pd.isna(told["value"])
    assert of(shown, "looked_into", None)["n"] == 33


def test_a_number_beside_a_visible_numerator_stays():
    before = table(share("all", "a", 30, 60), share("looked_into", "a", 15, 30))
    shown = gated(before)
    assert of(shown, "looked_into", "a")[["marker", "n"]].tolist() == ["", 30]


def test_a_hidden_share_tells_no_number_where_the_other_result_is_not_known():
    shown = gated(table(share("looked_into", "a", 2, 7), share("looked_into", "b", 15, 30)))
    assert pd.isna(of(shown, "looked_into", "a")["n"])
    assert of(shown, "looked_into", "b")["n"] == 30


def test_what_is_looked_at_together_is_found_from_any_of_them():
    together = ["all", "high", "looked_into", "low", "middle"]
    assert looked_at_with(INDICATORS, {"looked_into"}) == looked_at_with(INDICATORS, {"low"}) == together


def test_part_and_whole_of_different_kinds_stop_the_publishing():
    odd = INDICATORS.assign(value_kind=["mean", *INDICATORS["value_kind"][1:]])
    with pytest.raises(ValueError, match="same kind"):
        gate(table(share("low", None, 30, 100)), odd, LIMITS)


def test_indicators_without_relations_are_gated_as_before():
    assert gate(table(share("low", "a", 30, 100)), INDICATORS[PLAIN], LIMITS)["marker"].tolist() == [""]


def widest_told(shown: pd.DataFrame, before: pd.DataFrame) -> str | None:
    """The hidden school that a reader who knows every number of pupils tells closer than the limits allow, if any.

    Written apart from the gate: one unknown per school and stage, and every visible figure is an equation.
    """
    cells = before[before["unit_id"].notna() & before["indicator_id"].isin(STAGES)].reset_index(drop=True)
    place = {
        (unit, name): k
        for k, (unit, name) in enumerate(zip(cells["unit_id"], cells["indicator_id"], strict=True))
    }
    bounds = [(0.0, float(n)) for n in cells["n"]]
    equations, constants, edges, limits = [], [], [], []
    for each in shown.to_dict("records"):
        unit, name = each["unit_id"], each["indicator_id"]
        line = np.zeros(len(place))
        for (school, stage), column in place.items():
            line[column] = float((pd.isna(unit) or school == unit) and name in ("all", stage))
        n = float(each["n"])
        match each["marker"]:
            case "":
                equations.append(line)
                constants.append(round(each["value"] * n / 100))
            case "~0":
                edges.append(line)
                limits.append(float(LIMITS.near_end))
            case "~100":
                edges.append(-line)
                limits.append(LIMITS.near_end - n)
    for each in shown[(shown["indicator_id"] == "all") & shown["unit_id"].notna()].to_dict("records"):
        if each["marker"] not in HIDDEN:
            continue
        goal = np.array([float(school == each["unit_id"]) for school, _ in place])
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * goal,
                A_eq=np.array(equations) if equations else None,
                b_eq=constants or None,
                A_ub=np.array(edges) if edges else None,
                b_ub=limits or None,
                bounds=bounds,
                method="highs",
            )
            assert found.status == 0
            ends.append(sign * found.fun)
        if ends[1] - ends[0] < min(LIMITS.protection, float(each["n"])) - 1e-5:
            return f"{each['unit_id']}: {ends}"
    return None


@st.composite
def schools(draw) -> Counts:
    """Two to six schools with one to three stages each; some are small."""
    count = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    own = st.dictionaries(st.sampled_from(STAGES), count, min_size=1)
    return {
        f"{number:08d}": stages for number, stages in enumerate(draw(st.lists(own, min_size=2, max_size=6)))
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(schools())
def test_no_hidden_school_can_be_worked_out_from_the_stages_of_the_municipality(found: Counts):
    before = municipality(found)
    shown = gated(before)
    assert widest_told(shown, before) is None
    of_units = shown[shown["unit_id"].notna() & shown["indicator_id"].isin(STAGES)]
    assert of_units["value"].isna().all() and set(of_units["marker"]) <= {".."}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(schools())
def test_no_hidden_school_can_be_worked_out_where_the_stages_of_units_were_not_delivered(found: Counts):
    shown = gated(municipality(found, with_unit_stages=False))
    assert widest_told(shown, municipality(found)) is None


def test_the_parts_hide_nothing_more_than_needed_in_an_ordinary_municipality():
    shown = gated(municipality({name: LARGE for name in "abcdef"}))
    assert COMPLEMENTARY not in set(shown["note"])


# Version 0, as it lies in the files that pages and downloads read.


def embedded(question: str) -> list[tuple]:
    store = Store((EMBEDDED,))
    path = store.verified_path(store.manifest(0).tables["outcomes"])
    given = {"outcomes": str(path), "measures": str(DATA / "absence_measures.csv")}
    return duckdb.connect().execute(question, given).fetchall()


JOINED = (
    "from read_parquet($outcomes) as outcomes join read_csv($measures, all_varchar = true) as measures "
    "using (indicator_id) "
)


def test_no_stage_of_a_unit_lies_in_the_published_files():
    found = embedded(
        f"select marker, note, count(*), count(value) {JOINED} where stage is not null and unit_id is not null group by all"
    )
    assert [(marker, note, values) for marker, note, _, values in found] == [("..", ONLY_MUNICIPALITY, 0)]
    assert found[0][2] > 300


def test_stages_of_the_municipality_are_shown_in_the_published_files():
    ((values, cells),) = embedded(
        f"select count(value), count(*) {JOINED} where stage is not null and unit_id is null"
    )
    assert values == cells == 96


def test_the_only_upper_secondary_school_tells_the_same_as_its_stage():
    differing = embedded(
        f"""
        select whole.year {JOINED.replace("outcomes join", "whole join")}
        join (select outcomes.*, kind, term {JOINED} where stage is null and unit_id = '19901301') as own
            using (kind, term, year)
        where stage = 'gymnasiet' and whole.unit_id is null and whole.value is not null
            and whole.value is distinct from own.value
        """
    )
    assert differing == []


def test_no_number_of_investigated_pupils_tells_a_hidden_number_of_absent_ones():
    found = embedded(
        """
        select count(*), count(investigated.n), count(investigated.value)
        from read_parquet($outcomes) as investigated
        join read_parquet($outcomes) as absent using (municipality_id, year, gender, operator)
        where investigated.indicator_id = 'L03' and absent.indicator_id = 'L01'
            and investigated.unit_id is not distinct from absent.unit_id
            and absent.marker in ('..', '~0', '~100')
            and $measures is not null
        """
    )
    assert found[0][0] > 20 and found[0][1:] == (0, 0)
