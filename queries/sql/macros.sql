-- RKA's published recipe for its indices: low → 0, high → 100, cut at both ends, turned round when low is good.
-- Empty without a value, a direction or a spread. greatest() passes over empty values: without the first line a missing
-- value would lie at 0.
create macro scale_to_100(value, low, high, direction) as case
    when value is null or direction is null or coalesce(high <= low, true) then null
    when direction = 1 then round(least(100, greatest(0, 100 * (value - low) / (high - low))), 6)
    else round(least(100, greatest(0, 100 * (high - value) / (high - low))), 6)
end;

-- The rank scale: the best of n municipalities is 100, the worst 0, and equal values share the better place.
-- A value that is no municipality's own, such as a mean, lies where it would if it took a place among them.
create macro rank_to_100(count_better, n) as case
    when count_better is null or coalesce(n < 2, true) then null
    else round(100.0 * (n - least(count_better + 1, n)) / (n - 1), 6)
end;

-- The quarter of n municipalities that a rank lies in: 25, 50 and 25 percent, as in Öppna jämförelser.
create macro quarter_of(rank, n) as case
    when rank is null or n is null then null
    when rank <= 0.25 * n then 'best_quarter'
    when rank > 0.75 * n then 'worst_quarter'
    else 'middle'
end;

-- An outcome against its target: 'unsaid' where "nära 100 %" leaves it open whether the target is reached.
create macro state_of_outcome(value, marker, target_value, is_reached) as case
    when value is null and coalesce(marker, '') not in ('~100', '~0') then 'no_value'
    when target_value is null then 'no_target'
    when is_reached then 'reached'
    when not is_reached then 'not_reached'
    else 'unsaid'
end;

-- A round of dialogue meetings as a number that grows as rounds come: twice the year, and one more for the autumn.
create macro round_of(meeting_kind, meeting_date) as 2 * year(meeting_date) + if(meeting_kind = 'autumn', 1, 0);

-- The words of a text in small letters, each as it is written and as it is written without dots and accents.
create macro words_of(text) as list_concat(
    regexp_extract_all(lower(nfc_normalize(coalesce(text, ''))), '[\p{L}\p{N}]+'),
    regexp_extract_all(strip_accents(lower(coalesce(text, ''))), '[\p{L}\p{N}]+')
)
