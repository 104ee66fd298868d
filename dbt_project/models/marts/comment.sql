-- The comment field of the yearly report.
select
    c.year,
    c.region_id,
    c.indicator_id,
    c.text_no
from {{ ref('comments') }} as c
inner join {{ ref('organisations') }} as o on c.region_id = o.org_id
