-- Who counts in whose figure: a trust in its own, and in its region's.
select
    org_id,
    org_id as member_id
from {{ ref('organisations') }}
where org_level = 'trust'
union all
select
    parent_id as org_id,
    org_id as member_id
from {{ ref('organisations') }}
where org_level = 'trust'
