-- One row per indicator that has a value for the municipality, by subject: what can be picked and looked into.
select
    indicators.indicator_id,
    indicators.title,
    indicators.short_name,
    indicators.dimension,
    indicators.population,
    max(comparison_values.year) as newest_year,
from comparison_values
join indicators using (indicator_id)
where comparison_values.municipality_id = $municipality_id
    and comparison_values.value is not null
group by all
order by
    indicators.dimension,
    indicators.indicator_id
