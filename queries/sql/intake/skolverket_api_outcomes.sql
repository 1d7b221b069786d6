-- One row per figure of a school in a file from Skolverket's API that is taken in, for table outcomes.
select
    municipality_id,
    indicator_id,
    unit_id,
    year,
    'T' as gender,
    operator,
    value,
    marker,
    note,
    source_id,
    _sheet,
    _line,
    _heading,
from api_fates
where fate = 'outcome'
