-- One row per group: the number of actions by what became of them, and by canonical status. A group is all actions,
-- or a kind, perspective, goal, area, unit or report point, as $by says.
-- finished + open + closed_undone = total; ongoing + remaining + not_started + unknown = open. late is computed and
-- lies within open. An empty $kinds or $unit_ids means all.
with chosen as (
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
)
select
    case $by
        when 'kind' then kind
        when 'perspective' then coalesce(perspective, 'Perspektiv anges inte')
        when 'goal' then coalesce(goal_name, 'Utan mål')
        when 'area' then coalesce(area, 'Område anges inte')
        when 'unit' then coalesce(unit_name, 'Hela kommunen')
        when 'report_point' then coalesce(due_report_point, case when due_date is null then 'Ingen tidpunkt' else 'Eget datum' end)
        else 'Alla åtgärder'
    end as group_name,
    count(*) filter (where status = 'finished') as finished,
    count(*) filter (where is_open) as open,
    count(*) filter (where status = 'closed_undone') as closed_undone,
    count(*) as total,
    count(*) filter (where status = 'ongoing') as ongoing,
    count(*) filter (where status = 'remaining') as remaining,
    count(*) filter (where status = 'not_started') as not_started,
    count(*) filter (where status = 'unknown') as unknown,
    count(*) filter (where is_late) as late,
    max(report_date) as report_date,
from chosen
group by group_name
order by
    case when $by = 'report_point' then min(coalesce(due_position, 99)) end,
    group_name
