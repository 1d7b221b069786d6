-- One row per figure in a file from Skolverket's API, with what becomes of it: those with fate 'outcome' are taken in,
-- the others are only told of. What is wrong in a row is left as it stands, for the checks to find.
-- A four-digit time_period is the first year of its school year, as figures known from elsewhere show: year is the last.
-- marker is empty where there is a value. A kind of value that is not known stands as its own marker.
-- $source_id and $sheet are those of the whole file.
with named as (
    select
        api_rows.*,
        coalesce(api_rows.municipality_id, units.municipality_id) as place_id,
        coalesce(
            units.operator,
            case
                when regexp_matches(organisation, '^2[12]') then 'kommunal'
                when not regexp_matches(organisation, '^2[03]') then 'enskild'
            end
        ) as operator,
        units.unit_id is not null as is_known,
    from api_rows
    left join base.units as units
        on units.unit_id = api_rows.unit_id
        and units.municipality_id = coalesce(api_rows.municipality_id, units.municipality_id)
)
select
    case
        when followed.municipality_id is null then 'not_followed'
        when known.indicator_id is null then 'unknown_variable'
        when named.operator is null then 'other_operator'
        when time_period is null and value_type = 'MISSING' then 'no_year'
        else 'outcome'
    end as fate,
    place_id as municipality_id,
    municipality_name,
    named.unit_id,
    unit_name,
    is_known,
    school_form,
    variable,
    known.indicator_id,
    case
        when regexp_full_match(time_period, '[0-9]{4}') then (time_period::integer + 1)::text
        else time_period
    end as year,
    named.operator,
    case when value_type = 'EXISTS' then value end as value,
    case when value_type <> 'EXISTS' then coalesce(value_types.marker, value_type) end as marker,
    value_types.note,
    $source_id::text as source_id,
    $sheet::text as _sheet,
    line::text as _line,
    named.heading as _heading,
from named
left join base.municipalities as followed
    on followed.municipality_id = place_id
    and followed.has_own_data
left join words.export_columns as known
    on known.source = 'skolverket-api'
    and known.role = 'value'
    and known.report = school_form
    and known.heading = variable
left join value_types using (value_type)
