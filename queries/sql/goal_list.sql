-- One row per goal of the committee in a year, with the reported verdict, the words it came from, and the computed
-- one: how many of the goal's indicators with a target reach it.
-- With one unit chosen, verdict and outcomes are that unit's. A verdict that belongs to no named goal is a row without
-- goal_id, so that nothing the source counts is lost.
with committee_goals as (
    select *
    from goals
    where municipality_id = $municipality_id
        and year = $year
        and level = 'committee'
), verdicts as (
    select *
    from goal_verdicts
    where municipality_id = $municipality_id
        and year = $year
        and unit_id is not distinct from $unit_id
), measured as (
    select
        goal_indicators.goal_id,
        count(*) as count_indicators,
        count(*) filter (where outcome_against_target.is_reached is not null) as count_with_answer,
        count(*) filter (where outcome_against_target.is_reached) as count_reached,
    from goal_indicators
    left join outcome_against_target
        on outcome_against_target.municipality_id = goal_indicators.municipality_id
        and outcome_against_target.indicator_id = goal_indicators.indicator_id
        and outcome_against_target.year = $year
        and outcome_against_target.unit_id is not distinct from $unit_id
    where goal_indicators.municipality_id = $municipality_id
    group by goal_indicators.goal_id
), joined as (
    select
        committee_goals.goal_id,
        committee_goals.goal_number,
        coalesce(committee_goals.name, 'Målet namnges inte i källan') as name,
        committee_goals.description,
        committee_goals.perspective,
        coalesce(committee_goals.is_priority, false) as is_priority,
        committee_goals.owner_role,
        verdicts.verdict,
        verdicts.verdict_raw,
        verdicts.comment,
        verdicts.assessed_date,
        coalesce(measured.count_indicators, 0) as count_indicators,
        coalesce(measured.count_with_answer, 0) as count_with_answer,
        coalesce(measured.count_reached, 0) as count_reached,
        case
            when coalesce(measured.count_with_answer, 0) = 0 then null
            when measured.count_reached = measured.count_with_answer then 'met'
            when measured.count_reached = 0 then 'not_met'
            else 'partly'
        end as computed,
        coalesce(verdicts.source_id, committee_goals.source_id) as source_id,
    from committee_goals
    full join verdicts using (goal_id)
    left join measured using (goal_id)
    where committee_goals.goal_id is not null
        or verdicts.goal_id is null
)
select
    *,
    coalesce(verdict in ('met', 'partly', 'not_met') and computed <> verdict, false) as is_disagreement,
from joined
order by
    goal_id is null,
    perspective,
    try_cast(goal_number as integer),
    name,
    verdict_raw
