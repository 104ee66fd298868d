-- Rejections of the files that are shown.
select
    r.delivery_id,
    r.file_name,
    r.field,
    r.rule,
    r.row_count
from {{ source('raw', 'rejection') }} as r
inner join (select distinct delivery_id, file_name, sha256 from {{ ref('stg_delivery_file') }}) as f
    on
        r.delivery_id is not distinct from f.delivery_id and r.file_name = f.file_name
        and r.sha256 is not distinct from f.sha256
