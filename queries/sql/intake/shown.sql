-- How a typed value of a Parquet file is written as text: as a spreadsheet's would be (queries/intake/filling.py).
create temp macro shown(value) as nullif(case
    when typeof(value) in ('DOUBLE', 'FLOAT') then regexp_replace(cast(value as text), '\.0$', '')
    when typeof(value) = 'BOOLEAN' then case cast(value as text) when 'true' then 'SANT' when 'false' then 'FALSKT' end
    when typeof(value) like 'TIMESTAMP%' then regexp_replace(cast(value as text), ' 00:00:00(\+00)?$', '')
    else nfc_normalize(cast(value as text))
end, '');
