-- One row per indicator of data/indicators.csv, and one per indicator of a publisher's list that has values to compare.
-- Titles are the publisher's where its list has the indicator. is_described tells the two apart: of an indicator that
-- nobody has described here only the list is known, so its unit and population are read from its title, and it has no
-- good direction. unit is empty where the title ends with none, population where the title names none.
with compared as (
    select distinct indicator_id
    from published.comparison_values
), listed as (
    select
        indicator_register.*,
        -- What stands in brackets after the unit, such as (KKiK) or (-2024), says nothing of it.
        regexp_replace(title, '( *\([^%()]*\))+$', '') as plain_title,
    from published.indicator_register
    join compared using (indicator_id)
    where indicator_id not in (select indicator_id from published.indicators)
)
select
    indicators.indicator_id,
    coalesce(indicator_register.title, indicators.title) as title,
    indicators.short_name,
    indicators.unit,
    indicators.decimals::integer as decimals,
    indicators.good_direction,
    indicators.value_kind,
    indicators.is_survey = 'true' as is_survey,
    indicators.dimension,
    indicators.population,
    indicators.period,
    indicators.source,
    indicators.definition,
    indicator_register.description,
    indicator_register.is_by_gender,
    indicator_register.has_unit_values,
    indicator_register.next_publication_date,
    indicator_register.preliminary_date,
    indicator_register.publication_period,
    indicator_register.ended_year,
    indicator_register.source_id as register_source_id,
    true as is_described,
from published.indicators
left join published.indicator_register using (indicator_id)
union all
select
    indicator_id,
    title,
    indicator_id as short_name,
    case
        when contains(right(plain_title, 40), '(%)') then '%'
        when contains(plain_title, 'meritvärdespoäng') then 'poäng'
        else nullif(regexp_extract(plain_title, ', ((?:kr|antal)/.+|poäng|procentenheter|miljoner kronor)$', 1), '')
    end as unit,
    1 as decimals,
    'none' as good_direction,
    'amount' as value_kind,
    false as is_survey,
    null as dimension,
    case
        when contains(lower(title), 'hemkommun') then 'hemkommun'
        when contains(lower(title), 'lägeskommun') then 'lägeskommun'
        when regexp_matches(lower(title), 'kommunala? (skol|grundskol|gymnasieskol|förskol|fritidshem|regi)')
            then 'kommunala skolor'
    end as population,
    'calendar_year' as period,
    'Kolada' as source,
    description as definition,
    description,
    is_by_gender,
    has_unit_values,
    next_publication_date,
    preliminary_date,
    publication_period,
    ended_year,
    source_id as register_source_id,
    false as is_described,
from listed
