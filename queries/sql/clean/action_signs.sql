-- One row per published action report, with the signs that its words hold: phrases of data/contradiction_words.csv.
-- A phrase is found where it begins a word, whatever capitals and signs stand between. Whether the schedule holds or a
-- delay is told is read from the report itself; the rest from the newest remark with the same status.
-- later_time: the first words that name a time after the report: a later year, a month or season later in the report's
-- year, or a phrase such as "nästa år". Nothing is left out; a report without signs has empty columns.
with texts as (
    select
        municipality_id,
        action_id,
        report_date,
        ' ' || trim(regexp_replace(lower(concat_ws(' ', status_raw, comment)), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ' as own_text,
        ' ' || trim(regexp_replace(lower(concat_ws(' ', status_raw, told_remark)), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ' as told_text,
    from action_steps
), phrases as (
    select
        sign,
        trim(regexp_replace(lower(word), '[^\p{L}\p{N}]+', ' ', 'g')) as phrase,
        nullif(trim(meaning), '') as meaning,
    from contradiction_words
), found as (
    select
        texts.municipality_id,
        texts.action_id,
        texts.report_date,
        phrases.*,
    from texts
    join phrases
        on contains(
            if(phrases.sign in ('on_schedule', 'delay'), texts.own_text, texts.told_text),
            ' ' || phrases.phrase
            -- A month or season says when only together with its year.
            || if(phrases.sign = 'time' and phrases.meaning is not null, ' ' || year(texts.report_date) || ' ', '')
        )
    where phrases.sign <> 'time'
        or phrases.meaning is null
        or phrases.meaning::integer > month(texts.report_date)
    union all
    select
        municipality_id,
        action_id,
        report_date,
        'time',
        unnest(list_filter(
            regexp_extract_all(told_text, ' (20\d\d)', 1),
            lambda said: said::integer > year(report_date)
        )),
        null,
    from texts
)
select
    texts.municipality_id,
    texts.action_id,
    texts.report_date,
    min(phrase) filter (where sign = 'on_schedule') as on_schedule,
    min(phrase) filter (where sign = 'delay') as delay,
    if(bool_or(sign = 'nothing_remains'), null, min(phrase) filter (where sign = 'remains')) as remains,
    min(phrase) filter (where sign = 'decision') as decision,
    min(phrase) filter (where sign = 'time') as later_time,
    coalesce(list_sort(list_distinct(list(found.meaning) filter (where sign = 'cause'))), []) as causes,
from texts
left join found using (municipality_id, action_id, report_date)
group by all
