-- One row per goal of the committee that is not fully met in a year and open action that serves it, late ones first; a goal
-- without open action is one row without action.
-- With a unit, the verdict is the unit's, and actions are its own or the whole municipality's. Verdicts that name no goal
-- are left out: goal_list has them.
with judged as (
    select
        goal_id,
        -- A goal that was judged twice in a year stands with the later verdict.
        max_by(verdict, coalesce(assessed_date::text, '') || verdict_id) as verdict,
        max_by(verdict_raw, coalesce(assessed_date::text, '') || verdict_id) as verdict_raw,
        max_by(source_id, coalesce(assessed_date::text, '') || verdict_id) as source_id,
    from goal_verdicts
    where municipality_id = $municipality_id
        and year = $year
        and unit_id is not distinct from $unit_id
        and goal_id is not null
    group by goal_id
)
select
    goals.goal_id,
    goals.goal_number,
    goals.name,
    judged.verdict,
    judged.verdict_raw,
    planned.action_id,
    planned.title as action_title,
    planned.owner_role,
    planned.due_text,
    planned.due_date,
    planned.due_report_point,
    planned.is_late,
    planned.count_moved,
    judged.source_id,
    planned.source_id as action_source_id,
from judged
join goals on goals.municipality_id = $municipality_id and goals.year = $year and goals.goal_id = judged.goal_id
left join action_states as planned
    on planned.municipality_id = $municipality_id
    and planned.year = $year
    and planned.goal_id = judged.goal_id
    and planned.is_open
    and coalesce(planned.unit_id = $unit_id, true)
where goals.level = 'committee'
    and judged.verdict in ('partly', 'not_met')
order by
    judged.verdict = 'partly',
    try_cast(goals.goal_number as integer),
    goals.name,
    goals.goal_id,
    planned.is_late desc,
    planned.due_date nulls last,
    planned.title,
    planned.action_id
