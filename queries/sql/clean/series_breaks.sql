-- One row per indicator and first year that cannot be compared with the years before it, and why.
select
    indicator_id,
    year::integer as year,
    note,
    source,
from published.series_breaks
