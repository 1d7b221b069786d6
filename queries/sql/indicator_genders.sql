-- One row per year and gender for one indicator of a municipality: all (T), girls or women (K), boys or men (M), each
-- as published. A year without any of them between the first and the last stays, with its reason.
with own as (
    select *
    from comparison_values
    where municipality_id = $municipality_id
        and indicator_id = $indicator_id
), years as (
    select unnest(range(min(year), max(year) + 1))::integer as year
    from own
)
select
    years.year,
    genders.gender,
    own.value,
    coalesce(own.status, 'not_published') as status,
    indicators.unit,
    indicators.decimals,
    indicators.period,
    own.source_id,
from years
cross join (values (1, 'T'), (2, 'K'), (3, 'M')) as genders(position, gender)
join indicators on indicators.indicator_id = $indicator_id
left join own
    on own.year = years.year
    and own.gender = genders.gender
order by
    years.year,
    genders.position
