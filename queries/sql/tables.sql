-- The tables of a published version: one statement a table, and above it what one row is.
-- data/README.md says the same in words, with units and sources; a test keeps the two together.
-- Kommun is a key everywhere. Codes are text: 0125 keeps its zero.

-- One row per place a figure can be traced to: a document, an export, a register.
-- is_official: the publisher has itself hidden small groups, so its own figures pass the privacy gate as they are.
create table sources (
    source_id text primary key,
    title text not null,
    publisher text not null,
    published_date date,
    retrieved_date date,
    note text,
    is_official boolean not null,
);

-- One row per word or phrase that an analyst has explained: what a source's word for a status or a verdict means.
-- It goes before the same word in data/status_words.csv and data/verdict_words.csv.
create table added_words (
    kind text not null check (kind in ('status', 'verdict')),
    word text not null,
    meaning text not null,
    primary key (kind, word),
    check (
        (kind = 'status' and meaning in ('finished', 'ongoing', 'remaining', 'not_started', 'closed_undone'))
        or (kind = 'verdict' and meaning in ('met', 'partly', 'not_met', 'not_assessed'))
    ),
);

-- One row per indicator of a publisher's own list, also those that nobody uses here: a title comes from this list alone.
-- The dates are those of the next publication; ended_year is the last year of a series that has ended.
create table indicator_register (
    indicator_id text primary key,
    title text not null,
    description text,
    is_by_gender boolean not null,
    has_unit_values boolean not null,
    next_publication_date date,
    preliminary_date date,
    publication_period text,
    ended_year integer,
    source_id text not null,
);

-- One row per municipality, and one per country row (riket) that comparisons use.
-- register keeps the real country apart from the invented one: no distribution mixes them.
create table municipalities (
    municipality_id text primary key,
    name text not null,
    kind text not null check (kind in ('municipality', 'country')),
    register text not null check (register in ('sverige', 'exempel')),
    county text,
    has_own_data boolean not null,
    committee text,
);

-- One row per group and member. vintage is the year the group was worked out for.
create table municipality_groups (
    group_id text not null,
    title text not null,
    kind text not null check (kind in ('similar', 'county', 'own')),
    vintage integer,
    for_municipality_id text,
    member_id text not null,
    source_id text,
    primary key (group_id, member_id),
);

-- One row per unit: a school, preschool or other establishment, named as now.
create table units (
    municipality_id text not null,
    unit_id text not null,
    name text not null,
    school_form text not null check (school_form in ('forskola', 'grundskola', 'gymnasieskola', 'vuxenutbildning', 'annan')),
    operator text not null check (operator in ('kommunal', 'enskild')),
    area text,
    opened_year integer,
    closed_year integer,
    successor_unit_id text,
    source_id text not null,
    primary key (municipality_id, unit_id),
);

-- One row per unit and name it has had. The years are inclusive; to_year is empty for the name in use.
create table unit_names (
    municipality_id text not null,
    unit_id text not null,
    name text not null,
    from_year integer not null,
    to_year integer,
    primary key (municipality_id, unit_id, from_year),
);

-- One row per goal and year it stood in a plan. goal_id is the same over the years, also when the name changes.
create table goals (
    municipality_id text not null,
    goal_id text not null,
    year integer not null,
    level text not null check (level in ('council', 'committee', 'improvement_area')),
    parent_goal_id text,
    goal_number text,
    name text not null,
    description text,
    perspective text,
    is_priority boolean not null,
    owner_role text,
    source_id text not null,
    primary key (municipality_id, goal_id, year),
);

-- One row per verdict that a source gives. goal_id is empty where the source counts a verdict without
-- saying which goal it belongs to; unit_id is empty for the whole municipality.
-- Only the source's own word is stored: the canonical verdict is read through data/verdict_words.csv.
create table goal_verdicts (
    municipality_id text not null,
    verdict_id text not null,
    year integer not null,
    goal_id text,
    unit_id text,
    verdict_raw text not null,
    assessed_date date,
    comment text,
    source_id text not null,
    primary key (municipality_id, verdict_id),
);

-- One row per goal and indicator that is meant to measure it.
create table goal_indicators (
    municipality_id text not null,
    goal_id text not null,
    indicator_id text not null,
    primary key (municipality_id, goal_id, indicator_id),
);

-- One row per indicator, unit (empty = the whole municipality) and year with a decided target. Years ahead
-- are the planned path.
create table targets (
    municipality_id text not null,
    indicator_id text not null,
    unit_id text,
    year integer not null,
    operator text not null check (operator in ('>=', '<=', '=')),
    target_value double not null,
    source_id text not null,
);

-- One row per indicator, unit (empty = the whole municipality), operator, year and gender (T, K, M).
-- operator says whose schools the value covers: all, or those of the municipality, or independent ones.
-- value is empty when marker says why: '..' too few, '.' no such value, '~100' and '~0' at most four from the
-- end, 'cancelled' never measured. n is the number of pupils, answers or full-time posts behind the value.
create table outcomes (
    municipality_id text not null,
    indicator_id text not null,
    unit_id text,
    year integer not null,
    gender text not null check (gender in ('T', 'K', 'M')),
    operator text not null check (operator in ('alla', 'kommunal', 'enskild')),
    value double,
    marker text not null check (marker in ('', '..', '.', '~100', '~0', 'cancelled')),
    note text,
    n integer,
    source_id text not null,
    check ((value is null) = (marker <> '')),
);

-- One row per action: an activity, an assignment from the council, or an area that is followed up as one.
create table actions (
    municipality_id text not null,
    action_id text not null,
    year integer not null,
    kind text not null check (kind in ('activity', 'assignment', 'area')),
    goal_id text,
    perspective text,
    area text,
    unit_id text,
    title text not null,
    owner_role text,
    given_by text,
    indicator_id text,
    baseline_year integer,
    source_id text not null,
    primary key (municipality_id, action_id),
);

-- One row per action and report of it. Only the source's own status words are stored: status and reason are
-- read through data/status_words.csv; an empty one is what a source left empty. A deadline is a date, a report point, or only text.
create table action_reports (
    municipality_id text not null,
    action_id text not null,
    report_date date not null,
    year integer not null,
    report_name text not null,
    report_point text,
    status_raw text not null default '',
    due_text text,
    due_date date,
    due_report_point text,
    evaluation_date date,
    report_back_date date,
    effect text,
    comment text,
    source_id text not null,
    primary key (municipality_id, action_id, report_date),
);

-- One row per municipality, year and report point, in the order they come. point_date is empty where the
-- source names the report but not its day.
create table report_points (
    municipality_id text not null,
    year integer not null,
    report_point text not null,
    position integer not null,
    point_date date,
    source_id text not null,
    primary key (municipality_id, year, report_point),
);

-- One row per remark and year: a weakness or strength that a source states, with what became of it.
-- An empty effect means that no source tells one; claim is what is said of it without a figure.
create table findings (
    municipality_id text not null,
    finding_id text not null,
    year integer not null,
    theme text not null,
    unit_id text,
    kind text not null check (kind in ('weakness', 'strength')),
    text text not null,
    cause text,
    decision text,
    action_id text,
    effort text,
    effect text,
    claim text,
    next_step text,
    owner_role text,
    due_date date,
    source_id text not null,
    primary key (municipality_id, finding_id),
);

-- One row per report that should reach the committee; treated_date is empty when it never was.
create table reports (
    municipality_id text not null,
    report_id text not null,
    kind text not null,
    title text not null,
    year integer not null,
    recipient text,
    delivered_date date,
    treated_date date,
    paragraph text,
    decision text,
    source_id text not null,
    primary key (municipality_id, report_id),
);

-- One row per question, promise or demand raised in the committee.
create table committee_items (
    municipality_id text not null,
    item_id text not null,
    kind text not null check (kind in ('question', 'promise', 'demand')),
    raised_date date not null,
    reference text,
    text text not null,
    answer text,
    answered_date date,
    due_date date,
    source_id text not null,
    primary key (municipality_id, item_id),
);

-- One row per happening that a time line must show, or that a count must be given with and without.
create table events (
    municipality_id text not null,
    event_id text not null,
    start_date date not null,
    end_date date,
    label text not null,
    kind text not null check (kind in ('cancelled', 'new_method', 'excluded', 'other')),
    indicator_id text,
    unit_id text,
    source_id text not null,
    primary key (municipality_id, event_id),
);

-- One row per unit, month, measure and kind of figure. A month without an outcome was not reported. A forecast is of the
-- whole year, as it was foreseen after the month. Sick leave of units with few full-time posts is left out.
create table monthly_values (
    municipality_id text not null,
    unit_id text not null,
    month date not null,
    dimension text not null check (dimension in ('prestationer', 'kvalitet', 'personal', 'ekonomi')),
    measure text not null,
    kind text not null check (kind in ('budget', 'outcome', 'forecast')),
    value double not null,
    source_id text not null,
    primary key (municipality_id, unit_id, month, measure, kind),
);

-- One row per unit (empty = the whole municipality) and year: result requirement and own capital, in kronor.
create table unit_results (
    municipality_id text not null,
    unit_id text,
    year integer not null,
    requirement_percent double,
    turnover double,
    result double,
    opening_capital double,
    disposed double,
    source_id text not null,
);

-- One row per point agreed at a dialogue meeting: with a unit, with an area, or for the whole municipality.
create table agreements (
    municipality_id text not null,
    agreement_id text not null,
    meeting_kind text not null check (meeting_kind in ('autumn', 'spring')),
    meeting_date date not null,
    unit_id text,
    area text,
    topic text not null,
    agreed text not null,
    outcome text,
    outcome_date date,
    source_id text not null,
    primary key (municipality_id, agreement_id),
);

-- One row per question put on the agenda of a dialogue meeting. rule_id is the rule of data/question_rules.csv that
-- raised it, or own. evidence says in words what it rests on; link is the page and query that show it.
create table meeting_questions (
    municipality_id text not null,
    question_id text not null,
    meeting_kind text not null check (meeting_kind in ('autumn', 'spring')),
    meeting_date date not null,
    unit_id text,
    area text,
    rule_id text not null,
    question text not null,
    evidence text,
    link text,
    answer text,
    answered_date date,
    source_id text not null,
    primary key (municipality_id, question_id),
);

-- One row per indicator, municipality, year and gender, as published for comparison. A value counts only when
-- status is empty. count_higher and count_lower say how many municipalities of the register lie above and
-- below it: facts of the whole distribution, also where only a few municipalities are kept here.
create table comparison_values (
    indicator_id text not null,
    municipality_id text not null,
    year integer not null,
    gender text not null check (gender in ('T', 'K', 'M')),
    value double,
    status text not null check (status in ('', 'Missing', 'Privacy', 'Not applicable')),
    count_higher integer,
    count_lower integer,
    source_id text not null,
    primary key (indicator_id, municipality_id, year, gender),
    check ((value is null) = (status <> '')),
);

-- One row per register, indicator, year and gender: how the municipalities with a value are spread.
-- Percentiles are linear; mean is unweighted; n is the number of municipalities with a value.
create table comparison_distributions (
    register text not null,
    indicator_id text not null,
    year integer not null,
    gender text not null check (gender in ('T', 'K', 'M')),
    n integer not null,
    p2_5 double not null,
    p25 double not null,
    p50 double not null,
    p75 double not null,
    p97_5 double not null,
    mean double not null,
    source_id text not null,
    primary key (register, indicator_id, year, gender),
);
