-- One row per register, indicator, year and gender whose values have changed: how the municipalities with a value are
-- spread. Left out: the country, and what rests on fewer municipalities than the published spread does, since then not
-- all of those behind it are here. Those of the invented register always are.
-- Percentiles of one and the same value must not differ in the sixteenth digit between machines: six decimals are kept.
with spread as (
    select
        municipalities_to_come.register,
        indicator_id,
        year,
        gender,
        count(*)::integer as n,
        quantile_cont(value, [0.025, 0.25, 0.5, 0.75, 0.975]) as percentiles,
        round(avg(value), 6) as mean,
        max(values_to_come.source_id) as source_id,
    from values_to_come
    join spread_changed using (indicator_id, year, gender)
    join municipalities_to_come using (municipality_id)
    where value is not null
        and municipalities_to_come.kind = 'municipality'
    group by all
)
select
    register,
    indicator_id,
    year,
    gender,
    spread.n,
    round(percentiles[1], 6) as p2_5,
    round(percentiles[2], 6) as p25,
    round(percentiles[3], 6) as p50,
    round(percentiles[4], 6) as p75,
    round(percentiles[5], 6) as p97_5,
    spread.mean,
    spread.source_id,
from spread
left join base.comparison_distributions as published using (register, indicator_id, year, gender)
where spread.n >= coalesce(published.n, 0)
    or register = 'exempel'
