-- One row per published goal verdict, with the canonical verdict and what the source adds to its word.
-- verdict: met, partly, not_met or not_assessed; a word that is not known gives not_assessed, never a guess, and
-- is_known_word tells the two apart.
-- verdict_reason: what stands after the verdict word; empty where nothing does.
-- The longest known word decides ("delvis uppnått" before "delvis"). Nothing is left out.
with words as (
    -- A word that an analyst has explained goes before the same word in the project's table.
    select lower(trim(word)) as word, meaning as verdict, 1 as priority
    from published.added_words
    where kind = 'verdict'
    union all
    select lower(trim(word)), verdict, 2
    from published.verdict_words
), texts as (
    select distinct
        verdict_raw,
        trim(regexp_replace(verdict_raw, '[\s\x{00A0}\x{202F}]+', ' ', 'g')) as text,
    from published.goal_verdicts
), readings as (
    select
        texts.verdict_raw,
        texts.text,
        words.word as known_word,
        words.verdict as known_verdict,
        words.priority,
    from texts
    left join words
        on starts_with(lower(texts.text), words.word)
        and not regexp_matches(substr(texts.text, length(words.word) + 1, 1), '[\p{L}\p{N}]')
), ranked as (
    select
        *,
        row_number() over (
            partition by verdict_raw order by length(known_word) desc nulls last, priority, known_verdict
        ) as preference,
    from readings
)
select
    verdicts.*,
    coalesce(ranked.known_verdict, 'not_assessed') as verdict,
    nullif(trim(substr(ranked.text, length(ranked.known_word) + 1), ' .,;:–-'), '') as verdict_reason,
    ranked.known_word is not null as is_known_word,
from published.goal_verdicts as verdicts
join ranked using (verdict_raw)
where ranked.preference = 1
order by
    verdicts.municipality_id,
    verdicts.year,
    verdicts.verdict_id
