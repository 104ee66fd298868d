-- Delivered files up to the as-of date; paths that fit nothing have no extract date and are always shown.
select
    delivery_id,
    dataset,
    period,
    extract_date,
    sender,
    file_name,
    sha256,
    bytes,
    rows_read,
    rows_accepted,
    rows_rejected,
    rows_duplicate,
    status,
    reason,
    loaded_at,
    contract_version
from {{ source('raw', 'delivery_file') }}
where extract_date is null or extract_date <= cast('{{ var("as_of") }}' as date)
