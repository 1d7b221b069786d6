-- One row per indicator of a goal and year: outcome against target, for the whole municipality or one unit.
-- The six years up to $year, and the planned path after it. An indicator without any value has one row without a year.
with chosen as (
    select indicator_id
    from goal_indicators
    where municipality_id = $municipality_id
        and goal_id = $goal_id
), measured as (
    select *
    from outcome_against_target
    where municipality_id = $municipality_id
        and unit_id is not distinct from $unit_id
        and year > $year - 6
        and (year <= $year or value is null)
)
select
    chosen.indicator_id,
    coalesce(indicators.title, 'Okänt nyckeltal ' || chosen.indicator_id) as title,
    coalesce(indicators.short_name, chosen.indicator_id) as short_name,
    indicators.unit,
    indicators.decimals,
    indicators.good_direction,
    indicators.population,
    indicators.period,
    indicators.definition,
    indicators.source as indicator_source,
    measured.year,
    measured.value,
    measured.marker,
    measured.note,
    measured.n,
    measured.target_operator,
    measured.target_value,
    measured.is_reached,
    measured.source_id,
from chosen
left join indicators using (indicator_id)
left join measured using (indicator_id)
order by title, year
