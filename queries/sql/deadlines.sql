-- One row per thing that falls due on a day and is not known to be done: what was promised, planned or is to be reported.
-- kind: 'action' that is open at the newest report of actions, by its date or the day of its report point; 'evaluation' of
-- an action whose effect nobody has told; 'report_back' to the committee and 'report_point', both after that report;
-- 'promise' to the committee without an answer; 'remark' of the newest year whose next step has a date
-- and no effect told.
-- is_late: the day lies before $as_of. What has no day is left out. An empty $unit_ids means all; what concerns no unit of
-- its own stands whichever is chosen.
with newest as (
    select
        coalesce((select max(report_date) from action_reports where municipality_id = $municipality_id), '0001-01-01'::date) as told_date,
        (select max(year) from action_reports where municipality_id = $municipality_id) as action_year,
        (select max(year) from findings where municipality_id = $municipality_id) as finding_year,
), last_told as (
    select
        *,
        row_number() over (partition by action_id order by year desc) as from_last,
    from action_states
    where municipality_id = $municipality_id
), due as (
    select 'action' as kind, action_id as thing_id, due_date as day, title, unit_id, owner_role, due_report_point as reference, source_id
    from last_told
    cross join newest
    where from_last = 1
        and is_open
        and year = action_year
    union all
    select 'evaluation', action_id, evaluation_date, title, unit_id, owner_role, null, source_id
    from last_told
    where from_last = 1
        and effect is null
        and status <> 'closed_undone'
    union all
    select 'report_back', action_id, report_back_date, title, unit_id, owner_role, null, source_id
    from last_told
    cross join newest
    where from_last = 1
        and report_back_date > told_date
    union all
    select 'report_point', year || ' ' || report_point, point_date, report_point || ' ' || year, null, null, null, source_id
    from report_points
    cross join newest
    where municipality_id = $municipality_id
        and point_date > told_date
    union all
    select 'promise', item_id, due_date, text, null, null, reference, source_id
    from committee_items
    where municipality_id = $municipality_id
        and kind = 'promise'
        and answer is null
        and answered_date is null
    union all
    select 'remark', finding_id, due_date, theme || coalesce(': ' || next_step, ''), unit_id, owner_role, null, source_id
    from findings
    cross join newest
    where municipality_id = $municipality_id
        and kind = 'weakness'
        and year = finding_year
        and effect is null
)
select
    due.*,
    units.name as unit_name,
    due.day < $as_of as is_late,
from due
left join units
    on units.municipality_id = $municipality_id
    and units.unit_id = due.unit_id
where due.day is not null
    and (len($unit_ids) = 0 or due.unit_id is null or due.unit_id in $unit_ids)
order by
    due.day,
    list_position(['report_point', 'report_back', 'promise', 'action', 'remark', 'evaluation'], due.kind),
    due.title,
    due.thing_id
