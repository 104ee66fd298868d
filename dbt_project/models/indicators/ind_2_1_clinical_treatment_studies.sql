-- 2.1: treatment studies that took in at least one new patient in the year. A study at two trusts of a
-- region is one study of the region, so regions are counted here and not added up.
select
    scope.org_id,
    'all' as series,
    'year' as period_type,
    study.period,
    cast(count(distinct case when study.exclusion is null then study.study_id end) as decimal(30, 12))
        as numerator,
    cast(null as decimal(30, 12)) as denominator
from {{ ref('int_clinical_trials') }} as study
inner join {{ ref('int_org_scope') }} as scope on study.org_id = scope.member_id
group by scope.org_id, study.period
