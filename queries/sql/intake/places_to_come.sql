-- One row per value of the version to come, with the counts of higher and lower worked out anew wherever the spread is:
-- equal values share the better place. Elsewhere the counts that are there stay with their values.
with placed as (
    select
        values_to_come.*,
        spread_to_come.n is not null as is_anew,
        value is not null and municipalities_to_come.kind = 'municipality' as is_counted,
        spread_to_come.register,
    from values_to_come
    join municipalities_to_come using (municipality_id)
    left join spread_to_come using (register, indicator_id, year, gender)
), counted as (
    select
        indicator_id,
        municipality_id,
        year,
        gender,
        rank() over (same order by value desc) - 1 as count_higher,
        rank() over (same order by value) - 1 as count_lower,
    from placed
    where is_anew
        and is_counted
    window same as (partition by register, indicator_id, year, gender)
)
select
    placed.indicator_id,
    placed.municipality_id,
    placed.year,
    placed.gender,
    placed.value,
    placed.status,
    if(is_anew, counted.count_higher, placed.count_higher)::integer as count_higher,
    if(is_anew, counted.count_lower, placed.count_lower)::integer as count_lower,
    placed.source_id,
from placed
left join counted using (indicator_id, municipality_id, year, gender)
