-- One row per unit, month and measure of a year: budget, outcome and forecast side by side, in the measure's unit.
-- Without a year the newest one reported. A forecast is of the whole year, as it was foreseen after the month. A cell is
-- empty where nobody told it.
select
    monthly_values.unit_id,
    units.name as unit_name,
    units.school_form,
    monthly_values.month,
    year(monthly_values.month) as year,
    monthly_values.dimension,
    monthly_values.measure,
    max(value) filter (where kind = 'budget') as budget,
    max(value) filter (where kind = 'outcome') as outcome,
    max(value) filter (where kind = 'forecast') as forecast,
    max(monthly_values.source_id) as source_id,
from monthly_values
left join units using (municipality_id, unit_id)
where monthly_values.municipality_id = $municipality_id
    and year(monthly_values.month) = reported_year($municipality_id, $year)
    and (len($unit_ids) = 0 or monthly_values.unit_id in $unit_ids)
group by
    monthly_values.unit_id,
    units.name,
    units.school_form,
    monthly_values.month,
    monthly_values.dimension,
    monthly_values.measure
order by
    units.name,
    monthly_values.unit_id,
    array_position(['prestationer', 'kvalitet', 'personal', 'ekonomi'], monthly_values.dimension),
    monthly_values.measure,
    monthly_values.month
