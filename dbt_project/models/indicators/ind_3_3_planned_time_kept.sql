-- 3.3: of the planned contacts open on the last day of the tertial, those whose planned date has not
-- passed.
select
    org_id,
    service_area as series,
    period,
    cast(sum(case when exclusion is null and not passed then 1 else 0 end) as decimal(30, 12)) as numerator,
    cast(sum(case when exclusion is null then 1 else 0 end) as decimal(30, 12)) as denominator
from {{ ref('int_planned_contacts') }}
group by org_id, service_area, period
