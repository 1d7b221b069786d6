-- One row per action that is finished or has an evaluation date, up to a year, with what is known of its effect.
-- after_value is the newest outcome since the baseline, not older than the year the action was finished. It is the
-- action's own unit's where that has both, else the whole municipality's. change is after minus baseline, in the
-- indicator's unit, and empty across a break in the series. band is what counts as no change: $share_points for
-- percentages, else $percent of the baseline. The comparison is the municipality for a unit, and for the municipality the
-- unweighted mean of municipalities, over the same years. effect_state looks at the newest report, never at today.
with others as (
    select indicator_id, year, value, 'municipality' as comparison_kind
    from outcome_against_target
    where municipality_id = $municipality_id
        and unit_id is null
    union all
    select indicator_id, year, mean, 'mean'
    from comparison_distributions
    where gender = 'T'
        and register = (select register from municipalities where municipality_id = $municipality_id)
), spans as (
    select
        *,
        if(measured_unit_id is null, 'mean', 'municipality') as comparison_kind,
        if(break_year is null, round(after_value - baseline_value, 6), null) as change,
    from before_and_after($municipality_id, $year)
)
select
    followed.* exclude (municipality_id, earliest),
    units.name as unit_name,
    indicators.title as indicator_title,
    indicators.short_name,
    indicators.unit,
    indicators.decimals,
    indicators.good_direction,
    indicators.period,
    spans.baseline_value,
    spans.baseline_n,
    spans.after_year,
    spans.after_value,
    spans.after_n,
    spans.measured_unit_id is null as is_of_whole_municipality,
    spans.break_year,
    spans.change,
    if(indicators.unit = '%', $share_points, abs(baseline_value) * $percent / 100) as band,
    abs(change) <= band as is_within_band,
    case
        when change is null or is_within_band or indicators.good_direction = 'none' then null
        else (change > 0) = (indicators.good_direction = 'up')
    end as is_for_the_better,
    if(change is null, null, spans.comparison_kind) as comparison_kind,
    if(change is null, null, round(other_after.value - other_before.value, 6)) as comparison_change,
    case
        when followed.effect is not null then 'told'
        when followed.evaluation_date < followed.told_date then 'overdue'
        when followed.evaluation_date is not null then 'planned'
        when followed.indicator_id is null then 'no_indicator'
        else 'untold'
    end as effect_state,
from followed_up($municipality_id, $year) as followed
left join units using (municipality_id, unit_id)
left join indicators using (indicator_id)
left join spans using (action_id)
left join others as other_before
    on other_before.indicator_id = followed.indicator_id
    and other_before.year = followed.baseline_year
    and other_before.comparison_kind = spans.comparison_kind
left join others as other_after
    on other_after.indicator_id = followed.indicator_id
    and other_after.year = spans.after_year
    and other_after.comparison_kind = spans.comparison_kind
where len($unit_ids) = 0
    or followed.unit_id in $unit_ids
order by
    array_position(['overdue', 'untold', 'told', 'planned', 'no_indicator'], effect_state),
    finished_date desc nulls last,
    followed.title,
    followed.action_id
