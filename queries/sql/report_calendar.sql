-- One row per report point of a year, in order; point_date is empty where no source gives the day.
select
    report_point,
    position,
    point_date,
    source_id,
from report_points
where municipality_id = $municipality_id
    and year = $year
order by position
