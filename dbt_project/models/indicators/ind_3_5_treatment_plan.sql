-- Counted: pathways with a plan made together with the patient, not after the pathway ended. Over: pathways in
-- which treatment started. A pathway counts once within a figure: one whose start was corrected to another
-- tertial counts in both, and once in their year, as the newest extract knows it (on a tie the later tertial).
-- A plan from before the treatment start counts; a patient in two pathways counts twice.
with pathways_in_period as (
    select
        p.org_id,
        p.service_area,
        p.has_plan,
        s.period,
        row_number() over (
            partition by s.period, p.org_id, p.pathway_id
            order by p.extract_date desc, p.period desc
        ) as newest_first
    from {{ ref('int_treatment_pathways') }} as p
    inner join {{ ref('int_period_span') }} as s on s.cadence = 'tertial' and p.period = s.extract_period
)

select
    org_id,
    service_area as series,
    period,
    cast(sum(case when has_plan and newest_first = 1 then 1 else 0 end) as decimal(30, 12)) as numerator,
    cast(sum(case when newest_first = 1 then 1 else 0 end) as decimal(30, 12)) as denominator
from pathways_in_period
group by org_id, service_area, period
