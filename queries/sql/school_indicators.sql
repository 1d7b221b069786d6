-- One row per chart of the school form's set, unit and year: the unit's value or why there is none, the municipality's,
-- the target, and the ends of the axis. An empty $unit_ids means all units of the municipality.
-- Years: the six up to $year, from the first with an outcome, the same for all units. The ends hold everything that any
-- chart of the form shows in any year, so they are the same for all units too; what is hidden takes no part in them.
with grid as (
    from school_values($municipality_id)
), spans as (
    select
        school_form,
        position,
        bool_or(is_told) as is_told_per_unit,
        -- least and greatest pass over what is empty.
        least(any_value(low), min(least(value, municipality_value, target_value))) as lowest,
        greatest(any_value(high), max(greatest(value, municipality_value, target_value))) as highest,
        10.0 ** floor(log10(if(highest > lowest, highest - lowest, 1))) as magnitude,
        -- Whole steps of 1, 2 or 5, a few in a figure.
        case
            when (highest - lowest) / magnitude >= 5 then magnitude
            when (highest - lowest) / magnitude >= 2 then magnitude / 2
            else magnitude / 5
        end as step,
    from grid
    group by school_form, position
), ends as (
    select
        school_form,
        position,
        is_told_per_unit,
        floor(lowest / step) * step as axis_low,
        -- One value alone still needs an axis.
        if(highest > lowest, ceil(highest / step), floor(lowest / step) + 1) * step as axis_high,
    from spans
), breaks as (
    select
        indicator_id,
        year,
        string_agg(note, ' ' order by note) as break_note,
    from breaks_of($municipality_id)
    group by indicator_id, year
)
select
    grid.* exclude (low, high, target_from, is_told),
    -- Why the unit has no value: '' where it has one, or a marker that says why.
    case
        when grid.is_told then ''
        when grid.year > units.closed_year then 'closed'
        when grid.year < units.opened_year then 'not_opened'
        when not ends.is_told_per_unit then 'not_per_unit'
        when not bool_or(grid.is_told) over (partition by grid.unit_id, grid.position) then 'never'
        when grid.municipality_marker in ('.', 'cancelled') then 'as_municipality'
        else 'missing'
    end as gap,
    case grid.target_operator
        when '>=' then grid.value >= grid.target_value
        when '<=' then grid.value <= grid.target_value
        when '=' then grid.value = grid.target_value
    end as is_reached,
    ends.axis_low,
    ends.axis_high,
    breaks.break_note,
    indicators.title as indicator_title,
    indicators.definition,
    indicators.unit,
    indicators.decimals,
    indicators.period,
    indicators.good_direction,
from grid
join units on units.municipality_id = $municipality_id and units.unit_id = grid.unit_id
join ends on ends.school_form = grid.school_form and ends.position = grid.position
left join indicators on indicators.indicator_id = grid.indicator_id
left join breaks on breaks.indicator_id = grid.indicator_id and breaks.year = grid.year
where (len($unit_ids) = 0 or grid.unit_id in $unit_ids)
    and grid.year > $year - 6
    and grid.year <= $year
order by grid.school_form, grid.unit_id, grid.position, grid.year
