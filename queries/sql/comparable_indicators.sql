-- One row per indicator that has a value for the municipality, results first: what can be picked and looked into.
with newest as (
    select
        indicator_id,
        max(year) as newest_year,
    from comparison_values
    where municipality_id = $municipality_id
        and value is not null
    group by indicator_id
)
select
    indicators.indicator_id,
    indicators.title,
    indicators.short_name,
    indicators.dimension,
    indicators.population,
    newest.newest_year,
from newest
join indicators using (indicator_id)
order by
    list_position(['kunskap', 'trygghet', 'narvaro', 'personal', 'ekonomi', 'volym', 'bakgrund'], dimension),
    indicator_id
