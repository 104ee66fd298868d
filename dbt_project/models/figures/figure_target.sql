-- The targets of each letter, for the region it was sent to and for the region's trusts (the same rule, for follow-up).
select
    o.org_id,
    o.org_level,
    t.year,
    t.indicator_id,
    t.series,
    t.official,
    t.rule,
    t.threshold,
    t.baseline_year,
    t.long_term_goal
from {{ ref('targets') }} as t
inner join {{ ref('organisations') }} as o
    on t.region_id = o.org_id or t.region_id = o.parent_id
