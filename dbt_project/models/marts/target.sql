-- The targets of each letter, in the letter's words.
select
    t.year,
    t.region_id,
    t.indicator_id,
    t.series,
    t.official,
    t.rule,
    t.threshold,
    t.baseline_year,
    t.long_term_goal,
    t.wording_no
from {{ ref('targets') }} as t
inner join {{ ref('organisations') }} as o on t.region_id = o.org_id
