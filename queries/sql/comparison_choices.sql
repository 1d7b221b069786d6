-- One row per place or group that a municipality can be compared with: municipalities of the same register and groups,
-- a municipality only where it has a value here, a group only where all its members have.
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
        municipality_groups.group_id as choice_id,
        municipality_groups.title,
        municipality_groups.kind,
        count(*) as count_members,
        count(with_values.municipality_id) as count_with_values,
    from municipality_groups
    left join municipalities
        on municipalities.municipality_id = municipality_groups.member_id
        and municipalities.register = (select register from home)
    left join with_values on with_values.municipality_id = municipalities.municipality_id
    where coalesce(municipality_groups.for_municipality_id, $municipality_id) = $municipality_id
    group by all
    having count(with_values.municipality_id) = count(*)
    union all
    select
        municipalities.municipality_id,
        municipalities.name,
        'municipality',
        1,
        1,
    from municipalities
    join with_values using (municipality_id)
    where municipalities.kind = 'municipality'
        and municipalities.register = (select register from home)
        and municipalities.municipality_id <> $municipality_id
)
select *
from choices
order by
    case kind when 'similar' then 1 when 'county' then 2 when 'own' then 3 else 4 end,
    title
