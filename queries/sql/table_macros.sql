-- What several questions take from actions, the comparison and the steering chain, made when all tables are there.

-- One row: the meeting that is asked about, and the newest report that could be read by then. A meeting is a report
-- point of the year or a day; without either it is the one of the year's newest report. day_before is the report point
-- before it. A report point without a day is looked at with the year's newest report.
create macro meeting_at(home, asked_year, asked_meeting) as table
with newest as (
    select
        max(report_date) as newest_date,
        arg_max(report_point, report_date) as newest_point,
    from action_steps
    where municipality_id = home
        and year = asked_year
), placed as (
    select
        coalesce(asked_meeting, newest_point, newest_date::text) as meeting,
        coalesce(report_points.point_date, try_cast(coalesce(asked_meeting, newest_date::text) as date)) as meeting_day,
        report_points.position as meeting_position,
    from newest
    left join report_points
        on report_points.municipality_id = home
        and report_points.year = asked_year
        and report_points.report_point = coalesce(asked_meeting, newest_point)
), bounded as (
    select
        placed.*,
        max(report_points.point_date) as day_before,
    from placed
    left join report_points
        on report_points.municipality_id = home
        and report_points.point_date < placed.meeting_day
    group by all
)
select
    bounded.*,
    max(action_steps.report_date) as told_date,
    arg_max(action_steps.year, action_steps.report_date) as told_year,
from bounded
left join action_steps
    on action_steps.municipality_id = home
    and if(bounded.meeting_day is null, action_steps.year = asked_year, action_steps.report_date <= bounded.meeting_day)
group by all;

-- One row: the two reports that are compared, by their days. Without a choice the newest one up to the year's end and
-- the one before it. since is empty where there is no earlier report.
create macro reports_compared(home, asked_year, newer, older) as table
with days as (
    select distinct report_date
    from action_steps
    where municipality_id = home
        and year <= asked_year
), newest as (
    select coalesce(try_cast(newer as date), (select max(report_date) from days)) as told_date
)
select
    told_date,
    coalesce(try_cast(older as date), (select max(report_date) from days where report_date < told_date)) as since,
from newest;

-- One row per action that is finished or has an evaluation date, up to a year, as its reports together tell it.
-- earliest: the first year whose outcome can come after it. told_date: the newest report of all.
create macro followed_up(home, until) as table
with told as (
    select
        municipality_id,
        action_id,
        arg_max(status, report_date) as status,
        arg_max(status_raw, report_date) as status_raw,
        min(report_date) filter (where status = 'finished') as finished_date,
        arg_max(evaluation_date, report_date) as evaluation_date,
        arg_max(effect, report_date) as effect,
        arg_max(source_id, report_date) as source_id,
        max(max(report_date)) over () as told_date,
    from action_steps
    where municipality_id = home
        and year <= until
    group by municipality_id, action_id
)
select
    told.*,
    actions.kind,
    actions.area,
    actions.unit_id,
    actions.title,
    actions.owner_role,
    actions.indicator_id,
    actions.baseline_year,
    greatest(actions.baseline_year + 1, if(told.status = 'finished', year(told.finished_date), null)) as earliest,
from told
join actions using (municipality_id, action_id)
where told.status = 'finished'
    or (told.evaluation_date is not null and told.status <> 'closed_undone');

-- One row per indicator and year whose values cannot be compared with those before, in the register or at home, and why.
create macro breaks_of(home) as table
select indicator_id, year, note
from series_breaks
where (select register from municipalities where municipality_id = home) = 'sverige'
union all
-- The autumn belongs to the school year that it begins.
select indicator_id, year(start_date) + if(period = 'school_year' and month(start_date) > 7, 1, 0), label
from events
join indicators using (indicator_id)
where municipality_id = home
    and kind = 'new_method';

-- One row per action of followed_up whose indicator has an outcome in the baseline year and a later one. Both are the
-- action's own unit's, else the whole municipality's. break_year: the first break between them.
create macro before_and_after(home, until) as table
with measured as (
    select indicator_id, unit_id, year, value, n
    from outcome_against_target
    where municipality_id = home
        and value is not null
        and year <= until
), spans as (
    select
        followed.action_id,
        followed.indicator_id,
        baseline.unit_id as measured_unit_id,
        baseline.year as baseline_year,
        any_value(baseline.value) as baseline_value,
        any_value(baseline.n) as baseline_n,
        max(newest.year) as after_year,
        arg_max(newest.value, newest.year) as after_value,
        arg_max_null(newest.n, newest.year) as after_n,
        row_number() over (partition by followed.action_id order by baseline.unit_id nulls last) as preference,
    from followed_up(home, until) as followed
    join measured as baseline
        on baseline.indicator_id = followed.indicator_id
        and baseline.year = followed.baseline_year
        and (baseline.unit_id is null or baseline.unit_id = followed.unit_id)
    join measured as newest
        on newest.indicator_id = followed.indicator_id
        and newest.unit_id is not distinct from baseline.unit_id
        and newest.year >= followed.earliest
    group by followed.action_id, followed.indicator_id, baseline.unit_id, baseline.year
)
select
    spans.* exclude (preference),
    (
        select min(broken.year)
        from breaks_of(home) as broken
        where broken.indicator_id = spans.indicator_id
            and broken.year > spans.baseline_year
            and broken.year <= spans.after_year
    ) as break_year,
from spans
where spans.preference = 1;

-- One row per chosen comparison that the home municipality's register knows, in the order it was chosen.
create macro chosen_places(choices, home) as table
select
    chosen.choice_id,
    chosen.place_position,
    if(chosen.choice_id = 'medel', 'Ovägt medel', any_value(comparison_places.title)) as place_name,
    count(comparison_places.member_id) as count_of_members,
from (select unnest(choices::text[]) as choice_id, generate_subscripts(choices::text[], 1) as place_position) as chosen
left join comparison_places
    on comparison_places.choice_id = chosen.choice_id
    and comparison_places.register = (select register from municipalities where municipality_id = home)
where home in (select municipality_id from municipalities)
group by chosen.choice_id, chosen.place_position
having count(comparison_places.member_id) > 0
    or chosen.choice_id = 'medel';

-- One row per chosen comparison, indicator and year: a municipality's or the country's published value, or the
-- unweighted mean of a group's members that have one. counts are the published ones, of a single place.
create macro chosen_values(choices, asked_gender, home) as table
select
    comparison_places.choice_id,
    comparison_values.indicator_id,
    comparison_values.year,
    if(places.count_of_members = 1, any_value(value), round(avg(value), 6)) as value,
    if(places.count_of_members = 1, any_value(status), null) as status,
    count(value) as count_members,
    if(places.count_of_members = 1, any_value(count_higher), null) as count_higher,
    if(places.count_of_members = 1, any_value(count_lower), null) as count_lower,
    max(comparison_values.source_id) as source_id,
from chosen_places(choices, home) as places
join comparison_places
    on comparison_places.choice_id = places.choice_id
    and comparison_places.register = (select register from municipalities where municipality_id = home)
join comparison_values
    on comparison_values.municipality_id = comparison_places.member_id
    and comparison_values.gender = asked_gender
group by comparison_places.choice_id, comparison_values.indicator_id, comparison_values.year, places.count_of_members
union all
select 'medel', indicator_id, year, mean, null, n, null, null, source_id
from comparison_distributions
where gender = asked_gender
    and register = (select register from municipalities where municipality_id = home);

-- One row per council goal and committee goal of a year. parent_node is the council goal's, and empty for council goals.
-- is_followed: what indicators and actions should hang under, so not a council goal that committee goals stand under.
-- place sorts the chain depth first: council goals by number, their goals by number, the rest last. Its parts are joined
-- by a character below all others, so that nothing comes between a goal and what hangs under it.
create macro chain_goals(home, asked_year) as table
with stood as (
    select
        *,
        lpad(coalesce(goal_number, '999'), 3, '0') || ' ' || name || ' ' || goal_id as key,
    from goals
    where municipality_id = home
        and year = asked_year
        and level in ('council', 'committee')
), parents as (
    select distinct parent_goal_id
    from stood
    where level = 'committee'
)
select
    stood.goal_id,
    stood.level,
    stood.goal_number,
    stood.name,
    stood.owner_role,
    stood.source_id,
    'goal:' || stood.goal_id as node_id,
    case stood.level when 'committee' then coalesce('goal:' || councils.goal_id, 'no_council_goal') else '' end as parent_node,
    stood.level = 'committee' or parents.parent_goal_id is null as is_followed,
    case stood.level when 'committee' then coalesce(councils.key, '~') || chr(1) else '' end || stood.key as place,
from stood
left join stood as councils
    on stood.level = 'committee'
    and councils.level = 'council'
    and councils.goal_id = stood.parent_goal_id
left join parents on parents.parent_goal_id = stood.goal_id;

-- One row per goal of the chain and indicator that is to measure it, with what stands in the year for the whole
-- municipality (asked_unit empty) or for one unit. state: see state_of_outcome.
create macro chain_indicators(home, asked_year, asked_unit) as table
select
    chain_goals.goal_id,
    chain_goals.node_id || '/' || goal_indicators.indicator_id as node_id,
    chain_goals.node_id as parent_node,
    chain_goals.place || chr(1) || '1 ' || coalesce(indicators.title, '~') || ' ' || goal_indicators.indicator_id as place,
    goal_indicators.indicator_id,
    coalesce(indicators.title, 'Okänt nyckeltal ' || goal_indicators.indicator_id) as title,
    coalesce(indicators.short_name, goal_indicators.indicator_id) as short_name,
    indicators.unit,
    indicators.decimals,
    indicators.source as indicator_source,
    measured.value,
    coalesce(measured.marker, '') as marker,
    measured.note,
    measured.target_operator,
    measured.target_value,
    state_of_outcome(measured.value, measured.marker, measured.target_value, measured.is_reached) as state,
    coalesce(measured.source_id, chain_goals.source_id) as source_id,
from chain_goals(home, asked_year) as chain_goals
join goal_indicators
    on goal_indicators.municipality_id = home
    and goal_indicators.goal_id = chain_goals.goal_id
left join indicators using (indicator_id)
left join outcome_against_target as measured
    on measured.municipality_id = home
    and measured.indicator_id = goal_indicators.indicator_id
    and measured.year = asked_year
    and measured.unit_id is not distinct from asked_unit;

-- One row per remark of a municipality up to a year, with the unit it is about today: a closed unit's remarks go on at
-- its successor, so that a school does not start anew with a new code. A ring of successors ends before its first unit.
-- asked_units: empty means all; a unit brings the remarks of those that it took over from.
create macro remarks_of(home, until, asked_units) as table
with recursive followed as (
    select unit_id, unit_id as now_id, [unit_id] as passed
    from units
    where municipality_id = home
    union all
    select followed.unit_id, units.successor_unit_id, list_append(followed.passed, units.successor_unit_id)
    from followed
    join units on units.municipality_id = home and units.unit_id = followed.now_id
    where units.successor_unit_id is not null
        and not list_contains(followed.passed, units.successor_unit_id)
), heirs as (
    select unit_id, arg_max(now_id, len(passed)) as now_id
    from followed
    group by unit_id
)
select
    findings.*,
    coalesce(heirs.now_id, findings.unit_id) as unit_now_id,
    coalesce(
        (
            select arg_max(unit_names.name, unit_names.from_year)
            from unit_names
            where unit_names.municipality_id = home
                and unit_names.unit_id = findings.unit_id
                and findings.year between unit_names.from_year and coalesce(unit_names.to_year, findings.year)
        ),
        units.name,
        findings.unit_id,
        'hela kommunen'
    ) as unit_name_then,
    coalesce(units.name, findings.unit_id, 'hela kommunen') as unit_name,
    coalesce(units_now.name, heirs.now_id, findings.unit_id, 'hela kommunen') as unit_now_name,
from findings
left join units using (municipality_id, unit_id)
left join heirs using (unit_id)
left join units as units_now on units_now.municipality_id = home and units_now.unit_id = heirs.now_id
where findings.municipality_id = home
    and findings.year <= until
    and (
        len(asked_units::text[]) = 0
        or list_contains(asked_units::text[], findings.unit_id)
        or list_contains(asked_units::text[], heirs.now_id)
    );

-- One row per remark up to a year with its chain: the action it led to as last reported by then, and what is missing.
-- years_in_a_row counts the years that the same theme has been told of the same unit without a gap, up to the remark's own.
create macro chains_of(home, until, asked_units) as table
with remarks as (
    from remarks_of(home, until, asked_units)
), told as (
    select distinct theme, kind, unit_now_id, year
    from remarks
), runs as (
    select *, year - row_number() over (partition by theme, kind, unit_now_id order by year) as run
    from told
), places as (
    select *, row_number() over (partition by theme, kind, unit_now_id, run order by year) as years_in_a_row
    from runs
), states as (
    -- The last report that tells of an effect is not always the last one: arg_max passes over empty cells.
    select
        action_id,
        arg_max(struct_pack(
            status := status,
            is_late := is_late,
            due := coalesce(due_date::text, due_report_point, due_text)
        ), year) as last_report,
        arg_max(effect, year) as effect,
    from action_states
    where municipality_id = home
        and year <= until
    group by action_id
)
select
    remarks.*,
    places.years_in_a_row,
    actions.title as action_title,
    states.last_report.status as action_status,
    states.last_report.is_late as action_is_late,
    states.last_report.due as action_due,
    states.effect as action_effect,
    actions.owner_role as action_owner_role,
    actions.action_id is null as is_without_action,
    actions.action_id is null and remarks.effort is null as is_without_effort,
    coalesce(remarks.owner_role, actions.owner_role) is null as is_without_owner,
    remarks.due_date is null and states.last_report.due is null as is_without_date,
from remarks
join places
    on places.theme = remarks.theme
    and places.kind = remarks.kind
    and places.unit_now_id is not distinct from remarks.unit_now_id
    and places.year = remarks.year
left join actions on actions.municipality_id = home and actions.action_id = remarks.action_id
left join states on states.action_id = actions.action_id;

-- One row per unit and code that its values are told under: its own (steps 0), and before that the code of a unit that
-- it opened in the place of, when it is the only one that was. A merger is no new code: its values are told apart.
create macro unit_codes(home) as table
with recursive renewed as (
    select
        heirs.unit_id,
        any_value(units.unit_id) as former_id,
    from units
    join units as heirs
        on heirs.municipality_id = units.municipality_id
        and heirs.unit_id = units.successor_unit_id
        and heirs.unit_id <> units.unit_id
        and heirs.school_form = units.school_form
    where units.municipality_id = home
    group by heirs.unit_id
    having count(*) = 1
        and any_value(heirs.opened_year) between any_value(units.closed_year) and any_value(units.closed_year) + 1
), codes as (
    select unit_id, unit_id as told_id, 0 as steps, [unit_id] as passed
    from units
    where municipality_id = home
    union all
    select codes.unit_id, renewed.former_id, codes.steps + 1, list_append(codes.passed, renewed.former_id)
    from codes
    join renewed on renewed.unit_id = codes.told_id
    where not list_contains(codes.passed, renewed.former_id)
)
select unit_id, told_id, steps
from codes;

-- One row per chart of a school form, unit of the form and year that the municipality has outcomes for: what the unit
-- and the municipality have, and what the value is held against. A unit's own target goes before the municipality's.
create macro school_values(home) as table
with told as (
    select
        codes.unit_id,
        found.* exclude (unit_id),
        row_number() over (partition by codes.unit_id, found.indicator_id, found.year order by codes.steps) as preference,
    from outcome_against_target as found
    join unit_codes(home) as codes on codes.told_id = found.unit_id
    where found.municipality_id = home
        and found.indicator_id in (select indicator_id from school_charts)
), whole as (
    from outcome_against_target
    where municipality_id = home
        and unit_id is null
        and indicator_id in (select indicator_id from school_charts)
), years as (
    select unnest(range(min(year), max(year) + 1))::integer as year
    from outcome_against_target
    where municipality_id = home
        and (value is not null or marker <> '')
        and indicator_id in (select indicator_id from school_charts)
), demanded as (
    select unit_id, year, any_value(requirement_percent) as requirement_percent
    from unit_results
    where municipality_id = home
    group by unit_id, year
)
select
    charts.*,
    units.unit_id,
    units.name as unit_name,
    years.year,
    own.value,
    own.marker,
    own.note,
    own.n,
    coalesce(own.value is not null or own.marker <> '', false) as is_told,
    if(is_told, own.source_id, null) as source_id,
    if(charts.has_municipality_line, whole.value, null) as municipality_value,
    whole.marker as municipality_marker,
    whole.note as municipality_note,
    if(charts.has_municipality_line and whole.value is not null, whole.source_id, null) as municipality_source_id,
    case
        when charts.target_from = 'result_requirement' then if(demanded.requirement_percent is null, null, '>=')
        when own.target_value is not null then own.target_operator
        else whole.target_operator
    end as target_operator,
    case
        when charts.target_from = 'result_requirement' then demanded.requirement_percent
        else coalesce(own.target_value, whole.target_value)
    end as target_value,
from school_charts as charts
join units on units.municipality_id = home and units.school_form = charts.school_form
cross join years
left join told as own
    on own.unit_id = units.unit_id
    and own.indicator_id = charts.indicator_id
    and own.year = years.year
    and own.preference = 1
left join whole on whole.indicator_id = charts.indicator_id and whole.year = years.year
left join demanded on demanded.unit_id = units.unit_id and demanded.year = years.year;

-- The year asked for, or the newest one that a unit has reported an outcome in.
create macro reported_year(home, asked_year) as coalesce(
    asked_year,
    (select year(max(month)) from monthly_values where municipality_id = home and kind = 'outcome')
);

-- One row per unit and month that should be reported in a year: those of the municipality's own schools that are open, and
-- of all others that report. Months go from the first ever reported to the newest of the year. In the year a unit opens or
-- closes only those between its own first and last reported ones count, since no source tells the day.
create macro expected_months(home, asked_year) as table
with told as (
    select distinct unit_id, month
    from monthly_values
    where municipality_id = home
        and kind = 'outcome'
), months as (
    select unnest(generate_series(
        greatest(make_date(reported_year(home, asked_year), 1, 1), (select min(month) from told)),
        (select max(month) from told where year(month) = reported_year(home, asked_year)),
        interval 1 month
    ))::date as month,
), seen as (
    select unit_id, min(month) as first_month, max(month) as last_month
    from told
    where year(month) = reported_year(home, asked_year)
    group by unit_id
)
select
    units.unit_id,
    units.name as unit_name,
    units.school_form,
    months.month,
from units
cross join months
left join seen using (unit_id)
where units.municipality_id = home
    and (units.operator = 'kommunal' or seen.unit_id is not null)
    and case
        when units.opened_year >= year(months.month) then coalesce(months.month >= seen.first_month, false)
        else true
    end
    and case
        when units.closed_year <= year(months.month) then coalesce(months.month <= seen.last_month, false)
        else true
    end;

-- One row per unit, year and month with a forecast of the year's cost. year_budget and year_outcome are the sums of twelve
-- months, and empty where one is missing.
create macro forecasts_of(home) as table
with costs as (
    select
        *,
        year(month) as year,
    from monthly_values
    where municipality_id = home
        and measure = 'kostnad'
), years as (
    select
        unit_id,
        year,
        count(*) filter (where kind = 'outcome') as count_outcome_months,
        if(count(*) filter (where kind = 'budget') = 12, sum(value) filter (where kind = 'budget'), null) as year_budget,
        if(count_outcome_months = 12, sum(value) filter (where kind = 'outcome'), null) as year_outcome,
    from costs
    group by unit_id, year
)
select
    costs.unit_id,
    coalesce(units.name, costs.unit_id) as unit_name,
    costs.year,
    costs.month,
    costs.value as forecast,
    years.count_outcome_months,
    years.year_budget,
    years.year_outcome,
    costs.source_id,
from costs
join years using (unit_id, year)
left join units on units.municipality_id = home and units.unit_id = costs.unit_id
where costs.kind = 'forecast';

-- One row per unit (empty = the whole municipality) and year of result requirement and own capital, in kronor.
-- over_percent: percentage points above the requirement; over_kronor the same in kronor. capital_state goes by the year
-- alone: used_up below zero when it ends, reduced below what it began with, else intact. A result told before its year was
-- over is a forecast. years_in_a_row counts the years, to and with this one, that have missed the requirement.
create macro economy_of(home) as table
with told as (
    select
        unit_results.*,
        100 * result / nullif(turnover, 0) as result_percent,
        result_percent - requirement_percent as over_percent,
        result - turnover * requirement_percent / 100 as over_kronor,
        over_kronor < 0 as is_below_requirement,
        opening_capital + result - disposed as closing_capital,
        coalesce(sources.published_date, sources.retrieved_date) <= make_date(year, 12, 31) as is_early,
    from unit_results
    left join sources using (source_id)
    where municipality_id = home
), runs as (
    select unit_id, year, year - row_number() over (partition by unit_id order by year) as run
    from told
    where is_below_requirement
)
select
    told.unit_id,
    units.name as unit_name,
    units.school_form,
    told.year,
    told.requirement_percent,
    told.turnover,
    told.result,
    round(told.result_percent, 6) as result_percent,
    round(told.over_percent, 6) as over_percent,
    round(told.over_kronor, 6) as over_kronor,
    told.is_below_requirement,
    if(told.is_below_requirement, row_number() over (partition by told.unit_id, runs.run order by told.year), 0) as years_in_a_row,
    told.opening_capital,
    told.disposed,
    told.closing_capital,
    case
        when told.closing_capital is null then 'unknown'
        when told.closing_capital < 0 then 'used_up'
        when told.closing_capital < told.opening_capital then 'reduced'
        else 'intact'
    end as capital_state,
    lead(told.opening_capital) over years as next_opening_capital,
    coalesce(next_opening_capital <> told.closing_capital and lead(told.year) over years = told.year + 1, false) as is_carried_otherwise,
    coalesce(told.result is not null and told.is_early, false) as is_forecast,
    told.source_id,
from told
left join runs on runs.unit_id is not distinct from told.unit_id and runs.year = told.year
left join units on units.municipality_id = home and units.unit_id = told.unit_id
window years as (partition by told.unit_id order by told.year);

-- One row per unit that has a plan about its economy at the end of a year: plans tells each, the newest first. See
-- large_deviations.
create macro economic_plans(home, asked_year, plan_years, plan_words) as table
with told as (
    select
        unit_id,
        report_date as told_date,
        'Åtgärd: ' || title as plan,
        concat_ws(' ', title, perspective, area) as spoken,
    from action_states
    where municipality_id = home
        and is_open
        and year = (select max(year) from action_reports where municipality_id = home and year <= asked_year)
    union all
    select unit_id, meeting_date, 'Överenskommelse: ' || agreed, concat_ws(' ', topic, agreed)
    from agreements
    where municipality_id = home
        and outcome is null
        and meeting_date between make_date(asked_year - plan_years + 1, 1, 1) and make_date(asked_year, 12, 31)
)
select
    unit_id,
    list(rtrim(plan, '.') || ' (' || strftime(told_date, '%Y-%m-%d') || ')' order by told_date desc, plan) as plans,
from told
where unit_id is not null
    and len(list_filter(
        plan_words::text[],
        lambda word: contains(' ' || regexp_replace(lower(spoken), '[^\p{L}\d]+', ' ', 'g'), ' ' || lower(word))
    )) > 0
group by unit_id;

-- One row per indicator that only units of the municipality have a value for, and the newest year of one.
create macro unit_only(home) as table
select
    indicator_id,
    max(year) as newest_year,
from outcomes
where municipality_id = home
    and value is not null
    and indicator_id not in (
        select indicator_id from comparison_values where municipality_id = home and value is not null
    )
group by indicator_id
having bool_and(unit_id is not null);

-- One row per thing that can be found by its words: kind, id and title, the rest of what is told of it, the years it is
-- told of (none for what belongs to no year), and what the page that shows it needs to know. A goal that has changed its
-- name is found by either.
create macro searchable(home) as table
select
    'goal' as kind,
    goal_id as thing_id,
    name as title,
    concat_ws(' · ', 'nr ' || arg_max(goal_number, year), arg_max(description, year), arg_max(perspective, year)) as body,
    list(distinct year order by year) as years,
    null::text as unit_id,
    arg_max(level, year) as detail,
    null::date as day,
    arg_max(source_id, year) as source_id,
from goals
where municipality_id = home
group by goal_id, name
union all
select
    'action', action_id, title,
    concat_ws(' · ', arg_max(area, year), arg_max(perspective, year), arg_max(effect, year), arg_max(comment, year)),
    list(distinct year order by year), any_value(unit_id), any_value(kind), null, arg_max(source_id, year)
from action_states
where municipality_id = home
group by action_id, title
union all
select
    'finding', finding_id, theme, concat_ws(' · ', text, cause, decision, effort, effect, claim, next_step),
    [year], unit_id, kind, null, source_id
from findings
where municipality_id = home
union all
select
    'report', report_id, title, concat_ws(' · ', if(contains(lower(title), lower(kind)), null, kind), paragraph, decision),
    [year], null, kind, treated_date, source_id
from reports
where municipality_id = home
union all
select 'item', item_id, text, concat_ws(' · ', reference, answer), [year(raised_date)], null, kind, raised_date, source_id
from committee_items
where municipality_id = home
union all
select
    'agreement', agreement_id, topic, concat_ws(' · ', agreed, area, outcome),
    [year(meeting_date)], unit_id, meeting_kind, meeting_date, source_id
from agreements
where municipality_id = home
union all
select
    'indicator', indicator_id, title, concat_ws(' · ', indicator_id, short_name, definition),
    null, null,
    case
        when indicator_id in (select indicator_id from comparison_values where municipality_id = home and value is not null) then 'valued'
        when indicator_id in (select indicator_id from unit_only(home)) then 'valued'
        else 'defined'
    end,
    null, null
from indicators
union all
select
    'unit', unit_id, units.name,
    (select string_agg(name, ', ' order by from_year) from unit_names where municipality_id = home and unit_names.unit_id = units.unit_id and to_year is not null),
    null, unit_id, school_form, null, source_id
from units
where municipality_id = home
union all
select 'word', term, term, explanation, null, null, null, null, null
from glossary;
