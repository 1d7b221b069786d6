-- One row per topic that was agreed on at a round of dialogue meetings, with the units it was agreed with: what many
-- units share first. Agreements with an area or the whole municipality count no unit.
-- $meeting is a spring or autumn as in agenda_questions; without it the newest round. An empty $unit_ids means all.
with agreed as (
    select *, round_of(meeting_kind, meeting_date) as round
    from agreements
    where municipality_id = $municipality_id
)
select
    agreed.topic,
    any_value(agreed.meeting_kind) as meeting_kind,
    min(agreed.meeting_date) as meeting_date,
    count(distinct agreed.unit_id) as count_units,
    list(distinct units.name order by units.name) filter (where units.name is not null) as unit_names,
    count(*) as count_agreements,
    count(*) filter (where agreed.outcome is null) as count_untold,
    list(distinct agreed.source_id order by agreed.source_id) as source_ids,
from agreed
left join units using (municipality_id, unit_id)
where agreed.round = coalesce($meeting, (select max(round) from agreed))
    and (len($unit_ids) = 0 or agreed.unit_id in $unit_ids)
group by agreed.topic
order by
    count_units desc,
    count_agreements desc,
    agreed.topic
