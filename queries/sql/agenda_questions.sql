-- One row per question on the agenda of a round of dialogue meetings: put there, or brought along from an earlier round
-- because it had no answer when this one began. The longest waiting first, then as they were put.
-- count_waited: rounds since the question was put, up to the asked one; rounds are those that anything is told of.
-- $meeting is a spring or autumn as a number: twice the year, and one more for the autumn. Without it every question
-- stands, up to the newest round. A question to an area stands when the area is asked for; empty $unit_ids means all.
with asked as (
    select *, round_of(meeting_kind, meeting_date) as round
    from meeting_questions
    where municipality_id = $municipality_id
), rounds as (
    select round_of(meeting_kind, meeting_date) as round, min(meeting_date) as first_date
    from (
        select meeting_kind, meeting_date from agreements where municipality_id = $municipality_id
        union all
        select meeting_kind, meeting_date from asked
    )
    group by round
), chosen as (
    select
        coalesce($meeting, (select max(round) from rounds)) as round,
        (select first_date from rounds where round = $meeting) as first_date,
)
select
    asked.question_id,
    asked.meeting_kind,
    asked.meeting_date,
    asked.unit_id,
    units.name as unit_name,
    asked.area,
    asked.rule_id,
    rules.topic,
    asked.question,
    asked.evidence,
    asked.link,
    asked.answer,
    asked.answered_date,
    asked.answer is not null as is_answered,
    asked.round < chosen.round as is_earlier,
    (
        select count(*)
        from (select round from rounds union select round from chosen) as since
        where since.round > asked.round and since.round <= chosen.round
    ) as count_waited,
    asked.source_id,
from asked
cross join chosen
left join units using (municipality_id, unit_id)
left join question_rules as rules using (rule_id)
where ($meeting is null or asked.round = chosen.round or (
        asked.round < chosen.round
        and (asked.answer is null or asked.answered_date >= chosen.first_date)
    ))
    and (len($unit_ids) = 0 or asked.unit_id in $unit_ids or asked.area = $area)
order by
    asked.round,
    units.name nulls first,
    asked.area nulls first,
    asked.question_id
