-- Counted: days waited. Over: referrals whose treatment began. In: the four service areas. The mean of a
-- longer period or of a region is the sum of days over the sum of referrals.
select
    org_id,
    service_area as series,
    period,
    cast(coalesce(sum(case when exclusion is null then days_waited end), 0) as decimal(30, 12)) as numerator,
    cast(count(case when exclusion is null then 1 end) as decimal(30, 12)) as denominator
from {{ ref('int_referrals') }}
group by org_id, service_area, period
