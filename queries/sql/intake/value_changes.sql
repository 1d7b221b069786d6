-- One row per indicator whose values for comparison change, the most changed first: how many values are new, how many
-- are others than before, how many of those are gone or have come instead of a reason why there was none, how many only
-- have another such reason, and how many rows are removed; and the value that moved most, with where it stands.
with compared as (
    select
        indicator_id,
        municipality_id,
        year,
        gender,
        case
            when earlier.status is null then 'new'
            when later.status is null then 'removed'
            when earlier.value is distinct from later.value then 'changed'
            when earlier.status <> later.status then 'other_reason'
        end as change,
        earlier.value as value_before,
        later.value as value_after,
    from base.comparison_values as earlier
    full join values_to_come as later using (indicator_id, municipality_id, year, gender)
), counted as (
    select
        indicator_id,
        count(*) filter (change = 'new') as count_new,
        count(*) filter (change = 'changed') as count_changed,
        count(*) filter (change = 'changed' and value_after is null) as count_lost,
        count(*) filter (change = 'changed' and value_before is null) as count_found,
        count(*) filter (change = 'other_reason') as count_other_reason,
        count(*) filter (change = 'removed') as count_removed,
        max_by(
            {'municipality_id': municipality_id, 'year': year, 'gender': gender, 'value_before': value_before,
                'value_after': value_after},
            abs(value_after - value_before)
        ) filter (change = 'changed') as largest,
    from compared
    where change is not null
    group by indicator_id
)
select
    counted.* exclude (largest),
    coalesce(indicator_register.title, indicators.title, indicator_id) as title,
    indicators.short_name,
    municipalities.name as municipality,
    largest.year,
    largest.gender,
    largest.value_before,
    largest.value_after,
from counted
left join register_to_come as indicator_register using (indicator_id)
left join words.indicators as indicators using (indicator_id)
left join municipalities_to_come as municipalities on municipalities.municipality_id = largest.municipality_id
order by count_changed desc, count_new desc, indicator_id
