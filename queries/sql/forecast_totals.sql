-- One row per forecast occasion (month) of a year, for the chosen units together: forecasts of the year's cost, in kronor.
-- Without a year the newest one reported. forecast and year_budget are of the units that told a forecast and have a budget
-- for all twelve months (count_forecasts of count_expected). judged_forecast and year_outcome are of those whose twelve
-- months all have an outcome (count_judged); difference is the one minus the other, and its percent of the outcome.
with told as (
    select *
    from forecasts_of($municipality_id)
    where year = reported_year($municipality_id, $year)
        and (len($unit_ids) = 0 or unit_id in $unit_ids)
), months as (
    select
        expected.month,
        count(*) as count_expected,
        count(told.year_budget) as count_forecasts,
        coalesce(
            list(expected.unit_name order by expected.unit_name) filter (where told.year_budget is null), []
        ) as missing_unit_names,
        sum(told.forecast) filter (where told.year_budget is not null) as forecast,
        sum(told.year_budget) as year_budget,
        count(told.year_outcome) as count_judged,
        coalesce(
            list(expected.unit_name order by expected.unit_name) filter (where told.year_outcome is null), []
        ) as unjudged_unit_names,
        sum(told.forecast) filter (where told.year_outcome is not null) as judged_forecast,
        sum(told.year_outcome) as year_outcome,
        max(told.source_id) as source_id,
    from expected_months($municipality_id, $year) as expected
    left join told using (unit_id, month)
    where len($unit_ids) = 0
        or expected.unit_id in $unit_ids
    group by expected.month
)
select
    *,
    forecast - year_budget as over_budget,
    round(100 * (forecast - year_budget) / nullif(year_budget, 0), 6) as over_budget_percent,
    judged_forecast - year_outcome as difference,
    round(100 * (judged_forecast - year_outcome) / nullif(year_outcome, 0), 6) as difference_percent,
from months
order by month
