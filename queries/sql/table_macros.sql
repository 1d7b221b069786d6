-- What several questions take from the comparison, made when all tables are there.

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
    and register = (select register from municipalities where municipality_id = home)
