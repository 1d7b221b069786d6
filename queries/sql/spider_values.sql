-- One row per indicator of a profile, or of one's own choice, and place: the municipality itself ('own'), each chosen
-- comparison ('comparison': a municipality, the country as a weighted whole, a group's unweighted mean, the unweighted
-- mean of all, or the municipality itself some years back) and the decided target where there is one ('target').
-- scaled is 0–100 by RKA's published recipe: the 2.5th percentile of municipalities with a value is 0, the 97.5th is
-- 100, what lies outside is cut, and a low-is-good indicator is turned round, once. The scale is that of the spoke's
-- year, also for earlier values. percentile is the rank scale, among the municipalities of the value's own year; it is
-- empty where a place is no municipality and not all municipalities' values are here.
-- Indicators without a good direction have neither, and no rank.
-- Each spoke has one year: $year, or without it the newest in which the municipality has a value.
-- A missing value stays a row: status says why ('Missing', 'Privacy', 'Not applicable', 'not_by_gender',
-- 'not_published'). n is empty where no municipality has a value.
with home as (
    select
        municipality_id,
        name,
        register,
    from municipalities
    where municipality_id = $municipality_id
), picked as (
    select
        indicator_id,
        position,
    from profiles
    where profile_id = $profile_id
        and len($indicator_ids) = 0
    union all
    -- Own picks stand in the order of the indicators, not of the picking: the same choice has the same shape.
    select
        indicator_id,
        row_number() over (
            order by
                list_position(['kunskap', 'trygghet', 'narvaro', 'personal', 'ekonomi', 'volym', 'bakgrund'], dimension),
                indicator_id
        ),
    from indicators
    where indicator_id in $indicator_ids
), newest as (
    select
        indicator_id,
        max(year) filter (where value is not null) as year,
    from comparison_values
    where municipality_id = $municipality_id
        and gender = $gender
    group by indicator_id
), spokes as (
    select
        indicators.*,
        picked.position,
        coalesce($year::integer, newest.year) as year,
    from picked
    join indicators using (indicator_id)
    left join newest using (indicator_id)
), own_places as (
    select 'own' as role, 'own' as choice_id, 0 as place_position, name as place_name, 0 as years_back
    from home
    union all
    select 'comparison', choice_id, list_position($compare_with::text[], choice_id),
        name || ' ' || years_back || ' år tidigare', years_back
    from home, (values ('ar-1', 1), ('ar-5', 5)) as back(choice_id, years_back)
    where choice_id in $compare_with
), own_values as (
    select
        spokes.indicator_id,
        own_places.* exclude (years_back),
        spokes.year - own_places.years_back as value_year,
        comparison_values.value,
        comparison_values.status,
        null::bigint as count_members,
        null::bigint as count_of_members,
        null::text as target_operator,
        comparison_values.count_higher,
        comparison_values.count_lower,
        comparison_values.source_id,
    from spokes
    cross join own_places
    left join comparison_values
        on comparison_values.indicator_id = spokes.indicator_id
        and comparison_values.municipality_id = $municipality_id
        and comparison_values.year = spokes.year - own_places.years_back
        and comparison_values.gender = $gender
), others as (
    select
        spokes.indicator_id,
        'comparison' as role,
        places.choice_id,
        places.place_position,
        places.place_name,
        spokes.year as value_year,
        found.value,
        found.status,
        if(places.choice_id = 'medel', found.count_members, coalesce(found.count_members, 0)) as count_members,
        nullif(places.count_of_members, 0) as count_of_members,
        null::text as target_operator,
        found.count_higher,
        found.count_lower,
        found.source_id,
    from spokes
    cross join chosen_places($compare_with, $municipality_id) as places
    left join chosen_values($compare_with, $gender, $municipality_id) as found
        on found.choice_id = places.choice_id
        and found.indicator_id = spokes.indicator_id
        and found.year = spokes.year
), decided as (
    select
        spokes.indicator_id,
        'target' as role,
        'target' as choice_id,
        9 as place_position,
        'Målvärde' as place_name,
        spokes.year as value_year,
        targets.target_value as value,
        targets.operator as target_operator,
        targets.source_id,
    from spokes
    join targets
        on targets.municipality_id = $municipality_id
        and targets.indicator_id = spokes.indicator_id
        and targets.unit_id is null
        and targets.year = spokes.year
    where $gender = 'T'
), placed as (
    from own_values
    union all
    from others
    union all by name
    from decided
), counted as (
    -- Where a place that has no stored rank would stand, which can only be told when all municipalities are here.
    select
        placed.indicator_id,
        placed.choice_id,
        count(*) filter (where others.value > placed.value) as count_higher,
        count(*) filter (where others.value < placed.value) as count_lower,
        count(others.value) as n,
    from placed
    join comparison_values as others
        on others.indicator_id = placed.indicator_id
        and others.year = placed.value_year
        and others.gender = $gender
    join municipalities
        on municipalities.municipality_id = others.municipality_id
        and municipalities.kind = 'municipality'
        and municipalities.register = (select register from home)
    where placed.value is not null
        and placed.count_higher is null
    group by all
), scaled as (
    select
        spokes.* exclude (dimension, value_kind, is_survey, source, description),
        spokes.source as publisher,
        placed.* exclude (indicator_id, status, count_higher, count_lower, source_id),
        coalesce(
            placed.status,
            case
                when placed.value is not null then ''
                when $gender <> 'T' and not spokes.is_by_gender then 'not_by_gender'
                else 'not_published'
            end
        ) as status,
        ranked.n,
        distribution.p2_5,
        distribution.p25,
        distribution.p50,
        distribution.p75,
        distribution.p97_5,
        distribution.mean,
        case spokes.good_direction
            when 'up' then placed.count_higher
            when 'down' then placed.count_lower
        end as count_better,
        case spokes.good_direction
            when 'up' then if(counted.n = ranked.n, counted.count_higher, null)
            when 'down' then if(counted.n = ranked.n, counted.count_lower, null)
        end as count_better_here,
        case spokes.good_direction when 'up' then 1 when 'down' then -1 end as direction,
        coalesce(placed.source_id, distribution.source_id) as source_id,
    from spokes
    join placed using (indicator_id)
    left join counted using (indicator_id, choice_id)
    left join comparison_distributions as distribution
        on distribution.indicator_id = spokes.indicator_id
        and distribution.year = spokes.year
        and distribution.gender = $gender
        and distribution.register = (select register from home)
    left join comparison_distributions as ranked
        on ranked.indicator_id = spokes.indicator_id
        and ranked.year = placed.value_year
        and ranked.gender = $gender
        and ranked.register = (select register from home)
)
select
    * exclude (direction, count_better, count_better_here),
    count_better + 1 as rank,
    quarter_of(count_better + 1, n) as quarter,
    scale_to_100(value, p2_5, p97_5, direction) as scaled,
    rank_to_100(coalesce(count_better, count_better_here), n) as percentile,
    least(scale_to_100(p25, p2_5, p97_5, direction), scale_to_100(p75, p2_5, p97_5, direction)) as band_low,
    greatest(scale_to_100(p25, p2_5, p97_5, direction), scale_to_100(p75, p2_5, p97_5, direction)) as band_high,
from scaled
order by
    position,
    place_position
