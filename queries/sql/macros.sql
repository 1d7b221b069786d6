-- RKA's published recipe for its indices: low → 0, high → 100, cut at both ends, turned round when low is good.
create macro scale_to_100(value, low, high, direction) as case
    when direction is null or high <= low then null
    when direction = 1 then round(least(100, greatest(0, 100 * (value - low) / (high - low))), 6)
    else round(least(100, greatest(0, 100 * (high - value) / (high - low))), 6)
end
