-- One row per remark about what a source says that does not agree with itself, such as a count beside fewer in its list.
-- Such remarks are told under a theme of their own, which data/README.md names.
select
    finding_id,
    year,
    text,
    source_id,
from findings
where municipality_id = $municipality_id
    and theme = 'Uppgifter som inte går ihop'
order by year, finding_id
