-- One row per source among those asked for: where figures come from and when.
select
    source_id,
    title,
    publisher,
    published_date,
    retrieved_date,
    note,
from sources
where source_id in $source_ids
order by publisher, title
