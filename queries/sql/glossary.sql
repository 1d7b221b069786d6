-- One row per term that has a meaning of its own here.
select
    term,
    explanation,
from glossary
order by term
