-- One row per indicator of data/indicators.csv, with numbers and truth values as such.
select
    indicator_id,
    title,
    short_name,
    unit,
    decimals::integer as decimals,
    good_direction,
    value_kind,
    is_survey = 'true' as is_survey,
    dimension,
    population,
    period,
    source,
    definition,
from published.indicators
