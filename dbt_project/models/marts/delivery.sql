-- Every file that was delivered by the as-of date, and what became of it.
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
from {{ ref('stg_delivery_file') }}
