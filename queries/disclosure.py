"""The privacy gate: which results may be shown, and which must be hidden so that no other can be worked out.

It runs once, when a version is published. Page, chart, download, command line and every choice of filters
then read the same gated rows, so two views can never be subtracted from each other. Raw rows stay out of
reach of the process that serves pages.

Three layers: too few pupils, answers or full-time posts ('..'), too close to an end of the scale ('~100', '~0'), and further cells hidden
because totals would give the first ones away. The last layer is chosen as the cheapest cover (an integer
programme) and then checked by asking, for each hidden cell, for the least and the greatest value that agree
with everything visible (linear programmes). What the check finds too narrow becomes a new demand on the
cover.

Indicators that are parts of another one, as absence per stage is of a school's absence, are looked at together with
it: their values per unit are never shown, and those of the municipality only where they do not tell a hidden unit.
Where the n of one indicator is the numerator of another, as of investigations among absent pupils, it is shown only
beside a visible result of that other.

What is not covered: other indicators that are sums of each other, a year's figure beside the same year's monthly ones,
and earlier published versions of the same year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from queries.small_groups import ANSWERS, POSTS, PUPILS, Limits, in_words

COLUMNS = (
    "municipality_id",
    "indicator_id",
    "unit_id",
    "year",
    "gender",
    "operator",
    "value",
    "marker",
    "note",
    "n",
)
TABLE = ["municipality_id", "indicator_id", "year"]
CELL = ["unit_id", "operator", "gender"]
GENDERS = ("T", "K", "M")
OPERATORS = ("alla", "kommunal", "enskild")
NO_SECRET = (".", "cancelled")

# The scales that school figures are given on: proportion, four and five steps, index, grade points, percent,
# merit points. A mean is measured against the smallest that holds every value of its indicator: a wider one
# would make hidden cells look better protected than they are.
SCALES = (1.0, 4.0, 5.0, 10.0, 20.0, 100.0, 340.0)

# Skolverket's own '~100' means at most four, whatever a municipality sets for itself.
SOURCE_NEAR_END = 4

# Rounds in which the whole cover may be chosen anew. After them cells are only added, so the search ends.
FREE_ROUNDS = 5
TOLERANCE = 1e-6
# Unknowns in one call of the solver: many small programmes together are faster, up to about here.
LARGEST_PROGRAMME = 1500


def gate(outcomes: pd.DataFrame, indicators: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """The rows of table outcomes as they may be shown: same rows, order and columns.

    A result that may not be shown has an empty value, a marker ('..', '~100', '~0') and the reason in note,
    in Swedish. n stays: numbers of pupils are public at Skolverket, and the protection is worked out with n
    known. Markers of the source and their notes are left as they are. A share or mean without n is hidden,
    since nothing shows that it rests on enough pupils. Amounts pass unchanged. A unit's value of an indicator that
    is part of another is hidden, whatever it rests on; and n goes too where it would tell another hidden result.
    indicators has indicator_id, value_kind, is_survey and dimension, and what with_relations adds: the n of a share or
    mean of dimension personal that no survey gives is full-time posts. Raises ValueError for rows
    that break the table's rules.
    """
    kinds = _kinds(outcomes, indicators)
    _refuse_broken_rows(outcomes, kinds["value_kind"])
    shown = outcomes.copy()
    whole = kinds["part_of"].where(kinds["part_of"] != "", outcomes["indicator_id"])
    counted = outcomes.assign(
        _kind=kinds["value_kind"],
        _counted=kinds["counted"],
        _whole=whole,
        _part=outcomes["indicator_id"].where(whole != outcomes["indicator_id"], ""),
        _row=range(len(outcomes)),
    )
    hidden = {row: ("..", ONLY_MUNICIPALITY) for row in _parts_of_units(counted)}
    counted = counted[counted["_kind"] != "amount"]
    if counted.empty:
        return _with_markers(shown, hidden)
    scales = _scales(counted)
    for (_, indicator_id, _), rows in counted.groupby(["municipality_id", "_whole", "year"], sort=True):
        rule = _Rule(limits, rows["_kind"].iloc[0] == "share", rows["_counted"].iloc[0], scales[indicator_id])
        hidden.update(_hidden_rows(rows, rule))
    return _without_telling_numbers(_with_markers(shown, hidden), kinds["n_counts"])


def with_relations(indicators: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """The indicators with part_of, the indicator that each is a part of, and n_counts, the one whose numerator its n is;
    '' for most.

    measures are the rows of data/absence_measures.csv. A stage is part of what has the same kind and term for all
    stages together; where there is no such measure it is part of one that nobody has values of, so that the rule for
    units holds all the same. Investigations are counted among the pupils away more than 20 percent.
    """
    rows = measures.fillna("").to_dict("records")
    id_of = {(row["kind"], row["stage"], row["term"]): row["indicator_id"] for row in rows}
    part_of = {
        row["indicator_id"]: id_of.get((row["kind"], "", row["term"]), f"{row['kind']} {row['term']}")
        for row in rows
        if row["stage"]
    }
    n_counts = {
        row["indicator_id"]: id_of.get(("over_20", row["stage"], row["term"]), "")
        for row in rows
        if row["kind"] == "investigated"
    }
    ids = indicators["indicator_id"].tolist()
    return indicators.assign(
        part_of=[part_of.get(each, "") for each in ids], n_counts=[n_counts.get(each, "") for each in ids]
    )


def looked_at_with(indicators: pd.DataFrame, touched: Set[str]) -> list[str]:
    """The indicators that must pass the gate together with those touched: what these are parts of or count, and so on."""
    known = indicators[["indicator_id", "part_of", "n_counts"]].to_dict("records")
    near = [{name for name in row.values() if name} for row in known]
    found: set[str] = set()
    more = set(touched)
    while more != found:
        found = more
        more = found.union(*(names for names in near if not names.isdisjoint(found)))
    return sorted(found)


def _parts_of_units(counted: pd.DataFrame) -> list[int]:
    rows = counted[(counted["_part"] != "") & counted["unit_id"].notna() & ~counted["marker"].isin(NO_SECRET)]
    return rows["_row"].tolist()


def gate_comparison(values: pd.DataFrame, gated: pd.DataFrame) -> pd.DataFrame:
    """The rows of table comparison_values as they may be shown, given the gated outcomes: same rows and order.

    A municipality's own result stands in both tables. Where the gate hides it in outcomes, its value and its place
    among others are hidden here too, with the status 'Privacy'. What is worked out from all values (counts,
    distributions) must be worked out again from what this returns.
    """
    key = ["municipality_id", "indicator_id", "year", "gender"]
    whole = gated[gated["unit_id"].isna() & ~gated["marker"].isin(["", *NO_SECRET])]
    is_hidden = (
        pd.MultiIndex.from_frame(values[key]).isin(pd.MultiIndex.from_frame(whole[key]))
        & values["value"].notna()
    )
    shown = values.copy()
    shown.loc[is_hidden, ["value", "count_higher", "count_lower"]] = np.nan
    shown.loc[is_hidden, "status"] = "Privacy"
    return shown


def _with_markers(shown: pd.DataFrame, hidden: Mapping[int, tuple[str, str]]) -> pd.DataFrame:
    values, markers, notes = (shown[name].tolist() for name in ("value", "marker", "note"))
    for row, (marker, note) in hidden.items():
        # The old note goes as well: it may have told the number in words.
        values[row], markers[row], notes[row] = None, marker, note
    shown["value"] = pd.array(values, dtype=shown["value"].dtype)
    shown["marker"] = pd.Series(markers, index=shown.index, dtype=shown["marker"].dtype)
    kind = shown["note"].dtype
    holds_text = pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind)
    shown["note"] = pd.Series(notes, index=shown.index, dtype=kind if holds_text else object)
    return shown


def _without_telling_numbers(shown: pd.DataFrame, n_counts: pd.Series) -> pd.DataFrame:
    """The rows without the n, and so without the value, that would tell the numerator of a result that is hidden."""
    counting = [row for row, counted in enumerate(n_counts.tolist()) if counted]
    if not counting:
        return shown
    names = ["municipality_id", "year", "indicator_id", "unit_id", "gender", "operator"]
    keys = list(zip(*(shown[name].fillna("").tolist() for name in names), strict=True))
    markers = shown["marker"].tolist()
    visible = {key for key, marker in zip(keys, markers, strict=True) if marker == ""}
    told = {key[:3] for key in keys}
    hidden, numbers = {}, shown["n"].tolist()
    for row in counting:
        municipality_id, year, _, *place = keys[row]
        other = (municipality_id, year, n_counts.iloc[row])
        if (*other, *place) in visible or markers[row] in NO_SECRET:
            continue
        if other in told:
            hidden[row] = ("..", TELLING_NUMBER)
        if other in told or markers[row] != "":
            numbers[row] = None
    kind = shown["n"].dtype
    # Whole numbers stay whole beside empty cells.
    n = pd.Series(numbers, index=shown.index, dtype="Int64" if pd.api.types.is_integer_dtype(kind) else kind)
    return _with_markers(shown, hidden).assign(n=n)


def _kinds(outcomes: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    missing = set(COLUMNS) - set(outcomes.columns)
    if missing:
        raise ValueError(f"The outcomes lack the columns {sorted(missing)}")
    given = indicators if "part_of" in indicators else indicators.assign(part_of="", n_counts="")
    known = given.set_index("indicator_id")[["value_kind", "is_survey", "dimension", "part_of", "n_counts"]]
    if known.index.has_duplicates:
        raise ValueError("The indicators hold the same indicator_id twice")
    unknown = set(outcomes["indicator_id"]) - set(known.index)
    if unknown:
        raise ValueError(f"Outcomes of unknown indicators: {sorted(unknown)}")
    kinds = known.reindex(outcomes["indicator_id"]).set_axis(outcomes.index)
    if not kinds["value_kind"].isin(["share", "mean", "amount"]).all():
        raise ValueError("value_kind must be share, mean or amount")
    if not kinds["is_survey"].isin([True, False]).all():
        raise ValueError("is_survey must be true or false")
    pairs = known[known["part_of"].isin(known.index)]
    if (known.loc[pairs["part_of"], "value_kind"].to_numpy() != pairs["value_kind"].to_numpy()).any():
        raise ValueError("A part must be of the same kind as the whole it is part of")
    is_answers = kinds["is_survey"].astype(bool)
    others = np.where(kinds["dimension"] == "personal", POSTS, PUPILS)
    return kinds.assign(counted=np.where(is_answers, ANSWERS, others))


def _refuse_broken_rows(outcomes: pd.DataFrame, kind: pd.Series) -> None:
    """A row outside the table's rules would make the arithmetic below silently wrong, so nothing is
    published."""
    value, n = (outcomes[name].astype("float64") for name in ("value", "n"))
    key = TABLE + CELL
    twice = outcomes[key].fillna({"unit_id": ""}).duplicated(keep=False)
    broken = {
        # Rows without a key would be left out of every table below, and so pass unseen.
        "no municipality, indicator or year": outcomes[TABLE].isna().any(axis=1),
        "an empty text as unit": outcomes["unit_id"] == "",
        "the same unit, operator, year and gender twice": twice & (kind != "amount"),
        "a value beside a marker, or neither": value.isna() == (outcomes["marker"] == ""),
        "an unknown marker": ~outcomes["marker"].isin(["", "..", "~100", "~0", *NO_SECRET]),
        "an unknown gender": ~outcomes["gender"].isin(GENDERS),
        "an unknown operator": ~outcomes["operator"].isin(OPERATORS),
        "a share outside 0 to 100": (kind == "share") & value.notna() & ~value.between(0, 100),
        "a mean below 0": (kind == "mean") & (value < 0),
        "an infinite value": (kind != "amount") & np.isinf(value),
        "an n below 0": n < 0,
    }
    for fault, rows in broken.items():
        if rows.any():
            # The key alone: a value in an error message would end up in the log.
            first = outcomes.loc[rows.to_numpy(), key].iloc[0].to_dict()
            raise ValueError(f"{int(rows.sum())} outcomes have {fault}; the first is {first}")


def _scales(counted: pd.DataFrame) -> dict[str, float]:
    """Greatest possible value of one pupil per indicator: 100 for shares, for means the scale that fits."""
    greatest = counted.groupby("_whole")["value"].max()
    is_share = counted.groupby("_whole")["_kind"].first() == "share"
    return {
        indicator_id: 100.0 if is_share[indicator_id] else _smallest_scale(float(value))
        for indicator_id, value in greatest.items()
    }


def _smallest_scale(greatest: float) -> float:
    if np.isnan(greatest):
        return SCALES[-1]
    return next((scale for scale in SCALES if scale >= greatest), greatest)


@dataclass(frozen=True)
class _Rule:
    """What decides over the cells of one table: the limits and the kind of value."""

    limits: Limits
    is_share: bool
    counted: str
    scale: float

    def persons(self, value: float, n: float) -> float:
        """What the cell adds to a total. A share is exact with n known, so it is a whole number of pupils. A
        mean counts in full marks (sum / scale): then one pupil weighs 0 to 1, and four persons' protection
        means the same for both, that four pupils could stand anywhere on the scale."""
        persons = value * n / self.scale
        return float(round(persons)) if self.is_share else persons

    def marker(self, persons: float | None, n: float | None, is_unit: bool) -> str:
        """'' when the result may be shown as far as the cell itself is concerned."""
        limits = self.limits
        if n is None or n < limits.fewest(is_unit, self.counted):
            return ".."
        if not self.is_share or persons is None or min(persons, n - persons) > limits.near_end:
            return ""
        # With few pupils the ends meet, and the choice of '~100' or '~0' would itself narrow the number down.
        # The same where a marker promises less room than the protection asks for.
        if n <= 2 * limits.near_end or limits.near_end < limits.protection:
            return ".."
        return "~0" if persons <= limits.near_end else "~100"

    def reason(self, marker: str, n: float | None, is_unit: bool) -> str:
        whom = self.counted
        near = in_words(self.limits.near_end)
        if marker == "~100":
            return f"Nära 100 %: högst {near} {whom} når inte"
        if marker == "~0":
            return f"Nära 0 %: högst {near} {whom} når"
        if n is None:
            return f"Visas inte: antalet {whom} saknas i underlaget"
        fewest = self.limits.fewest(is_unit, whom)
        if n < fewest:
            return f"Visas inte: färre än {in_words(fewest)} {whom}"
        return f"Visas inte: högst {near} {whom} från 0 eller 100 %"


COMPLEMENTARY = "Visas inte: skulle avslöja ett annat dolt värde"
ONLY_MUNICIPALITY = "Visas bara för hela kommunen: en del av en enhet pekar lättare ut enskilda"
TELLING_NUMBER = "Visas inte: antalet elever skulle avslöja ett annat dolt värde"
UNTESTED = "Visas inte: delarna per enhet saknas, så det går inte att pröva om värdet avslöjar en enhet"


Key = tuple[str, str, str, str]  # unit ('' = the whole municipality), operator, gender, part ('' = the whole)


@dataclass
class _Cell:
    """One unknown or known of the system. row is None for a cell that follows from others but has no row: the
    boys where only the total and the girls are given. Nor has a unit's part, which is hidden from the start."""

    row: int | None
    key: Key
    n: float | None
    persons: float | None
    marker: str
    from_source: bool = False
    low: float = 0.0
    high: float = 0.0

    @property
    def is_candidate(self) -> bool:
        return self.row is not None and self.marker == ""


@dataclass
class _Relation:
    """parent = the sum of children + a remainder between low and high (0 and 0 where the pupils add up).
    is_split: over genders or operators, which are complete; in the sums over units some may be missing."""

    parent: int
    children: list[int]
    is_split: bool
    low: float = 0.0
    high: float = 0.0

    @property
    def members(self) -> list[int]:
        return [self.parent, *self.children]


def _hidden_rows(rows: pd.DataFrame, rule: _Rule) -> dict[int, tuple[str, str]]:
    """Row number → marker and note, for the rows of one municipality, indicator and year that get a
    marker."""
    system = _System(rule, _cells(rows, rule))
    system.relate()
    complementary = system.cover()
    hidden = {row: ("..", UNTESTED) for row in system.untested_parts(complementary)}
    for index, cell in enumerate(system.cells):
        if cell.row is None or cell.from_source:
            continue
        if index in complementary:
            hidden[cell.row] = ("..", COMPLEMENTARY)
        elif cell.marker:
            n = None if cell.row in system.without_n else cell.n
            own = rule.reason(cell.marker, n, bool(cell.key[0]))
            hidden[cell.row] = (cell.marker, COMPLEMENTARY if index in system.widened else own)
    return hidden


def _cells(rows: pd.DataFrame, rule: _Rule) -> list[_Cell]:
    cells = []
    names = ("_row", "unit_id", "operator", "gender", "_part", "value", "marker", "n")
    columns = (rows[name].tolist() for name in names)
    for row, unit_id, operator, gender, part, value, marker, n in zip(*columns, strict=True):
        if marker in NO_SECRET:
            continue
        # Not str(): a unit whose code were the text 'nan' is still a unit.
        key = ("" if pd.isna(unit_id) else f"u{unit_id}", operator, gender, part)
        count = None if pd.isna(n) else float(n)
        persons = None if marker or count is None else rule.persons(value, count)
        own = marker or rule.marker(persons, count, bool(key[0]))
        own_row = None if key[0] and part else row
        cells.append(_Cell(own_row, key, count, persons, own, from_source=marker != ""))
    # The order of the rows in a file must not decide which cells are hidden.
    return sorted(cells, key=lambda cell: cell.key)


@dataclass
class _System:
    """The cells of one municipality, indicator and year with the sums that bind them."""

    rule: _Rule
    cells: list[_Cell]
    relations: list[_Relation] = field(default_factory=list)
    without_n: set[int] = field(default_factory=set)
    widened: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.index = {cell.key: number for number, cell in enumerate(self.cells)}
        self.without_n = {cell.row for cell in self.cells if cell.n is None}

    def relate(self) -> None:
        """Find every sum a reader can make, the numbers of pupils they need, and what follows without a
        row."""
        self._add_implied_cells()
        sums = dict.fromkeys(self._splits(), True)
        sums |= {each: False for each in self._levels() if each not in sums}
        self.relations = [
            _Relation(parent, list(children), is_split) for (parent, children), is_split in sums.items()
        ]
        self._fill_in_pupils()
        self._make_leftovers_cells()
        self._judge_implied_cells()
        for cell in self.cells:
            self._bound(cell)
        self._guess_what_the_source_hides()
        for relation in self.relations:
            self._bound_remainder(relation)

    def _add_implied_cells(self) -> None:
        """Two of total, girls and boys give the third, also where it has no row; the same for operators."""
        # Genders once more after the operators: what has been added may be two of three.
        for by_gender in (True, False, True):
            groups = {
                (unit, operator if by_gender else gender, part) for unit, operator, gender, part in self.index
            }
            for unit, other, part in sorted(groups):
                if by_gender:
                    keys = [(unit, other, gender, part) for gender in GENDERS]
                else:
                    keys = [(unit, operator, other, part) for operator in OPERATORS]
                absent = [key for key in keys if key not in self.index]
                if len(absent) == 1:
                    self._add(absent[0])

    def _add(self, key: Key, n: float | None = None) -> int:
        self.index[key] = len(self.cells)
        self.cells.append(_Cell(None, key, n, None, ""))
        return self.index[key]

    def _splits(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        parts = sorted({part for *_, part in self.index if part})
        for unit, operator, gender, part in list(self.index):
            key = (unit, operator, gender, part)
            if gender == "T":
                yield from self._sum(key, [(unit, operator, each, part) for each in GENDERS[1:]], whole=True)
            if operator == "alla":
                yield from self._sum(key, [(unit, each, gender, part) for each in OPERATORS[1:]], whole=True)
            if part == "":
                # Pupils of no part that is told are what is left over, a group of its own.
                yield from self._sum(key, [(unit, operator, gender, each) for each in parts])

    def _levels(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The municipality as the sum of its units, for each operator, and over all units; and so for each part."""
        for part in sorted({part for *_, part in self.index}):
            for gender in GENDERS:
                yield from self._levels_of(gender, part)

    def _levels_of(self, gender: str, part: str) -> Iterator[tuple[int, tuple[int, ...]]]:
        units = sorted({unit for unit, *_ in self.index if unit})
        everyone = [key for unit in units for key in self._whole_unit(unit, gender, part)]
        pupils = [self._pupils(key) for key in everyone]
        for operator in OPERATORS:
            total, own = ("", operator, gender, part), [(unit, operator, gender, part) for unit in units]
            yield from self._sum(total, own)
            # Units may all be told under another operator: where their pupils add up, so do results.
            alike = self.index.keys().isdisjoint(own) and None not in pupils
            if operator == "alla" or (alike and self._pupils(total) == sum(pupils)):
                yield from self._sum(total, everyone)

    def _whole_unit(self, unit: str, gender: str, part: str) -> list[Key]:
        if (unit, "alla", gender, part) in self.index:
            return [(unit, "alla", gender, part)]
        keys = [(unit, each, gender, part) for each in OPERATORS[1:]]
        return [key for key in keys if key in self.index]

    def _pupils(self, key: Key) -> float | None:
        return self.cells[self.index[key]].n if key in self.index else None

    def _sum(
        self, parent: Key, children: Iterable[Key], whole: bool = False
    ) -> Iterator[tuple[int, tuple[int, ...]]]:
        keys = list(children)
        present = [key for key in keys if key in self.index]
        if parent in self.index and present and (not whole or len(present) == len(keys)):
            yield self.index[parent], tuple(self.index[key] for key in present)

    def _fill_in_pupils(self) -> None:
        """A hidden number of pupils is no secret where the others of its sum are known: Skolverket hides
        those of independent schools, and total minus municipal gives every one of them."""
        while found := self._next_missing_pupils():
            index, pupils = found
            self.cells[index].n = pupils

    def _next_missing_pupils(self) -> tuple[int, float] | None:
        """A cell and its number of pupils, from a split if there is one, else the tightest sum over units.

        Sums over units may lack a unit, so they only say how many pupils a unit has at most. A relation that
        is wrongly held for inexact would protect too little: therefore the tightest, and therefore no
        municipality is added up from its units.
        """
        guesses = []
        for relation in self.relations:
            unknown = [index for index in relation.members if self.cells[index].n is None]
            if len(unknown) != 1 or (not relation.is_split and unknown == [relation.parent]):
                continue
            found = unknown[0], self._missing_pupils(relation, unknown[0])
            if relation.is_split:
                return found
            guesses.append(found)
        return min(guesses, default=None)

    def _missing_pupils(self, relation: _Relation, index: int) -> float:
        children = sum(self.cells[child].n for child in relation.children if child != index)
        if index == relation.parent:
            return children
        unit, operator, _, part = self.cells[index].key
        larger = [self._pupils(key) for key in ((unit, operator, "T", part), (unit, "alla", "T", part))]
        left = max(0.0, self.cells[relation.parent].n - children)
        return min([left, *(pupils for pupils in larger if pupils is not None)])

    def _make_leftovers_cells(self) -> None:
        """Pupils of neither gender or operator are a group as well. Left over between units and municipality
        there is only a difference of counting, which stays a bounded remainder; and of rounded means nothing
        follows."""
        for relation in self.relations:
            left = self._left_over(relation)
            if self.rule.is_share and relation.is_split and left is not None and left > 0:
                unit, operator, gender, part = self.cells[relation.parent].key
                rest = f"rest{len(self.cells)}"
                key = (unit, f"{operator} {rest}", f"{gender} {rest}", part)
                relation.children.append(self._add(key, left))

    def _left_over(self, relation: _Relation) -> float | None:
        pupils = [self.cells[index].n for index in relation.members]
        return None if None in pupils else pupils[0] - sum(pupils[1:])

    def _judge_implied_cells(self) -> None:
        """A result without a row is protected like one with a row."""
        for relation in self.relations:
            unknown = [index for index in relation.members if self.cells[index].persons is None]
            if len(unknown) == 1 and self.cells[unknown[0]].row is None and self._left_over(relation) == 0:
                cell = self.cells[unknown[0]]
                cell.persons = 0.0
                missing = self._difference(relation)
                cell.persons = min(max(-missing if unknown[0] == relation.parent else missing, 0.0), cell.n)
        for cell in self.cells:
            if cell.row is None and cell.n and not cell.from_source:
                cell.marker = ".." if self.rule.marker(cell.persons, cell.n, bool(cell.key[0])) else ""

    def _difference(self, relation: _Relation) -> float:
        parent, *children = (self.cells[index].persons for index in relation.members)
        return parent - sum(children)

    def _guess_what_the_source_hides(self) -> None:
        """One possible set of the numbers that the gate does not know, as close to all sums as they come.
        With it the system has a solution whatever roundings and slips the source holds."""
        unknown = [index for index, cell in enumerate(self.cells) if cell.persons is None]
        if not unknown:
            return
        place = {index: column for column, index in enumerate(unknown)}
        height = len(self.relations)
        matrix, constants, bounds = np.zeros((height, len(unknown) + 3 * height)), np.zeros(height), []
        for row, relation in enumerate(self.relations):
            for index in relation.members:
                sign = 1.0 if index == relation.parent else -1.0
                if index in place:
                    matrix[row, place[index]] = sign
                else:
                    constants[row] -= sign * self.cells[index].persons
            first = len(unknown) + 3 * row
            matrix[row, first : first + 3] = (-1.0, 1.0, -1.0)
            bounds += [self._remainder(relation), (0, None), (0, None)]
        costs = np.concatenate([np.zeros(len(unknown)), np.tile([0.0, 1.0, 1.0], height)])
        room = [(self.cells[index].low, self.cells[index].high) for index in unknown]
        equations = {"A_eq": matrix, "b_eq": constants} if height else {}
        guess = _solved(linprog(costs, bounds=room + bounds, method="highs", **equations))
        for index, (low, high) in zip(unknown, room, strict=True):
            self.cells[index].persons = min(max(float(guess[place[index]]), low), high)

    def _remainder(self, relation: _Relation) -> tuple[float, float]:
        if not relation.is_split and self.cells[relation.parent].n is None:
            return 0.0, self._most(self.cells[relation.parent])
        left = self._left_over(relation) or 0.0
        return min(0.0, left), max(0.0, left)

    def _bound_remainder(self, relation: _Relation) -> None:
        """Rounded means never add up to the last digit, nor do shares of large groups in whole percent. The
        reader is granted the difference as known: that is the strongest reader."""
        relation.low, relation.high = self._remainder(relation)
        off = self._difference(relation)
        if relation.low == relation.high:
            relation.low = relation.high = off
        else:
            relation.low, relation.high = min(relation.low, off), max(relation.high, off)

    def _bound(self, cell: _Cell) -> None:
        """Where the reader knows the hidden number to lie before adding anything up."""
        cell.low, cell.high = 0.0, self._most(cell)
        end = float(SOURCE_NEAR_END if cell.from_source else self.rule.limits.near_end)
        if self.rule.is_share and cell.marker == "~100" and cell.n is not None:
            cell.low = max(0.0, cell.n - end)
        if self.rule.is_share and cell.marker == "~0":
            cell.high = min(cell.high, end)

    def _most(self, cell: _Cell) -> float:
        if cell.n is not None:
            return cell.n
        return max(
            [float(self.rule.limits.protection), *(each.n for each in self.cells if each.n is not None)]
        )

    def cover(self) -> set[int]:
        """The further cells to hide, cheapest together, so that every hidden cell keeps its room."""
        cover, cuts = _Cover(self), []
        hidden: set[int] = set()
        if not any(cell.marker for cell in self.cells):
            return hidden
        hidden = cover.cheapest(cuts)
        rounds = 0
        # Ends: in every late round a demand is broken, so a cell is added or a '~' widened, and both run out.
        while failures := self._audit(hidden):
            rounds += 1
            helpful = [failure for failure in failures if failure.gains]
            if not helpful:
                if not self._widen(failures):
                    break
                cover = _Cover(self)
            else:
                cuts += helpful
                hidden = cover.cheapest(cuts, hidden if rounds > FREE_ROUNDS else set())
        return hidden

    def untested_parts(self, hidden: Set[int]) -> list[int]:
        """Rows of the municipality's parts that stand beside a hidden unit and do not add up from units' parts: what a
        reader who knows which unit has which parts could take from them cannot be worked out here."""
        is_unit_hidden = any(
            cell.key[0] and not cell.key[3] and (cell.marker or index in hidden)
            for index, cell in enumerate(self.cells)
        )
        parts = [index for index, cell in enumerate(self.cells) if cell.key[3] and not cell.key[0]]
        added_up = {
            relation.parent
            for relation in self.relations
            if not relation.is_split and self._left_over(relation) == 0
        }
        if not is_unit_hidden or added_up.issuperset(parts):
            return []
        return [self.cells[index].row for index in parts if self.cells[index].row is not None]

    def _widen(self, failures: list[_Failure]) -> bool:
        """Nothing visible is left that would help: the gate's own '~' tells too much, so it becomes '..'."""
        of = self._components(set(range(len(self.cells))))
        touched = {of[failure.cell] for failure in failures}
        narrow = [
            index
            for index, cell in enumerate(self.cells)
            if cell.marker in ("~100", "~0") and not cell.from_source and of[index] in touched
        ]
        for index in narrow:
            self.cells[index].marker = ".."
            self._bound(self.cells[index])
        self.widened |= set(narrow)
        return bool(narrow)

    def need(self, index: int) -> float:
        """Persons between the least and the greatest possible value; a cell cannot have more than it
        holds."""
        cell = self.cells[index]
        return min(float(self.rule.limits.protection), cell.high - cell.low)

    def room(self, index: int, for_secret: bool) -> tuple[float, float]:
        """Bounds of a cell that is hidden. A cell that is hidden only for another's sake is known not to be
        near an end, or it would have been marked so; a reader who goes for a secret uses that too."""
        cell, end = self.cells[index], self.rule.limits.near_end + 1.0
        if for_secret and self.rule.is_share and cell.is_candidate:
            return min(end, cell.persons), max(cell.n - end, cell.persons)
        return cell.low, cell.high

    def _audit(self, hidden: set[int]) -> list[_Failure]:
        unknown = hidden | {index for index, cell in enumerate(self.cells) if not cell.is_candidate}
        asked = sorted(hidden | {index for index, cell in enumerate(self.cells) if cell.marker})
        plain = _Attack(self, unknown, for_secret=False)
        failures = plain.failures(plain.not_yet_witnessed(asked))
        if hidden and self.rule.is_share and not failures:
            secrets = [index for index in asked if self.cells[index].marker == ".."]
            strong = _Attack(self, unknown, for_secret=True)
            # Some room against this reader can never be had; that is no reason to go on.
            failures = [each for each in strong.failures(strong.not_yet_witnessed(secrets)) if each.gains]
        return failures

    def _components(self, unknown: set[int]) -> dict[int, int]:
        pairs = [
            (members[0], other)
            for relation in self.relations
            if (members := [index for index in relation.members if index in unknown])
            for other in members
        ]
        size = len(self.cells)
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        graph = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(size, size))
        return dict(enumerate(connected_components(graph, directed=False)[1].tolist()))


@dataclass(frozen=True)
class _Failure:
    """A hidden cell that can be told too closely. gains: visible cell → persons of room it gives at most if
    hidden too; without enough of that the demand can never be met. is_secret: hidden for its own sake."""

    cell: int
    lacking: float
    gains: Mapping[int, float]
    is_secret: bool


class _Cover:
    """Chooses the cheapest cells to hide under the demands known so far."""

    def __init__(self, system: _System) -> None:
        self.system = system
        self.candidates = [index for index, cell in enumerate(system.cells) if cell.is_candidate]
        self.place = {index: place for place, index in enumerate(self.candidates)}
        self.costs = self._costs()
        rooms = {
            each: [system.room(index, each) for index in range(len(system.cells))] for each in (True, False)
        }
        self.widths = {each: [high - low for low, high in room] for each, room in rooms.items()}
        self.demands = [
            demand for relation in system.relations for demand in self._relation_demands(relation)
        ]

    def _costs(self) -> np.ndarray:
        """Small before large, girls and boys before totals, units before the municipality, its total last.
        The place in the key order breaks ties, so that the same table always loses the same cells."""
        costs = []
        most = max((self.system.cells[index].n for index in self.candidates), default=1.0) or 1.0
        for place, index in enumerate(self.candidates):
            unit, operator, gender, _ = self.system.cells[index].key
            level = 1.0 if unit else 8.0 if gender != "T" else 40.0
            whole = (3.0 if unit and gender == "T" else 1.0) * (
                2.0 if not unit and operator == "alla" else 1.0
            )
            costs.append(level * whole * (1.0 + 2.0 * self.system.cells[index].n / most) + place * 1e-5)
        return np.array(costs)

    def _relation_demands(self, relation: _Relation) -> Iterator[tuple[dict[int, float], float]]:
        """A member can move at most as far as the other hidden members together: necessary, cheap, and
        usually enough. Each demand is (coefficient per candidate, least sum)."""
        for index in relation.members:
            is_secret = bool(self.system.cells[index].marker)
            if not is_secret and index not in self.place:
                continue
            widths = self.widths[self.system.cells[index].marker == ".."]
            others = [other for other in relation.members if other != index]
            gains = {other: widths[other] for other in others if other in self.place}
            given = sum(widths[other] for other in others if other not in self.place)
            lacking = self.system.need(index) - given - (relation.high - relation.low)
            lacking = min(lacking, sum(gains.values()))
            if lacking > TOLERANCE:
                yield self._demand(index, lacking, gains, is_secret)

    def _demand(
        self, index: int, lacking: float, gains: Mapping[int, float], is_secret: bool
    ) -> tuple[dict[int, float], float]:
        # In parts of what is lacking: a demand of a hundredth of a person must not drown in the solver's
        # slack.
        line = {self.place[other]: min(gain / lacking, 1.0) for other, gain in gains.items() if gain > 0}
        if is_secret:
            return line, 1.0
        # Only a cell that is itself chosen needs room.
        return line | {self.place[index]: -1.0}, 0.0

    def cheapest(self, cuts: Sequence[_Failure], already: Set[int] = frozenset()) -> set[int]:
        """The cells to hide under all demands, those already hidden among them."""
        demands = self.demands + [
            self._demand(cut.cell, min(cut.lacking, sum(cut.gains.values())), cut.gains, cut.is_secret)
            for cut in cuts
        ]
        if not any(least > 0 for _, least in demands):
            return set()
        entries = [
            (row, place, number) for row, (line, _) in enumerate(demands) for place, number in line.items()
        ]
        rows, places, numbers = zip(*entries, strict=True)
        matrix = csr_array((numbers, (rows, places)), shape=(len(demands), len(self.candidates)))
        least = np.array([least for _, least in demands]) - TOLERANCE
        answer = milp(
            self.costs,
            integrality=np.ones(len(self.candidates)),
            bounds=Bounds([float(index in already) for index in self.candidates], 1.0),
            constraints=LinearConstraint(matrix, lb=least),
            # A limit in nodes, not in seconds: the answer must not depend on how busy the machine is.
            options={"node_limit": 2000, "mip_rel_gap": 0.005},
        )
        # Everything hidden meets every demand, so no answer means only that the search was cut short.
        chosen = np.ones(len(self.candidates)) if answer.x is None else answer.x
        return {index for index, is_hidden in zip(self.candidates, chosen, strict=True) if is_hidden > 0.5}


class _Attack:
    """What a reader can work out about hidden cells from the visible ones: a linear system over persons."""

    def __init__(self, system: _System, unknown: set[int], for_secret: bool) -> None:
        self.system, self.for_secret = system, for_secret
        self.unknown = sorted(unknown)
        self.component = system._components(unknown)
        self.relations = [each for each in system.relations if not unknown.isdisjoint(each.members)]

    def not_yet_witnessed(self, asked: Sequence[int]) -> list[int]:
        """The cells asked about that a few arbitrary corners of the solution space do not prove wide
        enough."""
        wanted = [index for index in asked if self.system.need(index) > TOLERANCE]
        if not wanted:
            return []
        programme = _Programme(self, self.unknown, self.relations)
        # Seeded: which corners are tried may not change from one run to the next.
        directions = np.random.default_rng(len(self.unknown)).choice([-1.0, 1.0], (3, len(self.unknown)))
        corners = _least([(programme, direction) for direction in (*directions, *-directions)])
        reach = np.ptp([point for point, _ in corners], axis=0)
        return [each for each in wanted if reach[programme.place[each]] < self.system.need(each) - TOLERANCE]

    def failures(self, asked: Sequence[int]) -> list[_Failure]:
        """Those of the cells asked about whose interval is narrower than its need."""
        programmes = {group: self._programme(group) for group in {self.component[index] for index in asked}}
        tasks = []
        for index in asked:
            programme = programmes[self.component[index]]
            upward = np.eye(1, len(programme.place), programme.place[index])[0]
            tasks += [(programme, upward), (programme, -upward)]
        answers = _least(tasks)
        failures = []
        for index, (low, low_gains), (high, high_gains) in zip(
            asked, answers[::2], answers[1::2], strict=True
        ):
            place = programmes[self.component[index]].place[index]
            lacking = self.system.need(index) - (high[place] - low[place])
            if lacking > TOLERANCE:
                both = {
                    each: low_gains.get(each, 0) + high_gains.get(each, 0)
                    for each in {**low_gains, **high_gains}
                }
                failures.append(_Failure(index, lacking, both, bool(self.system.cells[index].marker)))
        return failures

    def _programme(self, group: int) -> _Programme:
        """The part of the system that can tell anything about the cells of one component."""
        members = [index for index in self.unknown if self.component[index] == group]
        inside = set(members)
        return _Programme(
            self, members, [each for each in self.relations if not inside.isdisjoint(each.members)]
        )


class _Programme:
    """Unknowns, equations and bounds, ready for the solver: first the cells, then the wide remainders."""

    def __init__(self, attack: _Attack, members: list[int], relations: list[_Relation]) -> None:
        self.system, self.attack = attack.system, attack
        self.relations = relations
        self.place = {index: place for place, index in enumerate(members)}
        entries, self.constants, remainders = [], [], []
        for row, relation in enumerate(relations):
            constant = 0.0
            for index in relation.members:
                sign = 1.0 if index == relation.parent else -1.0
                if index in self.place:
                    entries.append((row, self.place[index], sign))
                else:
                    constant -= sign * self.system.cells[index].persons
            if relation.high > relation.low:
                entries.append((row, len(members) + len(remainders), -1.0))
                remainders.append((relation.low, relation.high))
            else:
                constant += relation.low
            self.constants.append(constant)
        self.bounds = [self.system.room(index, attack.for_secret) for index in members] + remainders
        self.entries = np.array(entries, dtype=float).reshape(-1, 3)

    def gains(self, prices: Sequence[float]) -> dict[int, float]:
        """Visible cell → how much lower the objective could go, at most, if it were hidden (weak duality)."""
        slopes: dict[int, float] = {}
        for price, relation in zip(prices, self.relations, strict=True):
            for index in relation.members if price else ():
                if index not in self.place:
                    sign = 1.0 if index == relation.parent else -1.0
                    slopes[index] = slopes.get(index, 0.0) - sign * price
        gains = {}
        for index, slope in slopes.items():
            low, high = self.system.room(index, self.attack.for_secret)
            persons = self.system.cells[index].persons
            gain = slope * (persons - low) if slope > 0 else slope * (persons - high)
            if gain > TOLERANCE:
                gains[index] = gain
        return gains


Answer = tuple[np.ndarray, dict[int, float]]


def _least(tasks: Sequence[tuple[_Programme, np.ndarray]]) -> list[Answer]:
    """Per programme and objective the point where it is least, and the gains of hiding visible cells."""
    answers, batch, size = [], [], 0
    for task in tasks:
        if batch and size + len(task[0].bounds) > LARGEST_PROGRAMME:
            answers += _least_together(batch)
            batch, size = [], 0
        batch.append(task)
        size += len(task[0].bounds)
    return answers + (_least_together(batch) if batch else [])


def _least_together(tasks: Sequence[tuple[_Programme, np.ndarray]]) -> list[Answer]:
    """The programmes side by side in one: starting the solver costs more than solving."""
    costs, bounds, constants, entries = [], [], [], []
    corners = []
    for programme, objective in tasks:
        corners.append((len(constants), len(bounds)))
        entries.append(programme.entries + [len(constants), len(bounds), 0])
        costs += [*objective, *[0.0] * (len(programme.bounds) - len(objective))]
        bounds += programme.bounds
        constants += programme.constants
    equations = {}
    if constants:
        rows, columns, numbers = np.concatenate(entries).T
        places = (rows.astype(int), columns.astype(int))
        equations = {
            "A_eq": csr_array((numbers, places), shape=(len(constants), len(bounds))),
            "b_eq": constants,
        }
    answer = linprog(costs, bounds=bounds, method="highs-ds", options={"presolve": False}, **equations)
    point = _solved(answer)
    prices = answer.eqlin.marginals if constants else np.zeros(0)
    return [
        (
            point[left : left + len(objective)],
            programme.gains(prices[top : top + len(programme.relations)]),
        )
        for (programme, objective), (top, left) in zip(tasks, corners, strict=True)
    ]


def _solved(answer: OptimizeResult) -> np.ndarray:
    # Every programme here has a solution, the true numbers: without one the gate is wrong and nothing is
    # shown.
    if answer.status != 0:
        raise RuntimeError(f"The linear programme of the privacy gate stopped: {answer.message}")
    return answer.x
