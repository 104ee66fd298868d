-- One verdict per indicator: met when all its official series are met, not met when at least one is not. A letter
-- may hold an indicator for information only: then there is nothing to be met, and no verdict.
select
    s.indicator_id,
    s.org_id,
    p.period_type,
    s.period,
    case
        when bool_or(s.official and s.status = 'not_met') then 'not_met'
        when bool_or(s.official) and bool_and(s.status = 'met' or not s.official) then 'met'
        else 'not_assessable'
    end as status,
    cast(sum(case when s.official and s.status = 'met' then 1 else 0 end) as integer) as official_met,
    cast(sum(case when s.official then 1 else 0 end) as integer) as official_total
from {{ ref('indicator_status') }} as s
inner join (
    select distinct indicator_id, org_id, period_type, period from {{ ref('indicator_value') }}
) as p on s.indicator_id = p.indicator_id and s.org_id = p.org_id and s.period = p.period
group by s.indicator_id, s.org_id, p.period_type, s.period
