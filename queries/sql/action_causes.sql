-- One row per cause that a year's last reports name, beside a status or in a remark: as reason or as context.
-- A cause is a sign of data/contradiction_words.csv; an action may name several. An empty $unit_ids means all.
with told as (
    select
        states.action_id,
        states.kind,
        states.is_open,
        states.source_id,
        unnest(signs.causes) as cause,
    from action_states as states
    join action_signs as signs using (municipality_id, action_id, report_date)
    where states.municipality_id = $municipality_id
        and states.year = $year
        and (len($unit_ids) = 0 or states.unit_id in $unit_ids)
)
select
    cause,
    count(*) as count_actions,
    count(*) filter (where kind = 'activity') as count_activities,
    count(*) filter (where kind = 'assignment') as count_assignments,
    count(*) filter (where kind = 'area') as count_areas,
    count(*) filter (where is_open) as count_open,
    list_sort(list(action_id)) as action_ids,
    max(source_id) as source_id,
from told
group by cause
order by
    count_actions desc,
    cause
