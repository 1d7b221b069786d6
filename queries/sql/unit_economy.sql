-- One row per unit (empty = the whole municipality) and year up to a year: what the result was to be and was, own capital.
-- Kronor, and percent of the turnover. The newest year first, and in it those furthest below the requirement.
select *
from economy_of($municipality_id)
where ($year is null or year <= $year)
    and (len($unit_ids) = 0 or unit_id in $unit_ids)
order by
    year desc,
    over_percent nulls last,
    unit_name,
    unit_id
