-- Regions and trusts.
select
    org_id,
    name,
    org_level,
    parent_id,
    valid_from,
    valid_to
from {{ ref('organisations') }}
