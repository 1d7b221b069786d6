-- One row per followed municipality, indicator and year in which it goes from one quarter of the municipalities to
-- another, girls and boys together, the newest first. Left out: indicators without a good direction, and years in which
-- it has a place in one of the two versions only.
with placed as (
    select 'before' as version, comparison_values.*, municipalities.register, comparison_distributions.n,
    from base.comparison_values
    join base.municipalities using (municipality_id)
    join base.comparison_distributions using (register, indicator_id, year, gender)
    union all
    select 'after', values_to_come.*, municipalities.register, comparison_distributions.n,
    from values_to_come
    join municipalities_to_come as municipalities using (municipality_id)
    join merged.comparison_distributions using (register, indicator_id, year, gender)
), quarters as (
    select
        municipality_id,
        indicator_id,
        year,
        version,
        case
            when if(good_direction = 'up', count_higher, count_lower) + 1 <= 0.25 * n then 'best_quarter'
            when if(good_direction = 'up', count_higher, count_lower) + 1 > 0.75 * n then 'worst_quarter'
            when count_higher is not null then 'middle'
        end as quarter,
    from placed
    join words.indicators using (indicator_id)
    where gender = 'T'
        and good_direction in ('up', 'down')
)
select
    municipalities.name as municipality,
    indicator_id,
    year,
    earlier.quarter as quarter_before,
    later.quarter as quarter_after,
from quarters as earlier
join quarters as later using (municipality_id, indicator_id, year)
join municipalities_to_come as municipalities using (municipality_id)
where earlier.version = 'before'
    and later.version = 'after'
    and municipalities.has_own_data
    and earlier.quarter <> later.quarter
order by year desc, indicator_id, municipality
