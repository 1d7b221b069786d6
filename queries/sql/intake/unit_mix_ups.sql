-- One row per measured value that is a hundredth or a thousandth of what was expected: a proportion where percent was
-- meant, kronor where thousands were, or the reverse.
-- A whole column of shares between 0 and 1 is told of even where nothing is published to compare with.
-- Left out: single small shares without a published value of the same place.
with columns_of_file as (
    select
        indicator_id,
        _heading,
        count(*) filter (where value > 0) as count_filled,
        max(abs(value)) as greatest_value,
    from measured
    where value is not null
    group by indicator_id, _heading
), published as (
    select
        indicator_id,
        median(abs(value)) as middle,
    from published_before
    where value is not null
    group by indicator_id
), placed as (
    select
        municipality_id,
        indicator_id,
        unit_id,
        gender,
        operator,
        arg_max(value, year) as value_before,
        max(year) as year_before,
    from published_before
    where value is not null
    group by municipality_id, indicator_id, unit_id, gender, operator
), suspects as (
    -- Percentages above one are what they say, so most rows end here.
    select *
    from measured
    where value is not null
        and (indicator_unit <> '%' or abs(value) <= 1)
), compared as (
    select
        suspects.*,
        columns_of_file.count_filled,
        columns_of_file.greatest_value,
        published.middle,
        placed.value_before,
        placed.year_before,
        abs(suspects.value) / nullif(abs(placed.value_before), 0) as ratio,
    from suspects
    join columns_of_file
        on columns_of_file.indicator_id = suspects.indicator_id
        and columns_of_file._heading is not distinct from suspects._heading
    left join published on published.indicator_id = suspects.indicator_id
    left join placed
        on placed.municipality_id = suspects.municipality_id
        and placed.indicator_id = suspects.indicator_id
        and placed.unit_id is not distinct from suspects.unit_id
        and placed.gender = suspects.gender
        and placed.operator = suspects.operator
)
select
    'error' as severity,
    'unit' as rule,
    _sheet,
    _line,
    _heading,
    value_text,
    'ett värde i ' || coalesce(indicator_unit, 'samma enhet som förut') || case
        when ratio is null then '; alla värden i kolumnen ligger mellan 0 och 1'
        else '; ' || year_before || ' var det ' || replace(round(value_before, 2)::text, '.', ',')
    end as expected,
from compared
where (
        indicator_unit = '%'
        and greatest_value <= 1
        and count_filled >= 3
        and (indicator_kind = 'share' or middle > 2)
    )
    or (indicator_unit = '%' and abs(value_before) >= 10 and ratio between 0.007 and 0.014)
    or (indicator_unit <> '%' and (ratio between 0.0007 and 0.0014 or ratio between 700 and 1400))
