-- One row per goal and year it stood in a plan, with its verdict for the whole municipality and how it stands to the
-- year before: 'new', 'renamed' or 'kept'. is_last_year says that the goal is in no later plan though one exists.
-- An improvement area that nobody has judged is 'in_plan'. Levels 'committee' and 'improvement_area'; verdicts that name no goal are left out, goal_list has them.
with plans as (
    select
        level,
        min(year) as first_plan,
        max(year) as last_plan,
    from goals
    where municipality_id = $municipality_id
    group by level
), followed as (
    select
        goals.*,
        lag(name) over (partition by goal_id order by year) as name_before,
        last_value(name) over (
            partition by goal_id order by year rows between unbounded preceding and unbounded following
        ) as name_now,
        max(year) over (partition by goal_id) as goal_last_year,
    from goals
    where municipality_id = $municipality_id
        and level in ('committee', 'improvement_area')
)
select
    followed.goal_id,
    followed.level,
    followed.year,
    followed.goal_number,
    followed.name,
    followed.name_now,
    followed.is_priority,
    coalesce(goal_verdicts.verdict, case followed.level when 'committee' then 'not_assessed' else 'in_plan' end) as verdict,
    goal_verdicts.verdict_raw,
    case
        when followed.year = plans.first_plan then 'kept'
        when followed.name_before is null then 'new'
        when followed.name_before <> followed.name then 'renamed'
        else 'kept'
    end as change,
    followed.name_before,
    followed.year = followed.goal_last_year and followed.year < plans.last_plan as is_last_year,
    coalesce(goal_verdicts.source_id, followed.source_id) as source_id,
from followed
join plans using (level)
left join goal_verdicts
    on goal_verdicts.municipality_id = followed.municipality_id
    and goal_verdicts.goal_id = followed.goal_id
    and goal_verdicts.year = followed.year
    and goal_verdicts.unit_id is null
order by followed.level, try_cast(followed.goal_number as integer), followed.name_now, followed.year
