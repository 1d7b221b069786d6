-- One row per point agreed at a dialogue meeting up to the end of a year (without one, ever), with what came of it: the
-- newest meeting first, and in it what nobody has told the outcome of.
-- An agreement with a whole area stands when the area is asked for; an empty $unit_ids means all.
-- is_told is false where no source tells an outcome: it may have been done all the same.
select
    agreements.agreement_id,
    agreements.meeting_kind,
    agreements.meeting_date,
    agreements.unit_id,
    agreements.area,
    units.name as unit_name,
    agreements.topic,
    agreements.agreed,
    agreements.outcome,
    agreements.outcome_date,
    agreements.outcome is not null as is_told,
    agreements.source_id,
from agreements
left join units using (municipality_id, unit_id)
where agreements.municipality_id = $municipality_id
    and ($year is null or year(agreements.meeting_date) <= $year)
    and (len($unit_ids) = 0 or agreements.unit_id in $unit_ids or agreements.area = $area)
order by
    agreements.meeting_date desc,
    is_told,
    units.name,
    agreements.topic,
    agreements.agreement_id
