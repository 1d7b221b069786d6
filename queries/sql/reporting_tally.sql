-- One row per kind of action: how well the year's last reports answer what a reader asks next.
-- late_with_new_time: late, and the report names a time that lies ahead. finished_without_remark: finished, and nothing is
-- said beside the status word. finished_with_rest: finished, and the remark says that something remains or is still to
-- come. Shares are taken of late and of finished. An empty $unit_ids means all.
select
    states.kind,
    count(*) as total,
    count(*) filter (where is_open) as open,
    count(*) filter (where is_late) as late,
    count(*) filter (where is_late and later_time is not null) as late_with_new_time,
    count(*) filter (where is_late and later_time is null) as late_without_new_time,
    count(*) filter (where states.status = 'finished') as finished,
    count(*) filter (where states.status = 'finished' and told_remark is null) as finished_without_remark,
    count(*) filter (where states.status = 'finished' and coalesce(remains, later_time) is not null) as finished_with_rest,
    max(states.source_id) as source_id,
from action_states as states
join action_steps as steps using (municipality_id, action_id, report_date)
join action_signs as signs using (municipality_id, action_id, report_date)
where states.municipality_id = $municipality_id
    and states.year = $year
    and (len($unit_ids) = 0 or states.unit_id in $unit_ids)
group by states.kind
order by array_position(['activity', 'assignment', 'area'], states.kind)
