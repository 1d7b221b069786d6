-- One row per goal and indicator of it that can be compared: the goal's reported verdict beside the municipality's
-- position against one comparison. Two lights, never one: position says nothing of whether a goal is met.
-- The value is the newest up to the goal's year. position is 'better', 'worse' or 'equal' by the indicator's good
-- direction; empty where either has no value or no direction is good.
-- contrast is 'met_but_worse' or 'not_met_but_better' (not met, or met in part), otherwise empty.
-- Left out: goals that the source does not name, and goals without any indicator that is compared.
with home as (
    select register
    from municipalities
    where municipality_id = $municipality_id
), newest as (
    select
        indicator_id,
        max(year) filter (where value is not null) as year,
    from comparison_values
    where municipality_id = $municipality_id
        and gender = 'T'
        and year <= $year
    group by indicator_id
), positions as (
    select
        goals.goal_id,
        goals.goal_number,
        goals.name,
        goals.perspective,
        coalesce(goal_verdicts.verdict, 'not_assessed') as verdict,
        indicators.* exclude (dimension, value_kind, is_survey, source, description),
        measured.is_reached,
        newest.year as value_year,
        own.value,
        places.place_name,
        others.value as other_value,
        others.count_members,
        nullif(places.count_of_members, 0) as count_of_members,
        spread.n,
        case indicators.good_direction when 'up' then own.count_higher + 1 when 'down' then own.count_lower + 1 end as rank,
        case
            when indicators.good_direction = 'none' or own.value is null or others.value is null then null
            when own.value = others.value then 'equal'
            when (own.value > others.value) = (indicators.good_direction = 'up') then 'better'
            else 'worse'
        end as position,
        own.source_id,
    from goals
    join goal_indicators using (municipality_id, goal_id)
    join indicators using (indicator_id)
    join newest using (indicator_id)
    join comparison_values as own
        on own.indicator_id = newest.indicator_id
        and own.municipality_id = $municipality_id
        and own.year = newest.year
        and own.gender = 'T'
    left join chosen_places([$against], $municipality_id) as places on true
    left join chosen_values([$against], 'T', $municipality_id) as others
        on others.choice_id = $against
        and others.indicator_id = newest.indicator_id
        and others.year = newest.year
    left join comparison_distributions as spread
        on spread.indicator_id = newest.indicator_id
        and spread.year = newest.year
        and spread.gender = 'T'
        and spread.register = (select register from home)
    left join goal_verdicts
        on goal_verdicts.municipality_id = goals.municipality_id
        and goal_verdicts.goal_id = goals.goal_id
        and goal_verdicts.year = goals.year
        and goal_verdicts.unit_id is null
    left join outcome_against_target as measured
        on measured.municipality_id = goals.municipality_id
        and measured.indicator_id = goal_indicators.indicator_id
        and measured.unit_id is null
        and measured.year = goals.year
    where goals.municipality_id = $municipality_id
        and goals.year = $year
        and goals.level = 'committee'
), contrasted as (
    select
        *,
        quarter_of(rank, n) as quarter,
        case
            when verdict = 'met' and position = 'worse' then 'met_but_worse'
            when verdict in ('not_met', 'partly') and position = 'better' then 'not_met_but_better'
        end as contrast,
    from positions
)
select *
from contrasted
order by
    min(case contrast when 'met_but_worse' then 1 when 'not_met_but_better' then 2 else 3 end) over (partition by goal_id),
    try_cast(goal_number as integer),
    name,
    short_name
