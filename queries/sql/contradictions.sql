-- One row per action and rule of data/contradiction_rules.csv that its last report of a year meets.
-- quote: the remark that the question is about; an earlier report's, with the same status, where the last has none and
-- the rule looks back. other_area: where the same text stands too.
-- A rule looks for what can be asked about, never for who is right. Where a report says that the schedule holds, that
-- alone is asked, not also for a new date or a reason. An empty $unit_ids means all.
with states as (
    select
        action_states.* exclude (due_date),
        steps.deadline,
        steps.deadline_before,
        steps.deadline_day,
        steps.is_moved,
        steps.is_passed,
        steps.remark,
        steps.told_remark,
        signs.* exclude (municipality_id, action_id, report_date),
        lower(regexp_replace(trim(action_states.title, ' .'), '\s+', ' ', 'g')) as plain_title,
        coalesce(action_states.area, action_states.perspective) as place,
    from action_states
    join action_steps as steps using (municipality_id, action_id, report_date)
    join action_signs as signs using (municipality_id, action_id, report_date)
    where action_states.municipality_id = $municipality_id
        and action_states.year = $year
), paired as (
    select
        states.*,
        (
            select string_agg(coalesce(twin.place, twin.action_id), ', ' order by twin.action_id)
            from states as twin
            where twin.plain_title = states.plain_title
                and twin.action_id <> states.action_id
                and twin.place is distinct from states.place
        ) as other_area,
    from states
)
select
    rules.rule_id,
    rules.name as rule_name,
    rules.question,
    rules.explanation,
    paired.action_id,
    paired.title,
    paired.kind,
    units.name as unit_name,
    paired.place as area,
    paired.other_area,
    paired.report_date,
    paired.status,
    paired.status_raw,
    if(rules.rule_id in ('done_but_remains', 'closed_by_decision'), told_remark, remark) as quote,
    coalesce(quote <> remark, quote is not null and remark is null) as is_earlier_quote,
    coalesce(paired.remains, paired.later_time) as quoted_word,
    paired.deadline,
    paired.deadline_before,
    paired.deadline_day,
    paired.first_deadline,
    paired.count_moved,
    paired.source_id,
from paired
cross join contradiction_rules as rules
left join units using (municipality_id, unit_id)
where (len($unit_ids) = 0 or paired.unit_id in $unit_ids)
    and case rules.rule_id
        when 'on_schedule_but_moved' then is_open and on_schedule is not null
            and (count_moved > 0 or is_passed or delay is not null)
        when 'done_but_remains' then paired.status = 'finished' and coalesce(remains, later_time) is not null
        when 'open_without_new_date' then is_open and on_schedule is null and later_time is null
            and (is_passed or deadline is null)
        when 'reason_missing' then status_reason is null and case
            when paired.status = 'closed_undone' then told_remark is null
            else is_open and is_moved and on_schedule is null and nullif(trim(comment), '') is null
        end
        when 'closed_by_decision' then paired.status = 'closed_undone' and decision is not null
        when 'same_text_two_areas' then other_area is not null
        when 'status_and_date_disagree' then paired.status = 'finished' and deadline_day > paired.report_date
            and (is_moved or year(deadline_day) > year(paired.report_date))
    end
order by
    rules.position::integer,
    paired.title,
    paired.action_id
