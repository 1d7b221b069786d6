-- One row per unit, year and forecast occasion (month) up to a year, with what the year's cost became, in kronor.
-- year_outcome is empty until all twelve months have an outcome, and so are difference (forecast minus outcome) and
-- difference_percent (of the outcome). year_budget is empty unless all twelve months have one.
select
    unit_id,
    unit_name,
    year,
    month,
    forecast,
    year_budget,
    forecast - year_budget as over_budget,
    year_outcome,
    count_outcome_months,
    year_outcome is not null as is_whole_year,
    forecast - year_outcome as difference,
    round(100 * (forecast - year_outcome) / nullif(year_outcome, 0), 6) as difference_percent,
    source_id,
from forecasts_of($municipality_id)
where ($year is null or year <= $year)
    and (len($unit_ids) = 0 or unit_id in $unit_ids)
order by
    year desc,
    unit_name,
    unit_id,
    month
