-- One row per different row of a table that two versions do not hold equally often.
-- $files are the files of either that the other does not have, $later those of the later one; balance is above zero for
-- rows that it has more of.
select
    * exclude (filename),
    sum(case when list_contains($later, filename) then 1 else -1 end) as balance,
from read_parquet($files, filename = true, union_by_name = true)
group by all
having balance <> 0
