-- One row per action reported in a year, as its last report of the year tells it. Late ones first, then open, then
-- finished, then closed. An empty $unit_ids or $kinds means all.
select
    action_states.*,
    goals.name as goal_name,
    units.name as unit_name,
from action_states
left join goals using (municipality_id, goal_id, year)
left join units using (municipality_id, unit_id)
where action_states.municipality_id = $municipality_id
    and action_states.year = $year
    and (len($unit_ids) = 0 or action_states.unit_id in $unit_ids)
    and (len($kinds) = 0 or action_states.kind in $kinds)
order by
    is_late desc,
    is_open desc,
    status = 'closed_undone',
    due_position nulls last,
    due_date nulls last,
    count_moved desc,
    action_states.perspective,
    action_states.title,
    action_states.action_id
