-- One row per municipality, indicator, unit (empty = the whole municipality) and year, both genders together, with
-- the outcome and the decided target where there is one. is_reached is empty where either is missing, or where
-- "nära 100 %" leaves it open.
with shown as (
    select *
    from outcomes
    where gender = 'T'
        and (unit_id is not null or operator <> 'enskild')
), near_end as (
    select pupils
    from limits
    where name = 'near_end'
), totals as (
    -- A municipality may be given for its own schools and for all: its own schools are what a target is about.
    select *
    from shown
    where operator = 'kommunal'
    union all
    select *
    from shown
    where operator <> 'kommunal'
        and not exists (
            select 1
            from shown as better
            where better.municipality_id = shown.municipality_id
                and better.indicator_id = shown.indicator_id
                and better.unit_id is not distinct from shown.unit_id
                and better.year = shown.year
                and (better.operator = 'kommunal' or better.operator < shown.operator)
        )
)
select
    coalesce(totals.municipality_id, targets.municipality_id) as municipality_id,
    coalesce(totals.indicator_id, targets.indicator_id) as indicator_id,
    coalesce(totals.unit_id, targets.unit_id) as unit_id,
    coalesce(totals.year, targets.year) as year,
    totals.value,
    coalesce(totals.marker, '') as marker,
    totals.note,
    totals.n,
    targets.operator as target_operator,
    targets.target_value,
    case targets.operator
        when '>=' then case
            when totals.marker = '~100' and targets.target_value <= 100 - 100.0 * near_end.pupils / totals.n then true
            when totals.marker = '~0' and targets.target_value > 100.0 * near_end.pupils / totals.n then false
            else totals.value >= targets.target_value
        end
        when '<=' then case
            when totals.marker = '~0' and targets.target_value >= 100.0 * near_end.pupils / totals.n then true
            when totals.marker = '~100' and targets.target_value < 100 - 100.0 * near_end.pupils / totals.n then false
            else totals.value <= targets.target_value
        end
        when '=' then totals.value = targets.target_value
    end as is_reached,
    coalesce(totals.source_id, targets.source_id) as source_id,
from totals
cross join near_end
full join targets
    on targets.municipality_id = totals.municipality_id
    and targets.indicator_id = totals.indicator_id
    and targets.unit_id is not distinct from totals.unit_id
    and targets.year = totals.year
