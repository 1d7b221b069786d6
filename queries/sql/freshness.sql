-- One row per kind of data and source of a municipality: the newest year it covers and when it was published or
-- fetched. Kinds without a row are not listed here; the page says which export would fill them.
with used as (
    select 'mål' as subject, source_id, year from goals where municipality_id = $municipality_id
    union all
    select 'bedömning av mål', source_id, year from goal_verdicts where municipality_id = $municipality_id
    union all
    select 'utfall per skola', source_id, year from outcomes
    where municipality_id = $municipality_id and unit_id is not null
    union all
    select 'utfall för kommunen', source_id, year from outcomes
    where municipality_id = $municipality_id and unit_id is null
    union all
    select 'åtgärder', source_id, year from action_reports where municipality_id = $municipality_id
    union all
    select 'påpekanden', source_id, year from findings where municipality_id = $municipality_id
    union all
    select 'jämförelse', source_id, year from comparison_values where municipality_id = $municipality_id
)
select
    used.subject,
    max(used.year) as newest_year,
    sources.title,
    sources.publisher,
    coalesce(sources.retrieved_date, sources.published_date) as source_date,
    used.source_id,
from used
left join sources using (source_id)
group by all
order by used.subject, newest_year desc, source_date desc nulls last, sources.title
