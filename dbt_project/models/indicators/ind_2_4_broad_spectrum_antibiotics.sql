-- Counted: defined daily doses bought of the five groups. Over: bed days of somatic inpatients at the same
-- trust. A trust with one of the two extracts gives what it has; the other part is 0. Grams are
-- summed per code and route before they are divided, so that a return meets its purchase exactly.
with cells as (
    select distinct
        in_force.org_id,
        in_force.period,
        series.series
    from {{ ref('stg_in_force') }} as in_force
    inner join {{ ref('series') }} as series on series.indicator_id = '2.4'
    where in_force.dataset in ('antibiotics', 'inpatient_stays')
),

doses as (
    select
        org_id,
        period,
        antibiotic_group,
        cast(sum(grams) / ddd_grams as decimal(30, 12)) as ddd
    from {{ ref('int_antibiotic_purchases') }}
    where exclusion is null
    group by org_id, period, antibiotic_group, atc_code, route, ddd_grams
),

numerators as (
    select
        cells.org_id,
        cells.period,
        cells.series,
        coalesce(sum(doses.ddd), 0) as ddd
    from cells
    left join doses
        on
            cells.org_id = doses.org_id
            and cells.period = doses.period
            and cells.series in ('all', doses.antibiotic_group)
    group by cells.org_id, cells.period, cells.series
)

select
    numerators.org_id,
    numerators.series,
    numerators.period,
    cast(numerators.ddd as decimal(30, 12)) as numerator,
    cast(coalesce(nights.bed_days, 0) as decimal(30, 12)) as denominator
from numerators
left join {{ ref('int_bed_days') }} as nights
    on
        numerators.org_id = nights.org_id
        and numerators.period = nights.period
        and nights.service_area = 'somatic'
