-- One row per open unit of a municipality with an outcome, or a reason for none, for one indicator in a year, the
-- highest value first. Without $year: the newest in which any unit has a value.
-- municipality_value is the municipality's own outcome; a survey's may cover only its own schools, the units all.
with of_units as (
    select *
    from outcome_against_target
    where municipality_id = $municipality_id
        and indicator_id = $indicator_id
        and unit_id is not null
), shown as (
    select coalesce($year::integer, max(year) filter (where value is not null), max(year)) as year
    from of_units
)
select
    units.unit_id,
    units.name as unit_name,
    units.operator,
    of_units.year,
    of_units.value,
    of_units.marker,
    of_units.note,
    of_units.n,
    whole.value as municipality_value,
    indicators.unit,
    indicators.decimals,
    indicators.period,
    indicators.good_direction,
    of_units.source_id,
from of_units
join shown using (year)
join units
    on units.municipality_id = of_units.municipality_id
    and units.unit_id = of_units.unit_id
    and units.closed_year is null
join indicators on indicators.indicator_id = of_units.indicator_id
left join outcome_against_target as whole
    on whole.municipality_id = $municipality_id
    and whole.indicator_id = $indicator_id
    and whole.unit_id is null
    and whole.year = of_units.year
order by
    of_units.value desc nulls last,
    units.name
