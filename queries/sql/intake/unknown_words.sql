-- One row per text that begins with no known word for a status or a verdict ($kind).
-- The rule is that of clean/action_reports.sql and clean/goal_verdicts.sql: a word counts where no letter or digit
-- follows it. Which of several words is the longest does not matter here.
with known as (
    select lower(trim(word)) as word
    from base.added_words
    where kind = $kind
    union all
    select lower(trim(word))
    from words.status_words
    where $kind = 'status'
    union all
    select lower(trim(word))
    from words.verdict_words
    where $kind = 'verdict'
), texts as (
    select
        told as found,
        lower(trim(regexp_replace(told, '[\s\x{00A0}\x{202F}]+', ' ', 'g'))) as text,
    from (select unnest($texts) as told)
)
select distinct found
from texts
where not exists (
    select 1
    from known
    where starts_with(texts.text, known.word)
        and not regexp_matches(substr(texts.text, length(known.word) + 1, 1), '[\p{L}\p{N}]')
)
order by found
