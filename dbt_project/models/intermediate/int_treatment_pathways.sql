-- One row per patient pathway in which treatment started, in each tertial that its trust delivered it for.
-- 3.5 leaves nothing out.
select
    org_id,
    period,
    extract_date,
    pathway_id,
    service_area,
    coalesce(plan_with_patient and plan_date <= coalesce(pathway_end_date, plan_date), false) as has_plan,
    cast(null as varchar) as exclusion
from {{ ref('stg_treatment_plans') }}
