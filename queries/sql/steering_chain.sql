-- One row per link of the steering chain in a year: council goal, committee goal, indicator, unit and action, depth first.
-- node_id is the link's lower end, parent_id its upper one, empty at the top. Where a link is broken the lower end has no
-- name and state 'missing'. An action hangs as low as it says: under a unit's figure, an indicator or a goal.
-- With a unit, verdicts and units' figures are its own, and actions its own or the whole municipality's. Improvement
-- areas are left out: they are followed up apart from the goals.
with goals_of_year as (
    select * from chain_goals($municipality_id, $year)
), verdicts as (
    select
        goal_id,
        -- A goal that was judged twice in a year stands with the later verdict.
        max_by(verdict, coalesce(assessed_date::text, '') || verdict_id) as verdict,
    from goal_verdicts
    where municipality_id = $municipality_id
        and year = $year
        and unit_id is not distinct from $unit_id
    group by goal_id
), measured as (
    select * from chain_indicators($municipality_id, $year, null)
), of_units as (
    select
        figures.*,
        measured.node_id || '/' || units.unit_id as node_id,
        measured.node_id as parent_id,
        measured.place || chr(1) || '2 ' || units.name || ' ' || units.unit_id as place,
        measured.goal_id,
        measured.unit,
        measured.decimals,
        units.name,
    from measured
    join outcome_against_target as figures
        on figures.municipality_id = $municipality_id
        and figures.indicator_id = measured.indicator_id
        and figures.year = $year
    join units using (municipality_id, unit_id)
    where coalesce(figures.unit_id = $unit_id, true)
), acting as (
    select
        states.* exclude (goal_id),
        goals_of_year.goal_id,
        coalesce(of_units.node_id, measured.node_id, goals_of_year.node_id, 'no_goal') as parent_id,
        coalesce(of_units.place, measured.place, goals_of_year.place || chr(1) || '3', '~~')
        || chr(1) || '1 ' || states.title || ' ' || states.action_id as place,
    from action_states as states
    left join goals_of_year using (goal_id)
    left join measured on measured.goal_id = goals_of_year.goal_id and measured.indicator_id = states.indicator_id
    left join of_units on of_units.parent_id = measured.node_id and of_units.unit_id = states.unit_id
    where states.municipality_id = $municipality_id
        and states.year = $year
        and coalesce(states.unit_id = $unit_id, true)
), tops as (
    select parent_node as node_id from goals_of_year
    union
    select parent_id from acting
), links as (
    -- By name: each kind of link has columns that the others lack, and the last select picks those that are told.
    select
        *,
        parent_node as parent_id,
        name as short_name,
        owner_role as owner,
        if(level = 'committee', coalesce(verdict, 'not_assessed'), null) as state,
    from goals_of_year
    left join verdicts using (goal_id)
    union all by name
    select
        *,
        parent_node as parent_id,
        'indicator' as level,
        title as name,
        indicator_source as owner,
    from measured
    union all by name
    select
        *,
        'unit' as level,
        name as short_name,
        state_of_outcome(value, marker, target_value, is_reached) as state,
    from of_units
    union all by name
    select
        *,
        'action:' || action_id as node_id,
        'action' as level,
        title as name,
        title as short_name,
        owner_role as owner,
        if(is_late, 'late', if(is_open, 'open', status)) as state,
    from acting
    union all by name
    select
        node_id || '/no_indicator' as node_id,
        node_id as parent_id,
        'indicator' as level,
        goal_id,
        'missing' as state,
        owner_role as owner,
        source_id,
        place || chr(1) || '2' as place,
    from goals_of_year
    where is_followed
        and goal_id not in (select goal_id from measured)
    union all by name
    select
        node_id || '/no_action' as node_id,
        node_id as parent_id,
        'action' as level,
        goal_id,
        'missing' as state,
        owner_role as owner,
        source_id,
        place || chr(1) || '4' as place,
    from goals_of_year
    where is_followed
        and goal_id not in (select goal_id from acting where goal_id is not null)
    union all by name
    select
        node_id,
        '' as parent_id,
        if(node_id = 'no_goal', 'committee', 'council') as level,
        'missing' as state,
        if(node_id = 'no_goal', '~~', '~') as place,
    from tops
    where node_id in ('no_goal', 'no_council_goal')
)
select
    node_id,
    parent_id,
    level,
    goal_id,
    name,
    short_name,
    state,
    value,
    marker,
    unit,
    decimals,
    target_operator,
    target_value,
    owner,
    source_id,
from links
order by place
