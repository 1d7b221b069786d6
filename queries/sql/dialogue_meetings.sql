-- One row per round of dialogue meetings that anything is told of: those of one spring or autumn, the newest first.
-- A round is held on one day or on several, as units meet: first_date and last_date are its ends.
-- count_untold: agreements that no source tells the outcome of; count_open: questions without an answer.
with told as (
    select meeting_kind, meeting_date, outcome is null as is_untold, null as is_open
    from agreements
    where municipality_id = $municipality_id
    union all
    select meeting_kind, meeting_date, null, answer is null
    from meeting_questions
    where municipality_id = $municipality_id
)
select
    meeting_kind,
    year(meeting_date) as year,
    min(meeting_date) as first_date,
    max(meeting_date) as last_date,
    count(is_untold) as count_agreements,
    count(*) filter (where is_untold) as count_untold,
    count(is_open) as count_questions,
    count(*) filter (where is_open) as count_open,
from told
group by
    meeting_kind,
    year(meeting_date)
order by
    year desc,
    -- Spring comes before autumn.
    meeting_kind
