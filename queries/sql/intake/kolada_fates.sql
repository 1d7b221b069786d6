-- One row per value in a file from Kolada, with what becomes of it: those with fate 'municipality' and 'unit' are taken
-- in, the others are only told of. What is wrong in a row is left as it stands, for the checks to find.
-- An indicator without a row in data/indicators.csv is taken for comparison alone, when kolada_listed knows its id. $is_fetch:
-- the file is a fetch, which brings Kolada's list with it, so that an id known to neither is a fault.
-- source_id is the day the value was fetched, where the row says it, otherwise the day of the upload.
-- $by_name: the file names municipalities, without codes, and holds girls and boys together. $sheet is where rows stand
-- that do not say it themselves. Left out: rows without any content.
with known_names as (
    select
        name,
        min(municipality_id) as municipality_id,
    from base.municipalities
    where register = 'sverige'
    group by name
), placed as (
    select
        kolada_values.*,
        case
            when $by_name then known_names.municipality_id
            else kolada_values.municipality_id
        end as place_id,
        nullif(regexp_extract(retrieved, '^[0-9]{4}-[0-9]{2}(-[0-9]{2})?'), '') as day,
    from kolada_values
    left join known_names
        on known_names.name = kolada_values.municipality
        and $by_name
    where coalesce(kpi, kolada_values.municipality_id, kolada_values.municipality, ou, year, value) is not null
)
select
    case
        when indicators.source <> 'Kolada' then 'own_indicator'
        when indicators.indicator_id is null and listed.indicator_id is null and $is_fetch then 'unknown_indicator'
        when indicators.indicator_id is null
            and (listed.indicator_id is null or placed.ou is not null)
            and regexp_full_match(kpi, '[NU][0-9]{5}')
            then 'unused_indicator'
        when placed.ou is not null and units.unit_id is null then 'unknown_unit'
        when placed.ou is not null then 'unit'
        when regexp_full_match(place_id, 'G[0-9]+') then 'group'
        when place_id <> '0000' and (municipality_type = 'L' or regexp_full_match(place_id, '00[0-9]{2}'))
            then 'region'
        when $by_name and place_id is null then 'unknown_name'
        else 'municipality'
    end as fate,
    placed.kpi as indicator_id,
    coalesce(units.municipality_id, place_id) as municipality_id,
    municipality as municipality_name,
    placed.ou,
    units.unit_id,
    units.operator,
    year,
    case
        when $by_name or lower(gender) = 'totalt' then 'T'
        when lower(gender) = 'kvinnor' then 'K'
        when lower(gender) = 'män' then 'M'
        else gender
    end as gender,
    value,
    status,
    day,
    'kolada-' || coalesce(day, $today::text) as source_id,
    coalesce(page, $sheet) as _sheet,
    line::text as _line,
    null::text as _heading,
from placed
left join words.indicators as indicators on indicators.indicator_id = kpi
left join kolada_listed as listed on listed.indicator_id = kpi
left join kolada_units as units on units.ou = placed.ou
