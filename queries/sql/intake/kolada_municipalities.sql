-- One row per municipality or country that a file from Kolada names, for table municipalities.
-- Left out: codes of invented municipalities (99 and two digits), and codes that are not one.
select
    municipality_id,
    min(municipality_name) as name,
    case municipality_id when '0000' then 'country' else 'municipality' end as kind,
    'sverige' as register,
    'nej' as has_own_data,
    any_value(_sheet) as _sheet,
    min(_line::bigint)::text as _line,
    null::text as _heading,
from kolada_fates
where fate = 'municipality'
    and municipality_name is not null
    and regexp_full_match(municipality_id, '[0-9]{4}')
    and municipality_id not like '99%'
group by municipality_id
