-- One row per group: the number of the committee's goals by verdict. A group is all goals together, a perspective
-- or a unit, as $by says ('total', 'perspective', 'unit').
-- Without units the verdicts for the whole municipality count; with units, the verdicts per goal and unit.
-- A source may count verdicts without saying which goal they belong to: they count too, and a goal whose own verdict
-- is not named is 'not assessed' only where no such verdict can stand for it. Improvement areas are left out.
with committee_goals as (
    select
        goal_id,
        perspective,
    from goals
    where municipality_id = $municipality_id
        and year = $year
        and level = 'committee'
), verdicts as (
    select
        goal_verdicts.goal_id,
        goal_verdicts.unit_id,
        goal_verdicts.verdict,
        committee_goals.perspective,
    from goal_verdicts
    left join committee_goals using (goal_id)
    where goal_verdicts.municipality_id = $municipality_id
        and goal_verdicts.year = $year
        and (goal_verdicts.goal_id is null or committee_goals.goal_id is not null)
        and case
            when $by = 'unit' and len($unit_ids) = 0 then goal_verdicts.unit_id is not null
            when len($unit_ids) = 0 then goal_verdicts.unit_id is null
            else goal_verdicts.unit_id in $unit_ids
        end
), without_verdict as (
    select
        committee_goals.goal_id,
        null as unit_id,
        'not_assessed' as verdict,
        committee_goals.perspective,
    from committee_goals
    where len($unit_ids) = 0
        and $by <> 'unit'
        and goal_id not in (select goal_id from verdicts where goal_id is not null)
    order by goal_id
    limit (
        select greatest(
            0,
            (select count(*) from committee_goals)
            - (select count(distinct goal_id) from verdicts)
            - (select count(*) from verdicts where goal_id is null)
        )
    )
), counted as (
    select * from verdicts
    union all
    select * from without_verdict
)
select
    case $by
        when 'perspective' then coalesce(perspective, 'Perspektiv anges inte')
        when 'unit' then unit_id
        else 'Alla mål'
    end as group_name,
    count(*) filter (where verdict = 'met') as met,
    count(*) filter (where verdict = 'partly') as partly,
    count(*) filter (where verdict = 'not_met') as not_met,
    count(*) filter (where verdict not in ('met', 'partly', 'not_met')) as not_assessed,
    count(*) as total,
from counted
group by group_name
order by group_name
