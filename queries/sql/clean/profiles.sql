-- One row per indicator profile and indicator, in the order of the spokes.
select
    profile_id,
    profile_title,
    position::integer as position,
    indicator_id,
from published.profiles
