-- One row per school of a followed municipality in a file from Skolverket's API, for table units.
-- Left out: schools that neither the municipality nor an independent body runs.
select
    municipality_id,
    unit_id,
    any_value(unit_name) as name,
    case
        when bool_or(school_form = 'gr') then 'grundskola'
        when bool_or(school_form = 'gy') then 'gymnasieskola'
        else 'annan'
    end as school_form,
    any_value(operator) as operator,
    any_value(source_id) as source_id,
    any_value(_sheet) as _sheet,
    min(_line::bigint) as _line,
from api_fates
where fate <> 'not_followed'
    and operator is not null
    and unit_name is not null
group by municipality_id, unit_id
order by municipality_id, unit_id
