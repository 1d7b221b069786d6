-- One row per file whose values would take the place of values that were fetched later: an old download, most likely.
-- Left out: values that are the same, and sources whose day nobody noted.
with told as (
    select
        source_id,
        retrieved_date,
    from base.sources
    union all
    select
        source_id,
        retrieved_date,
    from sources_of_file
), replaced as (
    select
        count(*) as count_values,
        min(new_source.retrieved_date) as retrieved_date,
        max(old_source.retrieved_date) as published_date,
    from measured
    join published_before
        on published_before.municipality_id = measured.municipality_id
        and published_before.indicator_id = measured.indicator_id
        and published_before.unit_id is not distinct from measured.unit_id
        and published_before.year = measured.year
        and published_before.gender = measured.gender
        and published_before.operator = measured.operator
        and published_before.value is distinct from measured.value
    join told as new_source on new_source.source_id = measured.source_id
    join told as old_source on old_source.source_id = published_before.source_id
    where new_source.retrieved_date < old_source.retrieved_date
)
select
    'warning' as severity,
    'older' as rule,
    null as _sheet,
    null::bigint as _line,
    null as _heading,
    null as value_text,
    count_values || ' värden hämtades ' || retrieved_date || ', före de som är publicerade (' || published_date
        || '). Är det rätt fil?' as expected,
from replaced
where count_values > 0
