-- One row per indicator of a profile and place, for units against each other and against their municipality.
-- Units have no published distribution of their own: all are placed on the scale of the country's municipalities, as
-- in spider_values. Hidden values stay hidden: value is empty and marker and note say why.
with home as (
    select register
    from municipalities
    where municipality_id = $municipality_id
), newest as (
    select
        indicator_id,
        max(year) as year,
    from outcomes
    where municipality_id = $municipality_id
        and unit_id in $unit_ids
        and value is not null
    group by indicator_id
), spokes as (
    select
        indicators.*,
        profiles.position,
        coalesce($year::integer, newest.year) as year,
    from profiles
    join indicators using (indicator_id)
    left join newest using (indicator_id)
    where profiles.profile_id = $profile_id
        and indicator_id in (
            select indicator_id
            from outcomes
            where municipality_id = $municipality_id
                and unit_id is not null
        )
), places as (
    select unit_id, name as place_name, 'own' as role, row_number() over (order by name) - 1 as place_position
    from units
    where municipality_id = $municipality_id
        and unit_id in $unit_ids
    union all
    select null, name, 'municipality', 9
    from municipalities
    where municipality_id = $municipality_id
), scaled as (
    select
        spokes.position,
        spokes.indicator_id,
        spokes.title,
        spokes.short_name,
        spokes.unit,
        spokes.decimals,
        spokes.good_direction,
        spokes.population,
        spokes.period,
        spokes.definition,
        spokes.year,
        places.role,
        places.unit_id,
        places.place_name,
        places.place_position,
        measured.value,
        coalesce(measured.marker, '') as marker,
        measured.note,
        measured.n,
        distribution.p2_5,
        distribution.p25,
        distribution.p75,
        distribution.p97_5,
        distribution.n as count_municipalities,
        case spokes.good_direction when 'up' then 1 when 'down' then -1 end as direction,
        coalesce(measured.source_id, distribution.source_id) as source_id,
    from spokes
    cross join places
    left join outcome_against_target as measured
        on measured.municipality_id = $municipality_id
        and measured.indicator_id = spokes.indicator_id
        and measured.unit_id is not distinct from places.unit_id
        and measured.year = spokes.year
    left join comparison_distributions as distribution
        on distribution.indicator_id = spokes.indicator_id
        and distribution.year = spokes.year
        and distribution.gender = 'T'
        and distribution.register = (select register from home)
)
select
    * exclude (direction),
    scale_to_100(value, p2_5, p97_5, direction) as scaled,
    least(scale_to_100(p25, p2_5, p97_5, direction), scale_to_100(p75, p2_5, p97_5, direction)) as band_low,
    greatest(scale_to_100(p25, p2_5, p97_5, direction), scale_to_100(p75, p2_5, p97_5, direction)) as band_high,
from scaled
order by
    position,
    place_position
