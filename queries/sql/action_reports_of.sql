-- One row per report of one action, oldest first.
select
    report_date,
    report_name,
    status,
    status_raw,
    status_reason,
    due_text,
    due_date,
    due_report_point,
    evaluation_date,
    report_back_date,
    effect,
    comment,
    source_id,
from action_reports
where municipality_id = $municipality_id
    and action_id = $action_id
order by report_date
