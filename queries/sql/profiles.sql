-- One row per indicator profile, with the number of its indicators and how many of them have a value for a municipality.
select
    profile_id,
    profile_title,
    count(distinct profiles.indicator_id) as count_indicators,
    count(distinct comparison_values.indicator_id) as count_with_values,
from profiles
left join comparison_values
    on comparison_values.indicator_id = profiles.indicator_id
    and comparison_values.municipality_id = $municipality_id
    and comparison_values.value is not null
group by profile_id, profile_title
order by profile_title
