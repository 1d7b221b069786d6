-- One row per measured value that is a hundredth or a thousandth of what was expected: a proportion where percent was
-- meant, kronor where thousands were, or the reverse.
-- A whole column of shares between 0 and 1 is told of even where nothing is published to compare with.
-- Left out: single small shares without a published value of the same place.
with grouped as (
    select
        *,
        count(*) filter (where value > 0) over same as count_filled,
        max(abs(value)) over same as greatest_value,
    from measured
    where value is not null
    window same as (partition by indicator_id, _heading)
), published as (
    select
        indicator_id,
        median(abs(value)) as middle,
    from published_before
    where value is not null
    group by indicator_id
), placed as (
    select
        published_before.*,
        row_number() over (
            partition by municipality_id, indicator_id, unit_id, gender, operator order by year desc
        ) as from_last,
    from published_before
    where value is not null
), compared as (
    select
        grouped.*,
        published.middle,
        abs(grouped.value) / nullif(abs(placed.value), 0) as ratio,
        placed.value as value_before,
        placed.year as year_before,
    from grouped
    left join published using (indicator_id)
    left join placed
        on placed.from_last = 1
        and placed.municipality_id = grouped.municipality_id
        and placed.indicator_id = grouped.indicator_id
        and placed.unit_id is not distinct from grouped.unit_id
        and placed.gender = grouped.gender
        and placed.operator = grouped.operator
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
    or (indicator_unit = '%' and abs(value) <= 1 and abs(value_before) >= 10 and ratio between 0.007 and 0.014)
    or (indicator_unit <> '%' and (ratio between 0.0007 and 0.0014 or ratio between 700 and 1400))
