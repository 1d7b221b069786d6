-- One row per theme of remarks (weaknesses) up to a year, with the years it stands in, how many years in a row it has
-- stood by the newest of them, its units, and what is told of effort, effect, cause and next step.
-- is_standing: the newest of them is the newest year that anything is told of. count_units counts a unit and the one it
-- went into once, and remarks about the whole municipality not at all.
-- effect is empty where no source tells one: the screen says so. Strengths are left out. Gathered texts stand in the
-- order of the alphabet, so that the same question gives the same words.
with remarks as (
    from remarks_of($municipality_id, $year, $unit_ids)
    where kind = 'weakness'
), theme_years as (
    select distinct
        theme,
        year,
    from remarks
), runs as (
    -- Years in a row share the same difference between the year and its place among the theme's years.
    select
        theme,
        year,
        year - row_number() over (partition by theme order by year) as run,
    from theme_years
), newest_run as (
    select
        theme,
        max(year) as newest_year,
        count(*) filter (where run = newest) as years_in_a_row,
    from (select *, last_value(run) over (
        partition by theme order by year rows between unbounded preceding and unbounded following
    ) as newest from runs)
    group by theme
)
select
    remarks.theme,
    list(distinct remarks.year order by remarks.year) as years,
    newest_run.years_in_a_row,
    newest_run.newest_year,
    newest_run.newest_year = (
        select max(year) from findings where municipality_id = $municipality_id and year <= $year
    ) as is_standing,
    count(distinct remarks.unit_now_id) as count_units,
    string_agg(distinct remarks.unit_name, ', ' order by remarks.unit_name) as unit_names,
    string_agg(distinct remarks.text, ' · ' order by remarks.text) filter (
        where remarks.year = newest_run.newest_year
    ) as text,
    string_agg(distinct remarks.effort, ' · ' order by remarks.effort) as effort,
    string_agg(distinct remarks.claim, ' · ' order by remarks.claim) as claim,
    string_agg(distinct remarks.effect, ' · ' order by remarks.effect) as effect,
    string_agg(distinct remarks.cause, ' · ' order by remarks.cause) as cause,
    string_agg(distinct remarks.next_step, ' · ' order by remarks.next_step) as next_step,
    string_agg(distinct remarks.owner_role, ', ' order by remarks.owner_role) as owner_role,
    list(distinct remarks.source_id order by remarks.source_id) as source_ids,
from remarks
join newest_run using (theme)
group by all
order by is_standing desc, years_in_a_row desc, newest_year desc, remarks.theme
