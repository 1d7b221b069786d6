-- One row per measured value that lies far from the one before of the same place, within four years: swapped columns
-- look like this, and so does a truth that is worth a second look. Warnings, never errors.
-- Left out: shares of fewer than fifteen pupils, which jump by themselves, values that the unit check takes, and
-- municipalities that are only compared with: in a whole country some always leap, and nobody here can look into it.
with all_values as (
    select
        -- One number for the whole key: half the time of five texts.
        hash(municipality_id, indicator_id, unit_id, gender, operator) as place, year, value, n,
        null as _sheet, null as _line, null as _heading, null as value_text,
        null as indicator_kind, null as indicator_unit, false as is_new,
    from published_before
    where value is not null
    union all
    select
        hash(municipality_id, indicator_id, unit_id, gender, operator), year, value, n,
        _sheet, _line, _heading, value_text,
        indicator_kind, indicator_unit, true,
    from measured
    where value is not null
        and municipality_id in (select municipality_id from base.municipalities where has_own_data)
), followed as (
    select
        *,
        lag(value) over same as value_before,
        lag(year) over same as year_before,
    from all_values
    window same as (partition by place order by year, is_new)
)
select
    'warning' as severity,
    'jump' as rule,
    _sheet,
    _line,
    _heading,
    value_text,
    'ett värde närmare ' || replace(round(value_before, 1)::text, '.', ',') || ', som det var ' || year_before as expected,
from followed
where is_new
    and year - year_before <= 4
    and value_before <> value
    and case
        when indicator_kind = 'share' then abs(value - value_before) >= 40 and coalesce(n, 15) >= 15
        when indicator_kind = 'mean' then greatest(value, value_before) > 1.6 * least(value, value_before)
        when indicator_unit = '%' then abs(value - value_before) >= 50
        else greatest(abs(value), abs(value_before)) > 10 * least(abs(value), abs(value_before))
            and greatest(abs(value), abs(value_before)) >= 50
    end
