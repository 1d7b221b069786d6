-- One row per happening that a time line of absence must show: what changed how absence is registered, and what else
-- the source tells of the time. year and term are the school year and the term it began in.
-- Asked about units, theirs are among them; asked about all, only those of the whole municipality.
with told as (
    select
        start_date,
        end_date,
        label,
        kind,
        source_id,
    from events
    where municipality_id = $municipality_id
        and (unit_id is null or unit_id in $unit_ids)
        and (
            indicator_id in (select indicator_id from absence_measures)
            or (indicator_id is null and kind = 'other')
        )
    union all
    select
        make_date(year - 1, 8, 1),
        null,
        note,
        'new_method',
        null,
    from series_breaks
    where indicator_id in (select indicator_id from absence_measures)
        and (select register from municipalities where municipality_id = $municipality_id) = 'sverige'
)
-- The same happening may stand once for each indicator.
select distinct
    start_date,
    end_date,
    label,
    kind,
    -- The autumn belongs to the school year that it begins.
    year(start_date) + if(month(start_date) > 7, 1, 0) as year,
    if(month(start_date) > 7, 'ht', 'vt') as term,
    source_id,
from told
order by
    start_date,
    label
