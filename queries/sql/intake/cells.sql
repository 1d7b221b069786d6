-- How a cell of text is read as a number, a year, a date or a truth value. Each gives null for what it does not know
-- for certain: a cell is never guessed.
create or replace macro tidy(cell) as if(
    -- Most cells are one plain word, and need no cutting.
    regexp_full_match(cell, '[!-~]+'),
    cell,
    nullif(trim(regexp_replace(cell, '[\s\x{00A0}\x{2007}\x{2009}\x{202F}]+', ' ', 'g')), '')
);

-- A text keeps its own line breaks; blanks of all kinds are one.
create or replace macro text_of(cell) as if(
    regexp_full_match(cell, '[!-~]+'),
    cell,
    nullif(trim(regexp_replace(cell, '[ \t\x{00A0}\x{2007}\x{2009}\x{202F}]+', ' ', 'g'), E' \n\r'), '')
);

-- 1 234,5 and 1234.5 and −3 and 87,1 %. Thousands are set apart by blanks only: a point may be a decimal.
create or replace macro number_of(cell) as case
    when regexp_full_match(cell, '-?[0-9]+([.,][0-9]+)?([eE]-[0-9]{1,2})?')
        then try_cast(replace(cell, ',', '.') as double)
    when regexp_full_match(tidy(cell), '[-−]?([0-9]+|[0-9]{1,3}( [0-9]{3})+)([.,][0-9]+)? ?%?')
        then try_cast(translate(tidy(cell), ',−% ', '.-') as double)
end;

create or replace macro whole_of(cell) as case
    when regexp_full_match(cell, '-?[0-9]{1,9}') then cast(cell as integer)
    when number_of(cell) = floor(number_of(cell)) and abs(number_of(cell)) < 1e9 and not contains(cell, '%')
        then cast(number_of(cell) as integer)
end;

-- 2025, or the last year of a läsår: 2024/25, 24/25, lå 2024-2025.
create or replace macro school_year_parts(cell) as regexp_extract(
    lower(tidy(cell)),
    '^(?:lå |läsår |läsåret )?((?:19|20)?[0-9]{2}) ?[/–-] ?((?:19|20)?[0-9]{2})$',
    ['first', 'last']
);
create or replace macro year_of(cell) as case
    when regexp_full_match(cell, '[0-9]{4}') then cast(cell as integer)
    when regexp_full_match(tidy(cell), '[0-9]{4}') then cast(tidy(cell) as integer)
    when (try_cast(school_year_parts(cell).first as integer) + 1) % 100 = try_cast(school_year_parts(cell).last as integer) % 100
        and (
            length(school_year_parts(cell).first) = 2
            or length(school_year_parts(cell).last) = 2
            or cast(school_year_parts(cell).first as integer) + 1 = cast(school_year_parts(cell).last as integer)
        )
        then (case
            when length(school_year_parts(cell).first) = 2 then 2000 + cast(school_year_parts(cell).first as integer)
            else cast(school_year_parts(cell).first as integer)
        end) + 1
end;

create or replace macro date_of(cell) as cast(
    try_strptime(tidy(cell), ['%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%d/%m/%Y', '%d/%m %Y']) as date
);

create or replace macro truth_of(cell) as case
    when lower(tidy(cell)) in ('ja', 'true', 'sant', 'x') then true
    when lower(tidy(cell)) in ('nej', 'false', 'falskt') then false
end;
