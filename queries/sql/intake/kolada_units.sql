-- One row per school or preschool that a file from Kolada tells of and that is published here: ou, and the unit it is.
-- Newer ids end with the unit's own code. Older ones hold only a number, and of some the municipality in it is another
-- one: those are known by name and municipality of Kolada's own list, table kolada_ou, where both are there once.
with told as (
    select distinct ou
    from kolada_rows
    where ou is not null
), by_code as (
    select
        told.ou,
        units.municipality_id,
        units.unit_id,
        units.operator,
    from told
    join base.units on units.unit_id = regexp_extract(told.ou, '^V[0-9]{2}E([0-9]{8})$', 1)
), by_name as (
    select
        any_value(told.ou) as ou,
        units.municipality_id,
        any_value(units.unit_id) as unit_id,
        any_value(units.operator) as operator,
    from kolada_ou
    join told on told.ou = kolada_ou.ou
    join base.units
        on units.municipality_id = kolada_ou.municipality_id
        and lower(units.name) = lower(kolada_ou.name)
    where units.unit_id not in (select unit_id from by_code)
        and told.ou not in (select ou from by_code)
    group by units.municipality_id, lower(units.name)
    having count(*) = 1
)
from by_code
union all
from by_name
