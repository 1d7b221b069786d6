-- One row per happening in the life of a unit: a former name, a code it had before, a closing and where its pupils went,
-- a unit that it took over from. other_name is the other unit's name now; year the last of what was, or the first of
-- what came. An empty $unit_ids means all units of the municipality.
with codes as (
    from unit_codes($municipality_id)
), happenings as (
    select unit_id, 'renamed' as kind, to_year as year, null as other_id, name as former_name
    from unit_names
    where municipality_id = $municipality_id
        and to_year is not null
        and name <> (
            select units.name
            from units
            where units.municipality_id = unit_names.municipality_id
                and units.unit_id = unit_names.unit_id
        )
    union all
    select unit_id, 'closed', closed_year, successor_unit_id, null
    from units
    where municipality_id = $municipality_id
        and closed_year is not null
    union all
    select
        successor_unit_id,
        if(exists (from codes where codes.unit_id = successor_unit_id and told_id = units.unit_id), 'new_code', 'took_over'),
        closed_year,
        unit_id,
        null,
    from units
    where municipality_id = $municipality_id
        and successor_unit_id is not null
)
select
    happenings.unit_id,
    units.name as unit_name,
    happenings.kind,
    happenings.year,
    happenings.former_name,
    happenings.other_id,
    others.name as other_name,
from happenings
join units on units.municipality_id = $municipality_id and units.unit_id = happenings.unit_id
left join units as others on others.municipality_id = $municipality_id and others.unit_id = happenings.other_id
where len($unit_ids) = 0
    or happenings.unit_id in $unit_ids
order by happenings.unit_id, happenings.year, happenings.kind, happenings.other_id, happenings.former_name
