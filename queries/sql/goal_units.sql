-- One row per unit and goal that is assessed per unit in a year.
select
    goal_verdicts.unit_id,
    units.name as unit_name,
    units.school_form,
    goals.goal_id,
    goals.goal_number,
    goals.name,
    goal_verdicts.verdict,
    goal_verdicts.verdict_raw,
    goal_verdicts.source_id,
from goal_verdicts
join goals using (municipality_id, goal_id, year)
join units using (municipality_id, unit_id)
where goal_verdicts.municipality_id = $municipality_id
    and goal_verdicts.year = $year
    and (len($unit_ids) = 0 or goal_verdicts.unit_id in $unit_ids)
order by units.school_form = 'forskola', units.name, try_cast(goals.goal_number as integer)
