-- One row per indicator of a profile and place: the municipality itself ('own'), the country as a weighted whole
-- ('country') and the one chosen comparison ('comparison': a municipality, a group's unweighted mean, the unweighted
-- mean of all, or the municipality itself some years back).
-- scaled is 0–100 by RKA's published recipe: the 2.5th percentile of municipalities with a value is 0, the 97.5th is
-- 100, what lies outside is cut, and a low-is-good indicator is turned round, once. The scale is that of the spoke's
-- year, also for earlier values. Indicators without a good direction have no scaled value and no rank.
-- Each spoke has one year: $year, or without it the newest in which the municipality has a value.
-- A missing value stays a row: status says why ('Missing', 'Privacy', 'Not applicable', 'not_published').
with home as (
    select
        municipality_id,
        name,
        register,
    from municipalities
    where municipality_id = $municipality_id
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
        profiles.position,
        coalesce($year::integer, newest.year) as year,
    from profiles
    join indicators using (indicator_id)
    left join newest using (indicator_id)
    where profiles.profile_id = $profile_id
), group_values as (
    select
        spokes.indicator_id,
        any_value(municipality_groups.title) as place_name,
        round(avg(comparison_values.value), 6) as value,
        count(comparison_values.value) as count_members,
        max(comparison_values.source_id) as source_id,
    from spokes
    join comparison_values using (indicator_id, year)
    join municipality_groups
        on municipality_groups.member_id = comparison_values.municipality_id
        and municipality_groups.group_id = $compare_with
    where comparison_values.gender = $gender
    group by spokes.indicator_id
), places as (
    select 'own' as role, municipality_id, name as place_name, 0 as years_back from home
    union all
    select 'country', municipalities.municipality_id, municipalities.name, 0
    from municipalities
    join home using (register)
    where municipalities.kind = 'country'
    union all
    select 'comparison', municipality_id, name, 0
    from municipalities
    where municipality_id = $compare_with
        and register = (select register from home)
    union all
    select 'comparison', municipality_id, name || ' ' || years_back || ' år tidigare', years_back
    from home, (values ('ar-1', 1), ('ar-5', 5)) as back(choice, years_back)
    where choice = $compare_with
), placed as (
    select
        spokes.indicator_id,
        places.role,
        places.place_name,
        spokes.year - places.years_back as value_year,
        comparison_values.value,
        coalesce(comparison_values.status, 'not_published') as status,
        null::bigint as count_members,
        comparison_values.count_higher,
        comparison_values.count_lower,
        comparison_values.source_id,
    from spokes
    cross join places
    left join comparison_values
        on comparison_values.indicator_id = spokes.indicator_id
        and comparison_values.municipality_id = places.municipality_id
        and comparison_values.year = spokes.year - places.years_back
        and comparison_values.gender = $gender
    union all
    select
        spokes.indicator_id,
        'comparison',
        coalesce(group_values.place_name, (
            select any_value(title) from municipality_groups where group_id = $compare_with
        )),
        spokes.year,
        group_values.value,
        case when group_values.value is null then 'not_published' else '' end,
        group_values.count_members,
        null,
        null,
        group_values.source_id,
    from spokes
    left join group_values using (indicator_id)
    where $compare_with in (select group_id from municipality_groups)
    union all
    select
        spokes.indicator_id,
        'comparison',
        'Ovägt medel',
        spokes.year,
        comparison_distributions.mean,
        case when comparison_distributions.mean is null then 'not_published' else '' end,
        comparison_distributions.n,
        null,
        null,
        comparison_distributions.source_id,
    from spokes
    left join comparison_distributions
        on comparison_distributions.indicator_id = spokes.indicator_id
        and comparison_distributions.year = spokes.year
        and comparison_distributions.gender = $gender
        and comparison_distributions.register = (select register from home)
    where $compare_with = 'medel'
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
        placed.role,
        placed.place_name,
        placed.value_year,
        placed.value,
        placed.status,
        placed.count_members,
        -- The rank is among the municipalities of the value's own year; only the scale is the spoke's.
        ranked.n,
        distribution.p2_5,
        distribution.p25,
        distribution.p50,
        distribution.p75,
        distribution.p97_5,
        distribution.mean,
        case spokes.good_direction
            when 'up' then placed.count_higher + 1
            when 'down' then placed.count_lower + 1
        end as rank,
        case spokes.good_direction when 'up' then 1 when 'down' then -1 end as direction,
        coalesce(placed.source_id, distribution.source_id) as source_id,
    from spokes
    join placed using (indicator_id)
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
    * exclude (direction),
    case
        when rank is null or n is null then null
        when rank <= 0.25 * n then 'best_quarter'
        when rank > 0.75 * n then 'worst_quarter'
        else 'middle'
    end as quarter,
    scale_to_100(value, p2_5, p97_5, direction) as scaled,
    least(scale_to_100(p25, p2_5, p97_5, direction), scale_to_100(p75, p2_5, p97_5, direction)) as band_low,
    greatest(scale_to_100(p25, p2_5, p97_5, direction), scale_to_100(p75, p2_5, p97_5, direction)) as band_high,
from scaled
order by
    position,
    case role when 'own' then 1 when 'country' then 2 else 3 end
