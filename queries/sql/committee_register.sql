-- One row per question, promise or demand raised in the committee up to the end of a year (without one, ever); what waits for an answer first.
-- state: 'answered' where an answer or its day is told; 'overdue' where none is and the due date lies before $as_of; else
-- 'open'. days_overdue counts from the due date, only for overdue ones. An empty $kinds means all.
with states as (
    select
        *,
        case
            when answer is not null or answered_date is not null then 'answered'
            when due_date < $as_of then 'overdue'
            else 'open'
        end as state,
    from committee_items
    where municipality_id = $municipality_id
        and ($year is null or year(raised_date) <= $year)
        and (len($kinds) = 0 or kind in $kinds)
)
select
    item_id,
    kind,
    raised_date,
    reference,
    text,
    answer,
    answered_date,
    due_date,
    state,
    case when state = 'overdue' then $as_of - due_date end as days_overdue,
    source_id,
from states
order by
    case state when 'overdue' then 1 when 'open' then 2 else 3 end,
    coalesce(due_date, raised_date) desc,
    raised_date desc,
    item_id
