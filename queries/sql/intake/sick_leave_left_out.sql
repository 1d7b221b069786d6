-- One row per figure of sick leave that may not be shown: the unit's full-time posts that month are fewer than $employees,
-- or nobody tells them (is_untold). Full-time posts are those of the outcome, else of the budget. months_to_come are the
-- rows of monthly_values that a version will have. A measure with more words, as "sjukfrånvaro, kort", is sick leave too.
with posts as (
    select
        municipality_id,
        unit_id,
        month,
        coalesce(
            max(value) filter (where kind = 'outcome'),
            max(value) filter (where kind = 'budget')
        ) as full_time,
    from months_to_come
    where measure = 'årsarbetare'
    group by all
)
select
    sick.municipality_id,
    sick.unit_id,
    sick.month,
    sick.measure,
    sick.kind,
    posts.full_time is null as is_untold,
from months_to_come as sick
left join posts using (municipality_id, unit_id, month)
where contains(lower(sick.measure), 'sjukfrånvaro')
    and (is_untold or posts.full_time < $employees)
