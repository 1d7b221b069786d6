-- One row per indicator with a target in the year or the two after it, for the whole municipality or one unit: the
-- three-year path against the outcome.
-- standing: 'before' and 'behind' are how the outcome lies to the year's target, 'on' where the two are equal as shown;
-- 'reached' and 'not_reached' where "nära 100 %" tells no distance; 'no_value' and 'no_target' where one of them is missing.
-- distance is the outcome less the target, positive where it is better than planned; empty for a target of exactly a value.
-- path_years and path_targets are those of the three years that have one, last_year the last of them, and needed_per_year
-- what each year until then must bring, in the good direction.
with path as (
    select
        indicator_id,
        list(year order by year) as path_years,
        list(target_value order by year) as path_targets,
        max(year) as last_year,
        max_by(target_value, year) as last_target,
        max_by(operator, year) as last_operator,
    from targets
    where municipality_id = $municipality_id
        and unit_id is not distinct from $unit_id
        and year between $year and $year + 2
    group by indicator_id
), serving as (
    select
        goal_indicators.indicator_id,
        list(goals.goal_id order by goals.goal_id) as goal_ids,
        list(goals.name order by try_cast(goals.goal_number as integer), goals.name) as goal_names,
    from goal_indicators
    join goals using (municipality_id, goal_id)
    where municipality_id = $municipality_id
        and goals.year = $year
    group by goal_indicators.indicator_id
), held as (
    select
        path.*,
        figures.value,
        coalesce(figures.marker, '') as marker,
        figures.note,
        figures.target_operator,
        figures.target_value,
        figures.is_reached,
        figures.source_id,
        coalesce(indicators.title, 'Okänt nyckeltal ' || path.indicator_id) as title,
        indicators.unit,
        indicators.decimals,
        indicators.period,
        indicators.source as indicator_source,
        round(
            case figures.target_operator
                when '>=' then figures.value - figures.target_value
                when '<=' then figures.target_value - figures.value
            end,
            6
        ) as distance,
        round(
            case last_operator
                when '>=' then last_target - figures.value
                when '<=' then figures.value - last_target
            end / nullif(last_year - $year, 0),
            6
        ) as needed_per_year,
    from path
    left join outcome_against_target as figures
        on figures.municipality_id = $municipality_id
        and figures.indicator_id = path.indicator_id
        and figures.year = $year
        and figures.unit_id is not distinct from $unit_id
    left join indicators on indicators.indicator_id = path.indicator_id
)
select
    held.*,
    serving.goal_ids,
    serving.goal_names,
    case
        when value is null and marker not in ('~100', '~0') then 'no_value'
        when target_value is null then 'no_target'
        when distance is null and is_reached is null then 'unsaid'
        when distance is null then if(is_reached, 'reached', 'not_reached')
        when round(distance, coalesce(decimals, 1)) = 0 then 'on'
        else if(distance > 0, 'before', 'behind')
    end as standing,
from held
left join serving using (indicator_id)
order by standing <> 'behind', title
