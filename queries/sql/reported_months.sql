-- One row per unit and month that should have been reported in a year, with which of the four dimensions were.
-- Without a year the newest one reported. Only outcomes count as reported: a budget is known beforehand. missing names
-- the dimensions in their usual order. Left out: months when a unit was not open (see expected_months).
with told as (
    select
        unit_id,
        month,
        list(distinct dimension order by dimension) as dimensions,
        list(distinct source_id order by source_id) as source_ids,
    from monthly_values
    where municipality_id = $municipality_id
        and kind = 'outcome'
    group by unit_id, month
), expected as (
    select
        *,
        max(month) over () as newest_month,
    from expected_months($municipality_id, $year)
)
select
    expected.unit_id,
    expected.unit_name,
    expected.school_form,
    expected.month,
    year(expected.month) as year,
    coalesce(list_contains(told.dimensions, 'prestationer'), false) as has_prestationer,
    coalesce(list_contains(told.dimensions, 'kvalitet'), false) as has_kvalitet,
    coalesce(list_contains(told.dimensions, 'personal'), false) as has_personal,
    coalesce(list_contains(told.dimensions, 'ekonomi'), false) as has_ekonomi,
    list_filter(
        ['prestationer', 'kvalitet', 'personal', 'ekonomi'],
        lambda one: not list_contains(coalesce(told.dimensions, []), one)
    ) as missing,
    len(missing) = 4 as is_missing_month,
    len(missing) > 0 as is_incomplete,
    expected.month = expected.newest_month as is_newest_month,
    coalesce(told.source_ids, []) as source_ids,
from expected
left join told using (unit_id, month)
where len($unit_ids) = 0
    or expected.unit_id in $unit_ids
order by
    expected.unit_name,
    expected.unit_id,
    expected.month
