-- One row per value of a school in a file from Kolada, for table outcomes. A status that is not known stands as its own
-- marker.
select
    municipality_id,
    indicator_id,
    unit_id,
    year,
    gender,
    operator,
    value,
    case status
        when 'Privacy' then '..'
        when 'Missing' then '.'
        when 'Not applicable' then '.'
        else status
    end as marker,
    source_id,
    _sheet,
    _line,
    _heading,
from kolada_fates
where fate = 'unit'
