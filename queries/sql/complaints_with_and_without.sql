-- One row per kind of count (complaints, reported violations), place and year, up to a year, that has a figure or a named
-- event: the count with what the event brought, and without. Neither is ever given alone: one that the source does not
-- give is empty. unit_id is empty for the whole municipality, which every unit's event belongs to as well; an event
-- without a unit is named at the units where it made a difference.
with pairs (count_id, with_id, without_id) as (
    values ('complaints', 'L13', 'L14'), ('violations', 'L49', 'L50')
), counts as (
    select
        count_id,
        unit_id,
        year,
        any_value(value) filter (where indicator_id = with_id) as count_with,
        any_value(value) filter (where indicator_id = without_id) as count_without,
        list(distinct source_id order by source_id) as source_ids,
    from outcome_against_target
    join pairs on indicator_id in (with_id, without_id)
    where municipality_id = $municipality_id
        and value is not null
    group by all
), named as (
    select
        events.* exclude (municipality_id),
        count_id,
        unnest(range(year(start_date), year(coalesce(end_date, start_date)) + 1))::integer as year,
    from events
    join pairs on indicator_id in (with_id, without_id)
    where municipality_id = $municipality_id
        and kind = 'excluded'
), differing as (
    select named.* replace (counts.unit_id as unit_id)
    from named
    join counts using (count_id, year)
    where named.unit_id is null
        and count_with <> count_without
), of_place as (
    select
        count_id,
        unit_id,
        year,
        string_agg(distinct label, '; ' order by label) as event_label,
        min(start_date) as event_start,
        max(end_date) as event_end,
        list(distinct source_id order by source_id) as source_ids,
    from (
        from named
        union all
        from differing
        union all
        select * replace (null as unit_id) from named
    )
    group by all
), told as (
    select
        count_id,
        unit_id,
        year,
        any_value(count_with) as count_with,
        any_value(count_without) as count_without,
        any_value(event_label) as event_label,
        any_value(event_start) as event_start,
        any_value(event_end) as event_end,
        list_sort(list_distinct(flatten(list(source_ids)))) as source_ids,
    from (from counts union all by name from of_place)
    group by all
)
select
    told.count_id,
    told.unit_id,
    units.name as unit_name,
    told.* exclude (count_id, unit_id),
from told
left join units
    on units.municipality_id = $municipality_id
    and units.unit_id = told.unit_id
where told.year <= coalesce($year::integer, told.year)
    and (told.unit_id is null or len($unit_ids) = 0 or told.unit_id in $unit_ids)
order by
    told.count_id,
    told.unit_id is not null,
    units.name,
    told.unit_id,
    told.year
