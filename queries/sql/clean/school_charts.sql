-- One row per school form and small chart of a school's page: its place, what it shows, and the fixed ends of its axis.
select
    school_form,
    position::integer as position,
    section,
    indicator_id,
    title,
    low::double as low,
    high::double as high,
    has_municipality_line = 'true' as has_municipality_line,
    target_from,
from published.school_charts
