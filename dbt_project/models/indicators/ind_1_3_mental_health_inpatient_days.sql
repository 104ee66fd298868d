-- Counted: nights of inpatients. In: mental health care, adults and children. A trust that had only stays
-- of no nights, or only excluded ones, has a cell of 0.
with cells as (
    select distinct
        org_id,
        service_area,
        period
    from {{ ref('int_mental_health_stays') }}
    where service_area in ('mental_health_adult', 'mental_health_child')
)

select
    cells.org_id,
    cells.service_area as series,
    cells.period,
    cast(coalesce(nights.bed_days, 0) as decimal(30, 12)) as numerator,
    cast(null as decimal(30, 12)) as denominator
from cells
left join {{ ref('int_bed_days') }} as nights
    on
        cells.org_id = nights.org_id
        and cells.service_area = nights.service_area
        and cells.period = nights.period
