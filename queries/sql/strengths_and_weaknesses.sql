-- One row per theme and year up to a year, with the strengths and the weaknesses that are told of it. Newest first.
select
    theme,
    year,
    count(*) filter (where kind = 'strength') as count_strengths,
    count(*) filter (where kind = 'weakness') as count_weaknesses,
    string_agg(distinct text, ' · ' order by text) filter (where kind = 'strength') as strengths,
    string_agg(distinct text, ' · ' order by text) filter (where kind = 'weakness') as weaknesses,
    string_agg(distinct unit_name_then, ', ' order by unit_name_then) as unit_names,
    list(distinct source_id order by source_id) as source_ids,
from remarks_of($municipality_id, $year, $unit_ids)
group by theme, year
order by year desc, theme
