-- One row per municipality that has data of its own here.
select
    municipality_id,
    name,
    committee,
    register,
    register = 'exempel' as is_invented,
from municipalities
where has_own_data
order by is_invented desc, name
