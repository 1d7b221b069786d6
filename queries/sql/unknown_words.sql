-- One row per unexplained word: a status or verdict in the published rows that no word table knows, over all
-- municipalities, since one explanation counts for all of them.
-- kind: status or verdict. word is the source's text in one of its spellings, with single spaces: explained as it is, it
-- counts for every text that begins so. where_used names the municipalities.
with unread as (
    select 'status' as kind, status_raw as text, municipality_id, year, source_id
    from action_reports
    where status = 'unknown'
    union all
    select 'verdict', verdict_raw, municipality_id, year, source_id
    from goal_verdicts
    where not is_known_word
), spelt as (
    select
        kind,
        trim(regexp_replace(text, '[\s\x{00A0}\x{202F}]+', ' ', 'g')) as word,
        municipality_id,
        year,
        source_id,
    from unread
)
select
    spelt.kind,
    min(spelt.word) as word,
    count(*) as count_rows,
    string_agg(distinct municipalities.name, ', ' order by municipalities.name) as where_used,
    min(spelt.year) as first_year,
    max(spelt.year) as last_year,
    list(distinct spelt.source_id order by spelt.source_id) as source_ids,
from spelt
join municipalities using (municipality_id)
where spelt.word <> ''
group by spelt.kind, lower(spelt.word)
order by spelt.kind, count_rows desc, word
