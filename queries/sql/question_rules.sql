-- One row per rule that raises questions for dialogue meetings, in the order of data/question_rules.csv.
select
    rule_id,
    topic,
    question,
    evidence,
from question_rules
order by position::integer
