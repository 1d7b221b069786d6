-- One row per municipality of the register for one indicator, year and gender, with its value or the reason for none,
-- from the lowest value to the highest.
-- Without $year: the newest in which the municipality itself has a value. Where only some municipalities are here, n
-- still counts all that have a value.
with home as (
    select register
    from municipalities
    where municipality_id = $municipality_id
), shown as (
    select coalesce($year::integer, max(year) filter (where value is not null)) as year
    from comparison_values
    where indicator_id = $indicator_id
        and municipality_id = $municipality_id
        and gender = $gender
), compared as (
    select distinct member_id
    from comparison_places
    where choice_id in $compare_with
), ranked as (
    select
        municipalities.municipality_id,
        municipalities.name,
        municipalities.municipality_id = $municipality_id as is_own,
        municipalities.municipality_id in (select member_id from compared) as is_compared,
        comparison_values.year,
        comparison_values.value,
        comparison_values.status,
        spread.n,
        spread.p2_5,
        spread.p25,
        spread.p50,
        spread.p75,
        spread.p97_5,
        case indicators.good_direction
            when 'up' then comparison_values.count_higher + 1
            when 'down' then comparison_values.count_lower + 1
        end as rank,
        indicators.good_direction,
        indicators.unit,
        indicators.decimals,
        indicators.period,
        comparison_values.source_id,
    from comparison_values
    join shown using (year)
    join indicators using (indicator_id)
    join municipalities
        on municipalities.municipality_id = comparison_values.municipality_id
        and municipalities.kind = 'municipality'
        and municipalities.register = (select register from home)
    left join comparison_distributions as spread
        on spread.indicator_id = comparison_values.indicator_id
        and spread.year = comparison_values.year
        and spread.gender = $gender
        and spread.register = municipalities.register
    where comparison_values.indicator_id = $indicator_id
        and comparison_values.gender = $gender
)
select
    *,
    quarter_of(rank, n) as quarter,
from ranked
order by
    value,
    name
