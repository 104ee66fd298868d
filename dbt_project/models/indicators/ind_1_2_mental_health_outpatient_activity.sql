-- 1.2: outpatient contacts in mental health care and substance use treatment. Contacts are counted, not
-- patients; video and telephone count.
select
    org_id,
    service_area as series,
    period,
    cast(sum(case when exclusion_1_2 is null then 1 else 0 end) as decimal(30, 12)) as numerator,
    cast(null as decimal(30, 12)) as denominator
from {{ ref('int_outpatient_contacts') }}
where service_area <> 'somatic'
group by org_id, service_area, period
