-- One row per year and place for one indicator: the municipality itself ('own') and each chosen comparison, from the
-- first year to the last that any municipality has a value in. A year without a value stays a row, with its reason.
-- break_note tells what makes a year impossible to compare with those before it. p25, p50 and p75 are of all
-- municipalities with a value that year, n of them.
-- 'ar-1' and 'ar-5' have no line of their own: they are the own line, moved.
with home as (
    select
        name,
        register,
    from municipalities
    where municipality_id = $municipality_id
), indicator as (
    select *
    from indicators
    where indicator_id = $indicator_id
), spread as (
    select *
    from comparison_distributions
    where indicator_id = $indicator_id
        and gender = $gender
        and register = (select register from home)
), years as (
    select unnest(range(min(year), max(year) + 1))::integer as year
    from comparison_values
    where indicator_id = $indicator_id
        and gender = $gender
        and municipality_id in (select municipality_id from municipalities where register = (select register from home))
), breaks as (
    select
        year,
        string_agg(note, ' ' order by note) as break_note,
    from series_breaks
    where indicator_id = $indicator_id
        and (select register from home) = 'sverige'
    group by year
    union all
    select
        -- The autumn belongs to the school year that it begins.
        year(start_date) + if(period = 'school_year' and month(start_date) > 7, 1, 0),
        string_agg(label, ' ' order by label),
    from events
    join indicator using (indicator_id)
    where municipality_id = $municipality_id
        and kind = 'new_method'
    group by 1
), placed as (
    select
        years.year,
        'own' as role,
        'own' as choice_id,
        0 as place_position,
        home.name as place_name,
        comparison_values.value,
        comparison_values.status,
        null::bigint as count_members,
        null::bigint as count_of_members,
        comparison_values.count_higher,
        comparison_values.count_lower,
        comparison_values.source_id,
    from years
    cross join home
    left join comparison_values
        on comparison_values.indicator_id = $indicator_id
        and comparison_values.municipality_id = $municipality_id
        and comparison_values.year = years.year
        and comparison_values.gender = $gender
    union all by name
    select
        years.year,
        'comparison' as role,
        places.* exclude (count_of_members),
        found.* exclude (choice_id, indicator_id, year),
        nullif(places.count_of_members, 0) as count_of_members,
    from years
    cross join chosen_places($compare_with, $municipality_id) as places
    left join chosen_values($compare_with, $gender, $municipality_id) as found
        on found.choice_id = places.choice_id
        and found.indicator_id = $indicator_id
        and found.year = years.year
)
select
    placed.* exclude (count_higher, count_lower, status),
    coalesce(
        placed.status,
        case
            when placed.value is not null then ''
            when $gender <> 'T' and not indicator.is_by_gender then 'not_by_gender'
            else 'not_published'
        end
    ) as status,
    spread.n,
    spread.p25,
    spread.p50,
    spread.p75,
    case indicator.good_direction
        when 'up' then placed.count_higher + 1
        when 'down' then placed.count_lower + 1
    end as rank,
    quarter_of(rank, spread.n) as quarter,
    targets.operator as target_operator,
    targets.target_value,
    breaks.break_note,
    indicator.unit,
    indicator.decimals,
    indicator.period,
    indicator.good_direction,
from placed
cross join indicator
left join spread using (year)
left join breaks using (year)
left join targets
    on targets.municipality_id = $municipality_id
    and targets.indicator_id = $indicator_id
    and targets.unit_id is null
    and targets.year = placed.year
    and $gender = 'T'
order by
    placed.year,
    place_position
