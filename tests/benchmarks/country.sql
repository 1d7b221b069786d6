-- A made-up country, out of the tables of one municipality: see country.py. Every figure follows from what it is a figure
-- of, so the same country is made at every run.

-- One row per municipality. No municipality of Sweden has a code that begins with 5.
create table homes as
select (5000 + number)::text as municipality_id, number
from range(1, $municipalities + 1) as made(number);

-- One row per place of figures: the country, the municipalities (without unit_id) and their units.
create table places as
with numbered as (
    select
        homes.municipality_id || template.units.unit_id as unit_id,
        row_number() over (partition by homes.municipality_id order by school_form desc, units.unit_id) as number,
        homes.municipality_id,
    from template.units
    cross join homes
    where closed_year is null
)
select '0000' as municipality_id, null as unit_id
union all
select municipality_id, null
from homes
union all
select municipality_id, unit_id
from numbered
where number <= $units;

-- One row per indicator: the project's own, and as many that nobody has described as it takes.
create table picked as
with listed as (
    select indicator_id, title, row_number() over (order by indicator_id) as number
    from template.indicators
    union all
    select 'U' || (90000 + number), 'Påhittat nyckeltal ' || number || ', andel (%)', 1000 + number
    from range(1, $indicators + 1) as made(number)
)
select *
from listed
order by number
limit $indicators;

-- One row per place, indicator, year and gender. K and M are drawn, T is what they make together, and a tenth was never
-- published. No group is below 100, and no share is near an end; but parts of one whole, such as absence by stage, do not
-- add up, which the privacy gate would hide some for.
create view figures as
with drawn as (
    select
        places.*,
        picked.indicator_id,
        years.year::integer as year,
        100 + (hash(places, picked.indicator_id, 'k') % 300)::integer as n_k,
        100 + (hash(places, picked.indicator_id, 'm') % 300)::integer as n_m,
        30 + (hash(places, picked.indicator_id, years.year, 'k') % 451) / 10.0 as value_k,
        30 + (hash(places, picked.indicator_id, years.year, 'm') % 451) / 10.0 as value_m,
        hash(places, picked.indicator_id, years.year) % 10 = 0 as is_untold,
    from places
    cross join picked
    cross join range($first_year, $last_year + 1) as years(year)
)
select
    drawn.* exclude (n_k, n_m, value_k, value_m),
    genders.gender,
    if(is_untold, null, round(case genders.gender
        when 'K' then value_k
        when 'M' then value_m
        else (n_k * value_k + n_m * value_m) / (n_k + n_m)
    end, 1)) as value,
    case genders.gender when 'K' then n_k when 'M' then n_m else n_k + n_m end as n,
from drawn
cross join (values ('T'), ('K'), ('M')) as genders(gender);

-- One row per outcome of a municipality and its units.
create view outcomes as
select
    municipality_id,
    indicator_id,
    unit_id,
    year,
    gender,
    'kommunal' as operator,
    value,
    if(is_untold, '.', '') as marker,
    null::text as note,
    n,
    'pahittat' as source_id,
from figures
where municipality_id <> '0000';

-- One row per published value of a municipality or the country, with its place among the municipalities.
create view comparison_values as
select
    indicator_id,
    municipality_id,
    year,
    gender,
    value,
    if(is_untold, 'Missing', '') as status,
    if(municipality_id = '0000' or value is null, null, rank() over (ranks order by value desc) - 1)::integer as count_higher,
    if(municipality_id = '0000' or value is null, null, rank() over (ranks order by value) - 1)::integer as count_lower,
    'pahittat' as source_id,
from figures
where unit_id is null
window ranks as (partition by indicator_id, year, gender, municipality_id = '0000', value is null);

-- One row per indicator, year and gender: how the municipalities are spread.
create view comparison_distributions as
select
    'sverige' as register,
    indicator_id,
    year,
    gender,
    count(value)::integer as n,
    quantile_cont(value, 0.025) as p2_5,
    quantile_cont(value, 0.25) as p25,
    quantile_cont(value, 0.5) as p50,
    quantile_cont(value, 0.75) as p75,
    quantile_cont(value, 0.975) as p97_5,
    round(avg(value), 6) as mean,
    'pahittat' as source_id,
from figures
where unit_id is null
    and municipality_id <> '0000'
group by indicator_id, year, gender
having count(value) > 0;

-- One row per indicator of a publisher's list.
create view indicator_register as
select
    indicator_id,
    title,
    null::text as description,
    true as is_by_gender,
    true as has_unit_values,
    null::date as next_publication_date,
    null::date as preliminary_date,
    null::text as publication_period,
    null::integer as ended_year,
    'pahittat' as source_id,
from picked;

-- One row per municipality, and the country.
create view municipalities as
select '0000' as municipality_id, 'Riket' as name, 'country' as kind, 'sverige' as register, null::text as county,
    false as has_own_data, null::text as committee,
union all
select municipality_id, 'Påhittade kommun ' || number, 'municipality', 'sverige', 'Län ' || (1 + number % 21), true,
    'Nämnden i ' || municipality_id,
from homes;

-- One row per group and member: the seven next to each municipality, and the counties.
create view municipality_groups as
select
    'liknande-' || homes.municipality_id as group_id,
    'Liknande kommuner' as title,
    'similar' as kind,
    2024 as vintage,
    homes.municipality_id as for_municipality_id,
    members.municipality_id as member_id,
    'pahittat' as source_id,
from homes
join homes as members on members.number between homes.number + 1 and homes.number + 7
union all
select 'lan-' || (1 + number % 21), 'Län ' || (1 + number % 21), 'county', null, null, municipality_id, 'pahittat'
from homes;

-- One row per source: those of the copied tables, and that of the figures.
create view sources as
from template.sources
union all by name
select 'pahittat' as source_id, 'Påhittade uppgifter för prov' as title, 'Nämndkollen' as publisher,
    date '2026-11-22' as retrieved_date, true as is_official;
