-- One row per thing that holds all the words asked for: goals, actions, remarks, reports, questions and promises,
-- agreements, indicators, units, words of the glossary; in that order, what fits best first.
-- A word is found whole, at the beginning of another, or within one where it has at least four letters. Written without
-- dots and accents it is found with them; written with them only so. What is found nowhere is taken for a misspelling of
-- a word that differs in one letter, or two in long ones: is_near. found: the words that were met, as written here.
-- With a year, things of other years are left out, and with units those of other units; what belongs to none stays. An
-- empty $unit_ids means all.
with wanted as (
    select unnest($words::text[]) as word
), things as (
    select *
    from searchable($municipality_id)
    where ($year is null or years is null or list_contains(years, $year))
        and (len($unit_ids) = 0 or unit_id is null or unit_id in $unit_ids)
), tokens as (
    select kind, thing_id, title, true as is_title, unnest(words_of(title)) as token
    from things
    union all
    select kind, thing_id, title, false, unnest(words_of(body))
    from things
), closeness as (
    select
        word,
        token,
        case
            when token = word then 4
            when length(word) > 1 and starts_with(token, word) then 3
            when length(word) > 3 and contains(token, word) then 2
            when length(word) > 4 and least(
                damerau_levenshtein(token, word),
                damerau_levenshtein(left(token, length(word)), word),
                damerau_levenshtein(left(token, length(word) + 1), word)
            ) <= if(length(word) > 7, 2, 1) then 1
        end as close,
    from wanted
    cross join (select distinct token from tokens)
), nearest as (
    select
        *,
        max(close) over (partition by word) as closest,
    from closeness
    where close is not null
), met as (
    select
        tokens.kind,
        tokens.thing_id,
        tokens.title,
        nearest.word,
        max(nearest.close + if(tokens.is_title, 4, 0)) as score,
        bool_and(nearest.close = 1) as is_near,
        list(distinct nearest.token order by nearest.token) as found,
    from tokens
    join nearest using (token)
    where nearest.close > 1
        or nearest.closest = 1
    group by all
), hits as (
    select
        kind,
        thing_id,
        title,
        sum(score) as score,
        bool_or(is_near) as is_near,
        list_sort(list_distinct(flatten(list(found)))) as found,
    from met
    group by all
    having count(*) = (select count(*) from wanted)
)
select
    things.*,
    list_max(things.years) as newest_year,
    units.name as unit_name,
    hits.is_near,
    hits.found,
from hits
join things using (kind, thing_id, title)
left join units
    on units.municipality_id = $municipality_id
    and units.unit_id = things.unit_id
order by
    list_position(['goal', 'action', 'finding', 'report', 'item', 'agreement', 'indicator', 'unit', 'word'], things.kind),
    hits.score desc,
    newest_year desc nulls last,
    things.title,
    things.thing_id
