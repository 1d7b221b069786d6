-- One row per theme that stands in the newest year with anything told, up to a year: how many of its remarks (weaknesses)
-- of that year lack each link of the chain.
-- without_effort: neither an action nor an effort in words. An action's own owner and date count as the remark's.
with newest as (
    select max(year) as year
    from findings
    where municipality_id = $municipality_id
        and year <= $year
)
select
    theme,
    year,
    count(*) as count_remarks,
    count(*) filter (where decision is null) as without_decision,
    count(*) filter (where is_without_action) as without_action,
    count(*) filter (where is_without_effort) as without_effort,
    count(*) filter (where effect is null) as without_effect,
    count(*) filter (where cause is null) as without_cause,
    count(*) filter (where next_step is null) as without_next_step,
    count(*) filter (where is_without_owner) as without_owner,
    count(*) filter (where is_without_date) as without_date,
    list(distinct source_id order by source_id) as source_ids,
from chains_of($municipality_id, $year, $unit_ids)
join newest using (year)
where kind = 'weakness'
group by theme, year
order by without_action + without_owner + without_date desc, theme
