-- One row per record of a text table whose records all have the same cells; line is the record's number.
-- The dialect is told in full: DuckDB is never asked to find out, nor to skip what it cannot read.
select
    row_number() over () as line,
    *,
from read_csv(
    $path,
    columns = $columns,
    delim = $separator,
    quote = '',
    escape = '',
    header = false,
    auto_detect = false,
    strict_mode = true,
    null_padding = false,
    ignore_errors = false,
    max_line_size = $longest
)
