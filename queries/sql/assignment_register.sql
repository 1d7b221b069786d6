-- One row per assignment from the council, of plans up to a year (without one, of all), as last reported by then: late and open ones first.
-- status and what follows it are empty where no report tells of it. An empty $unit_ids means all.
with states as (
    select *
    from action_states
    where municipality_id = $municipality_id
        and ($year is null or year <= $year)
), latest as (
    select states.*
    from states
    join (select action_id, max(year) as year from states group by action_id) using (action_id, year)
)
select
    actions.action_id,
    actions.year,
    actions.title,
    actions.given_by,
    actions.perspective,
    actions.area,
    actions.unit_id,
    units.name as unit_name,
    actions.owner_role,
    latest.status,
    latest.status_raw,
    latest.is_open,
    latest.is_late,
    latest.due_date,
    latest.due_report_point,
    latest.due_text,
    latest.count_moved,
    latest.report_name,
    latest.report_date,
    latest.comment,
    coalesce(latest.source_id, actions.source_id) as source_id,
from actions
left join latest using (action_id)
left join units on units.municipality_id = $municipality_id and units.unit_id = actions.unit_id
where actions.municipality_id = $municipality_id
    and actions.kind = 'assignment'
    and ($year is null or actions.year <= $year)
    and (len($unit_ids) = 0 or actions.unit_id in $unit_ids)
order by
    latest.is_late desc nulls last,
    latest.is_open desc nulls first,
    actions.year desc,
    actions.perspective,
    actions.title,
    actions.action_id
