-- One row per action that a meeting should look at, as the newest report by then tells it, with each reason as a column.
-- is_due: its time is this meeting, or lies between the report point before and this one, or was there until the report
-- moved it. is_late: open though its time is reached or lies before the meeting. is_slipped: the newest report moved it.
-- is_new: told for the first time. is_report_back and is_evaluation: promised for this meeting or since the one before.
-- An empty $unit_ids means all.
with told as (
    select
        action_steps.*,
        meeting.*,
        coalesce(meeting.day_before, make_date($year::integer - 1, 12, 31)) as open_from,
        meeting.told_year = $year as is_of_year,
        action_steps.status not in ('finished', 'closed_undone') as is_open,
        -- Of the first report of all nothing is news.
        meeting.told_date > (select min(report_date) from action_steps where municipality_id = $municipality_id) as has_earlier,
        row_number() over (partition by action_id order by report_date desc) as from_last,
    from meeting_at($municipality_id, $year, $meeting) as meeting
    join action_steps
        on action_steps.year = meeting.told_year
        and action_steps.report_date <= meeting.told_date
    where action_steps.municipality_id = $municipality_id
), judged as (
    select
        *,
        report_date = told_date and is_moved as is_slipped,
        report_date = told_date and count_reports = 1 and has_earlier as is_new,
        coalesce(deadline_day > open_from and deadline_day <= meeting_day, false)
            or coalesce(is_of_year and due_date is null and due_report_point = meeting, false)
            or (is_slipped and (
                coalesce(deadline_day_before > open_from and deadline_day_before <= meeting_day, false)
                or coalesce(is_of_year and deadline_before = meeting, false)
            )) as is_due,
        is_open and coalesce(
            case
                when due_date is not null then due_date < coalesce(meeting_day, report_date)
                when is_of_year and meeting_position is not null then due_position <= meeting_position
                else deadline_day < meeting_day
            end,
            false
        ) as is_late,
        coalesce(report_back_date > open_from and report_back_date <= meeting_day, false) as is_report_back,
        coalesce(evaluation_date > open_from and evaluation_date <= meeting_day, false) and effect is null as is_evaluation,
    from told
    where from_last = 1
)
select
    judged.* exclude (municipality_id, due_position, from_last, open_from, is_of_year, has_earlier, first_deadline_day),
    actions.title,
    actions.kind,
    actions.owner_role,
    goals.name as goal_name,
    units.name as unit_name,
from judged
join actions using (municipality_id, action_id)
left join units using (municipality_id, unit_id)
left join goals
    on goals.municipality_id = judged.municipality_id
    and goals.goal_id = actions.goal_id
    and goals.year = judged.year
where (is_due or is_late or is_slipped or is_new or is_report_back or is_evaluation)
    and (len($unit_ids) = 0 or actions.unit_id in $unit_ids)
order by
    is_due and is_open desc,
    is_late desc,
    is_slipped desc,
    is_due desc,
    is_report_back desc,
    deadline_day nulls last,
    actions.title,
    judged.action_id
