-- One row per unit (empty = the whole municipality) and year up to a year: children per full-time post in preschool, with
-- the posts that state grants pay (L09) and without them (L10). Beside each its target, a unit's own or else that of the
-- whole municipality, and whether it holds: empty where outcome or target is missing. marker says why a value is.
with sides as (
    select
        measured.*,
        coalesce(measured.target_value, whole.target_value) as aim,
        coalesce(measured.target_operator, whole.target_operator) as aim_operator,
        case aim_operator
            when '<=' then measured.value <= aim
            when '>=' then measured.value >= aim
            when '=' then measured.value = aim
        end as is_held,
    from outcome_against_target as measured
    left join outcome_against_target as whole
        on whole.municipality_id = measured.municipality_id
        and whole.indicator_id = measured.indicator_id
        and whole.year = measured.year
        and whole.unit_id is null
    where measured.municipality_id = $municipality_id
        and measured.indicator_id in ('L09', 'L10')
        and ($year is null or measured.year <= $year)
        and (len($unit_ids) = 0 or measured.unit_id in $unit_ids)
)
select
    sides.unit_id,
    units.name as unit_name,
    sides.year,
    max(value) filter (where indicator_id = 'L09') as with_grants,
    max(marker) filter (where indicator_id = 'L09') as with_marker,
    max(note) filter (where indicator_id = 'L09') as with_note,
    max(aim) filter (where indicator_id = 'L09') as with_target,
    bool_or(is_held) filter (where indicator_id = 'L09') as is_held_with_grants,
    max(value) filter (where indicator_id = 'L10') as without_grants,
    max(marker) filter (where indicator_id = 'L10') as without_marker,
    max(note) filter (where indicator_id = 'L10') as without_note,
    max(aim) filter (where indicator_id = 'L10') as without_target,
    bool_or(is_held) filter (where indicator_id = 'L10') as is_held_without_grants,
    max(aim_operator) as target_operator,
    max(sides.source_id) as source_id,
from sides
left join units on units.municipality_id = $municipality_id and units.unit_id = sides.unit_id
group by sides.unit_id, units.name, sides.year
having count(value) > 0
    or max(marker) <> ''
order by
    sides.year desc,
    greatest(with_grants, without_grants) desc nulls last,
    units.name,
    sides.unit_id
