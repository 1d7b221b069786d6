-- One row per unit that has a value, or a value that may not be shown, in any year for an indicator of the profile.
-- Units that closed are left out.
select distinct
    units.unit_id,
    units.name,
from outcomes
join units using (municipality_id, unit_id)
where outcomes.municipality_id = $municipality_id
    and units.closed_year is null
    and outcomes.indicator_id in (select indicator_id from profiles where profile_id = $profile_id)
order by units.name
