-- One row per action of a municipality and the area it is followed up under: its own, else the perspective of the plan.
-- Left out: actions that have neither.
select
    action_id,
    coalesce(area, perspective) as area,
from actions
where municipality_id = $municipality_id
    and coalesce(area, perspective) is not null
order by
    area,
    action_id
