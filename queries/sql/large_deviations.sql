-- One row per unit with costs against a budget in a year, or a result against a requirement: how far from them, and its plan.
-- Without a year the newest one reported. Costs are of the months that have both budget and outcome (count_months). A cost
-- deviation is large from $percent of the budget and $kronor kronor on, either way; a result is from $points percentage
-- points below its requirement on. A plan is the unit's own: an open action, or an agreement of the last $plan_years years
-- whose outcome nobody has told, with one of $plan_words at the beginning of a word. Large ones without a plan come first.
with asked as (
    select
        coalesce(
            reported_year($municipality_id, $year),
            (select max(year) from unit_results where municipality_id = $municipality_id)
        ) as year,
), costs as (
    select
        unit_id,
        month,
        max(value) filter (where kind = 'budget') as budget,
        max(value) filter (where kind = 'outcome') as outcome,
        max(source_id) as source_id,
    from monthly_values
    where municipality_id = $municipality_id
        and measure = 'kostnad'
        and year(month) = (select year from asked)
    group by unit_id, month
), so_far as (
    select
        unit_id,
        count(*) as count_months,
        max(month) as last_month,
        sum(budget) as budget,
        sum(outcome) as outcome,
        sum(outcome) - sum(budget) as deviation,
        round(100 * deviation / nullif(sum(budget), 0), 6) as deviation_percent,
        max(source_id) as source_id,
    from costs
    where budget is not null
        and outcome is not null
    group by unit_id
), results as (
    select *
    from economy_of($municipality_id)
    where year = (select year from asked)
        and over_percent is not null
), plans as (
    from economic_plans($municipality_id, (select year from asked), $plan_years, $plan_words)
)
select
    units.unit_id,
    units.name as unit_name,
    asked.year,
    so_far.count_months,
    so_far.last_month,
    so_far.budget,
    so_far.outcome,
    so_far.deviation,
    so_far.deviation_percent,
    results.requirement_percent,
    results.over_percent,
    results.over_kronor,
    coalesce(results.is_forecast, false) as is_forecast,
    coalesce(abs(so_far.deviation_percent) >= $percent and abs(so_far.deviation) >= $kronor, false) as is_large_cost,
    coalesce(results.over_percent <= -$points, false) as is_far_below_requirement,
    is_large_cost or is_far_below_requirement as is_large,
    coalesce(plans.plans, []) as plans,
    is_large and plans.plans is null as is_without_plan,
    coalesce(so_far.source_id, results.source_id) as source_id,
    results.source_id as result_source_id,
from asked
join units on units.municipality_id = $municipality_id
left join so_far using (unit_id)
left join results using (unit_id)
left join plans using (unit_id)
where (so_far.unit_id is not null or results.unit_id is not null)
    and (len($unit_ids) = 0 or units.unit_id in $unit_ids)
order by
    is_without_plan desc,
    is_large desc,
    so_far.deviation_percent desc nulls last,
    results.over_percent,
    units.name,
    units.unit_id
