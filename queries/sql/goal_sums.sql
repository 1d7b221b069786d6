-- One row per year with goals or verdicts of the committee: what a source counts beside what is listed by name.
-- met, partly, not_met and not_assessed are the verdicts for the whole municipality, count_verdicts their sum, and
-- count_unnamed those of them that name no goal. count_goals is the goals listed in the year's plan.
-- priorities are the plan's prioritised goals, added and dropped ones against the plan before; empty lists in the first plan.
with verdicts as (
    select
        year,
        count(*) filter (where verdict = 'met') as met,
        count(*) filter (where verdict = 'partly') as partly,
        count(*) filter (where verdict = 'not_met') as not_met,
        count(*) filter (where verdict not in ('met', 'partly', 'not_met')) as not_assessed,
        count(*) as count_verdicts,
        count(*) filter (where goal_id is null) as count_unnamed,
        max(source_id) as source_id,
    from goal_verdicts
    where municipality_id = $municipality_id
        and unit_id is null
    group by year
), plans as (
    select
        year,
        count(*) as count_goals,
        list(coalesce('mål ' || goal_number, name) order by try_cast(goal_number as integer), name)
            filter (where is_priority) as priorities,
        max(source_id) as source_id,
    from goals
    where municipality_id = $municipality_id
        and level = 'committee'
    group by year
), followed as (
    select
        *,
        lag(year) over (order by year) as plan_before,
        coalesce(priorities, []) as now,
        coalesce(lag(priorities) over (order by year), []) as before,
    from plans
)
select
    coalesce(verdicts.year, followed.year) as year,
    coalesce(verdicts.met, 0) as met,
    coalesce(verdicts.partly, 0) as partly,
    coalesce(verdicts.not_met, 0) as not_met,
    coalesce(verdicts.not_assessed, 0) as not_assessed,
    coalesce(verdicts.count_verdicts, 0) as count_verdicts,
    coalesce(verdicts.count_unnamed, 0) as count_unnamed,
    coalesce(followed.count_goals, 0) as count_goals,
    followed.plan_before,
    coalesce(followed.now, []) as priorities,
    if(followed.plan_before is null, [], list_filter(followed.now, lambda each: not list_contains(followed.before, each))) as added,
    if(followed.plan_before is null, [], list_filter(followed.before, lambda each: not list_contains(followed.now, each))) as dropped,
    coalesce(verdicts.source_id, followed.source_id) as source_id,
from verdicts
full join followed on followed.year = verdicts.year
order by year
