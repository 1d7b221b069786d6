-- RKA's published recipe for its indices: low → 0, high → 100, cut at both ends, turned round when low is good.
-- Empty without a value, a direction or a spread. greatest() passes over empty values: without the first line a missing
-- value would lie at 0.
create macro scale_to_100(value, low, high, direction) as case
    when value is null or direction is null or coalesce(high <= low, true) then null
    when direction = 1 then round(least(100, greatest(0, 100 * (value - low) / (high - low))), 6)
    else round(least(100, greatest(0, 100 * (high - value) / (high - low))), 6)
end
