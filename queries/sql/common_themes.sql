-- One row per theme that is remarked on in the newest year with anything told, up to a year, with the units it is told of:
-- what many units share first. Remarks (weaknesses) of the whole municipality count no unit; units are named as today.
-- without_effect: remarks that no source tells an effect of. An empty $unit_ids means all.
with newest as (
    select max(year) as year
    from findings
    where municipality_id = $municipality_id
        and kind = 'weakness'
        and year <= $year
)
select
    theme,
    year,
    count(distinct unit_now_id) as count_units,
    list(distinct unit_now_name order by unit_now_name) filter (where unit_now_id is not null) as unit_names,
    bool_or(unit_now_id is null) as is_of_whole_municipality,
    count(*) as count_remarks,
    count(*) filter (where effect is null) as without_effect,
    list(distinct source_id order by source_id) as source_ids,
from remarks_of($municipality_id, $year, $unit_ids)
join newest using (year)
where kind = 'weakness'
group by
    theme,
    year
order by
    count_units desc,
    count_remarks desc,
    theme
