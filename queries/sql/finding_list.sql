-- One row per remark up to a year, newest first, with its chain: decision, action and its last known state, effort, effect.
-- years_in_a_row: for how many years the same theme has been told of the same unit without a gap. An empty link is empty
-- in the source; the four is_without_… say it of the action, of action and effort both, of who answers, and of a date, of which
-- an action's own owner and date count. action_effect is what the action's own report tells, and no effect of the remark.
-- An empty $unit_ids, $themes or $kinds means all.
select
    finding_id,
    theme,
    year,
    kind,
    unit_id,
    unit_name,
    unit_name_then,
    unit_now_id,
    text,
    years_in_a_row,
    cause,
    decision,
    action_id,
    action_title,
    action_status,
    action_is_late,
    action_due,
    action_effect,
    effort,
    effect,
    claim,
    next_step,
    coalesce(owner_role, action_owner_role) as owner_role,
    due_date,
    is_without_action,
    is_without_effort,
    is_without_owner,
    is_without_date,
    source_id,
from chains_of($municipality_id, $year, $unit_ids)
where (len($themes) = 0 or theme in $themes)
    and (len($kinds) = 0 or kind in $kinds)
order by year desc, years_in_a_row desc, theme, unit_id nulls first, finding_id
