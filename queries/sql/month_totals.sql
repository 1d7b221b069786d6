-- One row per month and measure of a year, for the chosen units together: budget and outcome of those that reported.
-- Without a year the newest one reported. Numbers and kronor are summed; percentages are unweighted means of the units,
-- and so is what nobody has said can be summed (is_mean). budget is that of the same units as the outcome, and empty
-- where one of them has none. so_far is from the year's first month: a sum of kronor, else the mean of the months.
-- A unit is expected for a measure if it tells it in some month of the year, or nothing of that dimension at all; for sick
-- leave only in months with so many full-time posts that it may be shown.
with told as (
    select
        unit_id,
        month,
        dimension,
        measure,
        max(value) filter (where kind = 'outcome') as outcome,
        if(outcome is null, null, max(value) filter (where kind = 'budget')) as budget,
        max(source_id) filter (where kind = 'outcome') as source_id,
    from monthly_values
    where municipality_id = $municipality_id
        and year(month) = reported_year($municipality_id, $year)
        and (len($unit_ids) = 0 or unit_id in $unit_ids)
    group by all
), measures as (
    select distinct
        dimension,
        measure,
        measure not in ('barn', 'elever', 'årsarbetare', 'kostnad') as is_mean,
    from told
), small_staffs as (
    select unit_id, month
    from monthly_values
    where municipality_id = $municipality_id
        and measure = 'årsarbetare'
    group by unit_id, month
    -- The outcome, else the budget: the later of the two words in the alphabet.
    having max_by(value, kind) filter (where kind <> 'forecast')
        < (select pupils from limits where name = 'employees')
), expected as (
    select
        expected.unit_id,
        expected.unit_name,
        expected.month,
        measures.*,
        contains(lower(measure), 'sjukfrånvaro') and (unit_id, month) in (from small_staffs) as is_left_out,
    from expected_months($municipality_id, $year) as expected
    cross join measures
    where (len($unit_ids) = 0 or expected.unit_id in $unit_ids)
        and (
            exists (from told where told.unit_id = expected.unit_id and told.measure = measures.measure)
            or not exists (from told where told.unit_id = expected.unit_id and told.dimension = measures.dimension)
        )
), months as (
    select
        expected.month,
        expected.dimension,
        expected.measure,
        expected.is_mean,
        count(*) filter (where not is_left_out) as count_expected,
        count(told.outcome) as count_reported,
        coalesce(
            list(expected.unit_name order by expected.unit_name, expected.unit_id) filter (where told.outcome is null and not is_left_out), []
        ) as missing_unit_names,
        -- Rounded: the last digit of a mean depends on the order in which its values are read.
        round(if(expected.is_mean, avg(told.outcome), sum(told.outcome)), 6) as outcome,
        case
            when count(told.budget) < count(told.outcome) then null
            when expected.is_mean then round(avg(told.budget), 6)
            else round(sum(told.budget), 6)
        end as budget,
        max(told.source_id) as source_id,
    from expected
    left join told
        on (told.unit_id, told.month, told.measure) = (expected.unit_id, expected.month, expected.measure)
        and not is_left_out
    group by expected.month, expected.dimension, expected.measure, expected.is_mean
)
select
    *,
    round(if(measure = 'kostnad', sum(outcome) over so_far, avg(outcome) over so_far), 6) as outcome_so_far,
    if(
        count(budget) over so_far < count(outcome) over so_far,
        null,
        round(if(measure = 'kostnad', sum(budget) over so_far, avg(budget) over so_far), 6)
    ) as budget_so_far,
from months
window so_far as (partition by measure order by month)
order by
    array_position(['prestationer', 'kvalitet', 'personal', 'ekonomi'], dimension),
    measure,
    month
