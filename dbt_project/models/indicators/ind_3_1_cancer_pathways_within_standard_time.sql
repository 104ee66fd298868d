-- 3.1: of the cancer pathways whose first treatment was surgery, drugs or radiotherapy with a known limit,
-- those treated within it; calendar days from the start of the pathway, in the tertial of the treatment
-- start.
select
    org_id,
    cancer_form as series,
    period,
    cast(sum(
        case when exclusion is null and {{ days_between('start_date', 'treated_on') }} <= limit_days then 1 else 0 end
    ) as decimal(30, 12)) as numerator,
    cast(sum(case when exclusion is null then 1 else 0 end) as decimal(30, 12)) as denominator,
    cast(sum(case when exclusion = 'no_limit' then 1 else 0 end) as bigint) as without_limit
from {{ ref('int_cancer_pathways') }}
group by org_id, cancer_form, period
