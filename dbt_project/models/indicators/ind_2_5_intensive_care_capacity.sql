-- Counted: beds of category 2 and 3, in ordinary operation and at full mobilisation. Of several
-- counts in a year the latest of a hospital and operation type holds, with all its categories; what was
-- only counted earlier is gone. A series that nobody reported has no cell.
with latest_first as (
    select
        *,
        rank() over (
            partition by org_id, hospital_id, operation_type, period
            order by counted_on desc
        ) as place
    from {{ ref('stg_icu_capacity') }}
),

counted as (
    select
        org_id,
        period,
        operation_type,
        category,
        beds
    from latest_first
    where place = 1 and category in (2, 3)
),

per_series as (
    select
        org_id,
        period,
        operation_type as series,
        beds
    from counted
    union all
    select
        org_id,
        period,
        operation_type || '_category_' || cast(category as varchar) as series,
        beds
    from counted
)

select
    org_id,
    series,
    period,
    cast(sum(beds) as decimal(30, 12)) as numerator,
    cast(null as decimal(30, 12)) as denominator
from per_series
group by org_id, series, period
