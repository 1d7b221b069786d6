-- One row per value that Kolada tells of, by Kolada's own rule: a row that has a status has no value, also where one
-- was left behind when the row was withdrawn, and a row with neither is missing. status is empty where the value holds.
-- The rows come from kolada_rows, whatever the types of its columns.
select
    * replace (
        case when coalesce(status, '') = '' then value end as value,
        coalesce(nullif(status, ''), case when value is null then 'Missing' end) as status
    ),
from kolada_rows
