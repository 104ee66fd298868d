-- Counted: episodes followed by an unplanned readmission. Over: episodes that ended with the patient alive.
-- In: somatic care, mental health care, substance use treatment. A figure is incomplete while one of
-- its episodes has not been followed for 30 days.
select
    org_id,
    sector as series,
    period,
    cast(count(case when exclusion is null and readmitted then 1 end) as decimal(30, 12)) as numerator,
    cast(count(case when exclusion is null then 1 end) as decimal(30, 12)) as denominator,
    coalesce(bool_or(exclusion = 'not_followed_up'), false) as incomplete
from {{ ref('int_readmission_episodes') }}
group by org_id, sector, period
