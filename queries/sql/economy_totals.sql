-- One row per year up to a year, of the chosen units together: result requirement, result and own capital in kronor.
-- Without a choice the municipality's own row is used where there is one. A sum leaves out the units without a figure:
-- count_with_result and count_with_capital say how many it is of, of count_units. requirement_percent is that of the one
-- row, else the requirements in kronor of those with a result, as percent of their turnover.
with chosen as (
    select *
    from economy_of($municipality_id) as told
    where ($year is null or year <= $year)
        and if(
            len($unit_ids) > 0,
            unit_id in $unit_ids,
            (unit_id is null) = exists (
                from unit_results as whole
                where whole.municipality_id = $municipality_id
                    and whole.unit_id is null
                    and whole.year = told.year
            )
        )
), years as (
    select
        year,
        count(*) as count_units,
        count(over_percent) as count_with_result,
        count(closing_capital) as count_with_capital,
        sum(turnover) filter (where over_percent is not null) as turnover,
        sum(result) filter (where over_percent is not null) as result,
        sum(over_kronor) as over_kronor,
        min(requirement_percent) as lowest_requirement,
        max(requirement_percent) as highest_requirement,
        sum(opening_capital) filter (where closing_capital is not null) as opening_capital,
        sum(result) filter (where closing_capital is not null) as capital_result,
        sum(disposed) filter (where closing_capital is not null) as disposed,
        sum(closing_capital) as closing_capital,
        bool_or(is_forecast) as is_forecast,
        list(distinct source_id order by source_id) as source_ids,
    from chosen
    group by year
)
select
    *,
    round(100 * result / nullif(turnover, 0), 6) as result_percent,
    if(
        lowest_requirement = highest_requirement,
        lowest_requirement,
        round(100 * (result - over_kronor) / nullif(turnover, 0), 6)
    ) as requirement_percent,
    round(100 * over_kronor / nullif(turnover, 0), 6) as over_percent,
from years
order by year
