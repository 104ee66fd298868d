-- The baseline of 3.3, trust by trust, as it was read on the same day of an earlier year: the cells that stand
-- beside those of a later period. A trust without such a delivery has none.
with
cells as (
    select
        org_id,
        delivery_id,
        service_area,
        sum(case when exclusion is null and not passed then 1 else 0 end) as numerator,
        sum(case when exclusion is null then 1 else 0 end) as denominator
    from {{ ref('int_planned_contact_states') }}
    group by org_id, delivery_id, service_area
)

select
    baseline.org_id,
    baseline.period,
    baseline.baseline_year,
    cells.service_area as series,
    cast(cells.numerator as decimal(30, 12)) as numerator,
    cast(cells.denominator as decimal(30, 12)) as denominator
from {{ ref('int_planned_contact_baselines') }} as baseline
inner join cells
    on
        baseline.org_id = cells.org_id
        and baseline.delivery_id = cells.delivery_id
