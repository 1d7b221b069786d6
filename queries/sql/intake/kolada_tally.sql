-- One row per fate of the values in a file from Kolada: how many different indicators, places and schools share it, and
-- where it stands first.
select
    fate,
    count(distinct indicator_id) as indicator_id,
    count(distinct municipality_id) as municipality_id,
    count(distinct ou) as ou,
    min_by(indicator_id, _line::bigint) as first_indicator_id,
    min_by(_sheet, _line::bigint) as sheet,
    min(_line::bigint) as line,
from kolada_fates
group by fate
