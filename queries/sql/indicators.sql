-- One row per indicator: what it is, whom it covers, which way is good, and who publishes it.
select
    indicator_id,
    title,
    short_name,
    unit,
    good_direction,
    population,
    period,
    source,
    definition,
    is_described,
    is_by_gender,
    has_unit_values,
    next_publication_date,
    preliminary_date,
    publication_period,
    ended_year,
from indicators
order by title
