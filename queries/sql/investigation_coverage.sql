-- One row per unit with figures of absence in a school year: the share of its pupils over the absence limit that have a
-- started investigation, the lowest first. Without $year: the newest with such a share anywhere.
-- n is the number of pupils over the limit, empty where the share is hidden: it would tell how many are absent.
-- is_told is false where the unit has figures of absence but none of investigations: a gap, not a zero.
-- is_registration_low: so little attendance was registered that pupils over the limit may be missing from n.
with measures as (
    select
        indicator_id,
        kind,
    from absence_measures
    where stage is null
        and term is null
), shown as (
    select coalesce($year::integer, max(year) filter (where kind = 'investigated'), max(year)) as year
    from outcome_against_target
    join absence_measures using (indicator_id)
    where municipality_id = $municipality_id
        and (value is not null or marker <> '')
), counted as (
    select distinct unit_id
    from outcome_against_target
    join shown using (year)
    join absence_measures using (indicator_id)
    where municipality_id = $municipality_id
        and unit_id is not null
        and kind in ('over_20', 'over_40', 'investigated')
        and (value is not null or marker <> '')
        and (len($unit_ids) = 0 or unit_id in $unit_ids)
), told as (
    select outcome_against_target.*, measures.kind
    from outcome_against_target
    join shown using (year)
    join measures using (indicator_id)
    where municipality_id = $municipality_id
        and (value is not null or marker <> '')
)
select
    counted.unit_id,
    units.name as unit_name,
    units.area,
    shown.year,
    share.value,
    coalesce(share.marker, '') as marker,
    share.note,
    if(share.value is null, null, share.n) as n,
    share.kind is not null as is_told,
    absent.value as over_20,
    coalesce(absent.marker, '') as over_20_marker,
    registered.value as registration,
    registered.value < $low_registration as is_registration_low,
    whole.value as municipality_value,
    if(whole.value is null, null, whole.n) as municipality_n,
    list_sort(
        list_distinct(
            list_filter([share.source_id, absent.source_id, registered.source_id], lambda id: id is not null)
        )
    ) as source_ids,
from counted
cross join shown
join units
    on units.municipality_id = $municipality_id
    and units.unit_id = counted.unit_id
left join told as share on share.unit_id = counted.unit_id and share.kind = 'investigated'
left join told as absent on absent.unit_id = counted.unit_id and absent.kind = 'over_20'
left join told as registered on registered.unit_id = counted.unit_id and registered.kind = 'registration'
left join told as whole on whole.unit_id is null and whole.kind = 'investigated'
order by
    share.value nulls last,
    is_told desc,
    units.name
