-- One row per published action of a municipality, with what its report of $report_date said, or else its last report.
-- is_same_report: the report with this date and name is published already, and the action stands in it.
with reports as (
    select
        *,
        row_number() over (
            partition by action_id order by report_date = cast($report_date as date) desc, report_date desc
        ) as preference,
    from base.action_reports
    where municipality_id = $municipality_id
)
select
    actions.action_id,
    actions.year,
    actions.kind,
    actions.goal_id,
    actions.perspective,
    actions.area,
    actions.unit_id,
    actions.title,
    reports.due_text,
    reports.status_raw,
    coalesce(reports.report_date = cast($report_date as date), false) as is_of_the_day,
    coalesce(
        reports.report_date = cast($report_date as date) and reports.report_name = $report_name, false
    ) as is_same_report,
from base.actions as actions
left join reports
    on reports.action_id = actions.action_id
    and reports.preference = 1
where actions.municipality_id = $municipality_id
order by actions.action_id
