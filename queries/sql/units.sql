-- One row per unit of a municipality, named as now, with the names it had before.
-- Units that closed are kept: their years can still be asked for.
with former_names as (
    select
        unit_id,
        string_agg(name || ' (' || from_year || '–' || to_year || ')', ', ' order by from_year) as former_names,
    from unit_names
    where municipality_id = $municipality_id
        and to_year is not null
    group by unit_id
)
select
    units.unit_id,
    units.name,
    units.school_form,
    units.area,
    units.closed_year,
    former_names.former_names,
from units
left join former_names using (unit_id)
where units.municipality_id = $municipality_id
order by units.school_form = 'forskola', units.school_form, units.name
