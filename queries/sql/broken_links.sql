-- One row per break in the steering chain of a year: a committee goal without council goal, a goal without indicator, an
-- indicator without value or without target, a goal without action, an action without goal.
-- who: the role or publisher that should deliver what is missing, empty where no source says; for a value the
-- indicator's publisher, else who answers for the goal or the action. owner_role: who answers for the goal. marker and note say why a value is missing.
-- Figures are the whole municipality's. With a unit, actions are its own or the whole municipality's.
with goals_of_year as (
    select * from chain_goals($municipality_id, $year)
), measured as (
    select * from chain_indicators($municipality_id, $year, null)
), acting as (
    select *
    from action_states
    where municipality_id = $municipality_id
        and year = $year
        and coalesce(unit_id = $unit_id, true)
), breaks as (
    -- By name: each kind of break knows of other columns than the rest.
    select *, 'no_council_goal' as kind, owner_role as who
    from goals_of_year
    where parent_node = 'no_council_goal'
    union all by name
    select *, 'no_indicator' as kind, owner_role as who
    from goals_of_year
    where is_followed
        and goal_id not in (select goal_id from measured)
    union all by name
    select *, 'no_value' as kind, indicator_source as who
    from measured
    where state = 'no_value'
    union all by name
    select measured.* exclude (marker, note), 'no_target' as kind, goals_of_year.owner_role as who
    from measured
    join goals_of_year using (goal_id)
    where target_value is null
    union all by name
    select *, 'no_action' as kind, owner_role as who
    from goals_of_year
    where is_followed
        and goal_id not in (select goal_id from acting where goal_id is not null)
    union all by name
    select action_id, source_id, title || action_id as place, 'no_goal' as kind, coalesce(owner_role, given_by) as who
    from acting
    where goal_id is null
        or goal_id not in (select goal_id from goals_of_year)
)
select
    breaks.kind,
    breaks.goal_id,
    goals_of_year.goal_number,
    goals_of_year.name as goal_name,
    breaks.indicator_id,
    measured.title as indicator_title,
    breaks.action_id,
    acting.title as action_title,
    breaks.marker,
    breaks.note,
    breaks.who,
    goals_of_year.owner_role,
    breaks.source_id,
from breaks
left join goals_of_year using (goal_id)
left join measured using (goal_id, indicator_id)
left join acting using (action_id)
order by
    list_position(['no_council_goal', 'no_indicator', 'no_value', 'no_target', 'no_action', 'no_goal'], breaks.kind),
    breaks.place
