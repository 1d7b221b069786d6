-- One row per promise to the committee that falls due at a meeting, or between the report point before and it.
-- Answered ones stay, with their day. A meeting without a day has none.
select
    items.item_id,
    items.raised_date,
    items.reference,
    items.text,
    items.due_date,
    items.answer,
    items.answered_date,
    items.source_id,
from committee_items as items
cross join meeting_at($municipality_id, $year, $meeting) as meeting
where items.municipality_id = $municipality_id
    and items.kind = 'promise'
    and items.due_date > coalesce(meeting.day_before, make_date($year::integer - 1, 12, 31))
    and items.due_date <= meeting.meeting_day
order by
    items.due_date,
    items.item_id
