-- One row per measure of absence, place and school year, up to a year: how much, n, and how much attendance was
-- registered in the same term. unit_id is empty for the whole municipality; term is empty for the whole school year.
-- Stages are told of the whole municipality only: a unit's are left out, as the privacy gate hides them all.
-- Girls and boys together. Registration and investigations are no absence, and have no rows of their own.
with measures as (
    select
        indicator_id,
        kind,
        coalesce(stage, '') as stage,
        coalesce(term, '') as term,
    from absence_measures
), found as (
    select
        outcome_against_target.*,
        measures.* exclude (indicator_id),
    from outcome_against_target
    join measures using (indicator_id)
    where municipality_id = $municipality_id
        and year <= coalesce($year::integer, year)
        and (unit_id is null or len($unit_ids) = 0 or unit_id in $unit_ids)
        -- A target alone is no outcome.
        and (value is not null or marker <> '')
)
select
    found.kind,
    found.stage,
    found.term,
    found.unit_id,
    units.name as unit_name,
    found.year,
    found.value,
    found.marker,
    found.note,
    found.n,
    registered.value as registration,
    registered.value < $low_registration as is_registration_low,
    found.indicator_id,
    found.source_id,
    registered.source_id as registration_source_id,
from found
left join units
    on units.municipality_id = found.municipality_id
    and units.unit_id = found.unit_id
left join found as registered
    on registered.kind = 'registration'
    and registered.stage = ''
    and registered.term = found.term
    and registered.unit_id is not distinct from found.unit_id
    and registered.year = found.year
where found.kind not in ('registration', 'investigated')
    and (found.stage = '' or found.unit_id is null)
order by
    found.unit_id is not null,
    units.name,
    found.unit_id,
    found.kind,
    array_position(['', 'f-3', '4-6', '7-9', 'gymnasiet'], found.stage),
    found.year,
    found.term
