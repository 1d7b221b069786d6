-- One row per kind of data and source of a municipality: the newest year it covers, for monthly values the newest
-- month with an outcome too, and when it was published or fetched. Kinds without a row are not listed here; the page
-- says which export would fill them.
with used as (
    select 'mål' as subject, source_id, year, null::date as month from goals where municipality_id = $municipality_id
    union all
    select 'bedömning av mål', source_id, year, null from goal_verdicts where municipality_id = $municipality_id
    union all
    select 'utfall per skola', source_id, year, null from outcomes
    where municipality_id = $municipality_id and unit_id is not null
    union all
    select 'utfall för kommunen', source_id, year, null from outcomes
    where municipality_id = $municipality_id and unit_id is null
    union all
    select 'åtgärder', source_id, year, null from action_reports where municipality_id = $municipality_id
    union all
    select 'påpekanden', source_id, year, null from findings where municipality_id = $municipality_id
    union all
    select 'jämförelse', source_id, year, null from comparison_values where municipality_id = $municipality_id
    union all
    select 'månadsvärden', source_id, year(month), month from monthly_values
    where municipality_id = $municipality_id and kind = 'outcome'
    union all
    select 'resultatenheter', source_id, year, null from unit_results
    where municipality_id = $municipality_id
    union all
    select 'frågor till dialogmöten', source_id, year(meeting_date), null from meeting_questions
    where municipality_id = $municipality_id
)
select
    used.subject,
    max(used.year) as newest_year,
    max(used.month) as newest_month,
    sources.title,
    sources.publisher,
    coalesce(sources.retrieved_date, sources.published_date) as source_date,
    used.source_id,
from used
left join sources using (source_id)
group by all
order by used.subject, newest_year desc, newest_month desc nulls last, source_date desc nulls last, sources.title
