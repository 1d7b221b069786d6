-- One row per theme and year it was remarked on (per theme, unit and year when $by is 'unit'), with the run of years in
-- a row that the year belongs to: its number among the runs, its first and last year, its length, and the year's place.
-- A year without a remark ends a run. A unit is the one in use today: remarks before a new code or a merger count to it.
-- Weaknesses only. unit_id is empty for the whole municipality, and when $by is 'theme'.
with remarks as (
    select
        *,
        if($by = 'unit', unit_now_id, null) as place,
        if($by = 'unit', unit_now_name, null) as place_name,
    from remarks_of($municipality_id, $year, $unit_ids)
    where kind = 'weakness'
), told as (
    select
        theme,
        place,
        any_value(place_name) as place_name,
        year,
        count(*) as count_remarks,
        count(distinct unit_now_id) as count_units,
        string_agg(distinct unit_name_then, ', ' order by unit_name_then) as unit_names,
        string_agg(distinct text, ' · ' order by text) as text,
        count(effect) > 0 as is_effect_told,
        list(distinct source_id order by source_id) as source_ids,
    from remarks
    group by theme, place, year
), runs as (
    select
        *,
        year - row_number() over (partition by theme, place order by year) as run,
    from told
)
select
    theme,
    place as unit_id,
    place_name as unit_name,
    year,
    dense_rank() over (partition by theme, place order by run) as run_number,
    min(year) over same_run as run_first,
    max(year) over same_run as run_last,
    count(*) over same_run as run_length,
    row_number() over (partition by theme, place, run order by year) as place_in_run,
    count_remarks,
    count_units,
    unit_names,
    text,
    is_effect_told,
    source_ids,
from runs
window same_run as (partition by theme, place, run)
order by theme, unit_name nulls first, unit_id nulls first, year
