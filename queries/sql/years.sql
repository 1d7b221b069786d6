-- One row per year and subject for which a municipality has rows. Subjects are the pages' questions: a year with
-- goals but no verdict is not the newest year of goal fulfilment.
select distinct
    year,
    subject,
from (
    select year, 'goals' as subject from goals where municipality_id = $municipality_id and level = 'committee'
    union all
    select year, 'verdicts' from goal_verdicts where municipality_id = $municipality_id
    union all
    select year, 'actions' from action_reports where municipality_id = $municipality_id
    union all
    select year, 'findings' from findings where municipality_id = $municipality_id
    union all
    select year, 'outcomes' from outcomes where municipality_id = $municipality_id and value is not null
    union all
    select year, 'comparison' from comparison_values where municipality_id = $municipality_id and value is not null
    union all
    select year(month), 'months' from monthly_values where municipality_id = $municipality_id and kind = 'outcome'
    union all
    select year, 'results' from unit_results where municipality_id = $municipality_id
)
order by year desc, subject
