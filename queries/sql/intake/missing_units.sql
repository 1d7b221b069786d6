-- One row per unit that had values in the newest published year of an indicator that the file tells of, and that the
-- file does not mention at all.
with told as (
    select
        municipality_id,
        indicator_id,
        max(year) as year,
    from rows_of_file
    where unit_id is not null
    group by municipality_id, indicator_id
), earlier as (
    select
        published.municipality_id,
        published.unit_id,
        dense_rank() over (
            partition by published.municipality_id, published.indicator_id order by published.year desc
        ) as from_last,
    from base.outcomes as published
    join told
        on told.municipality_id = published.municipality_id
        and told.indicator_id = published.indicator_id
        and told.year >= published.year
    where published.unit_id is not null
)
select distinct
    coalesce(units.name, earlier.unit_id) as name,
from earlier
left join base.units as units using (municipality_id, unit_id)
where earlier.from_last = 1
    and not exists (
        select 1
        from rows_of_file
        where rows_of_file.municipality_id = earlier.municipality_id
            and rows_of_file.unit_id = earlier.unit_id
    )
order by name
