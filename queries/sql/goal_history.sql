-- One row per goal and year it stood in a plan, with its verdict for the whole municipality and how it stands to the
-- plan before: 'new', 'renamed', 'returned' after a plan without it, or 'kept'.
-- afterwards: 'dropped' where the next plan has not got it; 'untold' where that plan only lists its prioritised goals and
-- this one was not among them, so that nobody says whether it goes on; empty where it stays or no later plan exists.
-- priority: 'newly', 'still', 'no_longer' or 'not' prioritised, against the goal's row before.
-- An improvement area that nobody has judged is 'in_plan'. Levels 'committee' and 'improvement_area'; verdicts that name no goal are left out, goal_list has them.
with plans as (
    select
        level,
        year as plan_year,
        bool_and(is_priority) as lists_only_priorities,
        lag(year) over plans_in_order as plan_before,
        lead(year) over plans_in_order as next_plan,
    from goals
    where municipality_id = $municipality_id
    group by level, year
    window plans_in_order as (partition by level order by year)
), followed as (
    select
        goals.*,
        lag(year) over of_goal as year_before,
        lead(year) over of_goal as year_after,
        lag(name) over of_goal as name_before,
        lag(is_priority) over of_goal as was_priority,
        last_value(name) over (
            of_goal rows between unbounded preceding and unbounded following
        ) as name_now,
    from goals
    where municipality_id = $municipality_id
        and level in ('committee', 'improvement_area')
    window of_goal as (partition by goal_id order by year)
)
select
    followed.goal_id,
    followed.level,
    followed.year,
    followed.goal_number,
    followed.name,
    followed.name_now,
    followed.description,
    followed.is_priority,
    coalesce(goal_verdicts.verdict, case followed.level when 'committee' then 'not_assessed' else 'in_plan' end) as verdict,
    goal_verdicts.verdict_raw,
    case
        when plans.plan_before is null then 'kept'
        when followed.year_before is null then 'new'
        when followed.year_before <> plans.plan_before then 'returned'
        when followed.name_before <> followed.name then 'renamed'
        else 'kept'
    end as change,
    followed.name_before,
    case
        when plans.next_plan is null or followed.year_after = plans.next_plan then null
        when later.lists_only_priorities and not followed.is_priority then 'untold'
        else 'dropped'
    end as afterwards,
    plans.next_plan,
    case
        when followed.is_priority and plans.plan_before is not null and not coalesce(followed.was_priority, false) then 'newly'
        when followed.is_priority then 'still'
        when followed.was_priority then 'no_longer'
        else 'not'
    end as priority,
    coalesce(goal_verdicts.source_id, followed.source_id) as source_id,
from followed
join plans
    on plans.level = followed.level
    and plans.plan_year = followed.year
left join plans as later
    on later.level = followed.level
    and later.plan_year = plans.next_plan
left join goal_verdicts
    on goal_verdicts.municipality_id = followed.municipality_id
    and goal_verdicts.goal_id = followed.goal_id
    and goal_verdicts.year = followed.year
    and goal_verdicts.unit_id is null
order by followed.level, try_cast(followed.goal_number as integer), followed.name_now, followed.goal_id, followed.year
