-- One row per indicator that only units of the municipality have a value for, results first: it can be looked into,
-- school by school, and is held against nobody.
select
    indicators.indicator_id,
    indicators.title,
    indicators.short_name,
    indicators.dimension,
    indicators.population,
    told.newest_year,
from unit_only($municipality_id) as told
join indicators using (indicator_id)
order by
    list_position(['kunskap', 'trygghet', 'narvaro', 'personal', 'ekonomi', 'volym', 'bakgrund'], dimension),
    indicator_id
