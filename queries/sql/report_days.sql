-- One row per day on which actions were reported, newest first, with the report's name and how many actions it tells of.
select
    report_date,
    max(report_name) as report_name,
    max(year) as year,
    count(*) as count_actions,
    max(source_id) as source_id,
from action_reports
where municipality_id = $municipality_id
group by report_date
order by report_date desc
