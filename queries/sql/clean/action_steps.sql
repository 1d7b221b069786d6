-- One row per published action report, with how its deadline stands to the report before it and to the report itself.
-- deadline: the date, else the report point, else the words. deadline_day: the date, or the day of the report point
-- where the calendar of the report's year has one.
-- is_reached: the date lies before the report, or the due report point is the report's own or an earlier one.
-- is_passed: the same, but a report point counts as passed at a later one, or when none is left in the year.
-- remark: the comment, unless it only repeats the status word. told_remark: the newest remark with the same status, since
-- a reason given when an action was closed still holds in the reports after it.
with calendar as (
    select
        *,
        max(position) over (partition by municipality_id, year) as last_position,
    from report_points
), placed as (
    select
        action_reports.*,
        coalesce(action_reports.due_date::text, action_reports.due_report_point, action_reports.due_text) as deadline,
        coalesce(action_reports.due_date, due_point.point_date) as deadline_day,
        due_point.position as due_position,
        own_point.position as report_position,
        coalesce(own_point.position = own_point.last_position, false) as is_last_of_year,
        if(
            lower(trim(action_reports.comment, ' .')) in ('', lower(trim(action_reports.status_raw, ' .'))),
            null,
            trim(action_reports.comment)
        ) as remark,
    from action_reports
    left join calendar as due_point
        on due_point.municipality_id = action_reports.municipality_id
        and due_point.year = action_reports.year
        and due_point.report_point = action_reports.due_report_point
    left join calendar as own_point
        on own_point.municipality_id = action_reports.municipality_id
        and own_point.year = action_reports.year
        and own_point.report_point = action_reports.report_point
), followed as (
    select
        *,
        lag(deadline) over story as deadline_before,
        lag(deadline_day) over story as deadline_day_before,
        lag(if(due_date is null, due_position, null)) over story as due_position_before,
        lag(year) over story as year_before,
        first_value(deadline) over story as first_deadline,
        first_value(deadline_day) over story as first_deadline_day,
        row_number() over story as count_reports,
        last_value(remark ignore nulls) over (
            partition by municipality_id, action_id, status order by report_date
        ) as told_remark,
    from placed
    window story as (partition by municipality_id, action_id order by report_date)
)
select
    *,
    coalesce(deadline <> deadline_before, false) as is_moved,
    count(*) filter (where deadline <> deadline_before) over (
        partition by municipality_id, action_id order by report_date
    ) as count_moved,
    case
        when due_date is not null then due_date < report_date
        else coalesce(due_position <= report_position, false)
    end as is_reached,
    case
        when due_date is not null then due_date < report_date
        else coalesce(due_position < report_position or (due_position = report_position and is_last_of_year), false)
    end as is_passed,
from followed
