-- One row per report that should reach the committee, up to a year (without one, of all years): those that were never treated first, then the newest.
-- kind_now: the name in use, where a kind is called something else in the source (pedagogiskt bokslut is SKA now).
-- state: 'treated'; 'undated' where the source tells what came of it but no day; 'never' where nothing is told. An empty $kinds means all.
with named as (
    select
        *,
        case lower(trim(kind))
            when 'pedagogiskt bokslut' then 'SKA'
            when 'ska' then 'SKA'
            when 'med målen i sikte' then 'MMiS'
            when 'mmis' then 'MMiS'
            when 'revision' then 'revisionsgranskning'
            when 'delrapport' then 'delårsrapport'
            else lower(trim(kind))
        end as kind_now,
        case
            when treated_date is not null then 'treated'
            when decision is not null or paragraph is not null then 'undated'
            else 'never'
        end as state,
    from reports
    where municipality_id = $municipality_id
        and ($year is null or year <= $year)
)
select
    report_id,
    kind,
    kind_now,
    title,
    year,
    recipient,
    delivered_date,
    treated_date,
    treated_date - delivered_date as days_to_treatment,
    paragraph,
    decision,
    state,
    source_id,
from named
where len($kinds) = 0
    or kind_now in $kinds
order by
    state <> 'never',
    year desc,
    coalesce(treated_date, delivered_date) desc nulls last,
    kind_now,
    report_id
