-- One row per year and place for one indicator: the municipality itself ('own') and each chosen comparison, from the
-- first year to the last that any municipality has a value in. A year without a value stays a row, with its reason.
-- break_note tells what makes a year impossible to compare with those before it. p25, p50 and p75 are of all
-- municipalities with a value that year, n of them.
-- 'ar-1' and 'ar-5' have no line of their own: they are the own line, moved.
with home as (
    select
        municipality_id,
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
        and municipality_id in (
            select municipalities.municipality_id
            from municipalities
            join home using (register)
        )
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
), chosen as (
    select
        unnest($compare_with::text[]) as choice_id,
        generate_subscripts($compare_with::text[], 1) as place_position,
), places as (
    select 'own' as role, 'own' as choice_id, 0 as place_position, name as place_name, municipality_id as member_id
    from home
    union all
    select 'comparison', choice_id, place_position, title, member_id
    from chosen
    join comparison_places using (choice_id)
    where register = (select register from home)
), placed as (
    select
        years.year,
        places.* exclude (member_id),
        if(count(*) = 1, any_value(comparison_values.value), round(avg(comparison_values.value), 6)) as value,
        if(count(*) = 1, any_value(comparison_values.status), null) as status,
        count(comparison_values.value) as count_members,
        count(*) as count_of_members,
        if(count(*) = 1, any_value(comparison_values.count_higher), null) as count_higher,
        if(count(*) = 1, any_value(comparison_values.count_lower), null) as count_lower,
        max(comparison_values.source_id) as source_id,
    from years
    cross join places
    left join comparison_values
        on comparison_values.indicator_id = $indicator_id
        and comparison_values.municipality_id = places.member_id
        and comparison_values.year = years.year
        and comparison_values.gender = $gender
    group by all
    union all
    select years.year, 'comparison', choice_id, place_position, 'Ovägt medel', spread.mean, null, spread.n, null, null,
        null, spread.source_id,
    from years
    cross join chosen
    left join spread using (year)
    where choice_id = 'medel'
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
