-- One row per place that can be compared with and municipality whose values it consists of: a municipality and the
-- country are themselves, a group is its members. One of another register has no row.
select
    municipality_id as choice_id,
    name as title,
    kind,
    register,
    null::integer as vintage,
    null::text as for_municipality_id,
    municipality_id as member_id,
from published.municipalities
union all
select
    municipality_groups.group_id,
    municipality_groups.title,
    municipality_groups.kind,
    municipalities.register,
    municipality_groups.vintage,
    municipality_groups.for_municipality_id,
    municipality_groups.member_id,
from published.municipality_groups
join published.municipalities on municipalities.municipality_id = municipality_groups.member_id
