-- One row per survey, question, place and year, up to a year: the result with the answers it rests on, and beside it how
-- large a share of those asked that answered. A year without a result stays a row where the source gives the reason.
-- unit_id is empty for the whole municipality. is_response_low: below the published limit. break_note tells what makes
-- a year impossible to compare with those before it, as new questions.
with told as (
    select *
    from outcome_against_target
    where municipality_id = $municipality_id
        and year <= coalesce($year::integer, year)
        and (unit_id is null or len($unit_ids) = 0 or unit_id in $unit_ids)
        -- A target alone is no outcome.
        and (value is not null or marker <> '')
), breaks as (
    select
        indicator_id,
        year,
        note,
    from series_breaks
    where (select register from municipalities where municipality_id = $municipality_id) = 'sverige'
    union
    select
        indicator_id,
        year(start_date),
        label,
    from events
    where municipality_id = $municipality_id
        and kind = 'new_method'
)
select
    surveys.survey_id,
    surveys.survey_title,
    surveys.indicator_id,
    indicators.title as indicator_title,
    indicators.short_name,
    indicators.unit,
    indicators.decimals,
    indicators.good_direction,
    told.unit_id,
    units.name as unit_name,
    told.year,
    told.value,
    told.marker,
    told.note,
    told.n,
    rate.value as response_rate,
    rate.value < $low_response as is_response_low,
    (
        select string_agg(note, ' ' order by note)
        from breaks
        where breaks.indicator_id = told.indicator_id
            and breaks.year = told.year
    ) as break_note,
    list_sort(list_distinct(list_filter([told.source_id, rate.source_id], lambda id: id is not null))) as source_ids,
from told
join surveys using (indicator_id)
join indicators using (indicator_id)
left join units
    on units.municipality_id = told.municipality_id
    and units.unit_id = told.unit_id
left join told as rate
    on rate.indicator_id = surveys.rate_id
    and rate.unit_id is not distinct from told.unit_id
    and rate.year = told.year
order by
    surveys.survey_id,
    surveys.indicator_id,
    told.unit_id is not null,
    units.name,
    told.unit_id,
    told.year
