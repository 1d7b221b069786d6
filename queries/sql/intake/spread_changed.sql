-- One row per indicator, year and gender whose values or municipalities are others in the version to come.
-- Values are compared by the sum of their hashes: a million of them side by side would take more room than there is.
with before as (
    select
        indicator_id,
        year,
        gender,
        sum(hash(municipality_id, register, value)) as fingerprint,
    from base.comparison_values
    join base.municipalities using (municipality_id)
    group by all
), after as (
    select
        indicator_id,
        year,
        gender,
        sum(hash(municipality_id, register, value)) as fingerprint,
    from values_to_come
    join municipalities_to_come using (municipality_id)
    group by all
)
select
    indicator_id,
    year,
    gender,
from before
full join after using (indicator_id, year, gender)
where before.fingerprint is distinct from after.fingerprint
