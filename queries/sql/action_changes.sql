-- One row per action that differs between two reports: new, vanished, or with another status, deadline or comment.
-- Without a choice the two newest reports up to the year's end are compared; there are no rows where there is only one.
-- The side before is the action's last report by then, since not every report tells of every action; only an action that
-- the earlier report itself told of can vanish. A comment that is left out is no change. An empty $unit_ids means all.
with compared as (
    from reports_compared($municipality_id, $year, $report_date, $since)
), now as (
    select action_steps.*
    from action_steps
    join compared on action_steps.report_date = compared.told_date
    where action_steps.municipality_id = $municipality_id
), earlier as (
    select
        action_steps.*,
        action_steps.report_date = compared.since as is_of_since,
        row_number() over (partition by action_id order by report_date desc) as from_last,
    from action_steps
    join compared on action_steps.report_date <= compared.since
    where action_steps.municipality_id = $municipality_id
), pairs as (
    select
        coalesce(now.action_id, earlier.action_id) as action_id,
        case
            when earlier.action_id is null then 'new'
            when now.action_id is null then 'vanished'
            else 'changed'
        end as change,
        earlier.status as status_before,
        earlier.status_raw as status_raw_before,
        now.status,
        now.status_raw,
        earlier.deadline as deadline_before,
        now.deadline,
        earlier.comment as comment_before,
        now.comment,
        change = 'changed' and now.status <> earlier.status as is_status_changed,
        change = 'changed' and coalesce(now.deadline <> earlier.deadline, false) as is_deadline_changed,
        change = 'changed' and now.comment is not null and now.comment is distinct from earlier.comment as is_comment_changed,
        coalesce(now.source_id, earlier.source_id) as source_id,
    from now
    full join (from earlier where from_last = 1) as earlier using (action_id)
    where now.action_id is not null
        or earlier.is_of_since
)
select
    pairs.*,
    actions.title,
    actions.kind,
    units.name as unit_name,
    compared.told_date as report_date,
    compared.since,
from pairs
cross join compared
join actions on actions.municipality_id = $municipality_id and actions.action_id = pairs.action_id
left join units using (municipality_id, unit_id)
where compared.since is not null
    and (change <> 'changed' or is_status_changed or is_deadline_changed or is_comment_changed)
    and (len($unit_ids) = 0 or actions.unit_id in $unit_ids)
order by
    change = 'changed',
    change,
    is_status_changed desc,
    is_deadline_changed desc,
    actions.title,
    pairs.action_id
