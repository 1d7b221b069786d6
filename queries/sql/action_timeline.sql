-- One row per point on a year's time axis: report points, reports on other days, dialogue meetings, promised report backs.
-- point_date is empty for a report point whose day no source gives; it keeps its place among the others.
-- kind: report_point, report, dialogue_autumn, dialogue_spring, report_back. Two kinds on one day stand once, in that order.
with points as (
    select
        'report_point' as kind,
        report_point as label,
        point_date,
        min(point_date) over (order by position rows between current row and unbounded following) as place,
        position,
        1 as priority,
        source_id,
    from report_points
    where municipality_id = $municipality_id
        and year = $year
), others as (
    select distinct on (point_date)
        *,
    from (
        select 'report' as kind, report_name as label, report_date as point_date, 2 as priority, source_id
        from action_steps
        where municipality_id = $municipality_id
            and year = $year
        union all
        select 'dialogue_' || meeting_kind, null, meeting_date, 3, source_id
        from agreements
        where municipality_id = $municipality_id
            and year(meeting_date) = $year
        union all
        select 'report_back', null, report_back_date, 4, source_id
        from action_steps
        where municipality_id = $municipality_id
            and year(report_back_date) = $year
    ) as each_day
    where point_date not in (select point_date from points where point_date is not null)
    order by point_date, priority, source_id
)
select
    kind,
    label,
    point_date,
    position,
    source_id,
from (
    from points
    union all by name
    select *, point_date as place from others
) as axis
order by
    place nulls last,
    position nulls last,
    kind
