-- 2.2: training positions held on 31 December. A position with two rows that day counts once per specialty
-- and once in all, so `all` is counted here and not added up.
with
every_series as (
    select
        *,
        specialty as series
    from {{ ref('int_training_positions') }}
    union all
    select
        *,
        'all' as series
    from {{ ref('int_training_positions') }}
)

select
    org_id,
    series,
    period,
    cast(count(distinct case when exclusion is null then position_id end) as decimal(30, 12)) as numerator,
    cast(null as decimal(30, 12)) as denominator
from every_series
group by org_id, series, period
