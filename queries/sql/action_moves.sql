-- One row per action and report in which the deadline changed, up to a year; of actions that were reported that year.
-- days_moved and days_from_first: how far, in days, where both ends have a day; negative where it was brought forward.
-- steps_moved: how many report points, where both ends are report points of the same year. An empty $unit_ids means all.
select
    steps.action_id,
    actions.title,
    actions.kind,
    units.name as unit_name,
    steps.report_date,
    steps.report_name,
    steps.first_deadline,
    steps.deadline_before,
    steps.deadline,
    steps.first_deadline_day,
    steps.deadline_day_before,
    steps.deadline_day,
    steps.count_moved,
    steps.deadline_day - steps.deadline_day_before as days_moved,
    steps.deadline_day - steps.first_deadline_day as days_from_first,
    if(steps.due_date is null and steps.year = steps.year_before, steps.due_position - steps.due_position_before, null) as steps_moved,
    steps.status,
    steps.status_raw,
    steps.comment,
    steps.source_id,
from action_steps as steps
join actions using (municipality_id, action_id)
left join units using (municipality_id, unit_id)
where steps.municipality_id = $municipality_id
    and steps.is_moved
    and steps.year <= $year
    and steps.action_id in (
        select action_id
        from action_states
        where municipality_id = $municipality_id
            and year = $year
    )
    and (len($unit_ids) = 0 or actions.unit_id in $unit_ids)
order by
    max(steps.count_moved) over (partition by steps.action_id) desc,
    actions.title,
    steps.action_id,
    steps.report_date
