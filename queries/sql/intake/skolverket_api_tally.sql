-- One row per fate of the figures in a file from Skolverket's API: how many, of how many schools, and of what.
with named as (
    select
        *,
        variable || ' (' || school_form || ')' as variable_and_form,
    from api_fates
)
select
    fate,
    count(*) as count_rows,
    count(distinct unit_id) as count_units,
    list(distinct variable_and_form order by variable_and_form) as variables,
from named
group by fate
