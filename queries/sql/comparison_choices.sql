-- One row per place or group that a municipality can be compared with, and how many of its members have a value here.
-- Left out: those without any, groups of another municipality, and the invented country for the real one.
with home as (
    select register
    from municipalities
    where municipality_id = $municipality_id
), with_values as (
    select distinct municipality_id
    from comparison_values
    where value is not null
), choices as (
    select
        comparison_places.choice_id,
        comparison_places.title,
        comparison_places.kind,
        comparison_places.vintage,
        count(*) as count_members,
        count(with_values.municipality_id) as count_with_values,
    from comparison_places
    left join with_values on with_values.municipality_id = comparison_places.member_id
    where comparison_places.register = (select register from home)
        and comparison_places.choice_id <> $municipality_id
        and coalesce(comparison_places.for_municipality_id, $municipality_id) = $municipality_id
    group by all
    having count(with_values.municipality_id) filter (where comparison_places.member_id <> $municipality_id) > 0
)
select *
from choices
order by
    case kind when 'country' then 1 when 'similar' then 2 when 'county' then 3 when 'own' then 4 else 5 end,
    vintage desc,
    title
