-- One row per published action report, with its status and the reason given beside the status word.
-- status: finished, ongoing, remaining, not_started, closed_undone, or unknown where no word is known; an
-- unknown status counts as open, so that no action drops out of sight.
-- status_reason: what stands after the status word ("pga Coronapandemin"); empty where nothing does.
-- The longest known word decides ("pågår enligt tidsplan" before "pågår"). Nothing is left out.
with words as (
    -- A word that an analyst has explained goes before the same word in the project's table.
    select lower(trim(word)) as word, meaning as status, 1 as priority
    from published.added_words
    where kind = 'status'
    union all
    select lower(trim(word)), status, 2
    from published.status_words
), texts as (
    select distinct
        status_raw,
        trim(regexp_replace(status_raw, '[\s\x{00A0}\x{202F}]+', ' ', 'g')) as text,
    from published.action_reports
), readings as (
    -- Read once per text, so that a word told twice in the table can never double a report.
    select
        texts.status_raw,
        texts.text,
        words.word as known_word,
        words.status as known_status,
        words.priority,
    from texts
    left join words
        on starts_with(lower(texts.text), words.word)
        -- "klar" must not be read out of "klargöra": a letter or digit may not follow.
        and not regexp_matches(substr(texts.text, length(words.word) + 1, 1), '[\p{L}\p{N}]')
), ranked as (
    select
        *,
        row_number() over (
            partition by status_raw order by length(known_word) desc nulls last, priority, known_status
        ) as preference,
    from readings
)
select
    reports.*,
    coalesce(ranked.known_status, 'unknown') as status,
    nullif(trim(substr(ranked.text, length(ranked.known_word) + 1), ' .,;:–-'), '') as status_reason,
from published.action_reports as reports
join ranked using (status_raw)
where ranked.preference = 1
order by
    reports.municipality_id,
    reports.report_date,
    reports.action_id
