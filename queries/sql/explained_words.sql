-- One row per word or phrase that an analyst has explained. kind: status or verdict; meaning is the canonical one.
select
    kind,
    word,
    meaning,
from added_words
order by kind, lower(word)
