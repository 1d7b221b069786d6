-- One row per action that stands in one report and not in the next; as the earlier one told it. Those that were open first.
-- Without a choice the two newest reports up to the year's end are compared. An empty $unit_ids means all.
with compared as (
    from reports_compared($municipality_id, $year, $report_date, $since)
)
select
    steps.action_id,
    actions.title,
    actions.kind,
    goals.name as goal_name,
    units.name as unit_name,
    actions.owner_role,
    steps.status,
    steps.status_raw,
    steps.status not in ('finished', 'closed_undone') as was_open,
    steps.deadline,
    steps.comment,
    compared.since,
    compared.told_date as report_date,
    steps.source_id,
from compared
join action_steps as steps on steps.report_date = compared.since
join actions using (municipality_id, action_id)
left join units using (municipality_id, unit_id)
left join goals
    on goals.municipality_id = steps.municipality_id
    and goals.goal_id = actions.goal_id
    and goals.year = steps.year
where steps.municipality_id = $municipality_id
    and steps.action_id not in (
        select action_id
        from action_steps
        where municipality_id = $municipality_id
            and report_date = (select told_date from compared)
    )
    and (len($unit_ids) = 0 or actions.unit_id in $unit_ids)
order by
    was_open desc,
    actions.title,
    steps.action_id
