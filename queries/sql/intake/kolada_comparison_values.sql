-- One row per value of a municipality or the country in a file from Kolada, for table comparison_values.
select
    indicator_id,
    municipality_id,
    year,
    gender,
    value,
    status,
    source_id,
    _sheet,
    _line,
    _heading,
from kolada_fates
where fate = 'municipality'
