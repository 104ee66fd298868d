-- How often each rule was broken, per file and field.
select
    r.delivery_id,
    r.file_name,
    r.field,
    r.rule,
    cast(sum(r.row_count) as bigint) as row_count
from {{ ref('stg_rejection') }} as r
group by r.delivery_id, r.file_name, r.field, r.rule
