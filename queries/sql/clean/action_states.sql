-- One row per action and year it was reported: its last report of that year, with how its deadline has moved.
-- is_open: neither finished nor closed. is_late is computed, whatever word was reported: open although the due date
-- lies before the report, or the due report point is the report's own or an earlier one.
-- count_moved counts each time a report names another deadline than the report before it.
with last_of_year as (
    select
        *,
        status not in ('finished', 'closed_undone') as is_open,
        row_number() over (partition by municipality_id, action_id, year order by report_date desc) as from_last,
    from action_steps
)
select
    actions.municipality_id,
    actions.action_id,
    last_of_year.year,
    actions.kind,
    actions.goal_id,
    actions.perspective,
    actions.area,
    actions.unit_id,
    actions.title,
    actions.owner_role,
    actions.given_by,
    actions.indicator_id,
    last_of_year.report_date,
    last_of_year.report_name,
    last_of_year.status,
    last_of_year.status_raw,
    last_of_year.status_reason,
    last_of_year.due_text,
    last_of_year.due_report_point,
    last_of_year.deadline_day as due_date,
    last_of_year.due_position,
    last_of_year.evaluation_date,
    last_of_year.report_back_date,
    last_of_year.effect,
    last_of_year.comment,
    last_of_year.is_open,
    last_of_year.is_open and last_of_year.is_reached as is_late,
    last_of_year.first_deadline,
    last_of_year.count_moved,
    last_of_year.count_reports,
    last_of_year.source_id,
from last_of_year
join actions using (municipality_id, action_id)
where last_of_year.from_last = 1
